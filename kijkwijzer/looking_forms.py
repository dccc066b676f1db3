"""Shape and wording of looking back."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kijkwijzer.looking.looking_back import MAX_REMARK, NVT

ITEM, REMARK = "item-", "remark-"


class LookBackForm(forms.Form):
    """The Kijkwijzer as a form: every item may stay empty. With `factor` it asks that factor alone; without `skills`
    the ten factors and no conversation skills.
    """

    seen_version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, outline, factor=None, skills=True, values=None, remarks=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.outline, self.only = outline, factor
        self.with_skills = skills and not factor
        values, remarks = values or {}, remarks or {}
        for each in [factor] if factor else outline.factors:
            for statement in each.indicators:
                self._add_item(statement, values)
            self.fields[f"{REMARK}{each.number}"] = forms.CharField(
                label=_("Opmerking bij %(factor)s") % {"factor": each.name.lower()},
                required=False,
                max_length=MAX_REMARK,
                initial=remarks.get(each.number, ""),
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            )
        if self.with_skills:
            for statement in (*outline.skills, *outline.difficult):
                self._add_item(statement, values)
            self.fields["difficult"] = forms.BooleanField(label=_l("Dit was een lastig gesprek"), required=False)

    def _add_item(self, statement, values):
        choices = [("", _("leeg"))] + [(str(n), f"{n} {word}") for n, word in enumerate(self.outline.labels, 1)]
        if statement.is_skill:
            choices.append((NVT, NVT))
        field = forms.ChoiceField(
            label=statement.text,
            required=False,
            choices=choices,
            initial=str(values.get(statement.code) or ""),
            error_messages={
                "invalid_choice": _("Kies een punt van 1 tot en met 5, of laat deze zin leeg. Er is nog niets bewaard.")
            },
        )
        self.fields[f"{ITEM}{statement.code}"] = field

    def clean_seen_version(self):
        """A mangled version counts as "saw nothing": what is stored then shows beside what was typed."""
        seen = self.cleaned_data["seen_version"]
        return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0

    def clean(self):
        for key in self.data:
            if key.startswith(ITEM) and key.removeprefix(ITEM) not in self.outline.by_code:
                raise forms.ValidationError(
                    _(
                        "Er kwam een antwoord mee op een zin die niet in deze Kijkwijzer staat. Er is niets bewaard. Kijk hieronder of alles klopt en bewaar dan opnieuw."
                    )
                )
        return super().clean()

    # --- for the page -------------------------------------------------------------------------------------------------
    def _row(self, statement):
        bound = self[f"{ITEM}{statement.code}"]
        chosen = str(bound.value() or "")
        points = [
            (value, label.partition(" ")[0], label.partition(" ")[2], value == chosen)
            for value, label in bound.field.choices
        ]
        return {"field": bound, "text": statement.text, "empty": points[0], "points": points[1:]}

    def clusters(self):
        """(cluster, its factors with their rows, the place on the page that comes after it)."""
        places = [f"cluster-{cluster.code}" for cluster in self.outline.clusters][1:] + ["vaardigheden"]
        for cluster, place in zip(self.outline.clusters, places, strict=True):
            factors = [f for f in cluster.factors if self.only in (None, f)]
            if factors:
                rows = [(f, [self._row(s) for s in f.indicators], self[f"{REMARK}{f.number}"]) for f in factors]
                yield cluster, rows, place

    def skill_rows(self):
        return [self._row(s) for s in self.outline.skills] if self.with_skills else []

    def difficult_rows(self):
        return [self._row(s) for s in self.outline.difficult] if self.with_skills else []

    # --- for the verb -------------------------------------------------------------------------------------------------
    @property
    def scores(self):
        found = {k.removeprefix(ITEM): v for k, v in self.cleaned_data.items() if k.startswith(ITEM)}
        return {code: NVT if value == NVT else int(value) if value else None for code, value in found.items()}

    @property
    def remarks(self):
        return {int(k.removeprefix(REMARK)): v for k, v in self.cleaned_data.items() if k.startswith(REMARK)}

    @property
    def difficult(self):
        return self.cleaned_data.get("difficult")


class PractiseForm(forms.Form):
    """What one works on from now on, with words of one's own where one likes."""

    factor = forms.TypedChoiceField(label=_l("Dit wil ik de volgende keer oefenen"), coerce=int, empty_value=None)
    words = forms.CharField(
        label=_l("In je eigen woorden: wat ga je doen? (mag leeg blijven)"), required=False, max_length=300
    )

    def __init__(self, *args, outline, **kwargs):
        super().__init__(*args, **kwargs)
        self.outline = outline
        self.fields["factor"].choices = [(f.number, f"{f.number}. {f.name}") for f in outline.factors]

    def outline_name(self, number):
        return self.outline.factor(number).name


class ColleagueField(forms.ModelChoiceField):
    """One colleague, by name."""

    def __init__(self, **kwargs):
        super().__init__(queryset=None, empty_label=_l("Kies een collega"), **kwargs)
        self.error_messages["invalid_choice"] = _l("Kies een collega uit de lijst. Er is nog niets verstuurd.")
        self.error_messages["required"] = self.error_messages["invalid_choice"]

    def label_from_instance(self, person):
        return person.name


class InviteForm(forms.Form):
    """Ask a colleague to observe. What does not apply to this gesprek or this teacher is not asked."""

    observer = ColleagueField(label=_l("Wie vraag je?"))
    words = forms.CharField(
        label=_l("Waar mag je collega op letten? (mag leeg blijven)"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_l("Noem het kind en de ouders hier niet. Je collega hoort niet over wie het gesprek gaat."),
    )
    tell_goal = forms.BooleanField(required=False)
    agreed = forms.BooleanField(
        label=_l("Ik heb het met de ouders besproken en zij vinden het goed"),
        error_messages={"required": _l("Bespreek het eerst met de ouders. Er is nog niets verstuurd.")},
    )

    def __init__(self, *args, colleagues, goal, asks_parents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["observer"].queryset = colleagues
        if goal is None:
            del self.fields["tell_goal"]
        else:
            self.fields["tell_goal"].label = _(
                "Vertel waar ik aan werk (%(factor)s); je collega let dan alleen daarop"
            ) % {"factor": goal.name}
        if not asks_parents:
            del self.fields["agreed"]


class ShareForm(forms.Form):
    person = ColleagueField(label=_l("Met wie deel je deze terugblik?"))

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = colleagues
