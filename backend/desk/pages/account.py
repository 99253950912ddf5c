"""Signing in, and the language of the screen."""

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.views import i18n

from backend.accounts.models import User

DEMO_LOGINS = ["admin", "thuky", "lanhdao", "kythuat", "truc", "nhakhach", "bep", "donvikhac"]

login = LoginView.as_view(extra_context={"demo_logins": DEMO_LOGINS if settings.DEMO_MODE else []})


def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the choice for this browser and, for mail and chat, with the account."""
    chosen = request.POST.get("language")
    if request.method == "POST" and request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return i18n.set_language(request)
