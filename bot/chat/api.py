from datetime import timedelta

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.authentication import caller
from bot.chat import tickets


class TicketSerializer(serializers.Serializer):
    ticket = serializers.CharField()
    expires_at = serializers.DateTimeField()


class TicketView(APIView):
    """A ticket that opens a websocket as the caller (`?token=…`) within a minute."""

    @extend_schema(request=None, responses=TicketSerializer)
    def post(self, request: Request) -> Response:
        expires_at = timezone.now() + timedelta(seconds=tickets.LIFETIME_S)
        return Response(TicketSerializer({"ticket": tickets.issue(caller(request)), "expires_at": expires_at}).data)
