"""What followed the gesprekken of the demo: what became of it, what people found of it, the advice, the hand-over."""

from datetime import timedelta

from gesprekken.afterwards import advice, feedback, handing_over, outcomes
from gesprekken.models import Agreement, Deelname, Outcome
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Leerling, Person, Rol

FAMILY = [Deelname.As.OUDER, Deelname.As.LEERLING]
ANSWERS = [("pleasant", [70, 24, 6]), ("heard", [60, 32, 8]), ("clear", [75, 20, 5])]
BECAME = [
    (Outcome.State.DONE, "Het is een gewoonte geworden."),
    (Outcome.State.DONE, ""),
    (Outcome.State.NOT_DONE, "Op drukke dagen schiet het erbij in."),
    (Outcome.State.DONE, "Gaat nu vanzelf."),
    (Outcome.State.CHANGED, "We doen het voortaan in het weekend."),
]
NEXT = [
    ("Begint graag met een voorbeeld. Zit het liefst vooraan, waar het rustig is.", "Samen lezen voor het slapen."),
    ("Leest op het niveau van de groep; bij rekenen helpt materiaal op tafel.", "Een weekbriefje op de koelkast."),
    ("Is trots op eigen werk en laat het graag zien. Wennen aan iets nieuws kost een paar dagen.", ""),
]


def say_what_became(ronde, *, share):
    """Of this share of the agreements it was said what became of it: by the teacher, or with one tap by a guardian."""
    agreements = Agreement.objects.filter(gesprek__ronde=ronde, verslag__released_at__isnull=False)
    rows = agreements.select_related("verslag", "author__school", "gesprek__school").prefetch_related(
        "concerns__school"
    )
    for number, agreement in enumerate(rows.order_by("pk")):
        if number % 10 >= share * 10:
            continue
        state, word = BECAME[number % len(BECAME)]
        by = Actor(agreement.author, ACCOUNT)
        if not word:
            by = Actor(next(iter(agreement.concerns.all())), CONFIRMED)
        now = agreement.verslag.released_at + timedelta(days=30)
        outcomes.say(agreement=agreement, by=by, state=state, word=word, now=now)


def give_feedback(ronde, dice):
    """A good third of the parents and pupils, two days after their gesprek."""
    gesprekken = ronde.gesprekken.filter(held_on__isnull=False).select_related("ronde").order_by("pk")
    for gesprek in gesprekken.prefetch_related("deelnames__person__school"):
        for deelname in gesprek.deelnames.all():
            if deelname.as_role in FAMILY and deelname.attended is not False and dice.random() < 0.35:
                answers = {question: dice.choices(feedback.VALUES, weights)[0] for question, weights in ANSWERS}
                today = gesprek.held_on + timedelta(days=2)
                feedback.give(gesprek=gesprek, by=Actor(deelname.person, LINK), answers=answers, today=today)


# --- the way to the advice -------------------------------------------------------------------------------------------


def on_the_way(demo):
    """Four pupils of group 8 of whom it was settled early; one of them is all the way."""
    early = [("vmbo-gl/tl", "", ""), ("havo", "havo/vwo", ""), ("vmbo-bb", "vmbo-bb", "vmbo-bb"), ("vwo", "", "")]
    groep = demo.groepen[8]
    teacher = Person.objects.filter(medewerker__groepen=groep).order_by("pk").first()
    second = Person.objects.filter(medewerker__groepen=demo.groepen[7]).order_by("pk").first()
    ib = Person.objects.get(school=demo.school, rollen__soort=Rol.Soort.IB)
    pupils = Leerling.objects.filter(lidmaatschappen__groep=groep).order_by("pk")
    for number, (pupil, (level, test, final)) in enumerate(zip(pupils, early, strict=False)):
        guardian = Person.objects.filter(relaties__leerling=pupil, relaties__restriction=False).order_by("pk").first()
        about = {
            "leerling": pupil, "schooljaar": demo.year, "colleague": second.medewerker, "by": demo.actor(teacher),
            "decided_by": [teacher, ib, guardian], "today": demo.today,
        }  # fmt: skip
        row = advice.settle(
            stage=advice.PRELIMINARY, level=level, decided_on=demo.today - timedelta(days=12 - number), seen_version=0,
            **about,
        )  # fmt: skip
        if number < 3:
            advice.share_advice(advies=row, by=demo.actor(teacher), now=demo.moment(-6, 16))
        if test:
            row = advice.note_result(preliminary=row, test_level=test, by=demo.actor(teacher), seen_version=row.version)
        if final:
            row = advice.settle(
                stage=advice.FINAL, level=final, decided_on=demo.today - timedelta(days=2), seen_version=0, **about
            )
            advice.share_advice(advies=row, by=demo.actor(teacher), now=demo.moment(-1, 16))


# --- handing over ----------------------------------------------------------------------------------------------------


def write_for_next(demo, *, number, now, pupils=3):
    """What the teacher of this group wrote for who has these pupils after her. Returns her Actor."""
    groep = demo.groepen[number]
    by = demo.actor(Person.objects.filter(medewerker__groepen=groep).order_by("pk").first())
    mine = Leerling.objects.filter(lidmaatschappen__groep=groep).order_by("pk")
    for pupil, (text, at_home) in zip(mine[:pupils], NEXT, strict=False):
        handing_over.save(
            leerling=pupil, schooljaar=demo.year, by=by, seen_version=0, text=text, works_at_home=at_home, now=now
        )
    return by
