"""`guest-rooms/`, `delegations/`, `stays/`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.authentication import caller
from backend.accounts.idempotency import once
from backend.common.api import check_version, etag, flat_errors
from backend.common.errors import Invalid
from backend.common.periods import Period
from guesthouse.stays import queries, services
from guesthouse.stays.models import Delegation, GuestRoom, Stay
from guesthouse.stays.serializers import (
    DayOrMomentField,
    DelegationListSerializer,
    DelegationRequestSerializer,
    DelegationSerializer,
    GuestRoomSerializer,
    IdentitySerializer,
    StayRequestSerializer,
    StaySerializer,
)
from meetings.scheduling.api import moment
from meetings.sites.api import whole

HOURS = (queries.check_in, queries.check_out)
FROM = OpenApiParameter("from", str, description="Ends after this time")
TO = OpenApiParameter("to", str, description="Begins before this time")


def night(text: str, field: str, hour: Callable) -> datetime:
    """A time, or the house's hour of a local day; Invalid names the field."""
    try:
        value = DayOrMomentField().run_validation(text)
    except serializers.ValidationError as error:
        raise Invalid("bad_time", next(iter(flat_errors(error.detail).values()))[0], field=field) from error
    return value if isinstance(value, datetime) else hour(value)


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="A time, or a day: its check-in hour"),
            OpenApiParameter("to", str, description="A time, or a day: its check-out hour"),
            OpenApiParameter("free", bool, description="Only rooms that are free all that time"),
            OpenApiParameter("house", int),
            OpenApiParameter("beds", int, description="At least so many"),
        ]
    )
)
class GuestRoomViewSet(viewsets.ReadOnlyModelViewSet):
    """Rooms of the guesthouses, and whether they are free from `from` to `to`."""

    serializer_class = GuestRoomSerializer
    queryset = GuestRoom.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[GuestRoom]:
        rooms, asked = queries.guest_rooms_visible_to(caller(self.request)), self.request.query_params
        if "house" in asked:
            rooms = rooms.filter(house=whole(asked["house"], "house"))
        if "beds" in asked:
            rooms = rooms.filter(beds__gte=min(whole(asked["beds"], "beds"), 1000))
        if asked.get("free") == "true":
            rooms = rooms.exclude(resource_id__in=self._taken() or ())
        return rooms

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "taken": self._taken()}

    def _taken(self) -> set[int] | None:
        """Resource ids that are taken during the asked period; None when none was asked. Read once per request."""
        if not hasattr(self, "_taken_ids"):
            period = self._period()
            rooms = queries.guest_rooms_visible_to(caller(self.request))
            self._taken_ids = queries.taken(rooms, period, timezone.now()) if period else None
        return self._taken_ids

    def _period(self) -> Period | None:
        asked = self.request.query_params
        missing = {"from", "to"} - set(asked)
        if missing == {"from", "to"} and asked.get("free") != "true":
            return None
        if missing:
            raise Invalid("required", _("Say from when to when."), field=min(missing))
        start, end = night(asked["from"], "from", queries.check_in), night(asked["to"], "to", queries.check_out)
        if end <= start:
            raise Invalid("end_before_start", _("The end must lie after the start."), field="to")
        return Period(start, end)


@extend_schema_view(
    list=extend_schema(
        parameters=[FROM, TO, OpenApiParameter("status", str), OpenApiParameter("search", str)],
    )
)
class DelegationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = DelegationListSerializer
    queryset = Delegation.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Delegation]:
        delegations, asked = queries.delegations_visible_to(caller(self.request)), self.request.query_params
        if "from" in asked:
            delegations = delegations.filter(departure__gt=moment(asked["from"], "from"))
        if "to" in asked:
            delegations = delegations.filter(arrival__lt=moment(asked["to"], "to"))
        if "status" in asked:
            delegations = delegations.filter(status__in=asked["status"].split(","))
        if asked.get("search"):
            delegations = queries.matching(delegations, asked["search"])
        return queries.counted(delegations) if self.action == "list" else delegations

    @extend_schema(request=DelegationRequestSerializer, responses={201: DelegationSerializer})
    def create(self, request: Request) -> Response:
        form = DelegationRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()

        def act() -> Response:
            made = services.create_delegation(actor=caller(request), request=form.request(), now=now)
            return self._answer(made, status=201)

        return once(request, now, act)

    @extend_schema(responses=DelegationSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=DelegationRequestSerializer, responses=DelegationSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        form = DelegationRequestSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        return self._act(services.change_delegation, edit=form.edit)

    @extend_schema(request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._act(services.cancel_delegation)

    @extend_schema(request=None, responses=IdentitySerializer)
    @action(detail=True, methods=["post"], url_path=r"members/(?P<member>\d{1,18})/identity")
    def identity(self, request: Request, pk: str, member: str) -> Response:
        """The whole identity number of one member. POST, because every reading is written down."""
        found = self.get_object().members.filter(pk=member).first()
        if found is None:
            raise Http404
        number = services.read_identity(actor=caller(request), member=found, now=timezone.now())
        return Response({"identity_number": number}, headers={"Cache-Control": "no-store"})

    def _act(self, service: Callable[..., Delegation], **values: Any) -> Response:
        delegation = self.get_object()
        check_version(self.request, delegation.version)
        return self._answer(service(actor=caller(self.request), delegation=delegation, now=timezone.now(), **values))

    def _answer(self, delegation: Delegation, status: int = 200) -> Response:
        data = DelegationSerializer(queries.with_details(delegation)).data
        return Response(data, status=status, headers={"ETag": etag(delegation.version)})


@extend_schema_view(
    list=extend_schema(
        parameters=[
            FROM,
            TO,
            OpenApiParameter("delegation", int),
            OpenApiParameter("guest_room", int),
            OpenApiParameter("status", str),
        ],
    )
)
class StayViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = StaySerializer
    queryset = Stay.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Stay]:
        stays, asked = queries.stays_visible_to(caller(self.request)), self.request.query_params
        if "from" in asked:
            stays = stays.filter(end__gt=moment(asked["from"], "from"))
        if "to" in asked:
            stays = stays.filter(start__lt=moment(asked["to"], "to"))
        if "status" in asked:
            stays = stays.filter(status__in=asked["status"].split(","))
        for name in ("delegation", "guest_room"):
            if name in asked:
                stays = stays.filter(**{name: whole(asked[name], name)})
        return stays.prefetch_related("members")

    @extend_schema(request=StayRequestSerializer, responses={201: StaySerializer})
    def create(self, request: Request) -> Response:
        form = StayRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()

        def act() -> Response:
            stay = services.book_stay(actor=caller(request), request=form.request(HOURS), now=now)
            return self._answer(stay, status=201)

        return once(request, now, act)

    @extend_schema(responses=StaySerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=StayRequestSerializer, responses=StaySerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        form = StayRequestSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changes = form.changes(HOURS)
        if "delegation_id" in changes:
            raise Invalid("fixed", _("A stay keeps its delegation; cancel it and book another."), field="delegation")
        return self._act(services.move_stay, edit=lambda old: replace(old, **changes))

    @extend_schema(request=None, responses=StaySerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._act(services.cancel_stay)

    def _act(self, service: Callable[..., Stay], **values: Any) -> Response:
        stay = self.get_object()
        check_version(self.request, stay.version)
        return self._answer(service(actor=caller(self.request), stay=stay, now=timezone.now(), **values))

    def _answer(self, stay: Stay, status: int = 200) -> Response:
        return Response(StaySerializer(stay).data, status=status, headers={"ETag": etag(stay.version)})
