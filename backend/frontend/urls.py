"""The style page; mounted in demos and in development."""

from django.urls import path

from backend.frontend.styleguide import styleguide

urlpatterns = [path("styleguide/", styleguide, name="styleguide")]
