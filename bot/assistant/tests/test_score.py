"""How the score counts."""

import unittest
from typing import Any, Dict, List, Optional

from bot.assistant.score import score


def meant(intent: str, *entities: Any, style: str = "diacritics") -> Dict[str, Any]:
    return {"text": "x" * 30, "intent": intent, "style": style, "entities": [_entity(*one) for one in entities]}


def found(intent: str, *entities: Any, fallback: bool = False) -> Dict[str, Any]:
    ranking: List[Dict[str, Any]] = [{"name": intent, "confidence": 0.4}]
    first: Optional[Dict[str, Any]] = {"name": "nlu_fallback", "confidence": 0.6} if fallback else None
    return {
        "intent": first or ranking[0],
        "intent_ranking": [first, *ranking] if first else ranking,
        "entities": [_entity(*one) for one in entities],
    }


def _entity(kind: str, start: int, end: int) -> Dict[str, Any]:
    return {"entity": kind, "start": start, "end": end, "value": "x" * (end - start)}


class Score(unittest.TestCase):
    def test_intents_overall_and_by_style(self) -> None:
        figures = score(
            {"utterances": [meant("greet"), meant("thank", style="english"), meant("help")]},
            [found("greet"), found("thank"), found("greet")],
        )
        self.assertEqual(figures["intent_accuracy"], 0.6667)
        self.assertEqual(
            {name: one["intent_accuracy"] for name, one in figures["styles"].items()},
            {"diacritics": 0.5, "english": 1.0},
        )
        self.assertIsNone(figures["out_of_scope_recall"])

    def test_an_intent_may_count_as_another(self) -> None:
        document = {"utterances": [meant("ask_offline_sites")], "counts_as": {"ask_readiness": "ask_offline_sites"}}
        self.assertEqual(score(document, [found("ask_readiness")])["intent_accuracy"], 1.0)

    def test_asking_back_is_judged_by_what_was_likeliest(self) -> None:
        figures = score({"utterances": [meant("greet"), meant("help")]}, [found("greet", fallback=True), found("help")])
        self.assertEqual(
            (figures["intent_accuracy"], figures["answered"], figures["right_when_answered"]), (1.0, 0.5, 1.0)
        )

    def test_out_of_scope_is_recalled_by_asking_back_too(self) -> None:
        document = {"utterances": [meant("out_of_scope")] * 3}
        figures = score(document, [found("out_of_scope"), found("greet", fallback=True), found("greet")])
        self.assertEqual(figures["out_of_scope_recall"], 0.6667)

    def test_entities_exact_and_relaxed(self) -> None:
        document = {"utterances": [meant("book_room", ("room", 0, 5), ("time", 6, 12))]}
        figures = score(document, [found("book_room", ("room", 0, 4), ("time", 6, 12), ("site", 13, 15))])
        self.assertEqual(figures["entity_f1"], 0.4)
        self.assertEqual(figures["entity_f1_relaxed"], 0.8)

    def test_one_found_entity_answers_to_one_meant(self) -> None:
        document = {"utterances": [meant("book_room", ("site", 0, 4), ("site", 5, 9))]}
        self.assertEqual(score(document, [found("book_room", ("site", 0, 9))])["entity_f1_relaxed"], 0.6667)
