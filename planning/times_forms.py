"""Shape and wording of what is asked about times: windows, pauses, rooms, lengths, planning for a family."""

from datetime import date, time

from django import forms
from django.utils.translation import gettext_lazy as _

from school.templatetags.house import short_day

FIVE_MINUTES = {"step": "300", "type": "time"}


# What most schools offer, beside times of one's own: code -> (name, from, until).
PRESETS = {
    "ochtend": (_("Voor schooltijd"), time(8), time(8, 30)),
    "middag": (_("Middag"), time(15), time(17)),
    "avond": (_("Avond"), time(19), time(21)),
}


MOST_DAYS = 40  # a box to tick for each; a longer ronde has the field for another day


class ClockField(forms.TimeField):
    """A time on the wall clock, on five minutes."""

    def __init__(self, label, **kwargs):
        super().__init__(
            label=label, required=False, widget=forms.TimeInput(attrs=FIVE_MINUTES, format="%H:%M"), **kwargs
        )

    def clean(self, value):
        value = super().clean(value)
        if value is None:
            return None
        value = value.replace(second=0, microsecond=0)
        if value.minute % 5:
            raise forms.ValidationError(_("Kies een tijd op vijf minuten, bijvoorbeeld 15:05."))
        return value


class WindowForm(forms.Form):
    """Days and times in one go: every ticked day gets every ticked time. Cleaned: `days`, `spans`, `pause`, `room`."""

    days = forms.TypedMultipleChoiceField(
        label=_("Welke dagen?"), coerce=date.fromisoformat, required=False, widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(
        label=_("Een andere dag"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    presets = forms.MultipleChoiceField(
        label=_("Welke tijden?"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    starts = ClockField(_("Van"))
    ends = ClockField(_("Tot"))
    pause_starts = ClockField(_("Pauze van"))
    pause_ends = ClockField(_("Pauze tot"))

    def __init__(self, *args, ronde, days, rooms=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs.update({"min": ronde.starts_on.isoformat(), "max": ronde.ends_on.isoformat()})
        self.fields["days"].choices = [(on.isoformat(), short_day(on)) for on in days[:MOST_DAYS]]
        self.fields["presets"].choices = [
            (code, f"{name}, {starts:%H:%M} - {ends:%H:%M}") for code, (name, starts, ends) in PRESETS.items()
        ]
        if rooms is not None:
            self.fields["room"] = forms.ModelChoiceField(
                rooms, label=_("Lokaal"), required=False, empty_label=_("geen lokaal")
            )

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        data["days"] = sorted({*data["days"], *([data["on"]] if data["on"] else [])})
        if not data["days"]:
            self.add_error("days", _("Kies ten minste één dag."))
        own = self.both("starts", "ends")
        data["spans"] = [PRESETS[code][1:] for code in data["presets"]] + ([own] if own else [])
        if not data["spans"] and not self.errors:
            self.add_error("presets", _("Kies een tijd, of vul zelf in van wanneer tot wanneer."))
        data["pause"] = self.both("pause_starts", "pause_ends")
        return data

    def both(self, first, last):
        """The pair of times, or None when neither was typed; half a pair or a pair the wrong way round is said."""
        starts, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if starts is None and ends is None:
            return None
        if starts is None or ends is None:
            self.add_error(last if ends is None else first, _("Vul allebei de tijden in."))
        elif starts >= ends:
            self.add_error(last, _("De tijd 'tot' moet na de tijd 'van' liggen."))
        return starts, ends


class PauseForm(forms.Form):
    starts = ClockField(_("Van"))
    ends = ClockField(_("Tot"))

    def clean(self):
        data = super().clean()
        if not self.errors and None in (data["starts"], data["ends"]):
            self.add_error(None, _("Vul allebei de tijden in."))
        return data


class RoomForm(forms.Form):
    name = forms.CharField(label=_("Naam van het lokaal"), max_length=60)

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class PlanForm(forms.Form):
    AGREED, NOT_AGREED = "ja", "nee"

    slot = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.ChoiceField(
        label=_("Is deze tijd met de ouder afgesproken?"),
        choices=[(AGREED, _("Ja, aan de telefoon of op school")), (NOT_AGREED, _("Nee, nog niet"))],
        initial=AGREED,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reden, als het binnen een week is en nog niet is afgesproken"), required=False, max_length=300
    )

    @property
    def settled(self):
        """On which ground this is planned, as a verb takes it."""
        return {"agreed": self.cleaned_data["agreed"] == self.AGREED, "reason": self.cleaned_data["reason"]}


class LengthForm(forms.Form):
    minutes = forms.IntegerField(
        label=_("Duur in minuten"),
        min_value=5,
        max_value=120,
        widget=forms.NumberInput(attrs={"step": 5}),
        help_text=_("In stappen van vijf minuten."),
    )
    agreed = forms.ChoiceField(
        label=_("Is dit met de ouder afgesproken?"),
        choices=[(PlanForm.AGREED, _("Ja")), (PlanForm.NOT_AGREED, _("Nee, ik stel dit voor"))],
        initial=PlanForm.AGREED,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reden, als het binnen een week is en nog niet is afgesproken"), required=False, max_length=300
    )

    def clean_minutes(self):
        minutes = self.cleaned_data["minutes"]
        if minutes % 5:
            raise forms.ValidationError(_("Kies een duur in stappen van vijf minuten, bijvoorbeeld 25."))
        return minutes
