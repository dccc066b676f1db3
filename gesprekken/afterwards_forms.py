"""Shape and wording of what is asked after the gesprek: three taps, the four gains, the advice, the hand-over."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from gesprekken.afterwards import advice
from gesprekken.afterwards.levels import levels
from gesprekken.models import Advies, Jaarplan
from gesprekken.talk_forms import DraftForm, LongText
from school.models import Medewerker, Person
from school.row_ids import RowsField

FACES = [("3", _l("ja")), ("2", _l("een beetje")), ("1", _l("nee"))]
YEAR_SCALE = [
    ("1", _l("helemaal niet")),
    ("2", _l("niet zo")),
    ("3", _l("een beetje")),
    ("4", _l("ja")),
    ("5", _l("ja, heel erg")),
]
OF_GUARDIANS = {
    "pleasant": _l("Was het een prettig gesprek?"),
    "heard": _l("Voelde u zich gehoord?"),
    "clear": _l("Is het duidelijk wat we hebben afgesproken?"),
}
OF_PUPILS = {
    "pleasant": _l("Was het een fijn gesprek?"),
    "heard": _l("Luisterden ze goed naar jou?"),
    "clear": _l("Weet je wat jullie hebben afgesproken?"),
}


class TapForm(forms.Form):
    """Questions with one tap each; any of them may be left out, but not all."""

    def __init__(self, data=None, *, questions, scale):
        super().__init__(data)
        for code, words in questions.items():
            self.fields[code] = forms.TypedChoiceField(
                label=words, choices=scale, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
            )

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise forms.ValidationError(_("Er is nog niets gekozen. Kies bij een vraag wat past."))
        return data

    def answers(self):
        return {code: value for code, value in self.cleaned_data.items() if value}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(attrs={"class": "form-control"}, format="%Y-%m-%d")


class GainsForm(forms.ModelForm):
    class Meta:
        model = Jaarplan
        fields = ["gains_from", "gains_until"]
        widgets = {"gains_from": DayInput(), "gains_until": DayInput()}
        labels = {"gains_from": _l("Open vanaf"), "gains_until": _l("Open tot en met")}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.required = True


class Versioned(forms.Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31)

    @property
    def hidden_error(self):
        return bool(self.errors.get("seen_version"))


WHY = [
    ("typing", _l("We hadden iets verkeerd ingevuld")),
    ("talk", _l("Door het gesprek met ouders en leerling")),
    ("facts", _l("Er kwam nieuwe informatie")),
    ("result", _l("Door de uitslag van de toets")),
]


class SettleForm(Versioned):
    """The preliminary or the final advice, and who came to it together."""

    level = forms.ChoiceField(label=_l("Advies"))
    colleague = forms.ModelChoiceField(label=_l("Tweede collega"), queryset=None, required=False, empty_label="...")
    decided_by = RowsField(
        label=_l("Wie kwamen samen tot dit advies?"), queryset=None, widget=forms.CheckboxSelectMultiple, required=False
    )
    decided_on = forms.DateField(label=_l("Vastgesteld op"), widget=DayInput())
    why = forms.ChoiceField(label=_l("Waarom verandert het?"), required=False)

    def __init__(self, data=None, *, advies=None, start_level="", people, colleagues, today, by, **options):
        initial = {
            "seen_version": advies.version if advies else 0,
            "level": advies.level if advies else start_level,
            "colleague": advies.colleague_id if advies else None,
            "decided_by": advies.decided_by.all() if advies else [by.person.pk],
            "decided_on": advies.decided_on if advies else today,
        }
        super().__init__(data, initial=initial, **options)
        self.fields["level"].choices = [("", _("kies een niveau")), *((level, level) for level in levels())]
        self.fields["colleague"].queryset = colleagues
        self.fields["colleague"].label_from_instance = lambda medewerker: medewerker.person.name
        self.fields["decided_by"].queryset = people_as_rows(people)
        self.fields["decided_by"].label_from_instance = lambda person: person.name
        for name in ("level", "colleague", "why"):
            self.fields[name].widget.attrs["class"] = "form-select"
        if advies is None:
            del self.fields["why"]
        else:
            self.fields["why"].choices = [("", _("kies een reden")), *WHY]

    def values(self):
        data = {name: value for name, value in self.cleaned_data.items() if name != "decided_by"}
        return {**data, "decided_by": list(self.cleaned_data["decided_by"])}


def people_as_rows(people):
    return Person.objects.filter(pk__in=[person.pk for person in people]).select_related("medewerker")


class ResultForm(Versioned):
    test_level = forms.CharField(
        label=_l("Uitslag van de doorstroomtoets"),
        max_length=60,
        help_text=_l("Zoals de toets hem geeft."),
        widget=forms.TextInput(attrs={"list": "niveaus", "autocomplete": "off", "class": "form-control"}),
        error_messages={"required": _l("Vul de uitslag in zoals de toets hem geeft.")},
    )


class ReconsiderForm(Versioned):
    outcome = forms.ChoiceField(
        label=_l("Wat wordt het?"),
        widget=forms.RadioSelect,
        error_messages={"required": _l("Kies: het advies gaat omhoog, of waarom niet.")},
    )
    reason = LongText(
        label=_l("Als het advies blijft: waarom is dat beter voor deze leerling?"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, *args, compared=True, **options):
        super().__init__(*args, **options)
        choices = [(value, label) for value, label in Advies.Reconsidered.choices if value != advice.NOT_NEEDED]
        if not compared:
            choices.append((advice.NOT_NEEDED.value, advice.NOT_NEEDED.label))
        self.fields["outcome"].choices = choices


class OverdrachtForm(DraftForm):
    text = LongText(
        label=_l("Wat moet de volgende leerkracht weten?"),
        widget=forms.Textarea(attrs={"rows": 8, "class": "form-control"}),
    )
    works_at_home = LongText(
        label=_l("Wat werkt thuis?"), widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"})
    )


class SpokenForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    spoken = LongText(
        label=_l("Wat de leerling zelf zei"), widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"})
    )


def colleagues_here(school):
    staff = Medewerker.objects.filter(school=school, left_on__isnull=True, deactivated_at__isnull=True)
    return staff.select_related("person").order_by("person__first_name", "person__last_name")
