"""Shape and wording of what is asked on the ground floor."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Uw code"),
        max_length=40,
        help_text=_("De code staat op uw brief of op je kaartje, bijvoorbeeld KM7P-4QXH-29TB."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class DigitsForm(forms.Form):
    code = forms.CharField(
        label=_("De code van zes cijfers"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    remember = forms.BooleanField(label=_("Onthoud dit apparaat. Het is van mij alleen."), required=False)
