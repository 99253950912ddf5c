"""docker-compose.yml runs the processes of the supervisor's list, by the same commands."""

import yaml

from backend.runner.keys import write_env_files
from backend.runner.options import CHECKOUT
from backend.runner.place import SECRET
from backend.runner.processes import ASSISTANT, PROCESSES

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
BY_NAME = {process.name: process for process in PROCESSES}
ONLY_IN_CONTAINERS = {"setup"}  # what the runner does itself before it starts the list
DEMO_ONLY = {"mailsink", "simulator"}
VALUES = {
    "data_dir": "/data",
    "mail_dir": "/data/mail",
    "mail_host": "0.0.0.0",
    "mail_port": "8025",
    "rasa_host": "0.0.0.0",
    "rasa_port": "5005",
    "actions_port": "5055",
    "model": "/app/build/bot/caunoi.tar.gz",
}


def test_every_process_is_there_and_no_other():
    assert SERVICES.keys() - ONLY_IN_CONTAINERS == BY_NAME.keys()


def test_each_is_run_by_the_same_command():
    commands = {process.name: process.command.format(**VALUES) for process in PROCESSES if process.command}
    assert {name: SERVICES[name]["command"].strip() for name in commands} == commands


def test_only_what_keeps_nothing_runs_many_times():
    copies = {name: service.get("deploy", {}).get("replicas", 1) for name, service in SERVICES.items()}
    assert [name for name, number in copies.items() if number > 1] == ["worker", "actions"]
    assert [name for name, number in copies.items() if number > 1 and not BY_NAME[name].many] == []


def test_each_starts_after_what_it_needs():
    for process in PROCESSES:
        assert set(process.needs) <= set(SERVICES[process.name].get("depends_on", [])), process.name


def test_each_has_the_same_environment():
    for process in PROCESSES:
        if process.name not in ASSISTANT:
            given = SERVICES[process.name].get("environment", {})
            assert process.environment.items() <= given.items(), process.name


def test_what_only_a_demo_needs_runs_only_there():
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["demo"]} == DEMO_ONLY


def test_no_secret_stands_in_the_file_and_all_are_made(tmp_path):
    write_env_files(tmp_path)
    made = {
        path.stem: dict(line.split("=", 1) for line in path.read_text().splitlines()) for path in tmp_path.glob("*.env")
    }
    names = set().union(*made.values())
    plain = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert plain & (names | SECRET) == set()
    assert names >= SECRET
    assert made["bot"].keys() == {"BOT_SERVICE_KEY", "RASA_SERVICE_KEY", "RASA_DATABASE_URL"}
    assert made["service"].keys() & {"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"} == set()
    assert [path for path in tmp_path.glob("*.env") if path.stat().st_mode & 0o077] == []


def test_making_the_secrets_again_keeps_them(tmp_path):
    write_env_files(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.glob("*.env")}
    write_env_files(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.glob("*.env")} == before
