"""Measures a trained model: `python -m bot.assistant.tests.measure MODEL` prints one JSON object."""

import asyncio
import json
import statistics
import sys
import time
from typing import Any, Dict, List

from rasa.core.agent import Agent

from bot.assistant.score import score
from bot.assistant.tests.labelled import held_out
from bot.assistant.tests.noise import decomposed, retyped, stripped, telex

ODD = (
    "a" * 10_000,
    "từ 9h đến 11h sáng mai ở phòng họp " * 300,
    "😀😀🎉",
    "\u200b\u200b \u202e\u202d",
    "'; DROP TABLE conferences; --",
    "<script>alert(1)</script> phòng 301",
    "Прывет 你好 مرحبا phòng",
    "........ ,,,, ???",
    "9h" * 500,
)


async def figures(agent: Agent) -> Dict[str, Any]:
    document = held_out()
    spelled = [one for one in document["utterances"] if one["style"] == "diacritics"]
    versions = {
        "held_out": document["utterances"],
        "spelled": spelled,
        **{how.__name__: [retyped(one, how) for one in spelled] for how in (stripped, decomposed, telex)},
    }
    out = {name: score({"utterances": chosen}, await _read(agent, chosen)) for name, chosen in versions.items()}
    return {**out, "parse_ms": await _milliseconds(agent, document["utterances"]), "odd": await _odd(agent)}


async def _read(agent: Agent, utterances: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    return [await agent.parse_message(one["text"]) for one in utterances]


async def _milliseconds(agent: Agent, utterances: List[Dict[str, Any]]) -> Dict[str, float]:
    """Processor time of one message."""
    spent = []
    for one in utterances:
        begun = time.process_time()
        await agent.parse_message(one["text"] + " ")
        spent.append((time.process_time() - begun) * 1000)
    return {"p50": statistics.median(spent), "p95": statistics.quantiles(spent, n=20)[-1]}


async def _odd(agent: Agent) -> List[Dict[str, Any]]:
    out = []
    for text in ODD:
        begun = time.process_time()
        found = await agent.parse_message(text)
        out.append({"intent": found["intent"]["name"], "seconds": time.process_time() - begun})
    return out


def main() -> None:
    agent = Agent.load(sys.argv[1])
    sys.stdout.write(json.dumps(asyncio.run(figures(agent))) + "\n")


if __name__ == "__main__":
    main()
