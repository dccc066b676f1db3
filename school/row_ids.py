"""Row numbers that come from outside: typed into an address, or posted by something that is no browser."""

from django import forms

LONGEST = 18  # digits; every number of so many fits in a column of either database


def row_id(text):
    """The number somebody sent, or None for what cannot be the number of a row ('²' and '٣' are digits to Python)."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows to choose from. A number no database can hold is a choice that does not exist, not an error."""

    def _check_values(self, value):
        for each in value if isinstance(value, list | tuple) else ():
            if row_id(str(each)) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(each)[:20]}
                )
        return super()._check_values(value)
