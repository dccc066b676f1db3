"""Look backs in the demo: two teachers who looked back on some of their conversations, grew a little, and look at each
other's.
"""

from datetime import datetime, time, timedelta

from kijkwijzer.instrument import outline_of
from kijkwijzer.looking import goals, looking_back, observing, sharing
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


def asked_to_look_along(ronde, teacher, observer, now):
    """Well before the ronde a colleague is asked for one of the first of these conversations, and says yes."""
    by = Actor(teacher, ACCOUNT)
    planned = ronde.gesprekken.filter(groep__in=by.groep_ids, bookings__state="active").select_related(
        "ronde", "school"
    )
    for gesprek in planned.order_by("bookings__starts_at__date", "pk"):
        if not observing.needs_parents(gesprek, now):
            invite = observing.invite_observer(gesprek=gesprek, observer=observer, words=ASKED, by=by, now=now)
            return observing.answer(invite=invite, accepts=True, by=Actor(observer, ACCOUNT), now=now)
    return None


def looked_along(invite, reader, dice):
    """She wrote down what she saw, that same evening; the teacher shared it with one colleague more."""
    invite.gesprek.refresh_from_db()
    now = datetime.combine(invite.gesprek.held_on, time(19, 30), tzinfo=invite.school.zone)
    by = Actor(invite.observer, ACCOUNT)
    outline = outline_of(looking_back.current_instrument(visible_instruments(by)))
    scores = {s.code: dice.choice([3, 4, 4, 5]) for s in outline.indicators if dice.random() < SEEN}
    seen = observing.score(
        invite=invite,
        by=by,
        ready=True,
        scores=scores,
        remarks={4: "Je liet een stilte vallen; daarna vertelde het kind zelf."},
        seen_version=0,
        now=now,
    )
    sharing.share(terugblik=seen, person=reader, by=Actor(invite.teacher, ACCOUNT), now=now + timedelta(days=2))


def ask_along(teacher, observer, now):
    """And this teacher asks that colleague for a conversation that is still to come, more than a week ahead."""
    by = Actor(teacher, ACCOUNT)
    for gesprek in visible_to_observe(by, now).filter(at__isnull=False).select_related("school", "ronde"):
        if not observing.needs_parents(gesprek, now):
            observing.invite_observer(gesprek=gesprek, observer=observer, words=ASKED, factor=4, by=by, now=now)
            return
