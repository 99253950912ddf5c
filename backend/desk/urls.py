"""The pages."""

from django.urls import include, path

from backend.desk.pages import account, booking, conferences, guesthouse, join, lines, outbox, search, timeline, today

urlpatterns = [
    path("", today.today, name="today"),
    path("today/<str:name>/", today.part, name="today-part"),
    path("conferences/", conferences.index, name="conferences"),
    path("conferences/new/", booking.new, name="conference-new"),
    path("conferences/new/hours/", booking.hours, name="conference-hours"),
    path("conferences/<int:pk>/", conferences.detail, name="conference"),
    path("conferences/<int:pk>/sites/", conferences.sites, name="conference-sites"),
    path("conferences/<int:pk>/edit/", booking.edit, name="conference-edit"),
    path("conferences/<int:pk>/submit/", conferences.submit, name="conference-submit"),
    path("conferences/<int:pk>/approve/", conferences.approve, name="conference-approve"),
    path("conferences/<int:pk>/return/", conferences.send_back, name="conference-return"),
    path("conferences/<int:pk>/reschedule/", conferences.reschedule, name="conference-reschedule"),
    path("conferences/<int:pk>/cancel/", conferences.cancel, name="conference-cancel"),
    path("conferences/<int:pk>/reveal/", conferences.reveal, name="conference-reveal"),
    path("join/<str:token>/", join.join, name="join"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("lines/", lines.lines, name="lines"),
    path("lines/<int:pk>/", lines.site, name="site"),
    path("guesthouse/", guesthouse.rack, name="guesthouse"),
    path("delegations/", guesthouse.delegations, name="delegations"),
    path("delegations/new/", guesthouse.new, name="delegation-new"),
    path("delegations/<int:pk>/", guesthouse.detail, name="delegation"),
    path("delegations/<int:pk>/edit/", guesthouse.edit, name="delegation-edit"),
    path("delegations/<int:pk>/cancel/", guesthouse.cancel, name="delegation-cancel"),
    path("delegations/<int:pk>/rooms/", guesthouse.book_rooms, name="delegation-rooms"),
    path("delegations/<int:pk>/meals/", guesthouse.book_meal, name="delegation-meal"),
    path("stays/<int:pk>/cancel/", guesthouse.cancel_stay, name="stay-cancel"),
    path("meals/<int:pk>/cancel/", guesthouse.cancel_meal, name="meal-cancel"),
    path("outbox/", outbox.index, name="outbox"),
    path("outbox/<int:pk>/", outbox.message, name="outbox-message"),
    path("outbox/<int:pk>/again/", outbox.send_again, name="outbox-again"),
    path("search/", search.search, name="search"),
    path("accounts/login/", account.login, name="login"),
    path("i18n/setlang/", account.set_language, name="set_language"),
    path("mail-sink/", outbox.mail_sink, name="mail-sink"),
    path("setup/", include("backend.desk.setup.urls")),
]
