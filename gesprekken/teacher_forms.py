"""What a teacher fills in about one pupil: questions, and rows of short fields per subject; and her standard texts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gesprekken.models import StandardText, Visibility
from gesprekken.preparing.asking import WHO, area_of
from gesprekken.preparing.preparation import Given, joined
from gesprekken.preparing.standard_texts import LONGEST_TITLE
from gesprekken.talk_forms import LongText, PrepareForm


class TeacherPrepareForm(PrepareForm):
    """The questions of a subject share one choice of who reads them; each field knows what can be put into it."""

    def __init__(self, data=None, *, questions, offers, **rest):
        super().__init__(data, questions=questions, **rest)
        self.offers, self.areas = offers, {}
        for question in questions:
            area, part = area_of(question.code)
            attributes = self.fields[f"t{question.pk}"].widget.attrs
            attributes["placeholder"] = " "  # by this the style sees that nothing is written yet
            if not area:
                continue
            attributes.update({"rows": 1 if part in WHO else 2, "class": "form-control kort"})
            self.areas.setdefault(area, []).append(question)
        for several in self.areas.values():
            self.share_one_choice(several)

    def share_one_choice(self, several):
        first = several[0]
        for question in several[1:]:
            del self.fields[f"v{question.pk}"]
        answers = [self.answers[question.pk] for question in several if question.pk in self.answers]
        if any(answer.visibility == Visibility.TEACHER for answer in answers):
            self.fields[f"v{first.pk}"].initial = Visibility.TEACHER
        elif answers:
            self.fields[f"v{first.pk}"].initial = Visibility.TABLE

    def sections(self):
        """For the template, in order: a question by itself, or an area with its parts."""
        shown = set()
        for question in self.questions:
            area, _part = area_of(question.code)
            if not area:
                yield {"field": self.field_of(question), "visibility": self[f"v{question.pk}"], "question": question}
            elif area not in shown:
                shown.add(area)
                yield self.area_section(area)

    def area_section(self, area):
        fields = [self.field_of(question) for question in self.areas[area]]
        who = [field for field in fields if field["part"] in WHO]
        return {
            "area": fields[0]["name"],
            "help": fields[0]["text"].help_text,
            "main": [field for field in fields if field["part"] not in WHO],
            "who": who,
            "open": any(field["text"].value() or field["text"].errors for field in who),
            "visibility": self[f"v{self.areas[area][0].pk}"],
        }

    def field_of(self, question):
        text = self[f"t{question.pk}"]
        area, part = area_of(question.code)
        name, _found, asked = text.label.rpartition(": ") if area else ("", "", text.label)
        offers = self.offers.get(question.pk, [])
        return {
            "pk": question.pk,
            "text": text,
            "part": part,
            "name": name,
            "asked": asked,
            "carried": [offer for offer in offers if offer.said_on],
            "standard": [offer for offer in offers if not offer.said_on],
            "may_keep": question.pk in self.answers and bool(self.answers[question.pk].text),
        }

    def given(self, taking=None):
        """The answers. `taking` is (question pk, Offer): those words are put below what is in the field."""
        found = []
        for question in self.questions:
            area, _part = area_of(question.code)
            several = self.areas.get(area, [question])
            text = self.cleaned_data.get(f"t{question.pk}", "")
            visibility = self.cleaned_data.get(f"v{several[0].pk}") or ""
            if taking and taking[0] in [one.pk for one in several]:
                text = joined(text, taking[1].text) if taking[0] == question.pk else text
                visibility = Visibility.TEACHER.value if taking[1].teacher_only else visibility
            found.append(Given(question, text, visibility))
        return found


class StandardTextForm(forms.ModelForm):
    text = LongText(
        label=_("Tekst"),
        required=True,
        help_text=_("Schrijf {naam} waar de naam van het kind moet komen."),
        error_messages={"required": _("Schrijf de tekst die je wilt bewaren.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    class Meta:
        model = StandardText
        fields = ["title", "text"]
        labels = {"title": _("Korte naam")}
        help_texts = {"title": _("Zo heet de knop. Laat leeg: dan staat het begin van de tekst erop.")}
        widgets = {"title": forms.TextInput(attrs={"class": "form-control"})}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["title"].required = False
        self.fields["title"].error_messages["max_length"] = _("De korte naam is te lang: er passen %(n)s tekens.") % {
            "n": LONGEST_TITLE
        }
