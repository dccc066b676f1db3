"""The rondes of the demo: one done, one in which parents choose, one in which they say when they can, one to come.

Who chooses and what was said goes through the real verbs, at the moments it would have happened.
"""

import random
from datetime import time, timedelta

from config import demo_development, demo_gesprekken
from gesprekken.models import Deelname, Ronde, RondeGroep, Soort
from planning.inviting import followup, opening
from planning.models import Wish
from planning.plan import wishes
from planning.times import booking, windows
from school.actor import LINK, Actor
from school.models import Outgoing, Person


def new_ronde(demo, code, name, first_day, *, groepen=None, **fields):
    soort = Soort.objects.filter(school=demo.school, code=code).first() or Soort.objects.create(
        school=demo.school, code=code, name=name
    )
    ronde = Ronde.objects.create(
        school=demo.school,
        schooljaar=demo.year,
        soort=soort,
        name=name,
        starts_on=first_day,
        ends_on=first_day + timedelta(days=4),
        purpose=fields.pop("purpose", soort.purpose) or "We bespreken hoe het met uw kind gaat.",
        points=fields.pop("points", soort.points) or "Wat goed gaat\nWat beter kan\nWat we samen doen",
        place="in het lokaal van de groep",
        **fields,
    )
    RondeGroep.objects.bulk_create(
        RondeGroep(school=demo.school, ronde=ronde, groep=groep)
        for number, groep in demo.groepen.items()
        if groepen is None or number in groepen
    )
    return ronde


def give_windows(demo, ronde):
    """Two afternoons and an evening for everybody."""
    by = demo.leiding
    for days, starts, ends in [(0, time(15), time(17)), (1, time(18, 30), time(20, 30)), (3, time(15), time(17))]:
        windows.give_days(
            ronde=ronde,
            medewerkers=list(windows.teachers_of(ronde)),
            days=[ronde.starts_on + timedelta(days=days)],
            spans=[(starts, ends)],
            by=by,
        )


def let_parents_choose(demo, ronde, share, now):
    """This share of the families picks a free time, parents for themselves."""
    for gesprek in ronde.gesprekken.select_related("ronde__school", "groep", "leerling__person").order_by("pk"):
        if demo.dice.random() > share:
            continue
        guardian = gesprek.deelnames.filter(as_role=Deelname.As.OUDER).select_related("person__school").first()
        free = booking.free_slots(gesprek, now=now)
        if guardian and free:
            booking.book(slot=demo.dice.choice(free), gesprek=gesprek, by=Actor(guardian.person, LINK), now=now)


def plan_done(demo, code="startgesprek", name="Startgesprekken", days=-45, groepen=None):
    """A ronde that begins so many days from today, until the moment at which everybody has chosen and prepared."""
    ronde = new_ronde(
        demo, code, name, demo.monday(days), reception="U kunt doorlopen naar het lokaal", groepen=groepen
    )
    give_windows(demo, ronde)
    opening.open_ronde(ronde=ronde, by=demo.leiding, now=demo.moment(days - 21))
    ronde.refresh_from_db()
    let_parents_choose(demo, ronde, 0.97, now=demo.moment(days - 19))
    demo_gesprekken.prepare_some(ronde, random.Random(ronde.pk), now=demo.moment(days - 3, 19))
    return ronde


def hold(demo, ronde, *, closed):
    """The gesprekken took place; whatever mail there was of it, everybody read long ago."""
    demo_gesprekken.record_all(ronde)
    mine = Outgoing.objects.filter(school=demo.school, state=Outgoing.State.WAITING)
    mine.update(state=Outgoing.State.SENT, sent_at=ronde.opened_at)
    opening.close_ronde(ronde=ronde, by=demo.leiding, now=closed)


def ronde_open(demo):
    ronde = new_ronde(
        demo, "ontwikkelingsgesprek-1", "Eerste ontwikkelingsgesprekken", demo.monday(13),
        reception="Koffie en thee in de hal; wij halen u op", booking_closes_days=7,
    )  # fmt: skip
    give_windows(demo, ronde)
    opening.open_ronde(ronde=ronde, by=demo.leiding, now=demo.moment(-2))
    ronde.refresh_from_db()
    let_parents_choose(demo, ronde, 0.45, now=demo.moment(-1))
    demo_gesprekken.prepare_some(ronde, demo.dice, now=demo.moment(-1, 19))
    demo_development.show_some(ronde)
    waiting = ronde.gesprekken.exclude(bookings__state="active").filter(deelnames__as_role=Deelname.As.OUDER).distinct()
    for gesprek, note in zip(
        waiting.order_by("-pk")[:3], ["Na vier uur, graag", "", "Alleen op maandag"], strict=False
    ):
        guardian = gesprek.deelnames.filter(as_role=Deelname.As.OUDER).select_related("person__school").first()
        followup.ask_for_call(gesprek=gesprek, by=Actor(guardian.person, LINK), note=note, now=demo.moment(-1, 20))


def ronde_of_wishes(demo):
    """The youngest: most parents said when they can, the plan is still to be made."""
    ronde = new_ronde(
        demo, "voortgangsgesprek", "Voortgangsgesprekken groep 1 en 2", demo.monday(34), groepen={1, 2},
        mode=Ronde.Mode.WISHES, pupils_join=False, reception="Koffie en thee in de speelzaal",
    )  # fmt: skip
    give_windows(demo, ronde)
    opening.open_ronde(ronde=ronde, by=demo.leiding, now=demo.moment(-3))
    ronde.refresh_from_db()
    guardians = Person.objects.filter(deelnames__gesprek__ronde=ronde, deelnames__as_role=Deelname.As.OUDER)
    for person in guardians.distinct().order_by("pk"):
        if demo.dice.random() < 0.8:
            say_when(demo, ronde, person)


def say_when(demo, ronde, person):
    """An evening that is liked, an afternoon that cannot: as people are."""
    asked = wishes.parts_asked(ronde, wishes.gesprekken_of(ronde, person))
    given = {
        (day, part): demo.dice.choices(list(Wish.Can), weights=[3, 4, 2])[0] for day, parts in asked for part in parts
    }
    wishes.give_wishes(ronde=ronde, person=person, wishes=given, by=Actor(person, LINK), now=demo.moment(-2, 20))


def ronde_to_come(demo):
    new_ronde(demo, "voortgangsgesprek", "Voortgangsgesprekken", demo.monday(75))
