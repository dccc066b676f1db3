"""Fills an empty database with schools that have three years of gesprekken behind them. Prints what a client needs, as JSON.

Usage: python -m config.bench.three_years SCHOOLS PUPILS_PER_SCHOOL

One school is made row by row from a seed: families, rondes, invitations, times, records, agreements and what became of
them, feedback, who took part. The others are copies of it that the database makes itself, a table at a time, so that
a million rows are there in the time of a cup of coffee. Nobody's name is anybody's.
"""

import json
import random
import sys
from datetime import datetime, time, timedelta

SEED, YEARS, PER_GROUP, BATCH = 1115, 3, 25, 2000
APART = 10_000_000  # between the keys of one school and the next
LEVELS = ("1", "2", "3", "4", "5", "6", "7", "8")
# (kind, days after the start of the year, pupils lead, by wishes)
RONDES = (("startgesprek", 20, False, False), ("voortgangsgesprek", 90, False, True), ("ontwikkelingsgesprek-1", 160, True, False), ("ontwikkelingsgesprek-2", 225, False, True))  # fmt: skip
ASKED = ("gaat-goed", "interesses", "later")  # codes of questions beforehand
BEGAN = 200  # so many days ago the present year began: two rondes are over, one is halfway, one still comes


class Filled:
    """The first school, table after table; `made` keeps what was made by its model."""

    def __init__(self, pupils):
        from django.utils import timezone

        self.dice, self.pupils, self.today = random.Random(SEED), pupils, timezone.localdate()
        self.order = []

    def rows(self, model, rows):
        """Keep these rows; remembers the order in which tables were filled, which is that of their references."""
        if model not in self.order:
            self.order.append(model)
        return model.objects.bulk_create(list(rows), batch_size=BATCH)

    def chance(self, share):
        return self.dice.random() < share

    def moment(self, day, hour=15, minute=0):
        return datetime.combine(day, time(hour, minute), tzinfo=self.school.zone)

    def build(self):
        from school.models import School

        self.school = School.objects.create(slug="bench0", name="School 0")
        self.people()
        for back in reversed(range(YEARS)):
            self.year(back)
        return self.school

    def people(self):
        from school.models import Leerling, Medewerker, Person, Relatie, Rol

        def persons(name, count):
            return self.rows(
                Person,
                (
                    Person(school=self.school, first_name=name, last_name=f"Proef{n}", email=f"{name}{n}@x.example")
                    for n in range(count)
                ),
            )

        self.groups = -(-self.pupils // PER_GROUP)
        staff = persons("Juf", self.groups + self.groups // 4 + 1)
        self.staff = self.rows(Medewerker, (Medewerker(school=self.school, person=person) for person in staff))
        self.rows(Rol, [Rol(school=self.school, person=staff[0], soort="leiding")])
        self.leader = staff[0]
        children = persons("Kind", self.pupils)
        self.children = self.rows(
            Leerling, (Leerling(school=self.school, person=p, key=f"L{n}") for n, p in enumerate(children))
        )
        self.mothers, self.fathers = persons("Moeder", self.pupils), persons("Vader", self.pupils)
        pairs = zip(self.children, self.mothers, self.fathers, strict=True)
        self.rows(Relatie, (Relatie(school=self.school, leerling=c, person=p) for c, *both in pairs for p in both))
        self.family = dict(zip(self.children, zip(self.mothers, self.fathers, strict=True), strict=True))

    def year(self, back):
        from gesprekken.models import Activiteit, Jaarplan, Question, Ronde, RondeGroep, Soort
        from school.models import Groep, Lesgeven, Lidmaatschap, Schooljaar

        starts = self.today - timedelta(days=BEGAN + 365 * back)
        [year] = self.rows(
            Schooljaar, [Schooljaar(school=self.school, starts_on=starts, ends_on=starts + timedelta(days=364))]
        )
        groepen = self.rows(
            Groep,
            (
                Groep(school=self.school, schooljaar=year, key=f"G{n}", name=f"Groep {level}-{n}", jaargroep=level)
                for n in range(self.groups)
                for level in [LEVELS[n * len(LEVELS) // self.groups]]
            ),
        )
        duo = [(g, self.staff[1 + n]) for n, g in enumerate(groepen)]
        duo += [
            (g, self.staff[1 + self.groups + n // 4])
            for n, g in enumerate(groepen)
            if n % 4 == 0 and n // 4 < self.groups // 4
        ]
        self.rows(Lesgeven, (Lesgeven(school=self.school, groep=g, medewerker=m) for g, m in duo))
        classes = [(child, groepen[(n + back) % self.groups]) for n, child in enumerate(self.children)]
        self.rows(Lidmaatschap, (Lidmaatschap(school=self.school, leerling=c, groep=g) for c, g in classes))
        [plan] = self.rows(Jaarplan, [Jaarplan(school=self.school, schooljaar=year)])
        self.rows(
            Activiteit,
            (
                Activiteit(school=self.school, jaarplan=plan, soort=soort, name=soort, on=starts + timedelta(days=days))
                for soort, days in (("informatieavond", 30), ("inloop", 60), ("huiswerk", 150), ("inloop", 240))
            ),
        )
        if not Soort.objects.exists():
            self.soorten = self.rows(Soort, (Soort(school=self.school, code=code, name=code) for code, *_ in RONDES))
            self.questions = self.rows(
                Question,
                (
                    Question(school=self.school, soort_code=soort.code, audience=who, code=code, number=n, text=code)
                    for soort in self.soorten
                    for who in ("ouder", "leerling", "leerkracht")
                    for n, code in enumerate(ASKED)
                ),
            )
        for soort, (_code, days, leads, wishes) in zip(self.soorten, RONDES, strict=True):
            first = starts + timedelta(days=days)
            [ronde] = self.rows(
                Ronde,
                [
                    Ronde(
                        school=self.school, schooljaar=year, soort=soort, name=f"{soort.code} {year}",
                        state="open" if first + timedelta(days=14) > self.today else "closed", starts_on=first,
                        ends_on=first + timedelta(days=9), lead="leerling" if leads else "leerkracht",
                        mode="wishes" if wishes else "first_come", opened_at=self.moment(first - timedelta(days=30)),
                    )
                ],
            )  # fmt: skip
            self.rows(RondeGroep, (RondeGroep(school=self.school, ronde=ronde, groep=g) for g in groepen))
            self.ronde(ronde, classes, dict(duo))

    def ronde(self, ronde, classes, teacher):
        from gesprekken.models import Deelname, Gesprek
        from planning.models import Booking, Invitation, WeekException, Wish

        school, opened = self.school, ronde.opened_at
        days = [ronde.starts_on + timedelta(days=n) for n in range(10)]
        gesprekken = []
        for child, groep in classes:
            day = self.dice.choice(days)
            held = day if day < self.today and self.chance(0.93) else None
            gesprekken.append(Gesprek(school=school, ronde=ronde, leerling=child, groep=groep, held_on=held))
        gesprekken = self.rows(Gesprek, gesprekken)
        family = self.family
        taking = []
        for g in gesprekken:
            for person in family[g.leerling]:
                taking.append((g, person, "ouder", bool(g.held_on) and self.chance(0.8), None))
            there = None if g.held_on is None or self.chance(0.1) else self.chance(0.7)
            taking.append((g, g.leerling.person, "leerling", there, bool(there) and self.chance(0.8)))
            taking.append((g, teacher[g.groep].person, "leerkracht", g.held_on is not None, None))
        self.rows(
            Deelname,
            (Deelname(school=school, gesprek=g, person=p, as_role=r, attended=a, spoke=s) for g, p, r, a, s in taking),
        )
        self.rows(
            Invitation,
            (
                Invitation(
                    school=school, gesprek=g, person=p, channel="mail", created_at=opened,
                    call_me_at=opened if self.chance(0.02) else None,
                )
                for g in gesprekken if self.chance(0.99) for p in family[g.leerling]
            ),
        )  # fmt: skip
        timed = [g for g in gesprekken if g.held_on or self.chance(0.7)]
        late = {g.pk for g in timed if self.chance(0.06)}
        self.rows(
            Booking,
            (
                Booking(
                    school=school, gesprek=g, medewerker=teacher[g.groep], starts_at=at, ends_at=at + timedelta(minutes=15),
                    chosen_by_guardian=self.chance(0.8), created_at=at - timedelta(days=2 if g.pk in late else 15),
                )
                for g in timed for at in [self.moment(g.held_on or days[0], 15 + n % 3, 15 * (n % 4)) for n in [self.dice.randrange(12)]]
            ),
        )  # fmt: skip
        self.rows(
            WeekException,
            (
                WeekException(school=school, ronde=ronde, gesprek_id=pk, on=days[0], what="planned", reason="Ziek.")
                for pk in sorted(late) if self.chance(0.3)
            ),
        )  # fmt: skip
        if ronde.mode == "wishes":
            self.rows(
                Wish,
                (
                    Wish(school=school, ronde=ronde, person=both[0], on=day, part="15-18", can="yes")
                    for both in family.values() if self.chance(0.8) for day in days[:5]
                ),
            )  # fmt: skip
        self.afterwards(ronde, [g for g in gesprekken if g.held_on])

    def prepared(self, ronde, held):
        """What pupils and one of their parents laid on the table beforehand."""
        from gesprekken.models import Answer, Bespreekpunt, Visibility, Voorbereiding

        school, table = self.school, Visibility.TABLE
        by = [(g, g.leerling.person, "leerling") for g in held if self.chance(0.6)]
        by += [(g, self.family[g.leerling][0], "ouder") for g in held if self.chance(0.4)]
        done = self.rows(
            Voorbereiding,
            (
                Voorbereiding(school=school, gesprek=g, person=person, audience=who, saved_at=ronde.opened_at)
                for g, person, who in by
            ),
        )
        asked = [question for question in self.questions if question.soort_code == ronde.soort.code]
        self.rows(
            Answer,
            (
                Answer(school=school, voorbereiding=v, question=question, text="Ja.", visibility=table)
                for v in done for question in asked if question.audience == v.audience and self.chance(0.7)
            ),
        )  # fmt: skip
        self.rows(
            Bespreekpunt,
            (
                Bespreekpunt(school=school, gesprek=v.gesprek, person=v.person, text="Lezen", visibility=table,
                             created_at=ronde.opened_at, discussed=self.chance(0.8))
                for v in done if self.chance(0.3)
            ),
        )  # fmt: skip

    def afterwards(self, ronde, held):
        from gesprekken.models import Agreement, Feedback, Outcome, Verslag

        school = self.school
        self.prepared(ronde, held)
        verslagen = self.rows(
            Verslag,
            (
                Verslag(
                    school=school, gesprek=g, state="final", about_child="Het gaat goed.", finalised_at=self.moment(g.held_on, 20),
                    at_home="Lezen" if self.chance(0.5) else "", interests="Treinen" if self.chance(0.4) else "",
                    released_at=self.moment(g.held_on, 21) if self.chance(0.9) else None,
                )
                for g in held if self.chance(0.85)
            ),
        )  # fmt: skip
        given = Verslag.released_to.through
        self.rows(
            given,
            (
                given(verslag=v, person=person)
                for v in verslagen if v.released_at for person in self.family[v.gesprek.leerling] if self.chance(0.9)
            ),
        )  # fmt: skip
        shares = (["school"], ["ouder"], ["leerling", "ouder"], ["school", "ouder", "leerling"], [])
        agreements = self.rows(
            Agreement,
            (
                Agreement(
                    school=school, gesprek=v.gesprek, verslag=v, who="Samen", what="Elke dag lezen", shares=self.dice.choice(shares),
                    evaluate_on=v.gesprek.held_on + timedelta(days=60),
                )
                for v in verslagen for _ in range(self.dice.choice((0, 1, 1, 2)))
            ),
        )  # fmt: skip
        self.rows(
            Outcome,
            (
                Outcome(school=school, agreement=a, state=self.dice.choice(("done", "done", "changed", "not_done")), at=self.moment(a.evaluate_on))
                for a in agreements if a.evaluate_on < self.today and self.chance(0.6)
            ),
        )  # fmt: skip
        self.rows(
            Feedback,
            (
                Feedback(
                    school=school, about="gesprek", as_role=role, schooljaar=ronde.schooljaar, ronde=ronde, groep=g.groep,
                    answers={asked: self.dice.choice((3, 3, 3, 2, 1)) for asked in ("pleasant", "heard", "clear")},
                )
                for g in held for role, share in (("ouder", 0.5), ("leerling", 0.3)) if self.chance(share)
            ),
        )  # fmt: skip


def copy(filled, number):
    """The same school once more: every row with its keys so much further."""
    from django.db import connection

    from school.models import School, User

    school = School.objects.create(pk=filled.school.pk + number * APART, slug=f"bench{number}", name=f"School {number}")
    quote = connection.ops.quote_name
    random_key = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"

    def copied(field):
        column = quote(field.column)
        if field.primary_key and field.get_internal_type() == "UUIDField":
            return random_key
        if field.many_to_one or field.one_to_one:
            return "NULL" if field.related_model is User else f"{column} + {number * APART}"
        return f"{column} + {number * APART}" if field.primary_key else column

    with connection.cursor() as cursor:
        for model in filled.order:
            fields = model._meta.concrete_fields
            columns = ", ".join(quote(field.column) for field in fields)
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({columns}) "
                f"SELECT {', '.join(map(copied, fields))} FROM {quote(model._meta.db_table)} "
                f"WHERE {'id' if model._meta.auto_created else 'school_id'} < {APART}"
            )
    return school


def sign_in(person):
    """A session of this member of staff. Returns its key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from school.models import Person, User

    user = User.objects.create(email="leiding@bench.example")
    Person.objects.filter(pk=person.pk).update(user=user)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def build(schools, pupils):
    from gesprekken.models import Gesprek
    from school.models import Leerling, School, Schooljaar

    filled = Filled(pupils)
    school = filled.build()
    for number in range(1, schools):
        copy(filled, number)
    return {
        "session": sign_in(filled.leader),
        "years": list(Schooljaar.objects.filter(school=school).order_by("starts_on").values_list("pk", flat=True)),
        "schools": School.objects.count(),
        "pupils": Leerling.objects.count(),
        "gesprekken": Gesprek.objects.count(),
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command
    from django.db import connection, transaction

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    with transaction.atomic():
        answer = build(int(sys.argv[1]), int(sys.argv[2]))
    if connection.vendor == "postgresql":  # as its own housekeeping does within minutes
        connection.cursor().execute("ANALYZE")
    print(json.dumps(answer))
