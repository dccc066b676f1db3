"""Shape and wording of what is asked on the ground floor."""

import re

from allauth.mfa.totp.forms import ActivateTOTPForm
from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from school import pictures
from school.models import Person, Rol, School

# What guardians at Dutch schools speak at home, most of them; any other code from an import stays as it is.
HOME_LANGUAGES = [
    "nl",
    "en",
    "ar",
    "tr",
    "pl",
    "uk",
    "ti",
    "so",
    "fa",
    "ps",
    "ku",
    "am",
    "ur",
    "hi",
    "bn",
    "pa",
    "zh",
    "vi",
    "id",
    "pap",
    "es",
    "pt",
    "fr",
    "de",
    "it",
    "ro",
    "bg",
    "hu",
    "cs",
    "sk",
    "lt",
    "lv",
    "ru",
    "sr",
    "hr",
    "bs",
    "sq",
    "el",
]


WEEKDAYS = {1: _("ma"), 2: _("di"), 3: _("wo"), 4: _("do"), 5: _("vr"), 6: _("za"), 7: _("zo")}
SCHOOL_WEEK = 5


class WorkdaysForm(forms.Form):
    """The days of the week somebody works, as numbers."""

    days = forms.TypedMultipleChoiceField(
        label=_("Werkdagen"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(1, _("maandag")), (2, _("dinsdag")), (3, _("woensdag")), (4, _("donderdag")), (5, _("vrijdag"))],
    )


def days_at_work(medewerker):
    """[(short name, whether she works)] of the school week, and of a weekend day somebody works on."""
    at_work = medewerker.workdays
    return [(name, str(n) in at_work) for n, name in WEEKDAYS.items() if n <= SCHOOL_WEEK or str(n) in at_work]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Uw code"),
        max_length=40,
        help_text=_("De code staat op uw brief of op je kaartje, bijvoorbeeld KM7P-4QXH-29TB."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )


class DigitsForm(forms.Form):
    code = forms.CharField(
        label=_("De code van zes cijfers"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr"}),
    )
    remember = forms.BooleanField(label=_("Onthoud dit apparaat. Het is van mij alleen."), required=False)


# --- people ----------------------------------------------------------------------------------------------------------


def language_choices(codes):
    """(code, name in the language of the screen), the most used first."""
    here = Locale.parse(get_language() or settings.LANGUAGE_CODE, sep="-")
    return [(code, here.languages.get(code, code)) for code in codes]


class StaffForm(forms.Form):
    first_name = forms.CharField(label=_("Roepnaam"), max_length=80)
    prefix = forms.CharField(label=_("Voorvoegsel"), max_length=30, required=False)
    last_name = forms.CharField(label=_("Achternaam"), max_length=120)
    email = forms.EmailField(label=_("E-mailadres"), help_text=_("Hier gaat de uitnodiging heen."))
    function = forms.CharField(label=_("Functie"), max_length=80, required=False)
    rollen = forms.MultipleChoiceField(
        label=_("Rol voor de hele school"),
        choices=Rol.Soort.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Voor een leerkracht hoef je niets te kiezen."),
    )

    @property
    def name(self):
        return tuple(self.cleaned_data[part] for part in ("first_name", "prefix", "last_name"))


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["first_name", "prefix", "last_name", "email", "phone", "language"]

    def __init__(self, *args, is_staff, **kwargs):
        super().__init__(*args, **kwargs)
        codes = list(settings.STAFF_LANGUAGES) if is_staff else list(HOME_LANGUAGES)
        if self.instance.language not in codes:
            codes.append(self.instance.language)
        self.fields["language"] = forms.ChoiceField(label=_("Taal"), choices=language_choices(codes))
        if is_staff:
            self.fields["email"].help_text = _("Met een ander adres moet je collega een nieuw wachtwoord kiezen.")
        else:
            self.fields["language"].help_text = _(
                "De taal die thuis het makkelijkst is. Mail gaat in die taal, als we die hebben."
            )


class ContactForm(forms.Form):
    """What a guardian says her address or number is now: at least one of the two."""

    email = forms.EmailField(
        label=_("Uw nieuwe e-mailadres"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Uw nieuwe telefoonnummer"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self):
        phone = " ".join(self.cleaned_data["phone"].split())
        is_number = not phone or (re.fullmatch(r"[0-9+()/ .-]+", phone) and sum(c.isdigit() for c in phone) >= 6)
        if not is_number:
            raise forms.ValidationError(
                _("Dit is geen telefoonnummer. Schrijf alleen cijfers, bijvoorbeeld 06 12345678.")
            )
        return phone

    def clean(self):
        given = super().clean()
        if not self.errors and not (given["email"] or given["phone"]):
            self.add_error("email", _("Vul een e-mailadres of een telefoonnummer in."))
        return given


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Taal van de schermen"))

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices(languages)


class SecondStepForm(ActivateTOTPForm):
    """allauth's, with a label that says where the code is found."""

    code = forms.CharField(
        label=_("De code uit de app"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


# --- the school ------------------------------------------------------------------------------------------------------

LEVELS = [(n, _("groep %(n)s") % {"n": n}) for n in range(1, 9)]
PICTURE_REFUSALS = {
    "size": _("Dit bestand is te groot. Kies een plaatje van hooguit 2 MB."),
    "pixels": _("Dit plaatje is te groot. Maak het kleiner en kies het opnieuw."),
    "kind": _("Dit is geen plaatje dat we kunnen openen. Kies een PNG, JPEG, WebP of GIF."),
}


class SchoolForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Talen van de schermen en de mail"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Nederlands is er altijd bij. Collega's kiezen uit Nederlands en Engels; de rest is voor ouders en leerlingen."
        ),
    )
    new_logo = forms.FileField(
        label=_("Nieuw logo"),
        required=False,
        help_text=_("PNG, JPEG, WebP of GIF, hooguit 2 MB. Het staat bovenaan elke pagina."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    remove_logo = forms.BooleanField(label=_("Haal het logo weg"), required=False)

    class Meta:
        model = School
        fields = [
            "name", "soort", "phone", "address", "sender_name", "reply_to", "reply_to_teacher",
            "languages", "pupils_from", "outflow_from", "new_logo", "remove_logo",
        ]  # fmt: skip
        labels = {
            "soort": _("Soort school"),
            "reply_to_teacher": _("Antwoorden op een mail over een gesprek gaan naar de leerkracht"),
        }
        help_texts = {
            "phone": _("Ouders zien dit nummer onder elke pagina en elke mail."),
            "sender_name": _("Zo heet de afzender in de mail. Leeg: de naam van de school."),
            "reply_to": _("Hier komen antwoorden op mail binnen. Leeg: het adres waar de mail vandaan komt."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = language_choices(dict(settings.LANGUAGES))
        self.initial["languages"] = self.instance.languages or list(dict(settings.LANGUAGES))
        never = (9, _("nooit"))
        for name, label in [
            ("pupils_from", _("Leerlingen zijn bij het gesprek vanaf")),
            ("outflow_from", _("Uitstroom komt ter sprake vanaf")),
        ]:
            self.fields[name] = forms.TypedChoiceField(label=label, choices=[*LEVELS, never], coerce=int)
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_new_logo(self):
        upload = self.cleaned_data["new_logo"]
        if not upload:
            return None
        try:
            return pictures.as_png(upload)
        except pictures.NotAPicture as refusal:
            raise forms.ValidationError(PICTURE_REFUSALS[refusal.reason])

    @property
    def values(self):
        """What goes into the school's own columns."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("new_logo", "remove_logo")}
