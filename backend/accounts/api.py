"""Tokens for programs, the directory, and who I am."""

from django.contrib.auth import authenticate
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from backend.accounts import queries
from backend.accounts.authentication import caller
from backend.accounts.models import Group, Person
from backend.common.errors import Problem
from backend.common.text import fold


class LoginThrottle(AnonRateThrottle):
    scope = "login"


class CredentialsSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class WrongCredentials(Problem):
    status = 401


class TokenView(APIView):
    """A bearer token for a program, valid for twelve hours."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)

    @extend_schema(request=CredentialsSerializer, responses=TokenSerializer)
    def post(self, request: Request) -> Response:
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = authenticate(request, **form.validated_data)
        if user is None:
            raise WrongCredentials("wrong_credentials", _("The user name or the password is wrong."))
        AuthToken.objects.filter(user=user, expiry__lte=timezone.now()).delete()
        row, token = AuthToken.objects.create(user)
        return Response(TokenSerializer({"token": token, "expires_at": row.expiry}).data)


class PersonSerializer(serializers.ModelSerializer):
    unit_name = serializers.CharField(source="unit.name", read_only=True)

    class Meta:
        model = Person
        fields = ["id", "name", "position", "unit", "unit_name", "email", "phone"]


class PersonViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = PersonSerializer
    queryset = Person.objects.none()

    def get_queryset(self):
        people = queries.people_visible_to(caller(self.request))
        for word in fold(self.request.query_params.get("search", "")).split():
            people = people.filter(folded__contains=word)
        return people


class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ["id", "name", "unit", "people"]


class GroupViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = GroupSerializer
    queryset = Group.objects.none()

    def get_queryset(self):
        return queries.groups_visible_to(caller(self.request)).prefetch_related("people")
