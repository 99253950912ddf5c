"""Every address. A sub-resource belongs to the part that knows it and is mounted here."""

from django.conf import settings
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from backend.accounts.api import GroupViewSet, PersonViewSet, TokenView
from backend.config import errors, health, openapi  # noqa: F401  (registers its schemes)
from backend.desk.gazetteer import GazetteerView, MeView
from backend.desk.history import HistoryView
from backend.desk.setup.password_pages import ConfirmView, ResetView
from backend.units.api import UnitViewSet, WorkingDaysView
from bot.chat.api import TicketView
from guesthouse.catering.api import MealServiceViewSet
from guesthouse.stays.api import DelegationViewSet, GuestRoomViewSet, StayViewSet
from meetings.invitations.api import InvitationFileView, InvitationsView
from meetings.links.api import LinkViewSet, SiteStateViewSet
from meetings.readiness.api import RehearsalHoursView, RehearsalsView, RehearsalViewSet
from meetings.scheduling.access_api import AccessView, LinkView
from meetings.scheduling.api import AvailabilityView, ConferenceViewSet, FreeSlotsView
from meetings.scheduling.bridge_api import BridgeMoveView, BridgeReportView, ProposalView
from meetings.scheduling.gate_api import ConclusionsView, ConclusionView, ConferenceGateView, GateQuestionView
from meetings.scheduling.series_api import SeriesBookingView, SeriesPreviewView, SeriesViewSet
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
router.register("series", SeriesViewSet, "series")
router.register("rehearsals", RehearsalViewSet, "rehearsal")
router.register("guest-rooms", GuestRoomViewSet, "guest-room")
router.register("delegations", DelegationViewSet, "delegation")
router.register("stays", StayViewSet, "stay")
router.register("meal-services", MealServiceViewSet, "meal-service")

api = [
    path("auth/token/", TokenView.as_view(), name="token"),
    path("free-slots/", FreeSlotsView.as_view(), name="free-slots"),
    path("availability/", AvailabilityView.as_view(), name="availability"),
    path("conferences/series/", SeriesBookingView.as_view(), name="series-book"),
    path("conferences/series/preview/", SeriesPreviewView.as_view(), name="series-preview"),
    path("conferences/<int:pk>/invitation.ics", InvitationFileView.as_view(), name="invitation-file"),
    path("conferences/<int:pk>/invitations/", InvitationsView.as_view(), name="invitations"),
    path("conferences/gate/", GateQuestionView.as_view(), name="api-gate-question"),
    path("conferences/<int:pk>/gate/", ConferenceGateView.as_view(), name="api-gate"),
    path("conferences/<int:pk>/conclusion/", ConclusionView.as_view(), name="api-conclusion"),
    path("conclusions/", ConclusionsView.as_view(), name="api-conclusions"),
    path("working-days/", WorkingDaysView.as_view(), name="api-working-days"),
    path("bridges/proposal/", ProposalView.as_view(), name="propose-bridge"),
    path("bridges/<int:pk>/report/", BridgeReportView.as_view(), name="report-bridge"),
    path("bridges/<int:pk>/move/", BridgeMoveView.as_view(), name="move-bridge"),
    path("conferences/<int:pk>/access/", AccessView.as_view(), name="access"),
    re_path(
        r"^conferences/(?P<pk>\d{1,18})/links/(?P<participant>\d{1,18})/(?P<act>stop|renew)/$",
        LinkView.as_view(),
        name="join-link",
    ),
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
    path("accounts/reset/<uidb64>/<token>/", ConfirmView.as_view(), name="password_reset_confirm"),
    path("accounts/", include("django.contrib.auth.urls")),
]

if settings.DEMO_MODE or settings.DEBUG:
    urlpatterns.append(path("", include("backend.frontend.urls")))

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
