"""A conference's meeting on its bridge: made, kept through every edit, ended; and the links by which people enter.

The bridge itself is called by the outbox (`calling.py`), never inside these transactions.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.accounts.models import Role, User
from backend.accounts.queries import may
from backend.audit.services import record
from backend.common.errors import Conflict, Forbidden, Invalid
from backend.outbox.models import Message
from backend.outbox.services import Draft, enqueue
from meetings.scheduling.adapters import ADAPTERS
from meetings.scheduling.adapters.base import check
from meetings.scheduling.bridge_models import BridgeMeeting, BridgeSetup, JoinLink
from meetings.scheduling.models import HOLDER, Conference, Participant, Status
from meetings.scheduling.vault import adapter_of, locked, opened
from meetings.sites.models import Bridge

CREATE, END = "bridge.create", "bridge.end"
KEEPERS = (Role.SECRETARIAT, Role.LEADER)


@transaction.atomic
def save_setup(*, actor: User, bridge: Bridge, adapter: str, values: Mapping[str, str], now: datetime) -> BridgeSetup:
    """How the bridge is reached. A secret that is left empty stays. Forbidden; Invalid: `unknown`, `bad_setting`."""
    if not may(actor, bridge.unit, Role.ADMIN):
        raise Forbidden("forbidden", _("Only an administrator of this unit may change its set-up."))
    if adapter not in ADAPTERS:
        raise Invalid("unknown", _("Choose one of those offered."), field="adapter")
    fields = ADAPTERS[adapter].fields
    stored = BridgeSetup.objects.select_for_update().filter(bridge=bridge).first()
    kept = opened(stored.sealed) if stored and stored.adapter == adapter else {}
    given = {field.name: values.get(field.name, "") for field in fields}
    hidden = {f.name: given[f.name] or kept.get(f.name, "") for f in fields if f.secret}
    check(fields, {**given, **hidden})
    shown = {f.name: given[f.name] for f in fields if not f.secret}
    setup = BridgeSetup(bridge=bridge, adapter=adapter, settings=shown, sealed=locked(hidden))
    setup.save()
    replaced = sorted(name for name in hidden if hidden[name] != kept.get(name, ""))
    record(actor=actor, act="bridge.setup", subject_kind="bridge", subject_id=bridge.pk, unit_id=bridge.unit_id,
           after={"adapter": adapter, **shown, "replaced": replaced}, now=now)  # fmt: skip
    return setup


@transaction.atomic
def keep(*, conference: Conference, now: datetime) -> None:
    """Bring the meeting to the conference's bridge, unless it is there, and give newcomers their links.

    A conference that stays on its bridge keeps its dial-in whatever else changes.
    """
    columns = ("bridge_meeting__bridge_id", "bridge__setup__pk")
    standing, set_up = Conference.objects.values_list(*columns).get(pk=conference.pk)
    if standing is None and set_up is None:
        return
    if standing is not None and standing != conference.bridge_id:
        _leave(conference, now)
        standing = None
    if standing is None and set_up is not None:
        standing = _new_meeting(conference, now).bridge_id
    if conference.is_secret:
        _stop(conference, now)
    elif standing is not None:
        _give_links(conference, now)


@transaction.atomic
def end(*, conference: Conference, now: datetime) -> None:
    """It is off: the meeting ends on the bridge, and nobody's link leads there any more."""
    meeting = BridgeMeeting.objects.select_for_update(of=("self",)).select_related("bridge").filter(pk=conference.pk)
    for found in meeting:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        _call(END, conference, found.bridge, found.key, now)
        _stop(conference, now)


def _new_meeting(conference: Conference, now: datetime) -> BridgeMeeting:
    """Its name on the bridge tells the code to operators there, and cannot be guessed."""
    key = f"{conference.code.lower()}-{secrets.token_hex(8)}"
    bridge: Bridge = conference.bridge  # type: ignore[assignment]  # it has a set-up
    meeting = BridgeMeeting.objects.create(conference=conference, bridge=bridge, key=key, sealed=locked({}))
    _call(CREATE, conference, bridge, key, now)
    return meeting


def _leave(conference: Conference, now: datetime) -> None:
    """A bridge that is out of order is not asked: it would be asked for hours."""
    meeting = BridgeMeeting.objects.select_related("bridge").get(conference=conference)
    if meeting.bridge.active and meeting.bridge.out_of_order_since is None:
        _call(END, conference, meeting.bridge, meeting.key, now)
    meeting.delete()


def _call(act: str, conference: Conference, bridge: Bridge, key: str, now: datetime) -> None:
    draft = Draft(
        kind=act,
        channel=Message.Channel.BRIDGE,
        recipient=bridge.name,
        order_key=f"bridge:{key}",
        subject=conference.code,
        payload={"conference": conference.pk, "bridge": bridge.pk, "key": key},
        unit_id=conference.convening_unit_id,
        subject_kind=HOLDER,
        subject_id=conference.pk,
    )
    enqueue([draft], now)


# --- what people enter, and the links


@transaction.atomic
def enter_access(*, actor: User, conference: Conference, values: Mapping[str, str], now: datetime) -> BridgeMeeting:
    """What the carrier has given for this conference; a secret that is left empty stays. Conflict: `not_by_hand`."""
    _require_keeper(actor, conference)
    meeting = BridgeMeeting.objects.select_for_update(of=("self",)).filter(conference=conference).first()
    setup = BridgeSetup.objects.filter(bridge=meeting.bridge_id).first() if meeting else None
    if meeting is None or setup is None or not adapter_of(setup).by_hand:
        raise Conflict("not_by_hand", _("On this bridge the access data are not entered by hand."))
    fields = adapter_of(setup).shown
    check(fields, values)
    old = opened(meeting.sealed)
    new = {f.name: values.get(f.name, "") or (old.get(f.name, "") if f.secret else "") for f in fields}
    meeting.sealed = locked({name: value for name, value in new.items() if value})
    meeting.made_at = meeting.made_at or now
    meeting.save(update_fields=["sealed", "made_at"])
    changed = sorted(name for name in new if new[name] != old.get(name, ""))
    _note(actor, "access", conference, {"fields": changed}, now)
    return meeting


@transaction.atomic
def stop_link(*, actor: User, conference: Conference, participant: Participant, now: datetime) -> None:
    """This participant's link leads nowhere from now on."""
    _require_keeper(actor, conference)
    _lock(conference)
    if not _stop(conference, now, participant):
        raise Conflict("no_link", _("This person has no link that works."))
    _note(actor, "link_stop", conference, {"participant": participant.pk}, now)


@transaction.atomic
def renew_link(*, actor: User, conference: Conference, participant: Participant, now: datetime) -> JoinLink:
    """A new link in place of the old one, which stops."""
    _require_keeper(actor, conference)
    conference = _lock(conference)
    standing = conference.status in (Status.APPROVED, Status.LIVE) and not conference.is_secret
    if not standing or not BridgeMeeting.objects.filter(conference=conference).exists():
        raise Conflict("no_meeting", _("There is nothing to join online."))
    _stop(conference, now, participant)
    _note(actor, "link_renew", conference, {"participant": participant.pk}, now)
    return JoinLink.objects.create(conference=conference, participant=participant, token=_token(), created_at=now)


def _lock(conference: Conference) -> Conference:
    """As it stands, with its row for us: links change one after another."""
    rows = Conference.objects.select_for_update(of=("self",)).select_related("convening_unit")
    return rows.get(pk=conference.pk)


def _give_links(conference: Conference, now: datetime) -> None:
    """Whoever has had one gets no second: a link that somebody stopped stays stopped."""
    without = conference.participants.filter(join_links=None).values_list("pk", flat=True)
    JoinLink.objects.bulk_create(
        [JoinLink(conference=conference, participant_id=pk, token=_token(), created_at=now) for pk in without]
    )


def _token() -> str:
    return secrets.token_urlsafe(24)


def _stop(conference: Conference, now: datetime, participant: Participant | None = None) -> int:
    links = JoinLink.objects.filter(conference=conference, stopped_at=None)
    return (links.filter(participant=participant) if participant else links).update(stopped_at=now)


def _require_keeper(actor: User, conference: Conference) -> None:
    if not may(actor, conference.convening_unit, *KEEPERS):
        raise Forbidden("forbidden", _("Only the convening unit may change this conference."))


def _note(actor: User, act: str, conference: Conference, after: dict, now: datetime) -> None:
    record(actor=actor, act=f"conference.{act}", subject_kind=HOLDER, subject_id=conference.pk,
           unit_id=conference.convening_unit_id, after=after, now=now)  # fmt: skip
