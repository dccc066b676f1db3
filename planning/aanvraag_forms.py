"""Shape of asking for a gesprek, and of saying for whom a ronde is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Soort
from gesprekken.standard_words import as_read
from school.models import Leerling
from school.row_ids import RowsField


class AskForm(forms.Form):
    """Which kind, where there are several, and why. Cleaned: `soort`, `reason`."""

    soort = forms.TypedChoiceField(
        label=_("Welk gesprek?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies welk gesprek."), "invalid_choice": _("Kies een van deze gesprekken.")},
    )
    reason = forms.CharField(
        label=_("Waarom?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Schrijf in een paar woorden waarom.")},
    )

    def __init__(self, *args, soorten, **kwargs):
        super().__init__(*args, **kwargs)
        self.soorten = {str(soort.pk): soort for soort in soorten}
        self.fields["soort"].choices = [(pk, as_read(soort.name)) for pk, soort in self.soorten.items()]
        self.fields["soort"].coerce = self.soorten.__getitem__
        if len(self.soorten) == 1:
            self.only: Soort = next(iter(self.soorten.values()))
            del self.fields["soort"]

    def clean(self):
        data = super().clean()
        if len(self.soorten) == 1:
            data["soort"] = self.only
        return data


class WhomForm(forms.Form):
    """The pupils for whom a ronde on request is. Cleaned: `leerlingen`, `reason`."""

    leerlingen = RowsField(queryset=Leerling.objects.none(), required=False)
    reason = forms.CharField(
        label=_("Waarom horen zij het korter dan een week van tevoren?"),
        help_text=_("Dit blijft bij de ronde staan. Ouders lezen het niet."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args, among, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leerlingen"].queryset = among
