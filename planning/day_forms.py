"""Shape and wording of the day itself: who is absent, late or replaced."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
