"""Shape and wording of what is asked about the development of a pupil: which charts, norms, routes, files."""

import hashlib

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gesprekken.development import norms, routes, showing
from gesprekken.models import PortfolioItem
from school.importers.remarks import Remarks, Unreadable
from school.importers.tables import decode

MAX_PASTED = 50_000  # characters; five hundred lines of a hundred
MAX_TABLE = 1024 * 1024  # bytes of a file with them

WHY_NOT = {
    "size": _("Dit bestand is te groot: hoogstens %(mb)s MB. Maak het kleiner of scan het met minder kleuren."),
    "empty": _("Dit bestand is leeg. Kies een ander bestand."),
    "kind": _("Dit is geen PDF, PNG of JPEG, ook al heet het misschien zo. Kies een ander bestand."),
    "picture": _("Dit is geen foto, ook al heet het misschien zo. Kies een PNG of JPEG."),
    "active": _("In deze PDF zit iets dat vanzelf start of een ander bestand. Bewaar hem opnieuw met Afdrukken naar PDF."),
    "broken": _("Dit bestand is beschadigd; wij kunnen het niet openen. Bewaar het opnieuw en probeer het nog eens."),
    "pixels": _("Deze foto heeft te veel beeldpunten. Maak hem kleiner en probeer het nog eens."),
    "too_many": _("Er staan al %(count)s bestanden. Haal er eerst een weg."),
}  # fmt: skip


def why_not(reason, **about):
    return WHY_NOT[reason] % {"mb": settings.MAX_UPLOAD_MB, **about}


class ChartsForm(forms.Form):
    """Per vak: shown or not, the goal, the routes; and once whether routes were chosen together."""

    agreed = forms.BooleanField(required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, data=None, *, charts, routes, name, mark):
        super().__init__(data, initial={"seen": mark})
        self.charts, self.routes = charts, routes
        self.fields["seen"].widget.attrs["autocomplete"] = "off"
        self.fields["agreed"].label = _("%(name)s en ik kozen samen om de routes te laten zien") % {"name": name}
        for number, chart in self.numbered():
            shown = chart.shown
            self.fields[f"show{number}"] = forms.BooleanField(
                label=_("Laat %(vak)s zien") % {"vak": chart.name}, required=False, initial=shown is not None
            )
            self.fields[f"goal{number}"] = forms.CharField(
                label=_("Doel voor de komende tijd"),
                max_length=300,
                required=False,
                initial=chart.goal,
                widget=forms.TextInput(attrs={"class": "form-control"}),
                error_messages={"max_length": _("Dit doel is te lang: er passen %(limit_value)s tekens.")},
            )
            self.fields[f"goal{number}"].widget.attrs.pop("maxlength", None)
            names = list(routes.get(chart.vak, {}))
            if names:
                self.fields[f"routes{number}"] = forms.MultipleChoiceField(
                    label=_("Routes in de trap"),
                    choices=[(route, route) for route in names],
                    required=False,
                    initial=[route for route in (shown.routes if shown else []) if route in names],
                    widget=forms.CheckboxSelectMultiple,
                )
            if shown is not None and shown.agreed_with_pupil:
                self.fields["agreed"].initial = True

    def numbered(self):
        """(what stands behind the names of its fields, chart): the vak itself, as vakken may be added meanwhile."""
        return [(hashlib.sha256(chart.vak.encode()).hexdigest()[:8], chart) for chart in self.charts]

    @property
    def has_routes(self):
        return any(name.startswith("routes") for name in self.fields)

    def rows(self):
        """(chart, field to show it, goal, routes or None) as the page lays them out."""
        for number, chart in self.numbered():
            asks = f"routes{number}" in self.fields
            yield chart, self[f"show{number}"], self[f"goal{number}"], self[f"routes{number}"] if asks else None

    def clean(self):
        given = super().clean()
        numbers = [number for number, _chart in self.numbered()]
        wanted = any(given.get(f"routes{number}") for number in numbers if given.get(f"show{number}"))
        if wanted and not given.get("agreed"):
            self.add_error(
                "agreed", _("Routes laat je zien als de leerling dat ook wil. Kies dit samen en vink het aan.")
            )
        for number in numbers:
            if given.get(f"goal{number}") and not given.get(f"show{number}"):
                self.add_error(f"show{number}", _("Hier staat een doel. Vink ook aan dat je dit vak laat zien."))
        return given

    def choices(self):
        given, agreed = self.cleaned_data, self.cleaned_data["agreed"]
        return [
            showing.Choice(
                vak=chart.vak,
                goal=given[f"goal{number}"],
                routes=given.get(f"routes{number}", []),
                agreed_with_pupil=bool(agreed and given.get(f"routes{number}")),
            )
            for number, chart in self.numbered()
            if given[f"show{number}"]
        ]


class VakkenForm(forms.Form):
    """Which vakken are shown at once for a whole group."""

    vakken = forms.MultipleChoiceField(
        label=_("Deze vakken"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies ten minste één vak.")},
    )

    def __init__(self, data=None, *, vakken, **options):
        super().__init__(data, **options)
        self.fields["vakken"].choices = vakken


class PastedForm(forms.Form):
    """Lines that are typed, pasted, or come in a file; what cannot be read is said per line and nothing is lost."""

    lines = forms.CharField(
        required=False,
        max_length=MAX_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 14, "spellcheck": "false", "wrap": "off"}),
        error_messages={"max_length": _("Dit is te veel tekst voor één vak. Er is niets bewaard.")},
    )
    file = forms.FileField(required=False, allow_empty_file=True, label=_("Of kies een CSV-bestand"))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # a mark of the lines that were on the page
    read = None

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["lines"].widget.attrs.pop("maxlength", None)
        self.wrong = []

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        try:
            text = self.text_of(given.get("file")) or given.get("lines", "")
        except Unreadable as problem:
            raise forms.ValidationError(problem.message)
        text = text.replace("\x00", "")
        self.data = {**self.data.dict(), "lines": text}  # what came in a file can be mended in the field
        pasted = type(self).read(text)
        if pasted.wrong:
            self.wrong = pasted.wrong
            raise forms.ValidationError(_("Er is nog niets bewaard. Verbeter deze regels en bewaar opnieuw."))
        given["rows"] = pasted.rows
        return given

    def text_of(self, upload):
        if upload is None:
            return ""
        if upload.size > MAX_TABLE:
            raise Unreadable(_("Dit bestand is te groot voor één vak. Er is niets bewaard."))
        return decode(upload.read(), Remarks())[0]


class NormsForm(PastedForm):
    read = staticmethod(norms.read_norms)


class RoutesForm(PastedForm):
    read = staticmethod(routes.read_routes)


class FileForm(forms.Form):
    """One file of a report or of work. What is in it is judged by the verb."""

    file = forms.FileField(
        label=_("Bestand"),
        allow_empty_file=True,
        error_messages={"required": _("Kies eerst een bestand.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg", "class": "form-control"}),
    )


class ItemForm(FileForm):
    kind = forms.ChoiceField(label=_("Wat is het?"), choices=PortfolioItem.Kind, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Hoe heet het?"),
        max_length=120,
        error_messages={
            "required": _("Geef het een naam, zoals: Rapport februari."),
            "max_length": _("Deze naam is te lang: er passen 120 tekens."),
        },
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    field_order = ["kind", "title", "file"]


class WorkForm(FileForm):
    """Of a pupil: few words, and a picture only."""

    title = forms.CharField(
        label=_("Wat is het?"),
        max_length=120,
        error_messages={
            "required": _("Schrijf op wat het is, zoals: mijn werkstuk."),
            "max_length": _("Dit is te lang: er passen 120 tekens."),
        },
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    field_order = ["title", "file"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = "image/png,image/jpeg"
