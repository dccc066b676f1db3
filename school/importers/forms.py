"""Choosing the files of an import, and telling which column is which. A file travels, it is not kept."""

import base64
import binascii
import zlib

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from school.importers.reading import COLUMNS, FILES, MAX_BYTES

TOO_BIG = _("Dit bestand is groter dan 10 MB. Zo groot is een export van een school niet.")


def file_field(label, help_text, accept):
    widget = forms.FileInput(attrs={"accept": accept})
    return forms.FileField(label=label, help_text=help_text, required=False, allow_empty_file=True, widget=widget)


class UploadForm(forms.Form):
    edexml = file_field(
        _("Leerlingen, groepen en medewerkers (EDEXML)"),
        _("Meestal heet het bestand EDEX.XML. In ParnasSys: EDEX & UWLR (nieuw); in ESIS: EDEXML."),
        ".xml",
    )
    guardians = file_field(_("Ouders (CSV of Excel)"), _("Eén regel per kind en ouder."), ".csv,.txt,.xlsx")
    results = file_field(_("Toetsresultaten (CSV of Excel)"), _("Eén regel per kind, vak en toets."), ".csv,.txt,.xlsx")

    def clean(self):
        for what in FILES:
            file = self.cleaned_data.get(what)
            if file and file.size > MAX_BYTES:
                self.add_error(what, TOO_BIG)
        if not self.errors and not any(self.cleaned_data.get(what) for what in FILES):
            raise ValidationError(_("Kies ten minste één bestand."))
        return self.cleaned_data

    def contents(self):
        """{what: (name, bytes)}"""
        chosen = {what: self.cleaned_data[what] for what in FILES if self.cleaned_data.get(what)}
        return {what: (file.name[:100], file.read()) for what, file in chosen.items()}


# --- files that travel with the page while somebody tells which column is which ---------------------------------------


def pack(data):
    return base64.b64encode(zlib.compress(data)).decode()


def unpack(text):
    """The bytes again. Raises ValidationError for what is not ours, or would become too big."""
    try:
        inflater = zlib.decompressobj()
        data = inflater.decompress(base64.b64decode(text, validate=True), MAX_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise ValidationError(_("Het bestand is onderweg beschadigd. Kies het nog een keer."))
    if len(data) > MAX_BYTES:
        raise ValidationError(TOO_BIG)
    return data


def carried_files(post):
    """The files that travel with the columns page. Raises ValidationError."""
    names = {
        what: post[f"{what}_name"][:100] for what in FILES if post.get(f"{what}_name") and post.get(f"{what}_data")
    }
    return {what: (name, unpack(post[f"{what}_data"])) for what, name in names.items()}


def with_example(header, example):
    return f"{header} ({example[:30]})" if example else header


class ColumnsForm(forms.Form):
    """For one file: which of its headers is which of our columns."""

    def __init__(self, what, missing, *args, **kwargs):
        super().__init__(*args, prefix=what, initial=missing.chosen, **kwargs)
        self.what = what
        examples = dict(zip(reversed(missing.headers), reversed(missing.example), strict=False))
        headers = [header for header in dict.fromkeys(missing.headers) if header]
        choices = [(header, with_example(header, examples[header])) for header in headers]
        for column in COLUMNS[what]:
            empty = [("", _("Kies een kolom") if column.needed else _("Staat er niet in"))]
            self.fields[column.name] = forms.ChoiceField(
                label=str(column.label).capitalize(), choices=empty + choices, required=column.needed
            )

    def clean(self):
        chosen = [value for value in self.cleaned_data.values() if value]
        for header in sorted({value for value in chosen if chosen.count(value) > 1}):
            raise ValidationError(_("Je koos de kolom %(header)s twee keer."), params={"header": header})
        return self.cleaned_data

    @property
    def mapping(self):
        return dict(self.cleaned_data)
