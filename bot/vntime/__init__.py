"""Vietnamese (and English) expressions of time. Needs neither Django nor Rasa; Python 3.10."""

from .api import parse
from .reading import Reading, Span
from .settings import Settings
from .spans import find

__all__ = ["Reading", "Settings", "Span", "find", "parse"]
