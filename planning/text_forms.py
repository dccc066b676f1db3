"""Shape of the invitation as leadership types it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import InvitationText


class TextForm(forms.ModelForm):
    class Meta:
        model = InvitationText
        fields = ["subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 24, "dir": "auto"})}

    def __init__(self, *args, short=False, language="nl", **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["lang"] = language
        if short:
            del self.fields["subject"]
            self.fields["body"].label = _("Bericht")
            self.fields["body"].widget.attrs["rows"] = 6
