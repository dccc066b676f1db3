"""Shape and wording of what is asked about times."""

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import InvitationText

QUARTER = {"step": "300", "type": "time"}


class WindowForm(forms.Form):
    on = forms.DateField(label=_("Dag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("Van"), widget=forms.TimeInput(attrs=QUARTER, format="%H:%M"))
    ends = forms.TimeField(label=_("Tot"), widget=forms.TimeInput(attrs=QUARTER, format="%H:%M"))

    def __init__(self, *args, ronde, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs.update({"min": ronde.starts_on.isoformat(), "max": ronde.ends_on.isoformat()})
        self.fields["on"].initial = ronde.starts_on
        self.fields["starts"].initial, self.fields["ends"].initial = "15:00", "17:00"

    def _on_the_grid(self, name):
        value = self.cleaned_data[name].replace(second=0, microsecond=0)
        if value.minute % 5:
            raise forms.ValidationError(_("Kies een tijd op vijf minuten, bijvoorbeeld 15:05."))
        return value

    def clean_starts(self):
        return self._on_the_grid("starts")

    def clean_ends(self):
        return self._on_the_grid("ends")


class TextForm(forms.ModelForm):
    class Meta:
        model = InvitationText
        fields = ["subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 22, "dir": "auto"})}


class CallMeForm(forms.Form):
    note = forms.CharField(
        label=_("Wanneer kunnen we u het beste bellen?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Bijvoorbeeld: na 16 uur. De leerkracht leest dit."),
    )


class OpenForm(forms.Form):
    reason = forms.CharField(
        label=_("Waarom kan het niet een week van tevoren?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("De reden wordt bewaard en is voor de schoolleiding te zien."),
    )


class PlanForm(forms.Form):
    AGREED, NOT_AGREED = "ja", "nee"

    slot = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.ChoiceField(
        label=_("Is deze tijd met de ouder afgesproken?"),
        choices=[(AGREED, _("Ja, aan de telefoon of op school")), (NOT_AGREED, _("Nee, ik stel deze tijd voor"))],
        initial=AGREED,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reden, als het binnen een week is en nog niet is afgesproken"), required=False, max_length=300
    )
