"""Shape and wording of what is asked about the year: kinds, rondes, activities, free days, advice dates, factors."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from gesprekken.models import Activiteit, Jaarplan, Soort
from gesprekken.year.factors import FACTORS, PARENT_ACTIVITIES, serves
from school.models import VrijeDag
from school.row_ids import RowsField


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


def checkboxes():
    return forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})


class RunsForward:
    """What begins, ends later; said here in words, before the database says it in its own."""

    forward = ("starts_on", "ends_on", _l("De laatste dag ligt voor de eerste dag."))
    may_be_equal = True

    def clean(self):
        data = super().clean()
        first, last, sentence = self.forward
        if (
            data.get(first)
            and data.get(last)
            and (data[first] > data[last] or (data[first] == data[last] and not self.may_be_equal))
        ):
            self.add_error(last, sentence)
        return data


def show_refusal(form, refusal):
    """Put what a verb refused where it belongs on the form; what was typed stays."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


class SoortForm(forms.ModelForm):
    class Meta:
        model = Soort
        fields = [
            "name", "purpose", "points", "duration", "level_from", "level_until", "is_advice", "is_optional",
        ]  # fmt: skip
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3}), "points": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "level_from": _l("Leeg: voor alle groepen."),
            "is_advice": _l("Bij een adviesgesprek is altijd een tweede collega aanwezig."),
            "is_optional": _l("Leerkracht, ouder of leerling vraagt erom; het is niet voor iedereen."),
        }

    proposed_from = forms.CharField(
        label=_l("Voorstel: eerste dag (dag-maand)"),
        required=False,
        max_length=5,
        help_text=_l("Bijvoorbeeld 16-11. Leeg: dit gesprek komt niet vanzelf in het voorstel."),
    )
    proposed_until = forms.CharField(label=_l("Voorstel: laatste dag (dag-maand)"), required=False, max_length=5)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("proposed_from", "proposed_until"):
            stored = getattr(self.instance, name)
            self.initial[name] = "-".join(reversed(stored.split("-"))) if stored else ""

    def clean(self):
        data = super().clean()
        for name in ("proposed_from", "proposed_until"):
            data[name] = self.month_and_day(name, data.get(name, ""))
        if not self.errors and bool(data["proposed_from"]) != bool(data["proposed_until"]):
            missing = "proposed_until" if data["proposed_from"] else "proposed_from"
            self.add_error(missing, _("Geef de eerste én de laatste dag van het voorstel, of geen van beide."))
        first, last = data.get("level_from"), data.get("level_until")
        if first and last and first > last:
            self.add_error("level_until", _("Deze groep ligt voor de eerste groep."))
        return data

    def month_and_day(self, name, typed):
        """‘16-11’ as ‘11-16’; a day that exists in no year is told so."""
        if not typed:
            return ""
        try:
            day, month = (int(part) for part in typed.replace("/", "-").split("-"))
            forms.DateField().clean(f"2024-{month:02d}-{day:02d}")
        except (ValueError, forms.ValidationError):
            self.add_error(name, _("Schrijf dag en maand, bijvoorbeeld 16-11."))
            return ""
        return f"{month:02d}-{day:02d}"


class ActiviteitForm(RunsForward, forms.ModelForm):
    forward = ("starts", "ends", _l("De tijd ‘tot’ ligt niet na de tijd ‘van’."))
    may_be_equal = False
    groepen = RowsField(
        queryset=None,
        label=_l("Voor welke groepen"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_l("Niets aangevinkt: voor alle groepen."),
    )
    reason = forms.CharField(
        label=_l("Waarom verandert dit nog in de laatste week?"),
        help_text=_l("Alleen nodig binnen een week. Dit blijft bij de activiteit staan; ouders lezen het niet."),
        max_length=300,
        required=False,
    )

    class Meta:
        model = Activiteit
        fields = [
            "soort", "name", "on", "starts", "ends", "place", "groepen",
            "invitation", "asks_sign_up", "places", "sign_up_until",
        ]  # fmt: skip
        widgets = {
            "on": DayInput(),
            "starts": TimeInput(),
            "ends": TimeInput(),
            "invitation": forms.Textarea(attrs={"rows": 4}),
            "sign_up_until": DayInput(),
        }
        help_texts = {
            "invitation": _l("Dit lezen ouders in de uitnodiging en op hun eigen pagina."),
            "places": _l("Leeg: zo veel als er komen."),
            "sign_up_until": _l("Leeg: tot de activiteit begint."),
        }

    def __init__(self, *args, groepen, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groepen"].queryset = groepen
        self.fields["soort"].choices = [("", _("kies een soort")), *Activiteit.Soort.choices]
        if self.instance.invited_at is None:
            del self.fields["reason"]  # nobody counts on it yet

    def clean(self):
        data = super().clean()
        if data.get("places") == 0:
            self.add_error("places", _("Laat dit leeg, of zet er ten minste 1 plaats."))
        if data.get("sign_up_until") and data.get("on") and data["sign_up_until"] > data["on"]:
            self.add_error("sign_up_until", _("Aanmelden kan niet langer dan tot en met de dag zelf."))
        if not data.get("asks_sign_up") and not self.errors and (data.get("places") or data.get("sign_up_until")):
            self.add_error("asks_sign_up", _("Kruis aan dat ouders zich aanmelden, of laat plaatsen en einddag leeg."))
        return data


class VrijeDagForm(RunsForward, forms.ModelForm):
    class Meta:
        model = VrijeDag
        fields = ["soort", "name", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["soort"].choices = VrijeDag.Soort.choices
        self.fields["ends_on"].required = False
        self.fields["ends_on"].help_text = _l("Leeg: één dag.")

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and not data.get("ends_on") and "ends_on" not in self.errors:
            data["ends_on"] = data["starts_on"]
        return data


class AdviceForm(forms.ModelForm):
    class Meta:
        model = Jaarplan
        fields = ["preliminary_from", "preliminary_until", "result_by", "final_by"]
        widgets = dict.fromkeys(fields, DayInput())


class FactorsForm(forms.Form):
    """Per parent activity the factors it serves."""

    def __init__(self, *args, factor_map, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(f.number, f"{f.number} {f.name}") for f in FACTORS]
        for activity in PARENT_ACTIVITIES:
            self.fields[activity.code] = forms.TypedMultipleChoiceField(
                label=activity.name,
                help_text=activity.about,
                choices=choices,
                coerce=int,
                required=False,
                widget=checkboxes(),
                initial=serves(activity, factor_map),
            )
