"""Rooms, sites, units, guesthouses and sessions by the names that our API knows at this minute."""

import logging
import os
import time
from typing import Any, Dict, List, Optional, Text

import httpx
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.assistant.components.found import found_names
from bot.assistant.components.names import KINDS, Index

logger = logging.getLogger(__name__)
PATH = "/api/v1/chat/gazetteer/"
FRESH_S = 60
PATIENCE_S = 2.0


class Source:
    """The gazetteer over HTTP: asked again after a minute; what was known stays when it does not answer."""

    def __init__(self) -> None:
        self._index = Index(())
        self._etag = ""
        self._asked = float("-inf")

    def index(self) -> Index:
        if os.environ.get("API_URL") and time.monotonic() - self._asked >= FRESH_S:
            self._asked = time.monotonic()
            try:
                self._refresh(os.environ["API_URL"])
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as problem:
                logger.warning("The gazetteer did not answer: %s", type(problem).__name__)
        return self._index

    def _refresh(self, address: Text) -> None:
        headers = {"X-Bot-Key": _key(), **({"If-None-Match": self._etag} if self._etag else {})}
        with httpx.Client(timeout=PATIENCE_S, trust_env=False) as client:
            response = client.get(address.rstrip("/") + PATH, headers=headers)
        if response.status_code != httpx.codes.NOT_MODIFIED:
            response.raise_for_status()
            self._index = Index.of(response.json())
            self._etag = response.headers.get("ETag", "")


def _key() -> Text:
    """BOT_SERVICE_KEY, or the file that BOT_SERVICE_KEY_FILE names."""
    file = os.environ.get("BOT_SERVICE_KEY_FILE")
    if file:
        with open(file, encoding="utf-8") as opened:
            return opened.read().strip()
    return os.environ.get("BOT_SERVICE_KEY", "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Gazetteer(GraphComponent, EntityExtractorMixin):
    """Gives names their records (`resolved.candidates`) and finds those that the learning missed."""

    def __init__(self, source: Optional[Source] = None) -> None:
        self._source = source or Source()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Gazetteer":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        index = self._source.index()
        for message in messages:
            text, entities = message.get(TEXT) or "", message.get(ENTITIES, [])
            missed = self.add_extractor_name(found_names(index, text, entities))
            message.set(ENTITIES, [_resolved(index, one) for one in [*entities, *missed]], add_to_output=True)
        return messages


def _resolved(index: Index, entity: Dict[Text, Any]) -> Dict[Text, Any]:
    if entity["entity"] not in KINDS:
        return entity
    known = entity.get("resolved", {})
    return {**entity, "resolved": {**known, "candidates": index.candidates(entity["entity"], entity["value"])}}
