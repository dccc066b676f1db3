"""Shape and wording of what a parent is asked beside choosing a time."""

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import Part, Wish


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
