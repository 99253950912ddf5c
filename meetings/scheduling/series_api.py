"""`conferences/series/` and `series/{id}/`."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from backend.accounts.idempotency import once
from meetings.scheduling import series_changes, series_dates, series_queries, series_services
from meetings.scheduling.models import Series
from meetings.scheduling.serializers import ReasonSerializer
from meetings.scheduling.series_scope import Scope
from meetings.scheduling.series_serializers import (
    BookedSeriesSerializer,
    PreviewSerializer,
    SeriesRequestSerializer,
    SeriesSerializer,
)


class SeriesPreviewView(APIView):
    """What a series would give: each date, free or taken, and where it could move. Nothing is booked."""

    @extend_schema(request=SeriesRequestSerializer, responses=PreviewSerializer)
    def post(self, request: Request) -> Response:
        form = SeriesRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        rows = series_services.preview(actor=caller(request), wish=form.wish(), now=timezone.now())
        free = sum(row["state"] == "free" for row in rows)
        document = {"summary": series_dates.summary(rows), "count": len(rows), "free": free, "dates": rows}
        return Response(PreviewSerializer(document).data)


class SeriesBookingView(APIView):
    """Book a series: all of it, or what `policy` leaves of it; the answer says what became of each date."""

    @extend_schema(request=SeriesRequestSerializer, responses={201: BookedSeriesSerializer})
    def post(self, request: Request) -> Response:
        form = SeriesRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        now = timezone.now()

        def act() -> Response:
            booked = series_services.book(actor=caller(request), wish=form.wish(), now=now)
            return Response(BookedSeriesSerializer(booked).data, status=201)

        return once(request, now, act)


class SeriesViewSet(viewsets.GenericViewSet):
    serializer_class = SeriesSerializer
    queryset = Series.objects.none()
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(responses=SeriesSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(SeriesSerializer(series_queries.shown(caller(request), pk)[0]).data)

    @extend_schema(request=ReasonSerializer, responses=SeriesSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel every date that has not passed."""
        form = ReasonSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        _series, conferences = series_queries.shown(caller(request), pk)
        series_changes.cancel(
            actor=caller(request), conference=conferences[0], scope=Scope.ALL, now=timezone.now(), **form.validated_data
        )
        return self.retrieve(request, pk)
