"""What a guardian or a pupil fills in before a gesprek: the questions, points of her own, and what is around it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gesprekken.preparing.points import LONGEST
from gesprekken.preparing.preparation import Around
from gesprekken.talk_forms import LongText, PrepareForm

TOO_LONG = _("Dit is te lang: er passen %(limit_value)s tekens. Er is niets bewaard; de tekst staat er nog.")


class ShortText(LongText):
    """One line that is kept as typed; told in one sentence when it is too long."""

    widget = forms.TextInput

    def __init__(self, **options):
        options.setdefault("widget", forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}))
        super().__init__(**options)
        self.error_messages["max_length"] = TOO_LONG

    def to_python(self, value):
        value = super().to_python(value)
        return " ".join(value.split())


class PartyForm(PrepareForm):
    """The page of a guardian or pupil. Whatever button is pressed: what stands in `point` is put on the list."""

    def __init__(self, data=None, *, row=None, is_pupil=False, interpreter=False, **rest):
        super().__init__(data, **rest)
        self.fields["point"] = ShortText(
            label=_("Waar wil je het over hebben?") if is_pupil else _("Waar wilt u het over hebben?"),
            max_length=LONGEST,
        )
        self.fields["point_visibility"] = forms.ChoiceField(
            label=_("Wie leest dit?"),
            choices=rest["options"],
            initial=rest["options"][0][0],
            widget=forms.RadioSelect,
            required=False,
        )
        if is_pupil:
            self.fields["wants_to_talk"] = forms.BooleanField(
                label=_("Ik wil hier vandaag met mijn juf of meester over praten."),
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            return
        self.add_around("comes_along", _("Wie komt er met u mee?"), 200, row)
        if interpreter:
            self.add_around("for_interpreter", _("Wilt u de tolk vooraf iets vragen of vertellen?"), 500, row)

    def add_around(self, name, label, longest, row):
        stored = getattr(row, name) if row else ""
        widget = forms.Textarea(attrs={"rows": 2, "class": "form-control"})
        initial = "" if self.blind else stored
        if longest > LONGEST:
            self.fields[name] = LongText(label=label, max_length=longest, widget=widget, initial=initial)
            self.fields[name].error_messages["max_length"] = TOO_LONG
        else:
            self.fields[name] = ShortText(label=label, max_length=longest, initial=initial)
        self.fields[name].is_filled = self.blind and bool(stored)

    @property
    def around(self):
        """As preparation.save wants it. A bare link that leaves a field empty leaves the words alone."""
        said = {name: self.cleaned_data[name] for name in ("comes_along", "for_interpreter") if name in self.fields}
        return Around(**{name: text for name, text in said.items() if text or not self.blind})

    @property
    def point(self):
        return {
            "text": self.cleaned_data["point"],
            "visibility": self.cleaned_data["point_visibility"],
            "language": self.cleaned_data.get("language") or "",
        }

    @property
    def typed(self):
        """Every text somebody wrote here."""
        return [self.cleaned_data["point"], *(self.cleaned_data[f"t{q.pk}"] for q in self.questions)]
