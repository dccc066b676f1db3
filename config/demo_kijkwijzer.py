"""Look backs in the demo: two teachers who looked back on some of their conversations, grew a little, and look at each
other's.
"""

from datetime import datetime, time, timedelta

from kijkwijzer.instrument import outline_of
from kijkwijzer.looking import goals, looking_back, observing
from kijkwijzer.models import ObserverInvite
from kijkwijzer.permissions import visible_instruments, visible_to_observe
from school.actor import ACCOUNT, Actor

LOOK_BACKS = 5  # enough for a line over time, few enough to leave conversations to look back on
SEEN = 0.75  # of the sentences; unseen is normal
GOAL = "Ik begin met een vraag aan het kind, en wacht dan vijf tellen."
ASKED = "Let erop of ik stiltes laat vallen."
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
        goals.choose(by=by, factor=3, now=now - timedelta(days=40))
        goals.choose(by=by, factor=4, words=GOAL, terugblik=terugblik, now=now)


def looked_along(ronde, teacher, observer, dice):
    """A colleague saw one of these conversations, the one that was looked back on last, and wrote down what she saw."""
    gesprek = ronde.gesprekken.filter(terugblikken__about=teacher).order_by("terugblikken__saved_at").last()
    now = datetime.combine(gesprek.held_on, time(19, 30), tzinfo=teacher.school.zone)
    invite = ObserverInvite.objects.create(
        school=teacher.school, gesprek=gesprek, teacher=teacher, observer=observer, words=ASKED,
        asked_at=now - timedelta(days=12), answered_at=now - timedelta(days=11), accepted=True,
    )  # fmt: skip
    outline = outline_of(looking_back.current_instrument(visible_instruments(Actor(observer, ACCOUNT))))
    scores = {s.code: dice.choice([3, 4, 4, 5]) for s in outline.indicators if dice.random() < SEEN}
    observing.score(
        invite=invite,
        by=Actor(observer, ACCOUNT),
        ready=True,
        scores=scores,
        remarks={4: "Je liet een stilte vallen; daarna vertelde het kind zelf."},
        seen_version=0,
        now=now,
    )


def ask_along(teacher, observer, now):
    """And this teacher asks that colleague for a conversation that is still to come, more than a week ahead."""
    by = Actor(teacher, ACCOUNT)
    for gesprek in visible_to_observe(by, now).filter(at__isnull=False).select_related("school", "ronde"):
        if not observing.needs_parents(gesprek, now):
            observing.invite_observer(gesprek=gesprek, observer=observer, words=ASKED, factor=4, by=by, now=now)
            return
