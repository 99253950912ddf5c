"""Mail and outbox: what left, what waits, what failed, and “send again”."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from backend.accounts.models import Role
from backend.accounts.queries import has_role
from backend.desk import sink
from backend.desk.pages.common import PageRequest, act, post_only, signed_in
from backend.outbox import services
from backend.outbox.models import Message
from backend.outbox.queries import messages_visible_to


@signed_in
def index(request: PageRequest) -> HttpResponse:
    rows = messages_visible_to(request.user)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    asked, search = request.GET.get("state", ""), request.GET.get("search", "").strip()
    if asked in Message.State.values:
        rows = rows.filter(state=asked)
    if search:
        rows = rows.filter(recipient__icontains=search) | rows.filter(subject__icontains=search)
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "states": [(value, label, counts.get(value, 0)) for value, label in Message.State.choices],
        "asked": asked,
        "search": search,
        "has_sink": bool(settings.SINK_DIR),
    }
    return render(request, "desk/outbox.html", context)


@signed_in
def message(request: PageRequest, pk: int) -> HttpResponse:
    """One message: where it stands, and its text as it was or will be sent."""
    row = get_object_or_404(messages_visible_to(request.user).defer(None), pk=pk)
    context = {"message": row, "mail": sink.readable(bytes(row.body)) if row.body else None}
    return render(request, "desk/message.html", context)


@post_only
def send_again(request: PageRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(messages_visible_to(request.user), pk=pk)
    back = request.POST.get("back") or reverse("outbox")
    target = back if back == reverse("outbox-message", args=[pk]) else reverse("outbox")
    return act(request, target, _("It will be sent again in a moment."), services.send_again, message=row)


@signed_in
def mail_sink(request: PageRequest) -> HttpResponse:
    """What the local sink took in where no mail server is given: for trying the service out."""
    if not settings.SINK_DIR or not has_role(request.user, Role.ADMIN, Role.SECRETARIAT):
        raise Http404
    return render(request, "desk/sink.html", {"mails": sink.mails()})
