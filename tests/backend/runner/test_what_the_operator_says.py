"""Settings by environment; what cannot be meant is refused before anything starts."""

from pathlib import Path

import pytest

from backend.runner.options import CHECKOUT, Refused, from_environment, keep_demo
from backend.runner.place import Place, sqlalchemy_url
from backend.runner.service import require_given_servers


def test_without_a_word_the_first_demo_runs_on_port_8000():
    options = from_environment({})
    assert (options.demo, options.shown_address, options.data_dir) == (
        "2020",
        "http://localhost:8000",
        CHECKOUT / ".run",
    )
    assert options.database_name == "caunoi_2020"


def test_empty_words_are_none():
    assert from_environment({"DEMO": "", "PORT": "", "DATA_DIR": "", "EMAIL_URL": ""}) == from_environment({})


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"DEMO": "2021"}, "DEMO=2021 is unknown; choose one of 2020, 2025, 0."),
        ({"PORT": "http"}, "PORT=http is not a port number."),
        ({"PORT": "65536"}, "PORT=65536 is not a port number."),
    ],
)
def test_what_cannot_be_meant_is_refused(given: dict[str, str], word: str):
    with pytest.raises(Refused) as refused:
        from_environment(given)
    assert str(refused.value) == word


def test_an_address_may_come_from_a_file(tmp_path: Path):
    (tmp_path / "url").write_text("postgresql://u:p@db/caunoi\n")
    assert from_environment({"DATABASE_URL_FILE": str(tmp_path / "url")}).database_url == "postgresql://u:p@db/caunoi"


def test_real_servers_take_the_place_of_ours(tmp_path: Path):
    options = from_environment(
        {
            "DATA_DIR": str(tmp_path),
            "DEMO": "0",
            "DATABASE_URL": "postgresql://u:p@db/caunoi",
            "REDIS_URL": "redis://cache:6379/0",
            "EMAIL_URL": "smtp://mail:25",
        }
    )
    names = [process.name for process in Place(options).processes()]
    assert names == ["web", "worker", "beat", "prober", "actions", "rasa"]


def test_rasa_reads_a_socket_as_a_parameter():
    assert (
        sqlalchemy_url("postgresql://r:p%2Fw@%2Fvar%2Frun%2Fpg/rasa") == "postgresql://r:p%2Fw@/rasa?host=/var/run/pg"
    )
    assert sqlalchemy_url("postgresql://r:p@db:5433/rasa") == "postgresql://r:p@db:5433/rasa"


def test_a_folder_keeps_to_the_demo_that_it_ran_last(tmp_path: Path):
    given = {"DATA_DIR": str(tmp_path)}
    keep_demo(from_environment({**given, "DEMO": "0"}))
    assert from_environment(given).demo == "0"
    assert from_environment({**given, "DEMO": "2025"}).demo == "2025"


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_named_server_that_does_not_answer_is_told_before_anything_starts(name: str, tmp_path: Path):
    url = {"DATABASE_URL": "postgresql://u:p@127.0.0.1:1/caunoi", "REDIS_URL": "redis://127.0.0.1:1/0"}[name]
    with pytest.raises(Refused, match=r"A server that was named does not answer: .*refused"):
        require_given_servers(from_environment({"DATA_DIR": str(tmp_path), name: url}))
