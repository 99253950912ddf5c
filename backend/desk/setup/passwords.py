"""Links with which somebody sets a password: asked for by themselves, or sent with a new account.

The link is made when the mail is sent for the first time; it is in no list of the outbox (the message has no unit),
because whoever reads it owns the account.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from email.utils import formataddr

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from backend.accounts.models import User
from backend.common.text import fold
from backend.outbox.models import Message
from backend.outbox.registry import renderer
from backend.outbox.services import Draft, enqueue

RESET, INVITE = "password_reset", "account_invitation"
HOUR = 3600
MOST_PER_ADDRESS, MOST_PER_CLIENT = 3, 30  # an hour


def address_of(account: User) -> str:
    return account.email or (account.person.email if account.person else "")


def invite(accounts: Iterable[User], now: datetime) -> None:
    """Queue a link for each account that has an address; inside the caller's transaction."""
    enqueue([_draft(INVITE, account) for account in accounts if address_of(account)], now)


def send_links(address: str, now: datetime) -> None:
    """Queue a link for each active account of this address, at most three times an hour; nobody learns whether."""
    if not _counted(f"password:{hashlib.sha256(fold(address).encode()).hexdigest()}", MOST_PER_ADDRESS):
        return
    owners = Q(email__iexact=address) | Q(email="", person__email__iexact=address)
    accounts = User.objects.filter(owners, is_active=True).select_related("person")
    enqueue([_draft(RESET, account) for account in accounts], now)


def client_may_ask(client: str) -> bool:
    """Thirty times an hour for one network address: a whole office may stand behind it."""
    return _counted(f"password-client:{client}", MOST_PER_CLIENT)


def _counted(key: str, most: int) -> bool:
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two
        return True


def last_mail(account: User) -> Message | None:
    """The newest link that was sent to this account, to see whether it left."""
    return Message.objects.filter(kind__in=[RESET, INVITE], subject_kind="account", subject_id=account.pk).first()


def _draft(kind: str, account: User) -> Draft:
    with translation.override(account.language):
        subject = _subject(kind)
    return Draft(kind=kind, recipient=address_of(account), order_key=f"password:{account.pk}", subject=subject,
                 subject_kind="account", subject_id=account.pk)  # fmt: skip


def _subject(kind: str) -> str:
    if kind == INVITE:
        return _("Cầu Nối: your new account")
    return render_to_string("registration/password_reset_subject.txt").strip()


@renderer(RESET)
@renderer(INVITE)
def password_mail(message: Message) -> EmailMessage:
    """The mail with the link, in the account's language; ValueError when the account is gone or locked."""
    account = User.objects.filter(pk=message.subject_id or 0, is_active=True).first()
    if account is None:
        raise ValueError("the account is gone or locked")
    with translation.override(account.language):
        template = (
            "desk/setup/invitation_mail.txt" if message.kind == INVITE else "registration/password_reset_email.html"
        )
        text = render_to_string(template, _link(account))
    mail = EmailMessage()
    mail["From"] = formataddr(("Cầu Nối", settings.DEFAULT_FROM_EMAIL))
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = message.created_at
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers a machine
    mail.set_content(text.strip() + "\n")
    return mail


def _link(account: User) -> dict[str, object]:
    scheme, _sep, host = settings.PUBLIC_URL.rstrip("/").partition("://")
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    path = reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    return {"user": account, "protocol": scheme, "domain": host, "uid": uid, "token": token,
            "link": f"{scheme}://{host}{path}"}  # fmt: skip
