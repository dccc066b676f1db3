"""Whom an invitation reaches and whom not: by mail, by letter, or not at all, and why."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q

from gesprekken.models import Deelname, Gesprek
from gesprekken.parties import leerlingen_of, split
from planning.models import Invitation
from planning.permissions import may_be_reached
from school import bounces
from school.models import Bounce, Leerling, Person, Relatie
from school.outbox import address_of


@dataclass
class Reached:
    """A guardian who is not simply mailed, with the children it is about."""

    person: Person
    children: list[str] = field(default_factory=list)

    @property
    def has_address(self):
        """She got a letter, or will, and could be mailed by now."""
        return bool(address_of(self.person))


@dataclass
class Reach:
    """For leadership: who gets it by mail (a number), the exceptions by name, and who gets none."""

    by_mail: int = 0
    no_address: list[Reached] = field(default_factory=list)
    came_back: list[Reached] = field(default_factory=list)
    restricted: int = 0  # guardians something keeps from a child; no more is said of it
    otherwise: int = 0  # guardians who hear afterwards, or only when they ask
    alone: list[Leerling] = field(default_factory=list)  # pupils nobody is invited for

    @property
    def by_letter(self):
        return len(self.no_address) + len(self.came_back)


def on_paper():
    """As Q: the invitations that go by letter, also because the address of the guardian returned our mail since."""
    returned = Bounce.objects.standing().filter(person=OuterRef("person"))
    return Q(channel=Invitation.Channel.LETTER) | Exists(returned)


def to_talk(ronde):
    """The guardians as they take part in gesprekken of this ronde that are still to come, and may be told of them."""
    return Deelname.objects.filter(
        may_be_reached(),
        gesprek__ronde=ronde,
        gesprek__cancelled_at__isnull=True,
        gesprek__held_on__isnull=True,
        as_role=Deelname.As.OUDER,
    )


def reach_of(ronde):
    """The Reach of this ronde's invitation: as it would be, or as it is once the ronde was opened.

    A fixed number of queries.
    """
    leerlingen, asked, on_letter = _before(ronde) if ronde.is_draft else _since(ronde)
    children = defaultdict(list)
    people = {}
    for person, leerling in asked:
        people[person.pk] = person
        children[person.pk].append(leerling.person.first_name)
    back = bounces.came_back(people.values())
    found = Reach(alone=_alone(leerlingen, asked))
    for pk, person in sorted(people.items(), key=lambda item: (item[1].last_name, item[1].first_name, item[0])):
        if pk in back:
            found.came_back.append(Reached(person, children[pk]))
        elif pk in on_letter or not address_of(person):
            found.no_address.append(Reached(person, children[pk]))
        else:
            found.by_mail += 1
    _count_the_others(found, leerlingen, people)
    return found


def _before(ronde):
    """(pupils, [(guardian, pupil)] who would be invited, nobody yet by letter)."""
    leerlingen = [leerling for leerling, _groep in leerlingen_of(ronde)]
    relaties = defaultdict(list)
    for relatie in (
        Relatie.objects.invited().filter(leerling__in=leerlingen).select_related("person__user").order_by("pk")
    ):
        relaties[relatie.leerling_id].append(relatie)
    asked = [
        (relatie.person, leerling)
        for leerling in leerlingen
        for party in split(relaties[leerling.pk]).values()
        for relatie in party
    ]
    return leerlingen, asked, set()


def _since(ronde):
    """The same of an opened ronde, with the ids of those whose invitation was made as a letter."""
    live = Gesprek.objects.filter(ronde=ronde, cancelled_at__isnull=True)
    leerlingen = list(
        Leerling.objects.filter(pk__in=live.values("leerling"))
        .select_related("person")
        .order_by("person__first_name", "person__last_name", "pk")
    )
    by_pk = {leerling.pk: leerling for leerling in leerlingen}
    rows = (
        Deelname.objects.filter(may_be_reached(), gesprek__in=live, as_role=Deelname.As.OUDER)
        .select_related("person__user")
        .annotate(leerling=F("gesprek__leerling"))
        .order_by("pk")
    )
    letters = Invitation.objects.filter(gesprek__in=live, channel=Invitation.Channel.LETTER)
    return (
        leerlingen,
        [(row.person, by_pk[row.leerling]) for row in rows],
        set(letters.values_list("person", flat=True)),
    )


def _alone(leerlingen, asked):
    accompanied = {leerling.pk for _person, leerling in asked}
    return [leerling for leerling in leerlingen if leerling.pk not in accompanied]


def _count_the_others(found, leerlingen, invited):
    known = Relatie.objects.filter(leerling__in=leerlingen, gone=False)
    reachable = set(Relatie.objects.reachable().filter(leerling__in=leerlingen).values_list("pk", "person"))
    within = {pk for pk, _person in reachable}
    found.restricted = len({person for pk, person in known.values_list("pk", "person") if pk not in within})
    found.otherwise = len({person for _pk, person in reachable} - set(invited))


def by_mail_by_now(ronde):
    """The invitations that wait to be printed as a letter, of guardians who have an address by now."""
    waiting = Invitation.objects.filter(
        may_be_reached(),
        gesprek__ronde=ronde,
        gesprek__cancelled_at__isnull=True,
        gesprek__held_on__isnull=True,
        channel=Invitation.Channel.LETTER,
        printed_at=None,
    ).select_related("person__user", "gesprek")
    rows = [row for row in waiting.order_by("pk") if address_of(row.person)]
    back = bounces.came_back(row.person for row in rows)
    return [row for row in rows if row.person_id not in back]
