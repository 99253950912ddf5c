"""Fields of forms that more than one page may want."""

from typing import Any

from django import forms


class ManyIdsField(forms.TypedMultipleChoiceField):
    """Of thousands of choices thousands are chosen: they are looked up, not searched for one by one."""

    def validate(self, value: Any) -> None:
        known = {str(key) for key, _name in self.choices}  # type: ignore[misc, union-attr]
        unknown = [key for key in value if key not in known]
        if unknown:
            text = self.error_messages["invalid_choice"]
            raise forms.ValidationError(text, code="invalid_choice", params={"value": unknown[0]})
