"""Practising with film in the demo: a film that eight of the team scored together, one that is on now, one alone."""

import random
from datetime import timedelta

from kijkwijzer.instrument import outline_of
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Sitting
from kijkwijzer.practising import alone, sittings
from school.actor import ACCOUNT, Actor

DONE, ON_NOW, ALONE = "voortgang-2", "kennismaking-1", "voortgang-1"
THOUGHT = "Eerst vragen wat Aysegul er zelf van vindt, en dan pas vertellen wat wij zagen."


def build(leader, team, *, evening, now):
    """`evening`: when the eight sat together; `now`: the moment at which three of them joined the film of today."""
    dice = random.Random(8)
    by = Actor(leader, ACCOUNT)
    together = sittings.open_sitting(film=DONE, occasion=Sitting.Occasion.TEAM, by=by, now=evening)
    for part, usual in [(sittings.BEFORE, [1, 2, 2, 3]), (sittings.AFTER, [3, 4, 4, 5])]:
        if part == sittings.AFTER:
            sittings.go_on(sitting=together, by=by, now=evening + timedelta(minutes=20))
        for person in team:
            score(together, part, person, usual, dice, evening + timedelta(minutes=15))
        sittings.show(sitting=together, part=part, by=by, now=evening + timedelta(minutes=18))
    sittings.close(sitting=together, by=by, now=evening + timedelta(minutes=45))
    begun = now - timedelta(minutes=20)
    today = sittings.open_sitting(film=ON_NOW, occasion=Sitting.Occasion.TEAM, by=by, now=begun)
    for person in team[:3]:
        score(today, sittings.BEFORE, person, [2, 3, 3, 4], dice, begun + timedelta(minutes=9))
    practise_alone(team[0], dice, evening - timedelta(days=9))


def scores_of(instrument, usual, dice):
    return {s.code: dice.choice(usual) for s in outline_of(instrument).indicators if dice.random() < 0.8}


def score(sitting, part, person, usual, dice, now):
    sittings.score(
        sitting=sitting, part=part, by=Actor(person, ACCOUNT), scores=scores_of(sitting.instrument, usual, dice),
        remarks={}, seen_version=0, ready=True, in_the_open=False, now=now,
    )  # fmt: skip


def practise_alone(person, dice, now):
    by = Actor(person, ACCOUNT)
    first = alone.begin(film=ALONE, by=by, now=now)
    keep = {"by": by, "remarks": {}, "seen_version": 0}
    first = looking_back.save(terugblik=first, scores=scores_of(first.instrument, [1, 2, 3], dice), now=now, **keep)
    alone.think(first=first, words=THOUGHT, by=by)
    second = alone.go_on(first=first, by=by, now=now + timedelta(minutes=12))
    looking_back.save(
        terugblik=second, scores=scores_of(second.instrument, [3, 4, 5], dice), now=now + timedelta(minutes=18), **keep
    )
