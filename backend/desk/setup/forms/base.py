"""What all forms of the set-up share: choices inside the scope, NFC, and words for what is taken."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext as _t

from backend.accounts.models import User
from backend.common.periods import local_date
from backend.common.text import nfc
from backend.desk.setup import scope
from backend.units.models import Unit
from backend.units.queries import valid_on


class SetupForm(forms.ModelForm):
    """`layout`: rows of fields, those of one row side by side. `store` calls the service."""

    layout: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.narrow()

    def narrow(self) -> None:
        """Set the choices that depend on the user."""

    def choices_of(self, name: str, rows: QuerySet) -> None:
        if name in self.fields:
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def choose_unit(self, name: str = "unit") -> QuerySet[Unit]:
        """Units of today, and the one that stands even when it is no more."""
        standing = Q(pk=getattr(self.instance, f"{name}_id", None))
        rows = scope.units(self.user).filter(valid_on(local_date(timezone.now())) | standing)
        self.choices_of(name, rows.order_by("level__rank", "name"))
        return rows

    def clean(self) -> dict[str, Any]:
        """NFC at the border. Constraints are checked below, in words that a person understands."""
        data = self.cleaned_data
        data.update({name: nfc(value) for name, value in data.items() if isinstance(value, str)})
        return data

    def _post_clean(self) -> None:
        self.instance.validate_constraints = lambda exclude=None: None  # Django's words name the constraint
        super()._post_clean()  # type: ignore[misc]
        del self.instance.validate_constraints
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]
        for field in self._taken(exclude):
            if not self.has_error(field):
                text = _t("This is taken already; choose another.")
                self.add_error(field if field in self.fields else None, text)

    def _taken(self, exclude: set[str]) -> list[str]:
        """Names of fields whose value another row has."""
        found = []
        try:
            self.instance.validate_unique(exclude=exclude)
        except ValidationError as error:
            found += [name for name in error.message_dict if name in self.fields]
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                try:
                    constraint.validate(type(self.instance), self.instance, exclude)
                except ValidationError:
                    found.append(([n for n in constraint.fields if n in self.fields] or ["code"])[-1])
        return found

    def rows(self) -> list[list[forms.BoundField]]:
        """For the template: the fields as they stand side by side."""
        return [[self[name] for name in row if name in self.fields] for row in self.layout]

    def store(self, actor: User, now: datetime) -> Any:
        raise NotImplementedError


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
