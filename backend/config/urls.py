"""Every address. A sub-resource belongs to the part that knows it and is mounted here."""

from django.conf import settings
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from backend.accounts.api import GroupViewSet, PersonViewSet, TokenView
from backend.config import errors, health, openapi  # noqa: F401  (registers its schemes)
from backend.desk.gazetteer import GazetteerView, MeView
from backend.desk.history import HistoryView
from backend.desk.setup.password_pages import ResetView
from backend.units.api import UnitViewSet
from bot.chat.api import TicketView
from guesthouse.catering.api import MealServiceViewSet
from guesthouse.stays.api import DelegationViewSet, GuestRoomViewSet, StayViewSet
from meetings.invitations.api import InvitationFileView, InvitationsView
from meetings.links.api import LinkViewSet, SiteStateViewSet
from meetings.readiness.api import RehearsalHoursView, RehearsalsView, RehearsalViewSet
from meetings.scheduling.api import AvailabilityView, ConferenceViewSet, FreeSlotsView
from meetings.sites.api import BridgeViewSet, RoomViewSet, SiteViewSet

router = SimpleRouter()
router.register("units", UnitViewSet, "unit")
router.register("sites", SiteViewSet, "site")
router.register("rooms", RoomViewSet, "room")
router.register("bridges", BridgeViewSet, "bridge")
router.register("people", PersonViewSet, "person")
router.register("groups", GroupViewSet, "group")
router.register("links", LinkViewSet, "link")
router.register("site-states", SiteStateViewSet, "site-state")
router.register("conferences", ConferenceViewSet, "conference")
router.register("rehearsals", RehearsalViewSet, "rehearsal")
router.register("guest-rooms", GuestRoomViewSet, "guest-room")
router.register("delegations", DelegationViewSet, "delegation")
router.register("stays", StayViewSet, "stay")
router.register("meal-services", MealServiceViewSet, "meal-service")

api = [
    path("auth/token/", TokenView.as_view(), name="token"),
    path("free-slots/", FreeSlotsView.as_view(), name="free-slots"),
    path("availability/", AvailabilityView.as_view(), name="availability"),
    path("conferences/<int:pk>/invitation.ics", InvitationFileView.as_view(), name="invitation-file"),
    path("conferences/<int:pk>/invitations/", InvitationsView.as_view(), name="invitations"),
    path("conferences/<int:pk>/history/", HistoryView.as_view(), name="conference-history"),
    path("conferences/<int:pk>/rehearsals/", RehearsalsView.as_view(), name="rehearsals"),
    path("conferences/<int:pk>/rehearsals/hours/", RehearsalHoursView.as_view(), name="rehearsal-hours"),
    path("chat/tickets/", TicketView.as_view(), name="chat-tickets"),
    path("chat/gazetteer/", GazetteerView.as_view(), name="chat-gazetteer"),
    path("chat/me/", MeView.as_view(), name="chat-me"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    *router.urls,
]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/v1/", include(api)),
    path("", include("backend.desk.urls")),
    path("accounts/password_reset/", ResetView.as_view(), name="password_reset"),
    path("accounts/", include("django.contrib.auth.urls")),
]

if settings.DEMO_MODE or settings.DEBUG:
    urlpatterns.append(path("", include("backend.frontend.urls")))

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
