# A Debian or Ubuntu machine with `git make python3 (3.11+) python3-venv` is enough. Nothing outside this folder is touched.

PYTHON ?= python3
BIN := .venv/bin
RUNNER := $(BIN)/python -m backend.runner
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes

.DEFAULT_GOAL := help
.PHONY: help run test check race bench bot-score compose-test backup restore lock schema environment test-environment
export PORT DATA_DIR DEMO COMPOSE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 24

run: environment ## set everything up and start the service (PORT, DATA_DIR, DEMO=2020|2025|0, DATABASE_URL, REDIS_URL, EMAIL_URL, IMAP_URL)
	@exec $(RUNNER) run

test: test-environment ## the whole suite
	@$(RUNNER) setup
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not full" tests

check: test-environment ## format, lint, types, import order, migrations, API schema, translations
	@$(RUNNER) check

race: test-environment ## the full races (long)
	@$(RUNNER) setup
	@$(BIN)/python -m pytest -m full tests/race

bench: test-environment ## the performance table, also in build/bench.jsonl (long)
	@$(RUNNER) setup
	@$(BIN)/python -m tests.bench

bot-score: environment ## score the trained bot on labelled utterances: FILE=…
	@test -n "$(FILE)" || { echo "Which file? make bot-score FILE=utterances.json"; exit 2; }
	@$(RUNNER) score "$(FILE)"

compose-test: test-environment ## build and start docker-compose.yml with Docker or Podman, book once, stop
	@$(BIN)/python -m tests.backend.runner.compose

backup: environment ## everything the office would miss, into one file (FILE=… or a new one in DATA_DIR/backups)
	@$(RUNNER) backup $(FILE)

restore: environment ## out of that file: FILE=…; the service must not run; what was there is saved first
	@test -n "$(FILE)" || { echo "Which file? make restore FILE=caunoi-….tar"; exit 2; }
	@$(RUNNER) restore "$(FILE)"

lock: test-environment ## compile the inputs of pyproject.toml and bot/assistant/requirements.in, with hashes
	$(COMPILE) --universal --no-header pyproject.toml --output-file requirements.txt
	$(COMPILE) --universal --no-header --group dev pyproject.toml --constraints requirements.txt --output-file tests/requirements.txt
	$(COMPILE) --python-version 3.10 --custom-compile-command "make lock" bot/assistant/requirements.in --output-file bot/assistant/requirements.txt

schema: environment ## write backend/api-schema.yml
	@$(RUNNER) schema

environment: .venv/installed
test-environment: .venv/installed-tests

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed (PYTHON=…).")'
	@echo "Python packages: about a minute, once …"
	@$(PYTHON) -m venv .venv
	@$(PIP) --requirement requirements.txt
	@touch $@

.venv/installed-tests: tests/requirements.txt .venv/installed
	@echo "Packages of the tests …"
	@$(PIP) --requirement tests/requirements.txt
	@touch $@
