"""The assistant's own tests, in its own environment (CPython 3.10, no pytest)."""

import os
import subprocess

import pytest

from tests.bot.dialogue.service import PYTHON, ROOT, require_python

pytestmark = [pytest.mark.bot, pytest.mark.timeout(400)]
QUIET = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "LOG_LEVEL": "ERROR"}


@pytest.fixture(autouse=True, scope="module")
def python():
    require_python()


def run(*arguments: str, seconds: int) -> subprocess.CompletedProcess:
    return subprocess.run(
        [PYTHON, "-m", *arguments], cwd=ROOT, env=QUIET, capture_output=True, text=True, timeout=seconds, check=False
    )


def test_the_actions_against_an_api_that_answers_from_a_table():
    names = [f"bot.assistant.tests.{path.stem}" for path in sorted((ROOT / "bot/assistant/tests").glob("test_*.py"))]
    done = run("unittest", *names, seconds=120)
    assert done.returncode == 0, done.stderr[-8000:]


def test_rules_domain_and_training_data_fit_together(tmp_path):
    files = ("--domain", "bot/assistant/domain", "--data", "bot/assistant/data", "--config", "bot/assistant/config.yml")
    done = run("rasa", "data", "validate", "--fail-on-warnings", *files, seconds=300)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
