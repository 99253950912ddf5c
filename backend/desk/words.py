"""What is done, in words: every act that the trail may hold. Verbs alone for a conference; else with the thing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Promise | str] = {
    "conference.create": _("booked"),
    "conference.submit": _("put up for approval"),
    "conference.approve": _("approved"),
    "conference.return": _("returned"),
    "conference.cancel": _("cancelled"),
    "conference.change": _("changed"),
    "conference.reschedule": _("moved"),
    "conference.reveal": _("read the secret content"),
    "conference.live": _("began"),
    "conference.extend": _("extended"),
    "conference.end": _("ended early"),
    "conference.ended": _("ended"),
    "conference.access": _("access data entered"),
    "conference.bridge": _("moved to another bridge"),
    "conference.link_stop": _("stopped a personal link"),
    "conference.link_renew": _("gave a new personal link"),
    "conference.conclude": _("conclusion notice noted"),
    "conference.no_conclusion": _("noted that no conclusion notice is needed"),
    "series.create": _("series booked"),
    "bridge.setup": _("access to a bridge set up"),
    "bridge.works": _("bridge reported to work again"),
    "bridge.out_of_order": _("bridge reported out of order"),
    "invitation.send": _("invitations written"),
    "rehearsal.plan": _("rehearsal planned"),
    "rehearsal.move": _("rehearsal moved"),
    "rehearsal.unplaced": _("rehearsal needs another hour"),
    "rehearsal.cancel": _("rehearsal cancelled"),
    "rehearsal.result": _("rehearsal result written"),
    "unit.successor": _("successor of the unit named"),
    "unit.no_successor": _("successor of the unit taken back"),
    "account.password_link": _("link for a new password sent"),
    "target.allow": _("target of probes allowed"),
    "target.forbid": _("target of probes forbidden"),
    "delegation.create": _("delegation registered"),
    "stay.book": _("guest room given"),
    "stay.move": _("stay moved"),
    "meal.book": _("meal ordered"),
    "meal.move": _("meal moved along"),
    "meal.to_check": _("meal marked to be checked"),
    "member.read_identity": _("identity number read"),
    "outbox.send_again": _("message sent again"),
}
VERBS: dict[str, Promise | str] = {
    "create": _("added: %(thing)s"),
    "change": _("changed: %(thing)s"),
    "cancel": _("cancelled: %(thing)s"),
    "delete": _("deleted: %(thing)s"),
    "deactivate": _("taken out of use: %(thing)s"),
}
THINGS: dict[str, Promise | str] = {
    "unit": _("unit"),
    "site": _("site"),
    "room": _("meeting room"),
    "bridge": _("bridge"),
    "node": _("point of the network"),
    "allowed_target": _("allowed target"),
    "link": _("line"),
    "person": _("person of the directory"),
    "group": _("group"),
    "account": _("account"),
    "endpoint": _("endpoint"),
    "technician": _("technician"),
    "gate_rule": _("rule on meetings"),
    "special_day": _("special day"),
    "house": _("guesthouse"),
    "guest_room": _("guest room"),
    "kitchen": _("kitchen"),
    "delegation": _("delegation"),
    "stay": _("stay"),
    "meal": _("meal"),
}


def act_in_words(act: str) -> str:
    """LookupError for an act that nobody has put into words."""
    if act in ACTS:
        return str(ACTS[act])
    kind, _dot, verb = act.partition(".")
    return str(VERBS[verb]) % {"thing": THINGS[kind]}
