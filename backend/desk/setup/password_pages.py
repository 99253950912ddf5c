"""“Forgot the password?”: the same answer for every address, known or not; the mail leaves through the outbox."""

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from knox.models import AuthToken
from rest_framework.throttling import BaseThrottle

from backend.common.text import nfc
from backend.desk.setup import passwords


class ResetForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )


class ResetView(FormView):
    """Takes the place of Django's own page; asking too often is refused whatever the address."""

    form_class = ResetForm
    template_name = "registration/password_reset_form.html"
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form: ResetForm) -> HttpResponse:
        client = BaseThrottle().get_ident(self.request)  # type: ignore[arg-type]  # behind NUM_PROXIES proxies
        if not passwords.client_may_ask(client):
            form.add_error(None, _("Too many requests from here. Try again in an hour, or ask the administrator."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        passwords.send_links(nfc(form.cleaned_data["email"]), timezone.now())
        return super().form_valid(form)


class ConfirmView(PasswordResetConfirmView):
    """A new password also ends what programs were given under the old one, as Django ends the sessions."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        AuthToken.objects.filter(user=self.user).delete()
        return super().form_valid(form)
