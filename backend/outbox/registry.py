"""Who renders which kind of message. A part registers its kinds when it is loaded."""

from collections.abc import Callable
from email.message import EmailMessage

from backend.outbox.models import Message

Renderer = Callable[[Message], EmailMessage]
_renderers: dict[str, Renderer] = {}


def renderer(kind: str) -> Callable[[Renderer], Renderer]:
    """Register a function that makes the mail of `kind` from a message's payload."""

    def register(function: Renderer) -> Renderer:
        _renderers[kind] = function
        return function

    return register


def render(message: Message) -> EmailMessage:
    return _renderers[message.kind](message)
