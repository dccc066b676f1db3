"""A believable school for the demo, always in the middle of its year.

Everybody in it is invented. People are written straight to the tables (an import would do the same); whatever happens
between them goes through the real verbs, at the moments it would have happened.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from config import (
    demo_afterwards,
    demo_development,
    demo_last_year,
    demo_leading,
    demo_practising,
    demo_rondes,
    demo_year,
)
from config.demo_kijkwijzer import ask_along, asked_to_look_along, look_back_on, looked_along
from gesprekken.year import cycle
from school.actor import ACCOUNT, Actor
from school.models import (
    Gezin,
    Groep,
    Leerling,
    Lesgeven,
    Lidmaatschap,
    Medewerker,
    Person,
    Relatie,
    Rol,
    Schooljaar,
    Toetsresultaat,
    User,
    VrijeDag,
)
from school.schools import found_school

PUPILS_PER_GROEP = 12

LEIDING = [
    ("Marijke", "", "Hoekstra", Rol.Soort.LEIDING, "Directeur"),
    ("Dewi", "", "Pranata", Rol.Soort.IB, "Intern begeleider"),
]
TEACHERS = [
    (1, "Loes", "", "Brinkman"), (2, "Fenne", "van", "Dalen"), (3, "Karin", "", "Zwart"), (3, "Joris", "", "Kamp"),
    (4, "Amina", "", "Bouali"), (5, "Wouter", "de", "Graaf"), (6, "Priya", "", "Soekhai"), (6, "Hanneke", "", "Vink"),
    (7, "Tim", "van der", "Laan"), (8, "Ruben", "", "Oosterhof"),
]  # fmt: skip
# (family name, prefix, language, first names of adults, first names of children)
FAMILIES = [
    ("Aksoy", "", "tr", "Zeynep Murat Gül Cem", "Defne Kerem Ela Emir Asya"),
    ("El Amrani", "", "ar", "Samira Youssef Naima Karim", "Inaya Bilal Yasmina Ilyas Nour"),
    ("Kowalczyk", "", "pl", "Agnieszka Marek Ewa Piotr", "Zosia Kuba Hania Antek Lena"),
    ("Bondarenko", "", "uk", "Olena Taras Iryna Bohdan", "Sofiya Danylo Mila Nazar Vira"),
    ("Okafor", "", "en", "Grace Samuel Ada Chidi", "Amara Zuri Kene Tobi Ife"),
    ("Jansma", "", "nl", "Marloes Bart Sietske Jelle", "Roos Stijn Fleur Gijs Lotte"),
    ("Leeuwen", "van", "nl", "Esther Mark Petra Dirk", "Sara Bram Evi Hugo Liv"),
    ("Wit", "de", "nl", "Nienke Jasper Chantal Rik", "Pien Teun Jet Mats Suze"),
    ("Ramdin", "", "nl", "Sunita Raj Anjali Vikash", "Kavya Aryan Meera Dev Tara"),
    ("Dongen", "van", "nl", "Ingrid Paul Femke Ruud", "Nina Lars Bo Mees Juul"),
    ("Visscher", "", "nl", "Tineke Gert Manon Stef", "Vera Job Isa Koen Mare"),
    ("Berg", "van den", "nl", "Anouk Niels Yvonne Frank", "Lina Timo Saar Boaz Yara"),
]  # fmt: skip


@dataclass
class Demo:
    """What has been built so far, and the dice that make every demo the same."""

    today: date
    school: object = None
    year: Schooljaar = None
    groepen: dict = field(default_factory=dict)
    dice: random.Random = field(default_factory=lambda: random.Random(20))

    def moment(self, days, hour=10, minute=0):
        """So many days from today, on the school's clock."""
        return datetime.combine(self.today + timedelta(days=days), time(hour, minute), tzinfo=self.school.zone)

    def monday(self, days):
        """The Monday on or after that day."""
        day = self.today + timedelta(days=days)
        return day + timedelta(days=-day.weekday() % 7)

    def actor(self, person):
        return Actor(person, ACCOUNT)

    @property
    def leiding(self):
        return self.actor(Person.objects.get(school=self.school, rollen__soort=Rol.Soort.LEIDING))


def build(*, say=lambda text: None, now=None):
    """Fill an empty database. Returns the School. `say` hears what is being done."""
    demo = Demo(today=timezone.localdate(now))
    say("de school en de mensen")
    demo.school = found_school(name="De Waterlelie", slug="waterlelie")
    type(demo.school).objects.filter(pk=demo.school.pk).update(
        phone="010 555 04 20", address="Plasweg 12, Rotterdam", reply_to="info@waterlelie.example"
    )
    demo.school.refresh_from_db()
    lay_out_year(demo)
    hire_staff(demo)
    enrol_families(demo)
    say("de ronde die al geweest is")
    teachers = {n: Person.objects.filter(medewerker__groepen=demo.groepen[n]).order_by("pk").first() for n in (5, 8)}
    done = demo_rondes.plan_done(demo)
    along = asked_to_look_along(done, teachers[5], teachers[8], demo.moment(-62))
    demo_rondes.hold(demo, done, closed=demo.moment(-35))
    look_back(demo, done, teachers, along)
    demo_development.set_for_school(demo.leiding)
    say("de ronde die nu open staat")
    demo_rondes.ronde_open(demo)
    say("de ronde met wensen")
    demo_rondes.ronde_of_wishes(demo)
    say("de ronde die leerlingen zelf leiden")
    demo_leading.build(demo)
    say("de ronde die nog komt")
    demo_rondes.ronde_to_come(demo)
    demo_year.share_year(demo)
    ask_along(teachers[8], teachers[5], timezone.now())
    demo_afterwards.on_the_way(demo)
    demo_afterwards.write_for_next(demo, number=5, now=demo.moment(-5, 16), pupils=2)
    say("het vorige schooljaar")
    demo_last_year.build(demo)
    return demo.school


def look_back(demo, ronde, teachers, along):
    """What came after: what became of it, how people found it, the Kijkwijzer, and a film with the team."""
    demo_afterwards.say_what_became(ronde, share=0.4)
    demo_afterwards.give_feedback(ronde, random.Random(90))
    for number, teacher in teachers.items():
        look_back_on(ronde, teacher, random.Random(number))
    if along:
        ib = Person.objects.get(school=demo.school, rollen__soort=Rol.Soort.IB)
        looked_along(along, ib, random.Random(58))
    staff = Person.objects.filter(school=demo.school, medewerker__isnull=False)
    team = [teachers[5], *staff.filter(rollen=None).exclude(pk=teachers[5].pk).order_by("pk")[:7]]
    demo_practising.build(demo.leiding.person, team, evening=demo.moment(-20, 16), now=timezone.now())


def lay_out_year(demo):
    """The school year around today; around the summer it is moved, so that there is always one to be in."""
    starts_on = date(demo.today.year - (demo.today.month < 8), 8, 1)
    if not starts_on + timedelta(days=60) <= demo.today <= starts_on + timedelta(days=270):
        starts_on = (demo.today - timedelta(days=110)).replace(day=1)
    demo.year = Schooljaar.objects.create(
        school=demo.school, starts_on=starts_on, ends_on=starts_on.replace(year=starts_on.year + 1) - timedelta(days=1)
    )
    cycle.jaarplan_of(demo.year)
    for days, length, name, soort in [
        (-60, 8, "Korte vakantie", "vakantie"),
        (-20, 0, "Studiedag van het team", "studiedag"),
        (40, 13, "Twee weken vakantie", "vakantie"),
        (100, 6, "Lentevakantie", "vakantie"),
        (63, 0, "Studiedag van het team", "studiedag"),
    ]:
        first = demo.monday(days)
        VrijeDag.objects.create(
            school=demo.school, schooljaar=demo.year, name=name, soort=soort, starts_on=first,
            ends_on=first + timedelta(days=length),
        )  # fmt: skip


def hire_staff(demo):
    for number in range(1, 9):
        demo.groepen[number] = Groep.objects.create(
            school=demo.school,
            schooljaar=demo.year,
            key=f"G{number:02d}",
            name=f"Groep {number}",
            jaargroep=str(number),
        )
    for first, prefix, last, rol, function in LEIDING:
        person = employ(demo, first, prefix, last, function)
        Rol.objects.create(school=demo.school, person=person, soort=rol)
    for number, first, prefix, last in TEACHERS:
        person = employ(demo, first, prefix, last, "Leerkracht")
        Lesgeven.objects.create(
            school=demo.school, groep=demo.groepen[number], medewerker=person.medewerker, taak="STA"
        )


def employ(demo, first, prefix, last, function):
    address = f"{first}.{prefix}{last}@waterlelie.example".replace(" ", "").lower()
    user = User.objects.create_user(address)
    person = Person.objects.create(
        school=demo.school, user=user, first_name=first, prefix=prefix, last_name=last, email=address
    )
    number = Medewerker.objects.filter(school=demo.school).count() + 1
    Medewerker.objects.create(school=demo.school, person=person, key=f"LK{number:03d}", function=function)
    return person


def enrol_families(demo):
    """Families until every group is full: brothers and sisters, parents apart, no address, a restriction."""
    room = dict.fromkeys(demo.groepen, PUPILS_PER_GROEP)
    number = 0
    while any(room.values()):
        number += 1
        name, prefix, language, adults, children = FAMILIES[number % len(FAMILIES)]
        levels = [level for level, left in room.items() if left]
        size = min(len(levels), demo.dice.choice([1, 1, 2, 2, 3]))
        gezin = Gezin.objects.create(school=demo.school, key=f"F{number:03d}")
        pupils = []
        for level, first in zip(demo.dice.sample(levels, size), demo.dice.sample(children.split(), size), strict=True):
            room[level] -= 1
            pupils.append(enrol(demo, level, first, prefix, name))
        grown_ups = adults.split()[:2] if number % 24 < 12 else adults.split()[2:]
        add_guardians(demo, number, gezin, pupils, grown_ups, prefix, name, language)


def enrol(demo, level, first, prefix, last):
    person = Person.objects.create(school=demo.school, first_name=first, prefix=prefix, last_name=last)
    number = Leerling.objects.filter(school=demo.school).count() + 1
    born = date(demo.today.year - 4 - level, demo.dice.randint(1, 12), demo.dice.randint(1, 28))
    pupil = Leerling.objects.create(school=demo.school, person=person, key=f"L{number:04d}", born_on=born)
    Lidmaatschap.objects.create(school=demo.school, groep=demo.groepen[level], leerling=pupil)
    if level >= 3:
        add_results(demo, pupil, level)
    return pupil


def add_results(demo, pupil, level):
    """Two tests in each earlier year from group 3, on functioning levels around the pupil's own."""
    drift = demo.dice.choice([-1, 0, 0, 0, 1])
    rows = []
    for subject in ["technisch lezen", "begrijpend lezen", "spelling", "rekenen"]:
        for year in range(3, level):
            for half, month in [("M", 2), ("E", 6)]:
                usual = demo_development.usual_score(half, year)
                score = usual + 6 * drift + demo.dice.randint(-9, 9)
                taken = date(demo.today.year - (level - year) + (demo.today.month >= 8), month, 3)
                rows.append(
                    Toetsresultaat(
                        school=demo.school, leerling=pupil, vak=subject, toets=f"{half}{year}", taken_on=taken,
                        score=score, niveau=demo_development.band_of(score, usual),
                        functioneringsniveau=demo_development.level_at(half, year, drift, demo.dice.choice([0, 0, 0, 1])),
                    )
                )  # fmt: skip
    Toetsresultaat.objects.bulk_create(rows)


def add_guardians(demo, number, gezin, pupils, first_names, prefix, name, language):
    apart, alone = number % 11 == 4, number % 9 == 7
    for index, first in enumerate(first_names[: 1 if alone else 2]):
        address = "" if number % 13 == 5 else f"{first}.{number}@ouders.example".lower()
        last = (
            (prefix, name) if index == 0 or number % 3 else ("", demo.dice.choice(["Mulderij", "Santos", "Ferreira"]))
        )
        person = Person.objects.create(
            school=demo.school, first_name=first, prefix=last[0], last_name=last[1], email=address,
            phone=f"06 55 01 {number:02d} {index}{number % 10}", language=language, guardian_key=f"P{number:03d}{index}",
        )  # fmt: skip
        for pupil in pupils:
            Relatie.objects.create(
                school=demo.school, person=person, leerling=pupil, gezin=gezin, apart=apart,
                interpreter=language in ("ar", "uk") and index == 0,
            )  # fmt: skip
    if number % 17 == 3:
        other = Person.objects.create(school=demo.school, first_name="Ronald", last_name="Steen", email="")
        for pupil in pupils:
            Relatie.objects.create(
                school=demo.school, person=other, leerling=pupil, custody=False, restriction=True,
                information=Relatie.Information.NONE,
            )  # fmt: skip
