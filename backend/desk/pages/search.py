"""One box for conferences, sites, people, delegations. Diacritics do not count, old names lead to the new."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from backend.accounts.queries import people_visible_to
from backend.common.text import fold, nfc
from backend.desk.pages.common import PageRequest, signed_in
from guesthouse.stays import queries as stays
from meetings.scheduling import queries as scheduling
from meetings.sites import queries as sites

MOST = 20


@signed_in
def search(request: PageRequest) -> HttpResponse:
    text, user = nfc(request.GET.get("q", ""))[:100], request.user
    context: dict[str, Any] = {"text": text}
    if fold(text):
        people = people_visible_to(user)
        for word in fold(text).split():
            people = people.filter(folded__contains=word)
        found = scheduling.matching(scheduling.conferences_visible_to(user), text).order_by("-start")
        context |= {
            "conferences": scheduling.with_hold_state(scheduling.with_site_counts(found), timezone.now())[:MOST],
            "sites": sites.matching(sites.sites_visible_to(user), text)[:MOST],
            "people": people[:MOST],
            "delegations": stays.matching(stays.delegations_visible_to(user), text)[:MOST],
        }
    return render(request, "desk/search.html", context)
