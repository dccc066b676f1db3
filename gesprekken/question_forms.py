"""Changing what is asked beforehand: the questions of a kind of conversation, and what one ronde takes of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Question, Visibility
from gesprekken.preparing import asking
from gesprekken.preparing.asking import AREA, BadPoints, Point
from gesprekken.talk_forms import LongText

NEW_ROWS = 3  # empty rows under a set; after saving there are new ones
KINDS = {
    "leerkracht": [(Question.Kind.TEXT.value, _("een vraag")), (AREA, _("een vak of gebied"))],
    "ouder": [(Question.Kind.TEXT.value, _("zelf schrijven")), (Question.Kind.CHOICE.value, _("kiezen of schrijven"))],
}
KINDS["leerling"] = KINDS["ouder"]


class Line(LongText):
    """Words on one line; how many may be there is said by asking.check."""

    widget = forms.TextInput

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class PointForm(forms.Form):
    code = forms.CharField(widget=forms.HiddenInput, required=False)
    text = Line(label=_("De vraag"), widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}))
    help = Line(label=_("Uitleg eronder"), widget=forms.TextInput(attrs={"class": "form-control"}))
    kind = forms.ChoiceField(label=_("Hoe"), required=False, widget=forms.Select(attrs={"class": "form-select"}))
    choices = LongText(
        label=_("Antwoorden om uit te kiezen, elk op een eigen regel"),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    visibility = forms.ChoiceField(
        label=_("Wie leest het antwoord"),
        choices=Visibility.choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    number = forms.IntegerField(
        label=_("Plaats"),
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={"invalid": _("Vul een getal in."), "max_value": _("Vul een getal tot en met 99 in.")},
    )
    out = forms.BooleanField(label=_("Laat weg"), required=False)

    def __init__(self, *args, audience, before, **options):
        super().__init__(*args, **options)
        self.before = before
        self.fields["kind"].choices = KINDS[audience]
        self.fields["kind"].initial, self.fields["visibility"].initial = Question.Kind.TEXT, Visibility.TABLE
        if audience == "leerkracht":
            del self.fields["choices"]

    @property
    def is_left_out(self):
        """Ticked away, or a new row in which nothing is written."""
        data = self.cleaned_data
        return data.get("out") or not (data.get("text") or data.get("code"))

    def point(self):
        data = self.cleaned_data
        before = self.before.get(data.get("code"), Point(text=""))
        kind = data.get("kind") or Question.Kind.TEXT.value
        lines = [line.strip() for line in (data.get("choices") or "").split("\n") if line.strip()]
        return Point(
            text=data.get("text", ""),
            code=before.code,
            help=data.get("help", ""),
            visibility=data.get("visibility") or Visibility.TABLE.value,
            kind=kind,
            choices=asking.choices_from(lines, before.choices) if kind == Question.Kind.CHOICE else (),
            about_home=before.about_home,
            step=before.step,
        )


class BasePointFormSet(forms.BaseFormSet):
    def __init__(self, *args, audience, present, **options):
        before = {point.code: point for point in present}
        initial = [
            {
                "code": point.code,
                "text": point.text,
                "help": point.help,
                "kind": point.kind,
                "choices": "\n".join(choice["text"] for choice in point.choices),
                "visibility": point.visibility,
                "number": number,
            }
            for number, point in enumerate(present, 1)
        ]
        form_kwargs = {"audience": audience, "before": before}
        super().__init__(*args, initial=initial, form_kwargs=form_kwargs, **options)

    def in_order(self):
        """The rows that stay, by their place; those without one at the end."""
        rows = [form for form in self.forms if hasattr(form, "cleaned_data") and not form.is_left_out]
        return sorted(rows, key=lambda form: form.cleaned_data.get("number") or 100)

    def asked(self):
        """The points as the school wants them. A code sent twice is a new question the second time."""
        found, codes = [], set()
        for form in self.in_order():
            point = form.point()
            found.append(Point(**{**vars(point), "code": ""}) if point.code in codes else point)
            codes.add(point.code)
        return found

    def clean(self):
        if any(self.errors):
            return
        try:
            asking.check(self.asked())
        except BadPoints as bad:
            if bad.number is None:
                raise forms.ValidationError(bad.sentence)
            row = self.in_order()[bad.number]
            row.add_error(bad.field if bad.field in row.fields else None, bad.sentence)


PointFormSet = forms.formset_factory(
    PointForm, formset=BasePointFormSet, extra=NEW_ROWS, max_num=40, absolute_max=60, validate_max=False
)


class SeenForm(forms.Form):
    """The version the page was made from, so that nobody undoes a colleague's work unseen."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self):
        return self.cleaned_data.get("seen_version") if self.is_valid() else None


class RondeQuestionsForm(SeenForm):
    """Which main points this ronde asks, and a few of its own."""

    asked = forms.MultipleChoiceField(
        label=_("Dit vragen we"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, data=None, *, offered, **options):
        super().__init__(data, **options)
        self.offered = offered
        self.fields["asked"].choices = [(point.code, self.label_of(point)) for point, _on in offered]
        self.fields["asked"].initial = [point.code for point, on in offered if on]
        for number in range(1, NEW_ROWS + 1):
            self.fields[f"new{number}"] = Line(
                label=_("Eigen vraag %(n)s") % {"n": number}, widget=forms.TextInput(attrs={"class": "form-control"})
            )
            self.fields[f"closed{number}"] = forms.BooleanField(
                label=_("Het antwoord is alleen voor de leerkracht"), required=False
            )

    @staticmethod
    def label_of(point):
        return _("%(name)s (vak of gebied)") % {"name": point.text} if point.kind == AREA else point.text

    def own(self):
        for number in range(1, NEW_ROWS + 1):
            yield self[f"new{number}"], self[f"closed{number}"]

    def rows(self):
        """(field or None for a ticked one, Point) of what is asked, in order."""
        ticked = self.cleaned_data.get("asked", [])
        found = [(None, point) for point, _on in self.offered if point.code in ticked]
        for number in range(1, NEW_ROWS + 1):
            closed = Visibility.TEACHER if self.cleaned_data.get(f"closed{number}") else Visibility.TABLE
            if text := self.cleaned_data.get(f"new{number}"):
                found.append((f"new{number}", Point(text, visibility=closed.value)))
        return found

    def points(self):
        return [point for _field, point in self.rows()]

    def clean(self):
        if not self.errors:
            try:
                asking.check(self.points())
            except BadPoints as bad:
                self.add_error(self.rows()[bad.number][0] if bad.number is not None else None, bad.sentence)
        return self.cleaned_data
