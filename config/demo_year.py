"""The year of the demo as leadership shared it: the dates of the advice, and other activities for parents, one of them over."""

import random
from datetime import time, timedelta

from gesprekken.models import Activiteit
from gesprekken.year import cycle
from planning.activities import asking, guests, signing
from school.actor import LINK, Actor
from school.models import Outgoing


def advice_dates(demo):
    """The dates of the law; in a year that was moved around the summer, dates with the same distances."""
    dates = cycle.advice_defaults(demo.year)
    if list(dates.values()) == sorted(dates.values()):
        return dates
    return dict(zip(dates, [demo.monday(days) for days in (48, 69, 111, 118)], strict=True))


WALK_IN = {  # ready for leadership to send
    "invitation": "De kinderen laten zien hoe zij lezen en rekenen. U doet mee, en drinkt koffie met andere ouders.\n"
    "Zo ziet u waar uw kind mee bezig is, en kunt u er thuis over verder praten.",
    "asks_sign_up": True,
    "places": 60,
}


EVENING = {
    "invitation": "Wat leert uw kind dit jaar, en hoe kunt u er thuis iets mee doen? In elke groep doet u het zelf even.",
    "asks_sign_up": True,
}
GAMES = {
    "invitation": "We maken samen een rekenspel voor thuis. Uw kind doet mee. Broertjes en zusjes zijn ook welkom.",
    "asks_sign_up": True,
    "places": 60,
    "place": "de aula",
}


TEXTS = {Activiteit.Soort.INFORMATIEAVOND: EVENING, Activiteit.Soort.INLOOP: WALK_IN}


def share_year(demo):
    """Other activities, the advice dates, and the year shared with everybody; teachers heard of it in the summer."""
    for days, soort, name, starts, ends in [
        (-40, Activiteit.Soort.INFORMATIEAVOND, "Informatieavond voor alle ouders", time(19, 30), time(21)),
        (25, Activiteit.Soort.INLOOP, "Inloopochtend: kijk mee in de klas", time(8, 30), time(9, 15)),
        (54, Activiteit.Soort.HUISWERK, "Samen rekenen: een spel voor thuis", None, None),
    ]:
        one = cycle.add_activiteit(
            schooljaar=demo.year, by=demo.leiding, soort=soort, name=name, on=demo.monday(days) + timedelta(days=2),
            starts=starts, ends=ends, **TEXTS.get(soort, {}),
        )  # fmt: skip
        if soort == Activiteit.Soort.INFORMATIEAVOND:
            was_there(demo, one)
    games = cycle.add_activiteit(
        schooljaar=demo.year, by=demo.leiding, soort=Activiteit.Soort.ANDERS, name="Rekenspellen maken voor thuis",
        on=demo.monday(18) + timedelta(days=3), starts=time(14), ends=time(15, 15), groepen=[demo.groepen[3]], **GAMES,
    )  # fmt: skip
    asking.invite(activiteit=games, by=demo.leiding, now=demo.moment(-4))
    let_parents_sign_up(games, 0.4, now=demo.moment(-2, 20))
    cycle.set_advice_dates(schooljaar=demo.year, by=demo.leiding, **advice_dates(demo))
    cycle.publish(jaarplan=cycle.jaarplan_of(demo.year), by=demo.leiding, now=demo.moment(-70))
    Outgoing.objects.filter(school=demo.school, message="gesprekken.year_published").update(state=Outgoing.State.SENT)


def was_there(demo, evening):
    """Families were asked in good time, some signed up, and each group noted who came; their mail is long since read."""
    before = Outgoing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    asking.invite(activiteit=evening, by=demo.leiding, now=demo.moment(-62))
    let_parents_sign_up(evening, 0.4, now=demo.moment(-55, 20))
    dice = random.Random(12)
    for groep in demo.groepen.values():
        came = [person for person in guests.could_come(evening, groep) if dice.random() < 0.5]
        signing.note_who_came(activiteit=evening, groep=groep, came=came, by=demo.leiding, now=demo.moment(-30))
    Outgoing.objects.filter(school=demo.school, pk__gt=before).update(state=Outgoing.State.SENT)


def let_parents_sign_up(activiteit, share, now):
    dice = random.Random(activiteit.name)
    for person in guests.families(guests.welcome(activiteit)):
        if dice.random() < share:
            signing.sign_up(activiteit=activiteit, number=dice.choice([1, 1, 2, 3]), by=Actor(person, LINK), now=now)
