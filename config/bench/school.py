"""Fills an empty database with a school on the evening a ronde opens. Prints what clients need, as JSON.

Usage: python -m config.bench.school FAMILIES

Groups of thirty pupils with two guardians each, a teacher with forty times per group, and every first guardian with
her page open. The first group is for looking: nobody claims there, so that its page keeps forty times.
"""

import json
import sys
from datetime import datetime, time, timedelta

PUPILS, SLOTS, MINUTES = 30, 40, 15
SECRET = "bench" * 6 + "ab"  # of the form cookie; the same for everybody, as it guards nothing here


def build(families):
    """The rows, in a fixed number of statements per table. Returns {"look": [...], "claim": [...]}."""
    from django.utils import timezone

    from gesprekken.models import Ronde, RondeGroep, Soort
    from school import schools
    from school.models import Schooljaar

    school = schools.found_school(name="De Meetlat")
    today = timezone.localdate()
    year = Schooljaar.objects.create(
        school=school, starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=160)
    )
    on = today + timedelta(days=21)
    ronde = Ronde.objects.create(
        school=school, schooljaar=year, soort=Soort.objects.filter(school=school).first(), name="Voortgangsgesprekken",
        state=Ronde.State.OPEN, starts_on=on, ends_on=on + timedelta(days=4), opened_at=timezone.now(),
        purpose="We bespreken hoe het met uw kind gaat.", duration=MINUTES,
    )  # fmt: skip
    groepen = -(-families // PUPILS) + 1
    teams = [team(school, year, n) for n in range(groepen)]
    RondeGroep.objects.bulk_create(RondeGroep(school=school, ronde=ronde, groep=groep) for groep, _ in teams)
    times = slots(school, ronde, teams, on)
    gesprekken = children(school, ronde, teams)
    sessions = open_pages(school, [row["guardian"] for row in gesprekken])
    found = [
        {"session": session, "gesprek": row["gesprek"], "slot": times[n // PUPILS][n % PUPILS]}
        for n, (row, session) in enumerate(zip(gesprekken, sessions, strict=True))
    ]
    return {"look": found[:PUPILS], "claim": found[PUPILS : PUPILS + families]}


def team(school, year, n):
    """A group and the one who teaches it."""
    from school.models import Groep, Lesgeven, Medewerker, Person

    groep = Groep.objects.create(school=school, schooljaar=year, key=f"G{n}", name=f"Groep 5-{n}", jaargroep="5")
    person = Person.objects.create(school=school, first_name="Saskia", last_name=f"Mulder{n}", email=f"s{n}@x.example")
    medewerker = Medewerker.objects.create(school=school, person=person)
    Lesgeven.objects.create(school=school, groep=groep, medewerker=medewerker, taak="STA")
    return groep, medewerker


def slots(school, ronde, teams, on):
    """Four days of ten times for every teacher. Returns a list of primary keys per group, in reading order."""
    from planning.models import Slot

    first = [datetime.combine(on + timedelta(days=day), time(15), tzinfo=school.zone) for day in range(4)]
    starts = [begin + timedelta(minutes=MINUTES * n) for begin in first for n in range(SLOTS // len(first))]
    made = Slot.objects.bulk_create(
        [
            Slot(school=school, ronde=ronde, medewerker=teacher, starts_at=at, ends_at=at + timedelta(minutes=MINUTES))
            for _, teacher in teams
            for at in starts
        ],
        batch_size=100,
    )
    return [[slot.pk for slot in made[n * SLOTS : (n + 1) * SLOTS]] for n in range(len(teams))]


def children(school, ronde, teams):
    """Pupils with two guardians and their gesprek. Returns dicts of the gesprek and the first guardian, group by group."""
    from gesprekken.models import Deelname, Gesprek
    from school.models import Leerling, Lidmaatschap, Person, Relatie

    def people(first_name, count):
        rows = [
            Person(school=school, first_name=first_name, last_name=f"Proef{n}", email=f"{first_name}{n}@x.example")
            for n in range(count)
        ]
        return Person.objects.bulk_create(rows, batch_size=100)

    def rows(model, generated):
        return model.objects.bulk_create(list(generated), batch_size=100)

    groepen = [groep for groep, _ in teams for _ in range(PUPILS)]
    pupils, mothers, fathers = (people(name, len(groepen)) for name in ("Kind", "Moeder", "Vader"))
    leerlingen = rows(Leerling, (Leerling(school=school, person=p, key=f"L{n}") for n, p in enumerate(pupils)))
    pairs = list(zip(leerlingen, groepen, strict=True))
    rows(Lidmaatschap, (Lidmaatschap(school=school, leerling=child, groep=groep) for child, groep in pairs))
    families = list(zip(leerlingen, mothers, fathers, strict=True))
    rows(Relatie, (Relatie(school=school, leerling=c, person=p) for c, *both in families for p in both))
    gesprekken = rows(Gesprek, (Gesprek(school=school, ronde=ronde, leerling=c, groep=g) for c, g in pairs))
    taking_part = [
        (gesprek, person, role)
        for gesprek, pupil, mother, father in zip(gesprekken, pupils, mothers, fathers, strict=True)
        for person, role in (
            (mother, Deelname.As.OUDER),
            (father, Deelname.As.OUDER),
            (pupil, Deelname.As.LEERLING),
        )
    ]
    rows(Deelname, (Deelname(school=school, gesprek=g, person=p, as_role=role) for g, p, role in taking_part))
    return [{"gesprek": g.pk, "guardian": p} for g, p in zip(gesprekken, mothers, strict=True)]


def open_pages(school, guardians):
    """A personal link for everybody, and the session that opening it makes. Returns the session keys."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from school import access
    from school.models import AccessLink

    expires = timezone.now() + timedelta(days=30)
    links = AccessLink.objects.bulk_create(
        [
            AccessLink(
                school=school,
                person=person,
                purpose=AccessLink.Purpose.PERSONAL,
                token_hash=access.hashed(f"bench {person.pk}"),
                expires_at=expires,
            )
            for person in guardians
        ],
        batch_size=100,
    )
    store = SessionStore()
    sessions = [
        Session(
            session_key=f"bench{link.person_id:027d}",
            session_data=store.encode(
                {"hat": "link", "link": link.pk, "link_person": link.person_id, "confirmed": False}
            ),
            expire_date=expires,
        )
        for link in links
    ]
    Session.objects.bulk_create(sessions, batch_size=100)
    return [session.session_key for session in sessions]


if __name__ == "__main__":
    import django
    from django.core.management import call_command
    from django.db import transaction

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    with transaction.atomic():
        answer = build(int(sys.argv[1]))
    print(json.dumps(answer))
