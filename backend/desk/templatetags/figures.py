"""Figures as people read them."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share of 0 to 1 as a percentage with one decimal at most."""
    if share is None:
        return "–"
    shown = round(share * 100, 1)
    return f"{number_format(shown, 0 if shown == int(shown) else 1)} %"
