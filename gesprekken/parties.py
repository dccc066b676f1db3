"""Who sits together: one gesprek per pupil, or one per guardian who talks apart; and everybody who takes part."""

from collections import defaultdict

from gesprekken.models import Deelname, Gesprek, RondeGroep
from school.models import Lesgeven, Lidmaatschap, Relatie


def split(relaties):
    """{party: [Relatie]} of one pupil. A guardian who talks apart is a party of her own, named by her id.

    Pure. A guardian who is the only one is no party apart; without any guardian there is still one party, empty.
    """
    if len(relaties) < 2:
        return {Gesprek.TOGETHER: list(relaties)}
    parties = defaultdict(list)
    for relatie in relaties:
        parties[str(relatie.person_id) if relatie.apart else Gesprek.TOGETHER].append(relatie)
    return dict(parties)


def leerlingen_of(ronde):
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
    teachers = deal_parts(ronde, pairs)
    planned = [
        (
            Gesprek(
                school_id=ronde.school_id,
                ronde=ronde,
                leerling=leerling,
                groep=groep,
                party=party,
                medewerker_id=teachers.get(leerling.pk),
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
        if ronde.pupil_joins(gesprek.groep.level):
            taking_part.append((gesprek, gesprek.leerling.person_id, Deelname.As.LEERLING))
        if gesprek.groep_id in colleagues:
            taking_part.append((gesprek, colleagues[gesprek.groep_id], Deelname.As.TWEEDE_COLLEGA))
    Deelname.objects.bulk_create(
        Deelname(school_id=ronde.school_id, gesprek=gesprek, person_id=person_id, as_role=role)
        for gesprek, person_id, role in taking_part
    )
    return planned
