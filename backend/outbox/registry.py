"""Who renders which kind of mail, and who carries another channel. A part registers them when it is loaded."""

from collections.abc import Callable
from email.message import EmailMessage

from backend.outbox.models import Message

Renderer = Callable[[Message], EmailMessage]
Carrier = Callable[[Message], None]
_renderers: dict[str, Renderer] = {}
_carriers: dict[str, Carrier] = {}


def renderer(kind: str) -> Callable[[Renderer], Renderer]:
    """Register a function that makes the mail of `kind` from a message's payload."""

    def register(function: Renderer) -> Renderer:
        _renderers[kind] = function
        return function

    return register


def render(message: Message) -> EmailMessage:
    return _renderers[message.kind](message)


def carrier(channel: str) -> Callable[[Carrier], Carrier]:
    """Register what delivers a message of `channel`. It raises `rules.TryAgain` for what may pass later."""

    def register(function: Carrier) -> Carrier:
        _carriers[channel] = function
        return function

    return register


def carry(message: Message) -> None:
    _carriers[message.channel](message)
