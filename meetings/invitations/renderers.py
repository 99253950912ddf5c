"""An outbox row of kind "invitation" → its mail."""

from email.message import EmailMessage

from backend.outbox.models import Message
from backend.outbox.registry import renderer
from meetings.invitations import queries
from meetings.invitations.compose import compose
from meetings.invitations.facts import load_guest


@renderer(queries.KIND)
def invitation(message: Message) -> EmailMessage:
    """The mail as its edition has it; `message.payload`: {edition: id, action, guest}."""
    facts = queries.facts_at(message.payload["edition"])
    guest = load_guest(message.payload["guest"])
    return compose(facts, guest, action=message.payload["action"], message_id=message.message_id)
