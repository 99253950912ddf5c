"""What every endpoint shares: problem documents, pages, strict times, versions."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, pagination, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from backend.common.errors import Invalid, Problem, Stale
from backend.common.text import nfc

BIGGEST_ID = 2**63 - 1
PROBLEM_JSON = "application/problem+json"
BUSY = {"55P03", "40P01", "40001"}  # waited too long for a lock, deadlock, serialization failure


def problem_document(problem: Problem) -> dict[str, Any]:
    """RFC 9457, with our stable `code` and `errors` per field."""
    document = {
        "type": "about:blank",
        "title": str(problem.detail),
        "status": problem.status,
        "detail": str(problem.detail),
        "code": problem.code,
        **problem.extra,
    }
    if problem.errors:
        document["errors"] = {field: [str(text) for text in texts] for field, texts in problem.errors.items()}
    return document


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal leaves as a problem document."""
    problem = as_problem(error)
    if problem is None:
        return None
    headers = {}
    if problem.code == "busy":
        headers["Retry-After"] = "2"
    if auth := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return Response(problem_document(problem), status=problem.status, headers=headers, content_type=PROBLEM_JSON)


def as_problem(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return _problem(404, "not_found", _("There is nothing here that you may see."))
    if isinstance(error, PermissionDenied):
        return _problem(403, "forbidden", _("Your role does not allow this."))
    if isinstance(error, exceptions.ValidationError):
        errors = flat_errors(error.detail)
        first = next(iter(errors.values()))[0]
        return _problem(400, "invalid", str(first), errors)
    if getattr(error.__cause__, "sqlstate", None) in BUSY:
        return _problem(503, "busy", _("Many people are booking just now. Nothing was written; try again in a moment."))
    if isinstance(error, exceptions.APIException):
        codes = {401: "not_signed_in", 403: "forbidden", 405: "method_not_allowed", 415: "unsupported_media_type"}
        code = codes.get(error.status_code, str(error.get_codes()))
        return _problem(error.status_code, code, str(error.detail))
    return None


def flat_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested error detail as {"participants.2.email": [messages]}."""
    if isinstance(detail, dict):
        pairs = [(str(k), v) for k, v in detail.items()]
    elif any(isinstance(item, (dict, list)) for item in detail):
        pairs = [(str(i), v) for i, v in enumerate(detail) if v]
    else:
        return {prefix or "body": [str(text) for text in detail]}
    flat: dict[str, list[str]] = {}
    for key, value in pairs:
        name = prefix if key == "non_field_errors" else f"{prefix}.{key}".strip(".")
        flat.update(flat_errors(value if isinstance(value, (dict, list)) else [value], name))
    return flat


def _problem(status: int, code: str, detail: str, errors: dict | None = None) -> Problem:
    problem = Problem(code, detail, errors=errors)
    problem.status = status
    return problem


def json_problem(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """For what fails before DRF sees it."""
    return JsonResponse(problem_document(_problem(status, code, detail)), status=status, content_type=PROBLEM_JSON)


class Page(pagination.PageNumberPagination):
    """`{results, next, previous}`, at most 200; one row more than shown tells whether a next page exists: no COUNT."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list:
        self.asked = request
        size = self.get_page_size(request) or self.page_size
        self.number = self._number(request)
        rows = list(queryset[(self.number - 1) * size : self.number * size + 1])
        self.more = len(rows) > size
        return rows[:size]

    def _number(self, request: Request) -> int:
        text = request.query_params.get(self.page_query_param, "1")
        if not text.isdigit() or not 0 < int(text) < 1_000_000:
            raise Invalid("bad_page", _("The page must be a whole number from 1 on."), field="page")
        return int(text)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self._link(1), "previous": self._link(-1)})

    def _link(self, step: int) -> str | None:
        target = self.number + step
        if target < 1 or (step > 0 and not self.more):
            return None
        return replace_query_param(self.asked.build_absolute_uri(), self.page_query_param, target)

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }


class TextField(serializers.CharField):
    """Text as people type it, kept in NFC without control characters."""

    def to_internal_value(self, data: Any) -> str:
        text = nfc(super().to_internal_value(data))
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


@extend_schema_field({"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 5000})
class IdsField(serializers.Field):
    """A list of ids, thousands too: no field object is asked for each of them."""

    most = 5000

    def to_internal_value(self, data: Any) -> list[int]:
        try:
            ids = [int(value) for value in data if isinstance(value, int | str) and not isinstance(value, bool)]
        except (TypeError, ValueError):
            ids = []
        if not isinstance(data, list) or len(ids) != len(data) or len(ids) > self.most:
            raise serializers.ValidationError(self._refusal())
        if ids and not 0 < min(ids) <= max(ids) <= BIGGEST_ID:
            raise serializers.ValidationError(self._refusal())
        return ids

    def to_representation(self, value: Any) -> Any:
        return value

    def _refusal(self) -> str:
        return _("Give a list of at most %(most)d whole numbers from 1 on.") % {"most": self.most}


class MomentField(serializers.DateTimeField):
    """ISO 8601 with an offset; a time without one is refused, because nobody can know which hour it means."""

    default_error_messages = {"naive": "Write the time with its offset, for example 2026-11-24T08:00:00+07:00."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise serializers.ValidationError(_("Write the time with its offset, e.g. 2026-11-24T08:00:00+07:00."))
        return super().enforce_timezone(value)


def etag(version: int) -> str:
    return f'"{version}"'


def check_version(request: Request, version: int) -> None:
    """Raise Stale when `If-Match` is given and names another version."""
    wanted = request.headers.get("If-Match")
    if wanted and wanted != "*" and wanted.removeprefix("W/") != etag(version):
        raise Stale("stale", _("Somebody changed this since you opened it. Load it again, then repeat your change."))
