"""Shape and wording of what is asked where the week is short: letting go of a time, and which exceptions to read."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    """Staff let go of a time, or somebody does not join after all: inside the week agreed, or with a reason."""

    prefix = "weg"

    agreed = forms.BooleanField(label=_("Dit is met de ouder afgesproken"), required=False)
    reason = forms.CharField(label=_("Of de reden waarom het niet anders kan"), required=False, max_length=300)


class ExceptionsForm(forms.Form):
    """Which exceptions: of one ronde, or of one school year."""

    jaar = forms.ModelChoiceField(None, label=_("Schooljaar"), required=False, empty_label=_("alle schooljaren"))
    ronde = forms.ModelChoiceField(None, label=_("Gespreksronde"), required=False, empty_label=_("alle rondes"))

    def __init__(self, *args, jaren, rondes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jaar"].queryset, self.fields["ronde"].queryset = jaren, rondes
