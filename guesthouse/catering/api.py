"""`meal-services/`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.authentication import caller
from backend.accounts.idempotency import once
from backend.common.api import check_version, etag
from backend.common.errors import Invalid
from guesthouse.catering import queries, services
from guesthouse.catering.models import MealService
from guesthouse.catering.serializers import MealRequestSerializer, MealServiceSerializer
from meetings.scheduling.api import day
from meetings.sites.api import whole


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("date", str, description="The local day on which they begin"),
            OpenApiParameter("kitchen", int),
            OpenApiParameter("delegation", int),
            OpenApiParameter("conference", int),
            OpenApiParameter("status", str),
        ]
    )
)
class MealServiceViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    serializer_class = MealServiceSerializer
    queryset = MealService.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[MealService]:
        meals, asked = queries.meals_visible_to(caller(self.request)), self.request.query_params
        if "date" in asked:
            meals = queries.on_day(meals, day(asked["date"], "date"))
        if "status" in asked:
            meals = meals.filter(status__in=asked["status"].split(","))
        for name in ("kitchen", "delegation", "conference"):
            if name in asked:
                meals = meals.filter(**{name: whole(asked[name], name)})
        return meals

    @extend_schema(request=MealRequestSerializer, responses={201: MealServiceSerializer})
    def create(self, request: Request) -> Response:
        form = MealRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()

        def act() -> Response:
            meal = services.book_meal(actor=caller(request), request=form.request(), now=now)
            return self._answer(meal, status=201)

        return once(request, now, act)

    @extend_schema(responses=MealServiceSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=MealRequestSerializer, responses=MealServiceSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        form = MealRequestSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        changes = form.changes()
        for name in ("delegation", "conference"):
            if f"{name}_id" in changes:
                text = _("A meal stays with whom it was ordered for; cancel it and order another.")
                raise Invalid("fixed", text, field=name)
        return self._act(services.change_meal, edit=lambda old: replace(old, **changes))

    @extend_schema(request=None, responses=MealServiceSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._act(services.cancel_meal)

    def _act(self, service: Callable[..., MealService], **values: Any) -> Response:
        meal = self.get_object()
        check_version(self.request, meal.version)
        return self._answer(service(actor=caller(self.request), meal=meal, now=timezone.now(), **values))

    def _answer(self, meal: MealService, status: int = 200) -> Response:
        return Response(MealServiceSerializer(meal).data, status=status, headers={"ETag": etag(meal.version)})
