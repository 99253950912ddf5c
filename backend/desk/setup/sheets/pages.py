"""A sheet on the screen: download, upload, preview with every row, take the good ones, download the bad ones."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.common.errors import Invalid, Problem
from backend.common.text import fold, nfc
from backend.desk.pages.common import PageRequest
from backend.desk.setup.kinds import Kind
from backend.desk.setup.pages import administrators_only
from backend.desk.setup.sheets import store, workbook
from backend.desk.setup.sheets.land import UnitSheet
from backend.desk.setup.sheets.network import LineSheet
from backend.desk.setup.sheets.people import AccountSheet, GroupSheet, PersonSheet
from backend.desk.setup.sheets.places import RoomSheet, SiteSheet
from backend.desk.setup.sheets.plan import Line, Plan, Sheet, Status, aligned, plan
from backend.desk.setup.sheets.rules import DaySheet

SHEETS: dict[str, type[Sheet]] = {
    "units": UnitSheet,
    "sites": SiteSheet,
    "rooms": RoomSheet,
    "lines": LineSheet,
    "people": PersonSheet,
    "groups": GroupSheet,
    "accounts": AccountSheet,
    "days": DaySheet,
}
PAGE = 100
ORDER: dict[str, int] = {Status.BAD: 0, Status.NEW: 1, Status.CHANGED: 2, Status.UNCHANGED: 3}


def _sheet(request: PageRequest, kind: Kind) -> Sheet:
    if kind.key not in SHEETS:
        raise Http404
    return SHEETS[kind.key](request.user)


@administrators_only
def upload(request: PageRequest, kind: Kind) -> HttpResponse:
    sheet = _sheet(request, kind)
    if request.method != "POST":
        return render(request, "desk/setup/sheet.html", {"kind": kind, "columns": sheet.columns})
    try:
        taken_in = _taken_in(request, kind, sheet)
    except Invalid as problem:
        context = {"kind": kind, "columns": sheet.columns, "problem": problem}
        return render(request, "desk/setup/sheet.html", context, status=422)
    return HttpResponseRedirect(reverse("setup-preview", args=[kind.key, store.keep(taken_in)]))


def _taken_in(request: PageRequest, kind: Kind, sheet: Sheet) -> store.Upload:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("no_file", _("Choose a file first."), field="file")
    if (file.size or 0) > workbook.MOST_BYTES:
        raise Invalid("too_large", _("The file is larger than %(mb)d MB.") % {"mb": workbook.MOST_BYTES // 1024**2})
    order, table = aligned(sheet, workbook.read(file.read()))
    if not table:
        raise Invalid("empty", _("Below the names of the columns there is no row."), field="file")
    return store.Upload(kind.key, request.user.pk, nfc(file.name or "")[:100], order, table)


@administrators_only
def preview(request: PageRequest, kind: Kind, token: str) -> HttpResponse:
    """What each row would do; a POST writes the good ones, if they still would do just that."""
    sheet, kept = _sheet(request, kind), store.kept(token, request.user, kind.key)
    if kept is None:
        messages.warning(request, _("That sheet is no longer kept. Upload it once more."))
        return HttpResponseRedirect(reverse("setup-sheet", args=[kind.key]))
    planned = plan(sheet, kept.order, kept.table)
    if request.method != "POST":
        return _preview(request, kind, token, kept, planned)
    if request.POST.get("fingerprint") != planned.fingerprint():
        messages.warning(request, _("Meanwhile something changed. Look at the rows once more before you take them."))
        return _preview(request, kind, token, kept, planned, status=409)
    try:
        n = _take(kept, planned)
    except Problem as problem:
        messages.error(request, str(problem.detail))
        return _preview(request, kind, token, kept, planned, status=409)
    return _taken(request, kind, token, kept, planned, n)


def _take(kept: store.Upload, planned: Plan) -> int:
    lines = planned.of(Status.NEW, Status.CHANGED)
    try:
        with transaction.atomic():
            planned.sheet.save([line.row for line in lines], timezone.now())
    except IntegrityError as error:
        text = _("Somebody stored something alike at the same moment. Look at the list, then try again.")
        raise Invalid("clash", text) from error
    return len(lines)


def _taken(request: PageRequest, kind: Kind, token: str, kept: store.Upload, planned: Plan, n: int) -> HttpResponse:
    bad = {line.number for line in planned.of(Status.BAD)}
    kept.table, kept.taken = [row for row in kept.table if row[0] in bad], kept.taken + n
    store.keep(kept, token)
    messages.success(request, _("%(n)d rows are taken.") % {"n": n})
    if bad:
        return HttpResponseRedirect(reverse("setup-preview", args=[kind.key, token]))
    return HttpResponseRedirect(reverse("setup-list", args=[kind.key]))


def _preview(
    request: PageRequest, kind: Kind, token: str, kept: store.Upload, planned: Plan, status: int = 200
) -> HttpResponse:
    counted, asked = planned.count(), request.GET.get("status", "")
    lines = planned.of(asked) if asked in counted else sorted(planned.lines, key=lambda line: ORDER[line.status])
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    titles = [str(column.title) for column in planned.sheet.columns]
    shown = [(name, title) for name, title in zip(_names(planned.sheet), titles, strict=True) if name in kept.order]
    context = {
        "kind": kind,
        "token": token,
        "upload": kept,
        "page": page,
        "rows": [_row(line, kept.order, planned.sheet) for line in page],
        "titles": [title for name, title in sorted(shown, key=lambda pair: kept.order.index(pair[0]))],
        "counts": [(value, label, counted[value]) for value, label in Status.choices],
        "asked": asked,
        "good": counted[Status.NEW] + counted[Status.CHANGED],
        "bad": counted[Status.BAD],
        "fingerprint": planned.fingerprint(),
    }
    return render(request, "desk/setup/preview.html", context, status=status)


def _names(sheet: Sheet) -> list[str]:
    return [column.name for column in sheet.columns]


def _row(line: Line, order: list[str], sheet: Sheet) -> dict[str, Any]:
    """One row for the template; of a changed one, each cell with what stood there before."""
    was: dict[str, str] = {}
    if line.status == Status.CHANGED and line.before:
        triples = zip(_names(sheet), line.before, line.after, strict=True)
        was = {name: before for name, before, after in triples if before != after}
    cells = [
        {"text": text, "errors": line.errors.get(name, []), "changed": name in was, "was": was.get(name, "")}
        for name, text in zip(order, line.cells, strict=True)
    ]
    elsewhere = [text for name, texts in line.errors.items() if name not in order for text in texts]
    return {"line": line, "cells": cells, "elsewhere": elsewhere, "label": Status(line.status).label}


@administrators_only
def bad_rows(request: PageRequest, kind: Kind, token: str) -> HttpResponse:
    """The rows that are not taken, as they were typed, with the reasons behind."""
    sheet, kept = _sheet(request, kind), store.kept(token, request.user, kind.key)
    if kept is None:
        raise Http404
    columns = {column.name: column for column in sheet.columns}
    lines = plan(sheet, kept.order, kept.table).of(Status.BAD)
    headings = [_heading(columns[name]) for name in kept.order]
    rows = [[*line.cells, _reasons(line, columns)] for line in lines]
    data = workbook.write(str(kind.title), [*headings, (_("What is wrong"), "", ())], rows, bad=len(headings))
    return _file(data, f"{fold(str(kind.title))} - {fold(_('not taken'))}")


def _reasons(line: Line, columns: dict[str, Any]) -> str:
    return " ".join(f"{columns[name].title}: {' '.join(texts)}" for name, texts in line.errors.items())


@administrators_only
def export(request: PageRequest, kind: Kind) -> HttpResponse:
    """All rows of the kind in the form in which they are taken in; `?empty=1`: only the names of the columns."""
    sheet = _sheet(request, kind)
    rows = [] if "empty" in request.GET else sheet.rows()
    cells = [[column.show(row) for column in sheet.columns] for row in rows]
    data = workbook.write(str(kind.title), [_heading(column) for column in sheet.columns], cells)
    return _file(data, fold(str(kind.title)))


def _heading(column: Any) -> tuple[str, str, Any]:
    return str(column.title), str(column.note), column.words()


def _file(data: bytes, name: str) -> HttpResponse:
    file_name = "".join(c if c.isascii() and (c.isalnum() or c in " -") else "-" for c in name).replace(" ", "-")
    headers = {"Content-Disposition": f'attachment; filename="{file_name}.xlsx"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type=workbook.CONTENT_TYPE, headers=headers)
