"""Shape and wording of opening a ronde, and of a reason inside the week."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class OpenForm(forms.Form):
    LATER, NOW = "straks", "meteen"

    when = forms.ChoiceField(
        label=_("Wanneer gaan de uitnodigingen weg?"),
        widget=forms.RadioSelect,
        required=False,
        initial=LATER,
    )
    reason = forms.CharField(
        label=_("Waarom kan het niet een week van tevoren?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("De reden wordt bewaard en is voor de schoolleiding te zien."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        later = _("Over %(n)s minuten. Tot dan kun je ze nog tegenhouden.") % {"n": settings.SEND_LATER_MINUTES}
        self.fields["when"].choices = [(self.LATER, later), (self.NOW, _("Meteen"))]

    def send_at(self, now):
        """The moment the invitations go, or None for at once. Nothing chosen is the careful choice."""
        if self.cleaned_data["when"] == self.NOW:
            return None
        return now + timedelta(minutes=settings.SEND_LATER_MINUTES)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reden"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("De reden wordt bewaard en is voor de schoolleiding te zien."),
    )
