"""The languages an interpreter is asked for."""

from django.utils.translation import gettext_lazy as _

# The languages that are asked for most in Dutch schools, by name; another is written in the note.
LANGUAGES = {
    "am": _("Amhaars"),
    "ar": _("Arabisch"),
    "rif": _("Berbers"),
    "bg": _("Bulgaars"),
    "zh": _("Chinees"),
    "fa": _("Dari of Farsi"),
    "de": _("Duits"),
    "en": _("Engels"),
    "fr": _("Frans"),
    "sgn": _("Gebarentaal"),
    "hu": _("Hongaars"),
    "it": _("Italiaans"),
    "ku": _("Koerdisch"),
    "uk": _("Oekraïens"),
    "pap": _("Papiaments"),
    "ps": _("Pasjtoe"),
    "pl": _("Pools"),
    "pt": _("Portugees"),
    "ro": _("Roemeens"),
    "ru": _("Russisch"),
    "so": _("Somalisch"),
    "es": _("Spaans"),
    "ti": _("Tigrinya"),
    "tr": _("Turks"),
    "vi": _("Vietnamees"),
}


def language_name(code):
    """Of the language asked for; where no name is known a word that asks for it."""
    return LANGUAGES.get(code) or code or _("taal nog niet bekend")
