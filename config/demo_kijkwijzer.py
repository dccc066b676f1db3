"""Look backs in the demo: two teachers who looked back on some of their conversations, and grew a little."""

from datetime import datetime, time, timedelta

from kijkwijzer import looking_back
from kijkwijzer.instrument import outline_of
from school.actor import ACCOUNT, Actor

LOOK_BACKS = 5  # enough for a line over time, few enough to leave conversations to look back on
SEEN = 0.75  # of the sentences; unseen is normal
REMARKS = {4: "Begin volgende keer met een vraag aan het kind zelf.", 7: "Het schrift erbij werkte goed."}


def look_back_on(ronde, person, dice):
    """Scores for the first conversations of this teacher in the ronde, through the real verbs."""
    by = Actor(person, ACCOUNT)
    gesprekken = ronde.gesprekken.filter(groep__in=by.groep_ids, held_on__isnull=False).order_by("held_on", "pk")
    for number, gesprek in enumerate(gesprekken[:LOOK_BACKS]):
        now = datetime.combine(gesprek.held_on, time(20, 40), tzinfo=person.school.zone) + timedelta(days=3 * number)
        terugblik = looking_back.start(gesprek=gesprek, by=by, now=now)
        scores = {
            statement.code: min(5, dice.choice([2, 3, 3, 4]) + (dice.random() < number / LOOK_BACKS))
            for statement in outline_of(terugblik.instrument).indicators
            if dice.random() < SEEN
        }
        looking_back.save(
            terugblik=terugblik,
            by=by,
            scores=scores,
            remarks=REMARKS if number == LOOK_BACKS - 1 else {},
            seen_version=0,
            now=now,
        )
    if gesprekken:
        looking_back.choose_practice(terugblik=terugblik, factor=4, by=by)
