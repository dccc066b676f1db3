"""Who sits together: one gesprek per pupil, or one per guardian who talks apart; and everybody who takes part."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F

from gesprekken.models import (
    Aanvraag,
    Answer,
    Bespreekpunt,
    Deelname,
    Gesprek,
    Ronde,
    RondeGroep,
    Verslag,
    Visibility,
    Voorbereiding,
    WorkingNote,
)
from school.models import Lesgeven, Lidmaatschap, Relatie

FAMILY = [Deelname.As.OUDER, Deelname.As.LEERLING, Deelname.As.ACHTERAF]


class SplitRefused(Exception):
    """The gesprekken cannot be divided anew without losing something. `reason` is one of REASONS."""

    REASONS = (
        "recorded",  # something was written down in one of them
        "prepared_twice",  # somebody prepared both gesprekken that would become one
        "has_a_time",  # the gesprek that would go has a time
    )

    def __init__(self, reason, gesprek):
        assert reason in self.REASONS
        self.reason, self.gesprek = reason, gesprek
        super().__init__(reason)


def split(relaties):
    """{party: [Relatie]} of one pupil. A guardian who talks apart is a party of her own, named by her id.

    Pure. A guardian who is the only one is no party apart; without any guardian there is still one party, empty.
    Who hears afterwards is in no party, unless nobody else is left to talk.
    """
    talking = [relatie for relatie in relaties if not relatie.afterwards] or list(relaties)
    if len(talking) < 2:
        return {Gesprek.TOGETHER: talking}
    parties = defaultdict(list)
    for relatie in talking:
        parties[str(relatie.person_id) if relatie.apart else Gesprek.TOGETHER].append(relatie)
    return dict(parties)


def hearing_afterwards(relaties):
    """The Relaties of this pupil that are in no party. Pure."""
    talking = {relatie.pk for party in split(relaties).values() for relatie in party}
    return [relatie for relatie in relaties if relatie.pk not in talking]


def leerlingen_of(ronde):
    """Whose gesprekken there are, or will be: all pupils of its groups, or those it was granted for (C2).

    As (Leerling, Groep) pairs, each pupil once, without who left.
    """
    pairs = leerlingen_in_groepen(ronde)
    if ronde.whom == Ronde.Whom.EVERYBODY:
        return pairs
    granted = set(granted_in(ronde).values_list("leerling", flat=True))
    return [pair for pair in pairs if pair[0].pk in granted]


def granted_in(ronde):
    """The Aanvragen that were granted in this ronde."""
    return Aanvraag.objects.filter(ronde=ronde, answer=Aanvraag.Answer.PLANNED)


def leerlingen_in_groepen(ronde):
    """The pupils of the ronde's groups who did not leave, as (Leerling, Groep) pairs, each pupil once."""
    rows = (
        Lidmaatschap.objects.filter(groep__ronde_groepen__ronde=ronde, leerling__left_on__isnull=True)
        .select_related("leerling__person", "groep")
        .order_by(
            "groep__jaargroep", "groep__name", "leerling__person__first_name", "leerling__person__last_name", "pk"
        )
    )
    pairs = {}
    for row in rows:
        pairs.setdefault(row.leerling_id, (row.leerling, row.groep))
    return list(pairs.values())


def deal(leerlingen, teachers, have=None):
    """{leerling: teacher}: each next pupil goes to who has fewest, so that names alternate. Pure."""
    load = {teacher: (have or {}).get(teacher, 0) for teacher in teachers}
    dealt = {}
    for leerling in leerlingen:
        dealt[leerling] = min(teachers, key=load.__getitem__)
        load[dealt[leerling]] += 1
    return dealt


def deal_parts(ronde, pairs):
    """{leerling_id: medewerker_id} where each teacher of a group has a part of it: by name, in turn.

    Pupils who arrive later go to the teacher who has fewest.
    """
    divided = ronde.ronde_groepen.filter(duo=RondeGroep.Duo.PARTS).values("groep")
    teachers = defaultdict(list)
    rows = Lesgeven.objects.filter(groep__in=divided, medewerker__left_on__isnull=True)
    for groep_pk, pk in rows.order_by("medewerker__person__last_name", "pk").values_list("groep", "medewerker"):
        teachers[groep_pk].append(pk)
    have = defaultdict(lambda: defaultdict(int))
    for groep_pk, pk in ronde.gesprekken.filter(groep__in=teachers).values_list("groep", "medewerker"):
        have[groep_pk][pk] += 1
    pupils = defaultdict(list)
    for leerling, groep in sorted(pairs, key=lambda pair: (pair[0].person.first_name, pair[0].person.last_name)):
        pupils[groep.pk].append(leerling.pk)
    dealt = {}
    for groep_pk, theirs in teachers.items():
        dealt |= deal(pupils[groep_pk], theirs, have[groep_pk])
    return dealt


def create_gesprekken(ronde, pairs):
    """Gesprekken and their participants for these (Leerling, Groep) pairs. Returns [(Gesprek, [Relatie])].

    A fixed number of statements, whatever the number of pupils. Pupils who have a gesprek in this ronde are skipped.
    """
    have = set(ronde.gesprekken.values_list("leerling_id", flat=True))
    pairs = [(leerling, groep) for leerling, groep in pairs if leerling.pk not in have]
    relaties = defaultdict(list)
    for relatie in (
        Relatie.objects.invited().filter(leerling__in=[leerling for leerling, _ in pairs]).select_related("person")
    ):
        relaties[relatie.leerling_id].append(relatie)
    teachers, before = deal_parts(ronde, pairs), asked_to_follow(ronde)
    planned = [
        (
            Gesprek(
                school_id=ronde.school_id,
                ronde=ronde,
                leerling=leerling,
                groep=groep,
                party=party,
                medewerker_id=teachers.get(leerling.pk),
                follows=before_party(before.get(leerling.pk), party),
            ),
            guardians,
        )
        for leerling, groep in pairs
        for party, guardians in split(relaties[leerling.pk]).items()
    ]
    Gesprek.objects.bulk_create([gesprek for gesprek, _ in planned])
    colleagues = {
        row.groep_id: row.tweede_collega.person_id
        for row in ronde.ronde_groepen.filter(tweede_collega__isnull=False).select_related("tweede_collega")
    }
    taking_part = []
    for gesprek, guardians in planned:
        taking_part += [(gesprek, relatie.person_id, Deelname.As.OUDER) for relatie in guardians]
        later = hearing_afterwards(relaties[gesprek.leerling_id])
        taking_part += [(gesprek, relatie.person_id, Deelname.As.ACHTERAF) for relatie in later]
        if ronde.pupil_joins(gesprek.groep.level):
            taking_part.append((gesprek, gesprek.leerling.person_id, Deelname.As.LEERLING))
        if gesprek.groep_id in colleagues:
            taking_part.append((gesprek, colleagues[gesprek.groep_id], Deelname.As.TWEEDE_COLLEGA))
    Deelname.objects.bulk_create(
        Deelname(school_id=ronde.school_id, gesprek=gesprek, person_id=person_id, as_role=role)
        for gesprek, person_id, role in taking_part
    )
    return planned


def asked_to_follow(ronde):
    """{leerling_id: the gesprek that was too short}, as it stood with what was granted in this ronde."""
    if ronde.whom == Ronde.Whom.EVERYBODY:
        return {}
    rows = granted_in(ronde).filter(follows__isnull=False, follows__leerling=F("leerling")).select_related("follows")
    return {row.leerling_id: row.follows for row in rows.order_by("answered_at", "pk")}


def before_party(gesprek, party):
    """This gesprek, unless it was with a guardian apart and `party` is another who talks apart. Pure."""
    if gesprek is None or Gesprek.TOGETHER in (party, gesprek.party) or gesprek.party == party:
        return gesprek
    return None


# --- dividing anew ---------------------------------------------------------------------------------------------------


@dataclass
class Divided:
    """What changed about one pupil in one ronde: ids of people per gesprek, before and after."""

    live: list[Gesprek]
    made: list[Gesprek] = field(default_factory=list)
    gone: list[Gesprek] = field(default_factory=list)
    before: dict[int, set[int]] = field(default_factory=dict)
    after: dict[int, set[int]] = field(default_factory=dict)
    later: set[int] = field(default_factory=set)

    @property
    def everybody(self):
        """The guardians it is about, as ids of people."""
        return set().union(*self.before.values(), *self.after.values(), self.later)

    def joined(self, gesprek):
        return self.after.get(gesprek.pk, set()) - self.before.get(gesprek.pk, set())

    def left(self, gesprek):
        return self.before.get(gesprek.pk, set()) - self.after.get(gesprek.pk, set())


def keepers(seated, parties, chosen):
    """{party: the gesprek that goes on for it}: those with a time first, for whoever chose that time. Pure.

    seated: {gesprek: {person}}. parties: {party: {person}}. chosen: {gesprek: person or None} where there is a time.
    """
    waiting, kept = dict(parties), {}
    for gesprek in sorted(seated, key=lambda pk: (pk not in chosen, pk)):
        fitting = [party for party, people in waiting.items() if people & seated[gesprek] or not seated[gesprek]]
        if fitting:
            best = max(fitting, key=lambda p: (chosen.get(gesprek) in waiting[p], len(waiting[p] & seated[gesprek])))
            kept[best] = gesprek
            del waiting[best]
    return kept


def divide(*, ronde, leerling, chosen, now):
    """Bring the gesprekken about one pupil in line with how its guardians talk now. Returns Divided, or None.

    `chosen`: {gesprek pk: pk of who chose its time, or None}. A pupil whose gesprek was held stays as it was. What
    somebody prepared goes with her; where more people sit at the table than she wrote for, only the teacher reads it.
    A gesprek that goes is marked as cancelled and stays. Raises SplitRefused; to be called inside a transaction.
    """
    gesprekken = list(
        Gesprek.objects.select_for_update()
        .filter(ronde=ronde, leerling=leerling, cancelled_at__isnull=True)
        .order_by("pk")
    )
    if not gesprekken or any(gesprek.is_held for gesprek in gesprekken):
        return None
    relaties = list(Relatie.objects.invited().filter(leerling=leerling))
    parties = {party: {r.person_id for r in members} for party, members in split(relaties).items()}
    later = {relatie.person_id for relatie in hearing_afterwards(relaties)}
    seated = {gesprek.pk: set() for gesprek in gesprekken}
    heard = set()
    for deelname in Deelname.objects.filter(gesprek__in=gesprekken, as_role__in=FAMILY):
        if deelname.as_role == Deelname.As.OUDER:
            seated[deelname.gesprek_id].add(deelname.person_id)
        elif deelname.as_role == Deelname.As.ACHTERAF:
            heard.add(deelname.person_id)
    if heard == later and sorted(map(sorted, seated.values())) == sorted(map(sorted, parties.values())):
        return None
    written = Verslag.objects.filter(gesprek__in=gesprekken).select_related("gesprek").first()
    if written:
        raise SplitRefused("recorded", written.gesprek)
    kept = keepers(seated, parties, chosen)
    return _reseat(gesprekken, parties, kept, seated, later, chosen, now)


def _reseat(gesprekken, parties, kept, seated, later, chosen, now):
    by_pk = {gesprek.pk: gesprek for gesprek in gesprekken}
    gone = [gesprek for gesprek in gesprekken if gesprek.pk not in kept.values()]
    for gesprek in gone:
        if gesprek.pk in chosen:
            raise SplitRefused("has_a_time", gesprek)
    _rename(by_pk, kept, gone, now)
    made = {party: _another(gesprekken[0], party) for party in parties if party not in kept}
    target = {party: by_pk[kept[party]] if party in kept else made[party] for party in parties}
    divided = Divided(
        live=list(target.values()),
        made=list(made.values()),
        gone=gone,
        before=seated,
        after={target[party].pk: people for party, people in parties.items()},
        later=later,
    )
    _seat(divided)
    _carry(divided)
    return divided


def _rename(by_pk, kept, gone, now):
    """Free every name first: two gesprekken may swap theirs. What is gone keeps no name that is needed again."""
    for gesprek in by_pk.values():
        Gesprek.objects.filter(pk=gesprek.pk).update(party=f"weg-{gesprek.pk}")
    Gesprek.objects.filter(pk__in=[gesprek.pk for gesprek in gone]).update(cancelled_at=now)
    for party, pk in kept.items():
        Gesprek.objects.filter(pk=pk).update(party=party)
        by_pk[pk].party = party


def _another(like, party):
    """A gesprek of its own for this party, with the same pupil and colleagues; place and time are still to be found."""
    gesprek = Gesprek.objects.create(
        school_id=like.school_id,
        ronde_id=like.ronde_id,
        leerling_id=like.leerling_id,
        groep_id=like.groep_id,
        medewerker_id=like.medewerker_id,
        party=party,
    )
    along = like.deelnames.filter(as_role__in=[Deelname.As.LEERLING, Deelname.As.TWEEDE_COLLEGA, Deelname.As.EXPERT])
    Deelname.objects.bulk_create(
        Deelname(school_id=row.school_id, gesprek=gesprek, person_id=row.person_id, as_role=row.as_role, what=row.what)
        for row in along
    )
    for chart in like.shown_charts.all():  # all parties see the same (docs/decisions/0087)
        chart.pk, chart.gesprek = None, gesprek
        chart.save(force_insert=True)
    return gesprek


def _seat(divided):
    guardians = Deelname.objects.filter(as_role__in=[Deelname.As.OUDER, Deelname.As.ACHTERAF])
    for gesprek in divided.live:
        people = divided.after[gesprek.pk]
        if (
            divided.before.get(gesprek.pk) != people
            and gesprek.place
            and gesprek.actual_form
            in (
                Ronde.Form.HOME,
                Ronde.Form.PHONE,
            )
        ):
            # an address or number of one of them is not for the other to see
            Gesprek.objects.filter(pk=gesprek.pk).update(place="")
        guardians.filter(gesprek=gesprek).exclude(person__in=people, as_role=Deelname.As.OUDER).delete()
        have = set(guardians.filter(gesprek=gesprek).values_list("person_id", flat=True))
        Deelname.objects.bulk_create(
            Deelname(school_id=gesprek.school_id, gesprek=gesprek, person_id=pk, as_role=role)
            for role, pks in ((Deelname.As.OUDER, people - have), (Deelname.As.ACHTERAF, divided.later))
            for pk in sorted(pks)
        )


def _carry(divided):
    """What was prepared goes to the gesprek of who wrote it; a wider circle than it was written for does not read it."""
    first = divided.live[0]
    home = {pk: gesprek for gesprek in divided.live for pk in divided.after[gesprek.pk]}
    home |= dict.fromkeys(divided.later, first)
    gone = {gesprek.pk for gesprek in divided.gone}
    everywhere = [gesprek.pk for gesprek in divided.live] + sorted(gone)
    for row in Voorbereiding.objects.filter(gesprek__in=everywhere).select_related("gesprek"):
        target = home.get(row.person_id) or (first if row.gesprek_id in gone else row.gesprek)
        if target.pk != row.gesprek_id:
            _move(row, target, Voorbereiding.objects.filter(person=row.person_id))
        wider = divided.after[target.pk] - divided.before.get(row.gesprek_id, set()) - {row.person_id}
        if row.audience != "leerkracht" and (wider or row.person_id in divided.later):
            Answer.objects.filter(voorbereiding=row).update(visibility=Visibility.TEACHER)
    for point in Bespreekpunt.objects.filter(gesprek__in=everywhere):
        target = home.get(point.person_id) or (first if point.gesprek_id in gone else None)
        wider = target and divided.after[target.pk] - divided.before.get(point.gesprek_id, set()) - {point.person_id}
        closed = {"visibility": Visibility.TEACHER} if wider or point.person_id in divided.later else {}
        if target and (closed or target.pk != point.gesprek_id):
            Bespreekpunt.objects.filter(pk=point.pk).update(gesprek=target, **closed)
    for note in WorkingNote.objects.filter(gesprek__in=gone).select_related("gesprek"):
        _move(note, first, WorkingNote.objects.filter(author=note.author_id))


def _move(row, target, of_the_same):
    if of_the_same.filter(gesprek=target).exists():
        raise SplitRefused("prepared_twice", row.gesprek)
    type(row).objects.filter(pk=row.pk).update(gesprek=target)
