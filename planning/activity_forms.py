"""Shape and wording of what is asked about a parent activity."""

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.activities.guests import MOST
from school.row_ids import RowsField


class SignUpForm(forms.Form):
    """With how many people a guardian comes."""

    aantal = forms.TypedChoiceField(
        label=_("Met hoeveel mensen komt u?"),
        coerce=int,
        choices=[(n, n) for n in range(1, MOST + 1)],
        help_text=_("Tel uzelf en uw kinderen mee."),
        error_messages={
            "required": _("Kies met hoeveel mensen u komt."),
            "invalid_choice": _("Kies met hoeveel mensen u komt."),
        },
    )


class CameForm(forms.Form):
    """Who of these guardians was there; nobody is an answer too."""

    kwam = RowsField(queryset=None, label=_("Wie was er?"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args, people, labels, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kwam"].queryset = people
        self.fields["kwam"].label_from_instance = lambda person: labels.get(person.pk, person.name)
