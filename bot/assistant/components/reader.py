"""Rasa's side of the understanding: trains it, keeps it in the model, and puts intent and entities on each message."""

from typing import Any, Dict, List, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.components.augment import Example
from bot.assistant.components.moments import now
from bot.assistant.components.understanding import Understanding, load, train

RANKED = 10  # intents that are told with their confidence


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class Reader(IntentClassifier, GraphComponent, EntityExtractorMixin):
    """One component for intents and names: the intent is read from a text whose names are known."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, understanding: "Understanding | None" = None
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._understanding = understanding

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Reader":
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Reader":
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        with self._storage.write_to(self._resource) as folder:
            self._understanding = train(_examples(training_data), _lists(training_data), folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            self._read(message)
        return messages

    def _read(self, message: Message) -> None:
        text = message.get(TEXT)
        if not text or not text.strip() or self._understanding is None:
            return
        found = self._understanding.of(text, now())
        ranking = [{"name": name, "confidence": round(chance, 4)} for name, chance in found.ranking[:RANKED]]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        entities = self.add_extractor_name(found.entities)
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)


def _examples(training_data: TrainingData) -> List[Example]:
    found = [
        Example(message.get(TEXT), message.get(INTENT), _spans(message))
        for message in training_data.intent_examples
        if message.get(TEXT)
    ]
    return sorted(found, key=lambda example: (example.intent, example.text))


def _spans(message: Message) -> Tuple[Tuple[int, int, Text], ...]:
    return tuple((one["start"], one["end"], one["entity"]) for one in message.get(ENTITIES, []))


def _lists(training_data: TrainingData) -> Dict[Text, List[Text]]:
    return {table["name"]: list(table["elements"]) for table in training_data.lookup_tables}
