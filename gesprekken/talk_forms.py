"""Shape and wording of what is asked around one gesprek: preparing, noting, agreeing, closing."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Agreement, Visibility
from gesprekken.preparing.preparation import Given
from gesprekken.preparing.questions import worded
from gesprekken.preparing.sheet import language_name
from gesprekken.talking.drafts import ABOUT, MAX_TEXT
from gesprekken.talking.recording import fingerprint
from school.row_ids import RowsField, row_id

ADD, REPLACE = "erbij", "vervang"


class LongText(forms.CharField):
    """Words of a person: pasted from anywhere, kept as typed, and told in one sentence when there are too many."""

    widget = forms.Textarea

    def __init__(self, **options):
        options.setdefault("required", False)
        options.setdefault("max_length", MAX_TEXT)
        super().__init__(**options)
        self.error_messages["max_length"] = _(
            "Deze tekst is te lang: %(show_value)s tekens, er passen er %(limit_value)s. "
            "Er is niets bewaard; de tekst staat er nog. Maak hem korter en bewaar opnieuw."
        )
        self.widget.attrs.pop("maxlength", None)  # a browser would cut off a pasted text without a word

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(value)

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class DraftForm(forms.Form):
    """What every page that saves a draft sends along: the version it was made from, and which page it is."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    tab = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data=None, *, version=0, **options):
        initial = {"seen_version": version, "tab": secrets.token_hex(8), **options.pop("initial", {})}
        super().__init__(data, initial=initial, **options)
        for name in ("seen_version", "tab"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def replaces(self):
        """The version somebody chose to replace after seeing both texts; or None."""
        value = self.data.get("replace", "")
        return row_id(value) if len(value) < 10 else None

    @property
    def origin(self):
        """`seen_version` and `tab` for a verb. An unreadable version is an old one, so nothing is overwritten."""
        if self.replaces is not None:
            return {"seen_version": self.replaces, "tab": self.cleaned_data.get("tab") or ""}
        seen = self.cleaned_data.get("seen_version")
        return {"seen_version": -1 if seen is None else seen, "tab": self.cleaned_data.get("tab") or ""}


class PrepareForm(DraftForm):
    """One field per question, who may read it, and for a bare link whether to add or to replace."""

    def __init__(self, data=None, *, gesprek, questions, answers, blind, languages=(), language="nl", options, **rest):
        super().__init__(data, **rest)
        self.questions, self.answers, self.blind = questions, answers, blind
        for question in questions:
            answer = answers.get(question.pk)
            self.fields[f"t{question.pk}"] = LongText(
                label=worded(question.text, gesprek),
                help_text=worded(question.help, gesprek),
                initial="" if blind or answer is None else answer.text,
                widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
            )
            self.fields[f"v{question.pk}"] = forms.ChoiceField(
                label=_("Wie leest dit?"),
                choices=options,
                initial=answer.visibility if answer else question.visibility,
                widget=forms.RadioSelect,
                required=False,
            )
            if question.choices:
                self.fields[f"c{question.pk}"] = forms.MultipleChoiceField(
                    label=worded(question.text, gesprek),
                    choices=[(choice["code"], worded(choice["text"], gesprek)) for choice in question.choices],
                    initial=[] if blind or answer is None else answer.chosen,
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
            if blind and answer is not None and answer.is_given:
                self.fields[f"m{question.pk}"] = forms.ChoiceField(
                    choices=[
                        (ADD, _("Zet dit onder wat er al staat")),
                        (REPLACE, _("Vervang wat er al staat")),
                    ],
                    initial=ADD,
                    widget=forms.RadioSelect,
                    required=False,
                )
        if languages:
            self.fields["language"] = forms.ChoiceField(
                label=_("In welke taal schrijft u?"),
                choices=[(code, language_name(code) or _("Nederlands")) for code in languages],
                initial=language,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def rows(self):
        """For the template: each question with its bound fields."""
        for question in self.questions:
            answer = self.answers.get(question.pk)
            yield {
                "question": question,
                "text": self[f"t{question.pk}"],
                "visibility": self[f"v{question.pk}"],
                "taps": self.taps(question),
                "mode": self[f"m{question.pk}"] if f"m{question.pk}" in self.fields else None,
                "answer": answer,
            }

    def taps(self, question):
        """What can be tapped: (the bound box, the name of its picture) each."""
        if f"c{question.pk}" not in self.fields:
            return []
        pictures = [choice.get("picture", "") for choice in question.choices]
        return list(zip(self[f"c{question.pk}"], pictures, strict=True))

    def given(self):
        """The answers as preparation.save wants them. A bare link that leaves a field empty leaves the words alone."""
        return [self.given_for(question) for question in self.questions]

    def given_for(self, question):
        text = self.cleaned_data.get(f"t{question.pk}", "")
        visibility = self.cleaned_data.get(f"v{question.pk}") or ""
        chosen = self.cleaned_data.get(f"c{question.pk}")
        if not self.blind:
            return Given(question, text, visibility, chosen=chosen)
        mode = self.cleaned_data.get(f"m{question.pk}")
        # Words saved since by another page are not known to this one: then they are added to, never replaced.
        return Given(question, text or None, visibility, add=mode != REPLACE, chosen=chosen or None)


def writing(rows):
    return forms.Textarea(attrs={"rows": rows, "class": "form-control", "dir": "auto"})


class NotesForm(DraftForm):
    """The notes about the child, and for the gesprek's teachers what each guardian confided."""

    about_child = LongText(label=_("Verslag over het kind"), widget=writing(8))
    interests = LongText(label=_("Interesses en ambities"), widget=writing(3))
    disappointment = LongText(label=_("Wat tegenviel"), widget=writing(3))
    perspective = LongText(label=_("Wat er wel kan"), widget=writing(3))
    at_home = LongText(label=_("Om thuis over door te praten"), widget=writing(3))

    def __init__(self, data=None, *, guardians=(), confided=None, **rest):
        super().__init__(data, **rest)
        self.guardians = guardians
        for person in guardians:
            text = (confided or {}).get(person.pk, "")
            self.fields[f"c{person.pk}"] = LongText(
                label=_("Alleen voor %(name)s") % {"name": person.name}, initial=text, widget=writing(4)
            )
            self.fields[f"w{person.pk}"] = forms.CharField(
                required=False,
                max_length=16,
                initial=fingerprint(text),
                widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
            )

    def more(self):
        """The fields about the child beside the main text, as far as they are folded: (field, whether it has words)."""
        return [(self[name], bool(self[name].value())) for name in ABOUT[1:]]

    def confided_fields(self):
        return [(person, self[f"c{person.pk}"], self[f"w{person.pk}"]) for person in self.guardians]

    def about(self):
        """The texts about the child. A field that was not sent at all is left alone."""
        return {name: self.cleaned_data[name] for name in ABOUT if name in self.data}

    def confidential(self):
        return {p: self.cleaned_data[f"c{p.pk}"] for p in self.guardians if f"c{p.pk}" in self.data}

    def known_now(self):
        """(name, id, value) of the hidden fields once this was saved: from then on the page is made from what it sent."""
        return [
            (f"w{p.pk}", self[f"w{p.pk}"].id_for_label or f"verslag_w{p.pk}", fingerprint(text))
            for p, text in self.confidential().items()
        ]

    def known(self):
        return {person: self.cleaned_data.get(f"w{person.pk}") for person in self.guardians}


class NoteForm(DraftForm):
    text = LongText(label=_("Mijn werkaantekening"), widget=writing(4))


class AgreementForm(forms.ModelForm):
    concerns = RowsField(
        label=_("Voor wie is dit? Alleen zij lezen het."),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies voor wie deze afspraak is. Alleen die mensen lezen hem.")},
    )

    shares = forms.MultipleChoiceField(
        label=_("Wie heeft er een aandeel in?"),
        choices=Agreement.Share,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Agreement
        fields = ["who", "what", "when", "evaluate_on", "how", "why", "seen_when", "shares"]
        widgets = {"evaluate_on": forms.DateInput(attrs={"type": "date", "list": "terugkijkdagen"}, format="%Y-%m-%d")}
        labels = {
            "who": _("Wie?"),
            "what": _("Doet wat?"),
            "when": _("Wanneer?"),
            "how": _("Hoe?"),
            "why": _("Waarom?"),
            "seen_when": _("Wat zien we als het gelukt is?"),
            "evaluate_on": _("We kijken terug op"),
        }

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["concerns"].queryset = people
        self.fields["concerns"].label_from_instance = lambda person: person.name
        self.fields["who"].error_messages["required"] = _("Vul in wie dit doet.")
        self.fields["what"].error_messages["required"] = _("Vul in wat er gaat gebeuren.")
        for name in ("who", "what", "when", "how", "why", "seen_when"):
            self.fields[name].widget.attrs.pop("maxlength", None)
            self.fields[name].widget.attrs["dir"] = "auto"
            self.fields[name].error_messages["max_length"] = _(
                "Dit is te lang: er passen %(limit_value)s tekens. Zet de rest in het verslag."
            )
        if self.instance.pk:
            self.fields["concerns"].initial = self.instance.concerns.all()
        self.order_fields([*self.FIRST, *self.REST])

    # On a tablet: who, what and the day at once, the rest behind a fold.
    FIRST = ["who", "what", "evaluate_on"]
    REST = ["when", "how", "why", "seen_when", "shares", "concerns"]

    def first(self):
        return [self[name] for name in self.FIRST]

    def rest(self):
        return [self[name] for name in self.REST]

    @property
    def rest_is_open(self):
        """Where there is something in the fold to look at: words of before, or what was wrong."""
        typed = self.is_bound or bool(self.instance.pk)
        return any(self[name].errors or (typed and name != "concerns" and self[name].value()) for name in self.REST)

    def values(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CloseForm(forms.Form):
    """The day it took place; today unless somebody says otherwise."""

    held_on = forms.DateField(
        label=_("Het gesprek was op"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, today, **options):
        super().__init__(*args, **options)
        self.today = today

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > self.today:
            raise forms.ValidationError(_("Deze dag moet nog komen. Kies de dag waarop het gesprek was."))
        return held_on


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Wat klopte er niet?"),
        max_length=300,
        error_messages={"required": _("Schrijf kort op wat er niet klopte. Dit lezen alleen collega's.")},
    )


TABLE, TEACHER = Visibility.TABLE.value, Visibility.TEACHER.value
