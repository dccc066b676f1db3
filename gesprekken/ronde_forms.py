"""The settings of one ronde, on one page: what most rondes need in sight, the rest folded away."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from gesprekken.models import Ronde, RondeGroep
from gesprekken.rondes import fixed_fields
from gesprekken.year_forms import DayInput, RunsForward, checkboxes
from school.row_ids import RowsField, row_id


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class ReminderDaysField(forms.CharField):
    """Days after the invitation, typed as "4, 8": at most four whole numbers from 1 to 30. Empty: never asked again."""

    MOST, LAST = 4, 30

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=60, **kwargs)

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value):
        words = [word for word in re.split(r"[\s,;]+|\ben\b", super().clean(value)) if word]
        numbers = [row_id(word) for word in words]
        if not all(number and number <= self.LAST for number in numbers) or len(set(numbers)) > self.MOST:
            raise forms.ValidationError(
                _("Schrijf hoogstens vier getallen van 1 tot en met 30, met een komma ertussen. Bijvoorbeeld: 4, 8.")
            )
        return sorted(set(numbers))


class RondeForm(RunsForward, forms.ModelForm):
    """The settings of one ronde. `groepen`, and colleague and duo per group, are rows of their own table."""

    # Fields that are folded away while nothing special is asked and nothing is wrong with them.
    FOLDED = {
        "opening": ("choosing_opens_at", "early_hours"),
        "spacing": ("buffer", "walking", "interpreter_minutes", "margin", "has_rooms"),
    }

    groepen = RowsField(queryset=None, label=_l("Groepen"), widget=checkboxes(), required=False)
    lead_checks = forms.MultipleChoiceField(
        label=_l("Is dit klaar? (als de leerling leidt)"),
        choices=Ronde.LeadCheck.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reminder_days = ReminderDaysField(
        label=_l("Herinner ouders die niets laten horen, zoveel dagen na de uitnodiging"),
        help_text=_l("4, 8: na vier dagen en na acht dagen. Nooit 's avonds laat, in het weekend of in een vakantie."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_l("Waarom verandert dit nog in de laatste week?"),
        help_text=_l("Dit blijft bij de ronde staan. Ouders lezen het niet."),
        max_length=300,
        required=False,
    )

    class Meta:
        model = Ronde
        fields = [
            "name", "starts_on", "ends_on", "purpose", "points", "duration", "buffer", "form", "place", "reception",
            "pupils_join", "pupils_from", "lead", "lead_checks", "booking_closes_days", "mode", "choosing_opens_at",
            "early_hours", "walking", "margin", "has_rooms", "interpreter_minutes",
            "reminder_days",
            "mail_per_child",
            "whom",
        ]  # fmt: skip
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "points": forms.Textarea(attrs={"rows": 7}),
            "lead": forms.RadioSelect,
            "mode": forms.RadioSelect,
            "whom": forms.RadioSelect,
            "choosing_opens_at": MomentInput(),
        }
        help_texts = {
            "duration": _l("Meestal 15 minuten. Te kort? Dan plan je een vervolggesprek."),
            "reception": _l("Wie vangt ouders op, waar wachten ze, is er koffie?"),
            "place": _l("Bijvoorbeeld: in het lokaal van de groep. Bij beeldbellen de link."),
            "pupils_from": _l("Eén keuze voor de hele school of het hele leerjaar."),
            "booking_closes_days": _l("Met 7 dagen weet iedereen het minstens een week van tevoren."),
            "choosing_opens_at": _l(
                "Leeg: meteen als de uitnodiging er is. Anders kiest iedereen vanaf hetzelfde moment."
            ),
            "early_hours": _l("Zij kunnen dan tijden vlak na elkaar vinden. 0: iedereen tegelijk."),
            "buffer": _l("Om op te schrijven wat is afgesproken, of even adem te halen."),
            "walking": _l("Tussen de gesprekken van broers en zussen. 0: geen."),
            "interpreter_minutes": _l("Zoveel langer duurt een gesprek met een tolk."),
            "margin": _l(
                "Zo valt er voor de laatste ouder ook nog iets te kiezen. Je ziet per leerkracht of het genoeg is."
            ),
            "mail_per_child": _l(
                "Anders krijgt elke ouder één uitnodiging over al haar kinderen. Gescheiden ouders krijgen er altijd elk een."
            ),
            "whom": _l(
                "Wie het vraagt, zie je bij Aanvragen. Bij een advies na de toets kies jij de leerlingen op de pagina van de ronde."
            ),
            "has_rooms": _l("Leerkrachten kiezen dan een lokaal bij hun tijden. Nooit twee gesprekken in één lokaal."),
        }

    def __init__(self, *args, soort, groepen, colleagues=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.soort, self.year_groepen = soort, list(groepen)
        self.fields["groepen"].queryset = groepen
        self.fields["groepen"].required = bool(self.year_groepen)
        self.fields["groepen"].error_messages["required"] = _l("Kies ten minste één groep.")
        self.fixed = fixed_fields(self.instance)
        self.fields["duration"].widget.attrs["min"] = 5
        rows = {row.groep_id: row for row in self.instance.ronde_groepen.all()} if self.instance.pk else {}
        self.add_duos(rows)
        if soort.is_advice:
            self.add_colleagues(colleagues, rows)
        for name, field in self.fields.items():
            field.disabled = name != "seen_version" and bool({"*", setting_of(name)} & self.fixed)
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.version

    def add_colleagues(self, colleagues, rows):
        """One by name for a group, or a pool from which somebody is picked with the time."""
        choices = [("", _l("iemand uit de lijst hieronder"))] + [(c.pk, c.person.name) for c in colleagues]
        for groep in self.year_groepen:
            self.fields[f"tweede_{groep.pk}"] = forms.TypedChoiceField(
                label=_("Tweede collega van %(groep)s") % {"groep": groep.name},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.initial[f"tweede_{groep.pk}"] = rows[groep.pk].tweede_collega_id if groep.pk in rows else None
        self.fields["colleague_pool"] = RowsField(
            queryset=colleagues,
            label=_("Wie kunnen er tweede collega zijn?"),
            help_text=_("Wie op de gekozen tijd kan, wordt gekozen. Zo spreiden jullie het."),
            widget=checkboxes(),
            required=False,
        )
        self.fields["colleague_pool"].label_from_instance = lambda medewerker: medewerker.person.name
        if self.instance.pk:
            self.initial["colleague_pool"] = [m.pk for m in self.instance.colleague_pool.all()]

    def add_duos(self, rows):
        """How two teachers share their group; asked only of groups with two."""
        for groep in self.year_groepen:
            if len(groep.lesgeven.all()) > 1:
                name = f"duo_{groep.pk}"
                self.fields[name] = forms.ChoiceField(
                    label=_("Twee leerkrachten in %(groep)s") % {"groep": groep.name}, choices=RondeGroep.Duo.choices
                )
                self.fields[name].required = False
                self.initial[name] = rows[groep.pk].duo if groep.pk in rows else RondeGroep.Duo.EITHER

    def groep_rows(self):
        """(group, its checkbox, the fields about it) in the order of the school."""
        boxes = {str(box.data["value"]): box for box in self["groepen"]}
        for groep in self.year_groepen:
            names = [f"tweede_{groep.pk}", f"duo_{groep.pk}"]
            yield groep, boxes[str(groep.pk)], [self[name] for name in names if name in self.fields]

    def has_groep_fields(self):
        return any(name.startswith(("tweede_", "duo_")) for name in self.fields)

    def unfolded(self):
        """The folds that are open: something in them was set or is wrong."""
        return [fold for fold, names in self.FOLDED.items() if any(self.is_special(name) for name in names)]

    def is_special(self, name):
        default = Ronde._meta.get_field(name).get_default()
        typed = self[name].value()
        ordinary = typed in (None, "", default, str(default)) or (name == "interpreter_minutes" and not self.is_bound)
        return bool(self[name].errors) or not ordinary

    @property
    def tweede_collegas(self):
        if not self.soort.is_advice:
            return None
        return {g.pk: self.cleaned_data.get(f"tweede_{g.pk}") for g in self.cleaned_data["groepen"]}

    @property
    def duos(self):
        """{groep_id: a RondeGroep.Duo} of the chosen groups that were asked."""
        asked = {g.pk: self.cleaned_data.get(f"duo_{g.pk}") for g in self.cleaned_data["groepen"]}
        return {pk: duo for pk, duo in asked.items() if duo}

    @property
    def colleague_pool(self):
        """The Medewerkers of the pool, or None where the kind has no second colleague."""
        return list(self.cleaned_data["colleague_pool"]) if self.soort.is_advice else None

    @property
    def settings(self):
        """What goes to the verb: the ronde's own fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def setting_of(field_name):
    """The ronde's setting that a field of the form is about."""
    prefixes = {"tweede_": "tweede_collegas", "duo_": "duos"}
    return next((what for prefix, what in prefixes.items() if field_name.startswith(prefix)), field_name)
