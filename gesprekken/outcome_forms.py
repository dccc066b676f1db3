"""What is said of an agreement afterwards: one of three buttons, and a few words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Outcome


class OutcomeForm(forms.Form):
    state = forms.ChoiceField(
        choices=Outcome.State,
        error_messages={
            "required": _("Kies een van de drie knoppen. Wat u typte staat er nog."),
            "invalid_choice": _("Kies een van de drie knoppen. Wat u typte staat er nog."),
        },
    )
    word = forms.CharField(
        required=False,
        max_length=300,
        error_messages={"max_length": _("Dit is te lang: er passen %(limit_value)s tekens. Maak het korter.")},
    )

    def problem(self):
        """The first thing that is wrong, as one sentence; or nothing."""
        return next((error for errors in self.errors.values() for error in errors), "")
