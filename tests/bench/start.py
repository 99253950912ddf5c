"""How soon a second `make run` answers, how soon its assistant does, and what all of it takes in memory when idle."""

import shutil
import tempfile
import time
from pathlib import Path

from backend.runner import assistant
from backend.runner.progress import say
from tests.service import Service

READY_S, BOT_S, MEMORY_MB = 15, 40, 2500
IDLE_S = 30.0


def main() -> int:
    """Prints the figures; answers 1 when one is over its limit."""
    data_dir = Path(tempfile.mkdtemp(prefix="caunoi-"))
    talks = assistant.MODEL.exists() and assistant.PYTHON.exists()
    try:
        first, _bot, _memory = _once(data_dir, talks=False)
        second, bot, memory = _once(data_dir, talks=talks)
    finally:
        shutil.rmtree(data_dir)
    say(f"first start (new database)     {first:7.1f} s")
    figures = [("second start", second, READY_S, "s")]
    if talks:
        figures.append(("assistant ready", bot, BOT_S, "s"))
    pss = sum(memory["pss"].values())
    figures.append(("memory, all processes (PSS)", pss, MEMORY_MB, "MB"))
    for name, value, limit, unit in figures:
        say(f"{name:<30} {value:7.1f} {unit:<3} limit {limit}{'  BROKEN' if value > limit else ''}")
    rss = sum(memory["rss"].values())
    say(f"memory, sum of RSS             {rss:7.1f} MB  (shared pages counted in each)")
    for name, value in sorted(memory["pss"].items(), key=lambda item: -item[1]):
        say(f"    {name:<12} PSS {value:7.1f} MB   RSS {memory['rss'][name]:7.1f} MB")
    return 1 if any(value > limit for _name, value, limit, _unit in figures) else 0


def _once(data_dir: Path, *, talks: bool) -> tuple[float, float, dict[str, dict[str, float]]]:
    """Seconds until ready, seconds until the assistant is, and MB by process."""
    service = Service(data_dir, DEMO="2025", ASSISTANT="1" if talks else "0")
    bot, memory = 0.0, {}
    try:
        ready = service.wait_for("Ctrl-C stops it.", 180)
        if talks:
            bot = service.wait_for_assistant()
            time.sleep(IDLE_S)  # what starting took is given back
            memory = _memory(service)
    finally:
        service.end()
    return ready, bot, memory


def _memory(service: Service) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {"pss": {}, "rss": {}}
    for process in service.descendants():
        info, name = process.memory_full_info(), _name(process.cmdline())
        for kind in found:
            found[kind][name] = found[kind].get(name, 0) + getattr(info, kind) / 1e6
    return found


def _name(words: list[str]) -> str:
    line = " ".join(words)
    known = {
        "postgres": "postgres",
        "redis": "redis",
        "supervisord": "supervisord",
        "runner.web": "web",
        "config worker": "worker",
        "config beat": "beat",
        "manage.py prober": "prober",
        "manage.py simulator": "simulator",
        "rasa_sdk": "actions",
        "-m rasa run": "rasa",
        "aiosmtpd": "mailsink",
    }
    return next((name for word, name in known.items() if word in line), "other")
