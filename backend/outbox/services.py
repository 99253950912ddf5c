"""Queueing and delivering. A message is claimed by a conditional UPDATE; a claim that is not kept runs out."""

import json
import smtplib
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesParser
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.audit.services import record
from backend.common.errors import Conflict
from backend.outbox import mail, registry, rules
from backend.outbox.models import Message

CLAIM = timedelta(minutes=2)
BATCH = 50
CALLS = 5  # under way at once: each is bounded in time, so a claim outlives its batch, and one thread is busy with them


@dataclass(frozen=True)
class Draft:
    """A message to be queued. `order_key`: what must leave in order, such as recipient and calendar object."""

    kind: str
    recipient: str
    order_key: str
    subject: str
    payload: dict[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    channel: str = Message.Channel.MAIL


_ENQUEUE = """
INSERT INTO backend_outbox_message (channel, kind, recipient, order_key, subject, payload, unit_id, subject_kind,
    subject_id, message_id, state, attempts, next_try_at, error, created_at)
SELECT d.channel, d.kind, d.recipient, d.order_key, d.subject, d.payload, d.unit_id, d.subject_kind,
    d.subject_id, d.message_id, 'pending', 0, %s, '', %s
FROM ROWS FROM (json_to_recordset(%s) AS (channel text, kind text, recipient text, order_key text, subject text,
    payload jsonb, unit_id bigint, subject_kind text, subject_id bigint, message_id text)) WITH ORDINALITY
    AS d (channel, kind, recipient, order_key, subject, payload, unit_id, subject_kind, subject_id, message_id, n)
ORDER BY d.n
"""


def enqueue(drafts: Sequence[Draft], now: datetime) -> None:
    """Queue `drafts` in one statement, inside the caller's transaction: what is rolled back is never sent."""
    if not drafts:
        return
    rows = json.dumps([_row(draft) for draft in drafts])  # one text is cheaper to bind than ten arrays
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, [now, now, rows])


def _row(draft: Draft) -> dict[str, Any]:
    message_id = f"<{uuid.uuid4().hex}@{settings.MAIL_DOMAIN}>"
    return {**vars(draft), "subject": draft.subject[:300], "message_id": message_id}


_CLAIM = """
UPDATE backend_outbox_message SET state = 'sending', claimed_until = %s, claim = %s, attempts = attempts + 1
WHERE id IN (
    SELECT m.id FROM backend_outbox_message m
    WHERE m.channel = ANY(%s) AND m.next_try_at <= %s
      AND (m.state = 'pending' OR (m.state = 'sending' AND m.claimed_until < %s))
      AND NOT EXISTS (
        SELECT 1 FROM backend_outbox_message earlier
        WHERE earlier.order_key = m.order_key AND earlier.id < m.id AND earlier.state IN ('pending', 'sending'))
    ORDER BY m.next_try_at, m.id LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


def claim(now: datetime, limit: int = BATCH, channels: Sequence[str] = (Message.Channel.MAIL,)) -> list[Message]:
    """Up to `limit` due messages, now ours for two minutes; never one whose predecessor has not left."""
    mark = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now + CLAIM, mark, list(channels), now, now, limit])
    return list(Message.objects.filter(claim=mark, state=Message.State.SENDING).order_by("id"))


def deliver(limit: int = BATCH) -> int:
    """Claim and send one batch of mail over one SMTP session; answers how many were claimed."""
    messages = claim(timezone.now(), limit)
    with ExitStack() as stack:
        session: smtplib.SMTP | None = None
        for message in messages:
            try:
                content = _content(message)
                session = session or stack.enter_context(mail.connection())
                _send(session, message, content)
            except Exception as error:  # one message that cannot be made or sent must not hold up the next
                _failed(message, error)
                session = session if _alive(session) else None
            else:
                _settle(message, state=Message.State.SENT, sent_at=timezone.now(), error="")
    return len(messages)


def call(limit: int = CALLS) -> int:
    """Claim and make one batch of calls to other systems, so that a slow one holds up no mail; answers how many."""
    now = timezone.now()
    under_way = Message.objects.filter(channel=Message.Channel.BRIDGE, state=Message.State.SENDING)
    free = limit - under_way.filter(claimed_until__gte=now).count()
    messages = claim(now, free, (Message.Channel.BRIDGE,)) if free > 0 else []
    for message in messages:
        try:
            registry.carry(message)
        except Exception as error:  # one call that cannot be made must not hold up the next
            _failed(message, error)
        else:
            _settle(message, state=Message.State.SENT, sent_at=timezone.now(), error="")
    return len(messages)


def _content(message: Message) -> bytes:
    """The bytes of the mail: made once, kept, and equal in every repetition."""
    if message.body is None:
        email = registry.render(message)
        if "Message-ID" not in email:
            email["Message-ID"] = message.message_id
        message.body = email.as_bytes(policy=policy.SMTP)
        Message.objects.filter(pk=message.pk).update(body=message.body)
    return bytes(message.body)


def _send(session: smtplib.SMTP, message: Message, content: bytes) -> None:
    sender = BytesParser(policy=policy.SMTP).parsebytes(content, headersonly=True)["From"].addresses[0].addr_spec
    session.sendmail(sender, [message.recipient], content)


def _alive(session: smtplib.SMTP | None) -> bool:
    try:
        return session is not None and session.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _failed(message: Message, error: Exception) -> None:
    told = isinstance(error, rules.TryAgain | rules.Refused)
    text = (str(error) if told else f"{type(error).__name__}: {error}")[:500]
    if rules.is_permanent(error) or message.attempts >= rules.MAX_ATTEMPTS:
        _settle(message, state=Message.State.FAILED, error=text)
    else:
        next_try = timezone.now() + rules.delay_after(message.attempts)
        _settle(message, state=Message.State.PENDING, next_try_at=next_try, error=text)


def _settle(message: Message, **values: Any) -> None:
    """Write the outcome, unless the claim has run out and is somebody else's by now."""
    Message.objects.filter(pk=message.pk, claim=message.claim).update(claimed_until=None, **values)


@transaction.atomic
def send_again(*, actor: User, message: Message, now: datetime) -> None:
    """Queue a failed message once more, with the same Message-ID.

    Conflict when it has not failed, or when a later message in its order has gone out or will: an invitation sent
    again after its cancellation would put the meeting back into somebody's calendar.
    """
    later = Message.objects.filter(order_key=message.order_key, pk__gt=message.pk).exclude(state=Message.State.FAILED)
    if later.exists():
        raise Conflict("superseded", _("A later message to this person has taken its place."))
    again = Message.objects.filter(pk=message.pk, state=Message.State.FAILED)
    if not again.update(state=Message.State.PENDING, attempts=0, next_try_at=now, claim=None):
        raise Conflict("not_failed", _("Only a message that failed can be sent again."))
    record(
        actor=actor,
        act="outbox.send_again",
        subject_kind="message",
        subject_id=message.pk,
        unit_id=message.unit_id,
        now=now,
    )
