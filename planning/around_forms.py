"""Shape and wording of what is asked about who sits around a gesprek, how long and in what form."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from gesprekken.models import Ronde
from planning.around.languages import LANGUAGES
from school.models import Relatie

Talks = Relatie.Talks


def reason_field():
    return forms.CharField(
        label=_l("Reden, als het binnen een week is"),
        required=False,
        max_length=300,
        help_text=_l(
            "Ouders horen het een week vooraf. Kan dat niet, schrijf dan op waarom. De schoolleiding leest dit."
        ),
    )


class FamilyForm(forms.Form):
    """Two guardians: one choice for both. More: a choice for each."""

    reason = reason_field()

    def __init__(self, *args, relaties, **kwargs):
        super().__init__(*args, **kwargs)
        self.relaties = list(relaties)
        if len(self.relaties) == 2:
            self._one_choice(*self.relaties)
        else:
            for relatie in self.relaties:
                self.fields[f"w{relatie.person_id}"] = forms.ChoiceField(
                    label=relatie.person.name, choices=Talks.choices, initial=relatie.talks, widget=forms.RadioSelect
                )
        self.order_fields([name for name in self.fields if name != "reason"])

    def _one_choice(self, one, other):
        names = {"one": one.person.name, "other": other.person.name}
        self.fields["way"] = forms.ChoiceField(
            label=_("Hoe praten %(one)s en %(other)s mee?") % names,
            choices=[
                ("together", _("Samen, in één gesprek")),
                ("apart", _("Elk een eigen gesprek, met een eigen tijd")),
                (f"later-{other.person_id}", _("%(one)s praat mee, %(other)s hoort het achteraf") % names),
                (f"later-{one.person_id}", _("%(other)s praat mee, %(one)s hoort het achteraf") % names),
            ],
            widget=forms.RadioSelect,
        )
        later = next((r for r in (one, other) if r.afterwards), None)
        apart = "apart" if one.apart or other.apart else "together"
        self.fields["way"].initial = f"later-{later.person_id}" if later else apart

    def ways(self):
        """{person pk: Relatie.Talks}."""
        if "way" not in self.fields:
            return {r.person_id: Talks(self.cleaned_data[f"w{r.person_id}"]) for r in self.relaties}
        way, _dash, later = self.cleaned_data["way"].partition("-")
        if way == "later":
            return {
                r.person_id: Talks.AFTERWARDS if str(r.person_id) == later else Talks.TOGETHER for r in self.relaties
            }
        return {r.person_id: Talks(way) for r in self.relaties}


class WeekForm(forms.Form):
    """What inside the week is needed: agreed with the parent, or a reason."""

    agreed = forms.BooleanField(label=_l("Dit is met de ouder afgesproken"), required=False)
    reason = reason_field()


class MeetingForm(WeekForm):
    form = forms.ChoiceField(label=_l("Hoe spreken jullie elkaar?"), required=False)
    place = forms.CharField(
        label=_l("Plaats, link of telefoonnummer"),
        required=False,
        max_length=200,
        help_text=_l(
            "Bij beeldbellen de link, die met https:// begint. Bij bellen het nummer dat jullie bellen, "
            "als het een ander is dan we kennen; dat zien ouders niet."
        ),
    )
    field_order = ("form", "place", "agreed", "reason")

    def __init__(self, *args, gesprek, phones, **kwargs):
        start = {"form": gesprek.form, "place": gesprek.place}
        super().__init__(*args, initial=start, **kwargs)
        self.gesprek, self.phones = gesprek, phones
        same = _("Zoals de hele ronde: %(form)s") % {"form": gesprek.ronde.get_form_display()}
        self.fields["form"].choices = [("", same), *Ronde.Form.choices]

    def clean(self):
        data = super().clean()
        form, place = data.get("form") or "", (data.get("place") or "").strip()
        actual = form or self.gesprek.ronde.form
        where = place if form else place or self.gesprek.ronde.place
        if actual == Ronde.Form.VIDEO and not is_https(where):
            self.add_error("place", _("Zet hier de link voor het beeldbellen. Die begint met https://."))
        if actual == Ronde.Form.PHONE and not (self.phones or place):
            self.add_error("place", _("Van deze ouders kennen we geen telefoonnummer. Vraag het en zet het hier."))
        return {**data, "form": form, "place": place}


def is_https(text):
    try:
        URLValidator(schemes=["https"])(text)
    except forms.ValidationError:
        return False
    return True


class ToldForm(WeekForm):
    """The parents without an address: who changes something tells them herself, and says so."""

    told = forms.BooleanField(required=False)

    def __init__(self, *args, to_tell, **kwargs):
        super().__init__(*args, **kwargs)
        names = ", ".join(person.name for person in to_tell)
        if to_tell:
            self.fields["told"].label = _("Ik vertel het zelf aan %(names)s (mail bereikt hen niet)") % {"names": names}
        else:
            del self.fields["told"]

    @property
    def told_them(self):
        return self.cleaned_data.get("told", False)


class ExpertForm(ToldForm):
    person = forms.ModelChoiceField(
        label=_l("Iemand die we kennen"), queryset=None, required=False, empty_label=_l("- kies -")
    )
    name = forms.CharField(label=_l("Of iemand van buiten: de naam"), required=False, max_length=200)
    what = forms.CharField(
        label=_l("Wat doet deze persoon?"),
        required=False,
        max_length=80,
        help_text=_l("Bijvoorbeeld: logopedist. Ouders lezen dit."),
    )
    field_order = ("person", "name", "what", "told", "agreed", "reason")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people

    def clean(self):
        data = super().clean()
        if bool(data.get("person")) == bool((data.get("name") or "").strip()) and not self.errors:
            self.add_error("name", _("Kies iemand uit de lijst, of schrijf de naam op van iemand van buiten."))
        if (data.get("name") or "").strip() and not (data.get("what") or "").strip():
            self.add_error("what", _("Schrijf op wat deze persoon doet, zodat ouders weten wie er komt."))
        return data


class ColleagueForm(ToldForm):
    medewerker = forms.ModelChoiceField(label=_l("Tweede collega"), queryset=None, empty_label=_l("- kies -"))
    whole_groep = forms.BooleanField(label=_l("Ook bij de andere gesprekken van deze groep"), required=False)
    field_order = ("medewerker", "whole_groep", "told", "agreed", "reason")

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["medewerker"].queryset = staff


class InterpreterForm(forms.Form):
    language = forms.ChoiceField(label=_l("In welke taal?"))
    note = forms.CharField(
        label=_l("Wat moet de tolk of de school weten?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args, language="", **kwargs):
        super().__init__(*args, **kwargs)
        listed = sorted(((code, str(name)) for code, name in LANGUAGES.items()), key=lambda pair: pair[1])
        self.fields["language"].choices = [("", _("- kies een taal -")), *listed]
        self.fields["language"].initial = language if language in LANGUAGES else ""


class WhoInterpretsForm(forms.Form):
    """Somebody who came before, somebody new, or not known yet."""

    person = forms.ModelChoiceField(
        label=_l("Tolk die we kennen"), queryset=None, required=False, empty_label=_l("- nog niet bekend -")
    )
    name = forms.CharField(label=_l("Of een nieuwe tolk: de naam"), required=False, max_length=200)
    field_order = ("person", "name", "agreed", "reason")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class RowForm(WhoInterpretsForm, WeekForm):
    """Who interprets several gesprekken one after another."""
