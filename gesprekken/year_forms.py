"""Shape and wording of what is asked about the year: kinds, rondes, activities, free days, advice dates, factors."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from gesprekken.factors import FACTORS, PARENT_ACTIVITIES, serves
from gesprekken.models import Activiteit, Jaarplan, Ronde, Soort
from gesprekken.rondes import fixed_fields
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


class RondeForm(RunsForward, forms.ModelForm):
    """The settings of one ronde. `groepen` and the colleague per group are rows of their own table."""

    groepen = RowsField(queryset=None, label=_l("Groepen"), widget=checkboxes(), required=False)
    lead_checks = forms.MultipleChoiceField(
        label=_l("Is dit klaar? (als de leerling leidt)"),
        choices=Ronde.LeadCheck.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_l("Waarom verandert dit nog in de laatste week?"),
        help_text=_l("Dit blijft bij de ronde staan. Ouders lezen het niet."),
        max_length=300,
        required=False,
    )

    class Meta:
        model = Ronde
        fields = [
            "name", "starts_on", "ends_on", "purpose", "points", "duration", "buffer", "form", "place", "reception",
            "pupils_join", "pupils_from", "lead", "lead_checks", "booking_closes_days",
        ]  # fmt: skip
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "points": forms.Textarea(attrs={"rows": 7}),
            "lead": forms.RadioSelect,
        }
        help_texts = {
            "duration": _l("Meestal 15 minuten. Te kort? Dan plan je een vervolggesprek."),
            "reception": _l("Wie vangt ouders op, waar wachten ze, is er koffie?"),
            "place": _l("Bijvoorbeeld: in het lokaal van de groep. Bij beeldbellen de link."),
            "pupils_from": _l("Eén keuze voor de hele school of het hele leerjaar."),
            "booking_closes_days": _l("Met 7 dagen weet iedereen het minstens een week van tevoren."),
        }

    def __init__(self, *args, soort, groepen, colleagues=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.soort, self.year_groepen = soort, list(groepen)
        self.fields["groepen"].queryset = groepen
        self.fields["groepen"].required = bool(self.year_groepen)
        self.fields["groepen"].error_messages["required"] = _l("Kies ten minste één groep.")
        self.fixed = fixed_fields(self.instance)
        if soort.is_advice:
            self.add_colleagues(colleagues)
        for name, field in self.fields.items():
            what = "tweede_collegas" if name.startswith("tweede_") else name
            field.disabled = name != "seen_version" and bool({"*", what} & self.fixed)
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.version

    def add_colleagues(self, colleagues):
        choices = [("", _l("kies een tweede collega"))] + [(c.pk, c.person.name) for c in colleagues]
        now = (
            {row.groep_id: row.tweede_collega_id for row in self.instance.ronde_groepen.all()}
            if self.instance.pk
            else {}
        )
        for groep in self.year_groepen:
            self.fields[f"tweede_{groep.pk}"] = forms.TypedChoiceField(
                label=_("Tweede collega van %(groep)s") % {"groep": groep.name},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.initial[f"tweede_{groep.pk}"] = now.get(groep.pk)

    def groep_rows(self):
        """(group, its checkbox, its colleague's field or None) in the order of the school."""
        boxes = {str(box.data["value"]): box for box in self["groepen"]}
        for groep in self.year_groepen:
            name = f"tweede_{groep.pk}"
            yield groep, boxes[str(groep.pk)], self[name] if name in self.fields else None

    @property
    def tweede_collegas(self):
        if not self.soort.is_advice:
            return None
        return {g.pk: self.cleaned_data.get(f"tweede_{g.pk}") for g in self.cleaned_data["groepen"]}

    @property
    def settings(self):
        """What goes to the verb: the ronde's own fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


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

    class Meta:
        model = Activiteit
        fields = ["soort", "name", "on", "starts", "ends", "place", "groepen"]
        widgets = {"on": DayInput(), "starts": TimeInput(), "ends": TimeInput()}

    def __init__(self, *args, groepen, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groepen"].queryset = groepen
        self.fields["soort"].choices = [("", _("kies een soort")), *Activiteit.Soort.choices]


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
