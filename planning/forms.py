"""Shape and wording of what is asked about times."""

from datetime import date, time, timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planning.models import Part, Wish
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


class CallMeForm(forms.Form):
    note = forms.CharField(
        label=_("Wanneer kunnen we u het beste bellen?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Bijvoorbeeld: na 16 uur. De leerkracht leest dit."),
    )

    def __init__(self, *args, has_phone=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_phone:  # without a number nobody can call, however kindly it was asked
            note = self.fields["note"]
            note.required, note.label = True, _("Wanneer kunnen we u bellen, en op welk nummer?")
            note.help_text = _("Bijvoorbeeld: 06 12345678, na 16 uur. De leerkracht leest dit.")
            note.error_messages["required"] = _("Schrijf uw telefoonnummer op. Dan kunnen wij u bellen.")


class NoneSuitsForm(forms.Form):
    """When a guardian can: parts of the given days, ticked, and a word beside it. Without either it says nothing."""

    can = forms.MultipleChoiceField(required=False)
    note = forms.CharField(
        label=_("Wilt u er iets bij zeggen?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Bijvoorbeeld: na half zes. De school leest dit, de andere ouder niet."),
    )

    def __init__(self, *args, days, wishes=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.days = days
        self.meant = {in_a_box(day, part): (day, part) for day in days for part in Part}
        self.fields["can"].choices = [(value, value) for value in self.meant]
        self.fields["can"].initial = [in_a_box(w.on, w.part) for w in wishes if w.can != Wish.Can.NO]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["can"] and not cleaned["note"].strip():
            raise forms.ValidationError(_("Tik aan wanneer u kunt, of schrijf het op. Dan kan de leerkracht zoeken."))
        return cleaned

    @property
    def chosen(self):
        """{(date, Part)} of valid input."""
        return {self.meant[value] for value in self.cleaned_data["can"]}

    @property
    def weeks(self):
        """[([date], [(Part, [(date, value, ticked)])])]: a table per week, days across and parts down."""
        ticked, weeks = set(self["can"].value() or []), {}
        for value, (day, part) in self.meant.items():
            parts = weeks.setdefault(day.isocalendar()[:2], {})
            parts.setdefault(part, []).append((day, value, value in ticked))
        return [([day for day, *_ in parts[Part.MORNING]], list(parts.items())) for parts in weeks.values()]


def in_a_box(day, part):
    return f"{day:%Y-%m-%d}.{part}"


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


class WishForm(forms.Form):
    """Per day and part of it: cannot, can, rather. What is left open counts as 'can'."""

    def __init__(self, *args, asked, given, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        for on, parts in asked:
            for part in parts:
                self.fields[self.name_of(on, part)] = forms.ChoiceField(
                    label=part.label,
                    choices=Wish.Can.choices,
                    required=False,
                    widget=forms.RadioSelect,
                    initial=given.get((on, part), Wish.Can.YES).value,
                    error_messages={"invalid_choice": _("Kies: kan niet, kan, of liefst.")},
                )

    @staticmethod
    def name_of(on, part):
        return f"{on.isoformat()}-{Part(part).value}"

    @property
    def days(self):
        """[(date, [bound field])] in reading order."""
        return [(on, [self[self.name_of(on, part)] for part in parts]) for on, parts in self.asked]

    @property
    def wishes(self):
        """{(date, Part): Wish.Can} of everything asked, once valid."""
        return {
            (on, part): Wish.Can(self.cleaned_data[self.name_of(on, part)] or Wish.Can.YES)
            for on, parts in self.asked
            for part in parts
        }


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


class StaffChoice(forms.ModelChoiceField):
    def label_from_instance(self, medewerker):
        return medewerker.person.name


class ReplaceForm(forms.Form):
    """Who is away, who takes over, and in which rondes."""

    absent = StaffChoice(None, label=_("Wie is er niet?"), empty_label=_("kies een collega"))
    replacement = StaffChoice(None, label=_("Wie neemt het over?"), empty_label=_("kies een collega"))
    ronde = forms.ModelChoiceField(
        None, label=_("Welke ronde?"), required=False, empty_label=_("alle rondes die nog lopen of komen")
    )

    def __init__(self, *args, staff, rondes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["absent"].queryset = self.fields["replacement"].queryset = staff
        self.fields["ronde"].queryset = rondes

    def clean(self):
        data = super().clean()
        if data.get("absent") and data.get("absent") == data.get("replacement"):
            self.add_error("replacement", _("Kies iemand anders: dit is dezelfde collega."))
        return data


class TakeOverForm(forms.Form):
    reason = forms.CharField(
        label=_("Reden, voor gesprekken binnen een week"),
        required=False,
        max_length=300,
        help_text=_("Bijvoorbeeld: de leerkracht is ziek. Dit blijft bij de ronde staan; ouders lezen het niet."),
    )


class DayForm(forms.Form):
    """Which date is asked for behind `?op=`; anything else than a date of our time is no date."""

    op = forms.DateField(required=False)

    def clean_op(self):
        on = self.cleaned_data["op"]
        if on and not 2000 <= on.year <= 2100:
            raise forms.ValidationError(_("Kies een dag uit dit schooljaar."))
        return on


class AbsenceForm(DayForm):
    """What is to happen with the gesprekken of a teacher's day. Asked with GET: nothing changes by looking."""

    MOVE, CALL_OFF = "verzetten", "afzeggen"
    SHIFTS = [
        (-120, _("twee uur eerder")),
        (-60, _("een uur eerder")),
        (-30, _("een half uur eerder")),
        (0, _("op dezelfde tijden")),
        (30, _("een half uur later")),
        (60, _("een uur later")),
        (120, _("twee uur later")),
        (180, _("drie uur later")),
    ]

    op = forms.DateField(label=_("Dag"), widget=forms.HiddenInput)
    wat = forms.ChoiceField(
        label=_("Wat doen we met deze gesprekken?"),
        choices=[
            (MOVE, _("Naar een andere dag: niemand hoeft opnieuw te kiezen")),
            (CALL_OFF, _("Afzeggen: ouders kiezen opnieuw, of worden gebeld")),
        ],
        initial=MOVE,
        widget=forms.RadioSelect,
    )
    naar = forms.DateField(
        label=_("Nieuwe dag"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Alleen nodig als de gesprekken naar een andere dag gaan."),
    )
    later = forms.TypedChoiceField(
        label=_("Hoe laat"), choices=SHIFTS, coerce=int, initial=0, required=False, empty_value=0
    )

    def clean_naar(self):
        to = self.cleaned_data["naar"]
        if to and not 2000 <= to.year <= 2100:
            raise forms.ValidationError(_("Kies een dag uit dit schooljaar."))
        return to

    def clean(self):
        data = super().clean()
        if data.get("wat") == self.MOVE and not data.get("naar") and "naar" not in self.errors:
            self.add_error("naar", _("Kies de dag waar de gesprekken naartoe gaan."))
        return data


class AbsenceReasonForm(forms.Form):
    """Why, in one tap or in words. Only leadership reads it."""

    ILL, AWAY, OTHER = "ziek", "afwezig", "anders"

    waarom = forms.ChoiceField(
        label=_("Waarom?"),
        choices=[(ILL, _("Ziek")), (AWAY, _("Onverwacht afwezig")), (OTHER, _("Iets anders"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Alleen de schoolleiding leest dit. Ouders lezen dat de leerkracht er die dag niet is, niet waarom."
        ),
    )
    reason = forms.CharField(label=_("Iets anders, namelijk"), max_length=300, required=False)

    def clean(self):
        data = super().clean()
        presets = dict(self.fields["waarom"].choices)
        if data.get("waarom") in (self.ILL, self.AWAY) and not data.get("reason"):
            data["reason"] = str(presets[data["waarom"]])
        return data


class LateForm(forms.Form):
    minuten = forms.TypedChoiceField(choices=[(n, n) for n in (0, 5, 10, 15, 20)], coerce=int)
