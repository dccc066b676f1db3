"""A slide of a pupil's presentation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gesprekken.development.charts import vak_name
from gesprekken.models import Slide
from gesprekken.party_forms import ShortText
from gesprekken.preparing.presenting import LONGEST
from gesprekken.talk_forms import DraftForm, LongText
from school.row_ids import row_id

SPOKEN = [
    (Slide.Kind.PROGRESS, _("Hierin ben ik vooruitgegaan")),
    (Slide.Kind.GOOD, _("Dit gaat goed")),
    (Slide.Kind.ATTENTION, _("Dit is nog lastig")),
    (Slide.Kind.HELP, _("Hierbij wil ik hulp")),
    (Slide.Kind.OWN, _("Iets van mij")),
]


class SlideForm(DraftForm):
    kind = forms.ChoiceField(
        label=_("Waar gaat deze dia over?"),
        choices=SPOKEN,
        widget=forms.RadioSelect,
        error_messages={"required": _("Kies eerst waar deze dia over gaat.")},
    )
    title = ShortText(label=_("Titel"), max_length=80)
    text = LongText(
        label=_("Wat ik vertel"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"})
    )

    def __init__(self, data=None, *, charts, items, slide=None, **rest):
        initial = {"kind": slide.kind, "title": slide.title, "text": slide.text} if slide else {}
        super().__init__(data, initial=initial, **rest)
        self.items = items
        select = forms.Select(attrs={"class": "form-select"})
        vakken = list(charts.values_list("vak", flat=True))
        if vakken or (slide and slide.chart):
            kept = [slide.chart] if slide and slide.chart and slide.chart not in vakken else []
            self.fields["chart"] = forms.ChoiceField(
                label=_("Een grafiek erbij"),
                choices=[("", _("geen")), *((vak, vak_name(vak)) for vak in [*vakken, *kept])],
                required=False,
                initial=slide.chart if slide else "",
                widget=select,
            )
        if items.exists():
            self.fields["item"] = ItemField(
                label=_("Iets uit je map erbij"),
                queryset=items,
                required=False,
                empty_label=_("niets"),
                initial=slide.item_id if slide else None,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self):
        data = super().clean()
        if not data.get("title") and not data.get("text") and not {"title", "text"} & set(self.errors):
            self.add_error("title", _("Schrijf een titel, of wat je wilt vertellen."))
        return data

    @property
    def words(self):
        return {
            name: self.cleaned_data[name] for name in ("kind", "title", "text", "chart", "item") if name in self.fields
        }


class ItemField(forms.ModelChoiceField):
    """One row; a number no database can hold is a choice that does not exist."""

    def to_python(self, value):
        if value not in self.empty_values and row_id(str(value)) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)

    def label_from_instance(self, item):
        return item.title
