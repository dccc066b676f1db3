"""Shape and wording of practising with film, and of an instrument of one's own."""

from django import forms
from django.utils.translation import gettext_lazy as _l

from kijkwijzer.looking.looking_back import MAX_REMARK
from kijkwijzer.models import Sitting
from kijkwijzer.practising.films import by_kind


class ThoughtForm(forms.Form):
    words = forms.CharField(
        label=_l("Hoe zou het anders kunnen?"),
        required=False,
        max_length=MAX_REMARK,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control"}),
        error_messages={"max_length": _l("Maak dit korter: hoogstens 2000 tekens. Er is nog niets bewaard.")},
    )


class SittingForm(forms.Form):
    film = forms.ChoiceField(
        label=_l("Welke film bekijken jullie?"), error_messages={"invalid_choice": _l("Kies een film uit de lijst.")}
    )
    occasion = forms.ChoiceField(
        label=_l("Waarbij?"),
        choices=Sitting.Occasion.choices,
        error_messages={"invalid_choice": _l("Kies waarbij jullie de film bekijken.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["film"].choices = [
            (kind, [(film.code, f"{film.pupil}, {film.level}") for film in films]) for kind, films in by_kind()
        ]


class InstrumentForm(forms.Form):
    file = forms.FileField(
        label=_l("Het bestand (.toml)"),
        error_messages={
            "required": _l("Kies een bestand."),
            "empty": _l("Dit bestand is leeg."),
            "max_length": _l("De naam van dit bestand is te lang."),
        },
        max_length=200,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".toml"}),
    )
