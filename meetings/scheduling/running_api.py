"""`conferences/{id}/extend/` and `end/`."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from meetings.scheduling import running
from meetings.scheduling.serializers import ConferenceSerializer, EndSerializer


class RunningActs:
    """Joined to the conferences' view set, which does what all acts share."""

    _act: Callable[..., Response]

    @extend_schema(request=EndSerializer, responses=ConferenceSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Let a running conference go on; 409 with `until`, the latest end that is possible."""
        form = EndSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return self._act(running.extend, **form.validated_data)

    @extend_schema(request=None, responses=ConferenceSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a running conference now; what it still held is free at once."""
        return self._act(running.end)
