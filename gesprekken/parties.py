"""Who sits together: one gesprek per pupil, or one per guardian who talks apart; and everybody who takes part."""

from collections import defaultdict

from gesprekken.models import Deelname, Gesprek
from school.models import Leerling, Relatie


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
    pairs = {}
    for row in ronde.ronde_groepen.select_related("groep"):
        pupils = Leerling.objects.filter(lidmaatschappen__groep=row.groep, left_on__isnull=True)
        for leerling in pupils.select_related("person"):
            pairs.setdefault(leerling.pk, (leerling, row.groep))
    return list(pairs.values())


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
    planned = [
        (Gesprek(school_id=ronde.school_id, ronde=ronde, leerling=leerling, groep=groep, party=party), guardians)
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
