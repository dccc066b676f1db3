"""The school year before, so that the demo has something to compare with: as this year, 52 weeks earlier.

Everybody was in the group below; who is in group 1 now, was not there yet.
"""

import random
from dataclasses import replace
from datetime import timedelta

from config import demo_afterwards, demo_gesprekken, demo_rondes
from gesprekken.afterwards import handing_over
from gesprekken.models import Activiteit, Overdracht
from gesprekken.talking import recording
from gesprekken.year import cycle
from planning.inviting import opening
from school.models import Groep, Lesgeven, Lidmaatschap, Outgoing, Person, Schooljaar

WEEKS = timedelta(weeks=52)


def build(demo):
    before = Outgoing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    last = lay_out(demo)
    ronde = demo_rondes.new_ronde(last, "startgesprek", "Startgesprekken", last.monday(-45))
    demo_rondes.give_windows(last, ronde)
    opening.open_ronde(ronde=ronde, by=last.leiding, now=last.moment(-66))
    ronde.refresh_from_db()
    hold(last, ronde)
    demo_afterwards.say_what_became(ronde, share=1)
    demo_afterwards.give_feedback(ronde, last.dice)
    add_activities(last)
    hand_over(demo, last)
    Outgoing.objects.filter(school=demo.school, pk__gt=before).update(state=Outgoing.State.SENT)
    return last


def hold(last, ronde):
    """Of that year there are no times any more: who had a gesprek, what was agreed in half of them, and who stayed away."""
    teachers = {number: last.actor(teacher_of(groep)) for number, groep in last.groepen.items()}
    gesprekken = ronde.gesprekken.select_related("school", "groep", "leerling__person", "ronde__soort")
    for number, gesprek in enumerate(gesprekken.order_by("pk")):
        by, held_on = teachers[gesprek.groep.level], ronde.starts_on + timedelta(days=number % 4)
        now = last.moment((held_on - last.today).days, 16)
        if number % 12 == 7:
            continue
        if number % 2:
            recording.hold_nothing_further(gesprek=gesprek, by=by, held_on=held_on, now=now)
        else:
            demo_gesprekken.write_down(gesprek, number, by, held_on, now)
            recording.release(gesprek=gesprek, by=by, now=now + timedelta(days=1))
    opening.close_ronde(ronde=ronde, by=last.leiding, now=last.moment(-35))


def teacher_of(groep):
    return Person.objects.filter(medewerker__groepen=groep).order_by("pk").first()


def lay_out(demo):
    """The year with its groups, who taught them, and who of this year's pupils was in which."""
    starts_on = demo.year.starts_on.replace(year=demo.year.starts_on.year - 1)
    year = Schooljaar.objects.create(
        school=demo.school, starts_on=starts_on, ends_on=demo.year.starts_on - timedelta(days=1)
    )
    last = replace(demo, today=demo.today - WEEKS, year=year, groepen={}, dice=random.Random(19))
    for number in range(1, 8):
        last.groepen[number] = groep = Groep.objects.create(
            school=demo.school, schooljaar=year, key=f"G{number:02d}", name=f"Groep {number}", jaargroep=str(number)
        )
        Lesgeven.objects.bulk_create(
            Lesgeven(school=demo.school, groep=groep, medewerker_id=row.medewerker_id, taak=row.taak)
            for row in demo.groepen[number].lesgeven.order_by("pk")
        )
        Lidmaatschap.objects.bulk_create(
            Lidmaatschap(school=demo.school, groep=groep, leerling_id=row.leerling_id)
            for row in demo.groepen[number + 1].lidmaatschappen.order_by("pk")
        )
    cycle.jaarplan_of(year)
    return last


def add_activities(last):
    for days, soort, name in [
        (-42, Activiteit.Soort.INFORMATIEAVOND, "Informatieavond voor alle ouders"),
        (60, Activiteit.Soort.INLOOP, "Inloopochtend: kijk mee in de klas"),
    ]:
        cycle.add_activiteit(schooljaar=last.year, by=last.leiding, soort=soort, name=name, on=last.monday(days))


def hand_over(demo, last):
    """In the last weeks of that year; the teacher of now read what stands first."""
    june = demo.moment((last.year.ends_on - demo.today).days - 30, 16)
    by = demo_afterwards.write_for_next(last, number=5, now=june)
    handing_over.hand_over(groep=last.groepen[5], by=by, now=june)
    first = Overdracht.objects.filter(schooljaar=last.year).order_by("pk").first()
    start = demo.moment((demo.year.starts_on - demo.today).days + 20, 9)
    handing_over.mark_read(overdracht=first, by=demo.actor(teacher_of(demo.groepen[6])), now=start)
