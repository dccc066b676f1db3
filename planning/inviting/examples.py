"""Real families to try an invitation on: a few that differ, so that a text is read as all kinds of parents will read it."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from gesprekken.models import Gesprek, Ronde
from planning.around.languages import language_name
from planning.emails import choosing_closes_on, reachable_gesprekken
from planning.inviting import invitations, wording
from planning.inviting.filling import fill
from planning.times.choosing import opens_for
from school.models import Groep, Person, Relatie

MOST = 8  # a list to choose from, no search


@dataclass
class Family:
    """One guardian with the children she would be asked for."""

    person: Person
    relaties: list[Relatie] = field(default_factory=list)

    @property
    def pk(self):
        return self.person.pk

    @property
    def children(self):
        return [relatie.leerling for relatie in self.relaties]

    @property
    def kinds(self):
        """What makes this family another than the others, as words."""
        return [
            *([_("meer kinderen")] if len(self.relaties) > 1 else []),
            *([_("ouders praten apart")] if any(relatie.apart for relatie in self.relaties) else []),
            *([self.language] if self.person.language != "nl" else []),
            *([_("met een tolk")] if any(relatie.interpreter for relatie in self.relaties) else []),
            *([] if self.person.email else [_("een brief")]),
        ]

    @property
    def language(self):
        return str(language_name(self.person.language))

    def __str__(self):
        children = wording.and_list(child.person.first_name for child in self.children)
        kinds = ", ".join(self.kinds)
        return f"{self.person.name} ({children}{'; ' if kinds else ''}{kinds})"


def pick(relaties):
    """At most MOST families out of these Relaties: the first, and of each kind the first that shows it."""
    families = {}
    for relatie in relaties:
        families.setdefault(relatie.person_id, Family(relatie.person)).relaties.append(relatie)
    picked, seen = [], set()
    for family in families.values():
        kinds = set(family.kinds)
        if not picked or kinds - seen:
            picked.append(family)
            seen |= kinds
    return picked[:MOST]


def groepen_for(ronde):
    """The groups of this ronde; where there are none yet those of the school's newest year."""
    if ronde.pk and ronde.groepen.exists():
        return ronde.groepen.all()
    newest = Groep.objects.filter(school=ronde.school, gone=False).order_by("-schooljaar__starts_on").first()
    return Groep.objects.filter(schooljaar=newest.schooljaar_id, gone=False) if newest else Groep.objects.none()


def ronde_for(about):
    """The ronde to try it with: itself, the soort's last, or one as the soort proposes it, that exists nowhere."""
    if isinstance(about, Ronde):
        return about
    last = about.rondes.select_related("school", "soort").order_by("-starts_on").first()
    if last:
        return last
    begin = timezone.localdate() + timedelta(days=4 * settings.WEEK_AHEAD_DAYS)
    return Ronde(
        school=about.school,
        soort=about,
        name=about.name,
        starts_on=begin,
        ends_on=begin + timedelta(days=4),
        duration=about.duration,
        purpose=about.purpose,
        points=about.points,
        pupils_from=about.school.pupils_from,
    )


def fill_for(ronde, family, subject, body, language, *, short=False):
    """This text as that family would read it in this language. Returns Written; `{link}` is still in it."""
    with override(language):
        values = values_of(ronde, family)
        return fill(subject, body, invitations.fitting(values) if short else values)


def values_of(ronde, family):
    if family is None:
        return _nobody(ronde)
    gesprekken = list(reachable_gesprekken(family.person, ronde=ronde)) if ronde.pk else []
    gesprekken = gesprekken or [_to_be(ronde, relatie) for relatie in family.relaties]
    names = [gesprek.leerling.person.first_name for gesprek in gesprekken]
    asked = any(relatie.interpreter for relatie in family.relaties)
    made = gesprekken[0].pk is not None
    opens = _opens(ronde, family.person, made, several=len(names) > 1)
    return invitations.values_for(
        ronde,
        guardian_name=family.person.name,
        children=names,
        invited=[g.leerling.person.first_name for g in gesprekken if ronde.pupil_joins(g.groep.level)],
        joining=wording.who_joins(gesprekken) if made else _joining(ronde, gesprekken),
        closes_on=choosing_closes_on(ronde),
        gesprekken=gesprekken if made else (),
        opens_at=opens if opens and opens > timezone.now() else None,
        interpreter=wording.looking_for_interpreter() if asked and not made else "",
    )


def _opens(ronde, person, made, *, several):
    """From when this family chooses, also in a ronde in which it has no gesprekken yet."""
    if ronde.choosing_opens_at is None or ronde.is_wishing:
        return None
    early = timedelta(hours=ronde.early_hours if several else 0)
    return opens_for(person, ronde) if made else ronde.choosing_opens_at - early


def _to_be(ronde, relatie):
    """The gesprek this pupil will have once the ronde is open; it is not kept."""
    groepen = relatie.leerling.groepen.order_by("-schooljaar__starts_on")
    mine = groepen.filter(ronde_groepen__ronde=ronde).first() if ronde.pk else None
    return Gesprek(ronde=ronde, leerling=relatie.leerling, groep=mine or groepen.first())


def _joining(ronde, gesprekken):
    """Teachers, and the second colleague of the group, as they will take part."""
    names = {}
    for gesprek in gesprekken:
        rows = gesprek.groep.lesgeven.select_related("medewerker__person")
        names |= dict.fromkeys(les.medewerker.person.name for les in rows)
        if ronde.pk:
            along = ronde.ronde_groepen.filter(groep=gesprek.groep, tweede_collega__isnull=False)
            names |= dict.fromkeys(row.tweede_collega.person.name for row in along)
    return list(names) or [_("de leerkracht")]


def _nobody(ronde):
    """There is no family yet: names that nobody has."""
    return invitations.values_for(
        ronde,
        guardian_name=_("mevrouw Jansen"),
        children=[_("Sam")],
        invited=[_("Sam")] if ronde.pupils_join else [],
        joining=[_("de leerkracht")],
        closes_on=choosing_closes_on(ronde),
    )
