"""JSON bodies: of a bounded size, strict, and refused with a word that says why."""

import json
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from backend.common.errors import Invalid, Problem


class TooLarge(Problem):
    status = 413


class JSONParser(BaseParser):
    """Raises TooLarge (413) and Invalid (`broken_json`, 400)."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge("too_large", _("The body is larger than %(kb)d kB.") % {"kb": limit // 1024}, field="body")
        try:
            return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            detail = _("The body is not valid JSON: %(error)s") % {"error": error}
            raise Invalid("broken_json", detail, field="body") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
