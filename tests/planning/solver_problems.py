"""Small random problems of every sort, and the best plan by trying everything."""

from datetime import datetime, timedelta
from itertools import permutations

from hypothesis import strategies as st

from planning.solver import Conversation, Placed, Problem, broken_rules, score

EVENING = datetime(2026, 11, 24, 19)
MORNING = datetime(2026, 11, 26, 8, 30)
STAFF = ("jan", "fatma", "sem")


def at(number, minutes=15, first=EVENING):
    return first + timedelta(minutes=number * minutes)


@st.composite
def problems(draw):
    """At most four conversations at at most four starts each: few enough to try everything."""
    step = draw(st.sampled_from([15, 15, 15, 5, 10]))
    moments = [at(n, step, day) for day in (EVENING, MORNING) for n in range(4)]
    conversations = tuple(conversation(draw, number, moments) for number in range(draw(st.integers(1, 4))))
    return Problem(
        15,
        {person: windows(draw, step) for person in STAFF},
        conversations,
        gap_minutes=draw(st.sampled_from([0, 0, 5])),
        walking_minutes=draw(st.sampled_from([0, 0, 5, 15])),
        busy={"sem": ((at(1), at(2)),)} if draw(st.integers(0, 3)) == 0 else {},
    )


def windows(draw, step):
    evening = (EVENING, at(draw(st.integers(1, 6)), max(step, 10)))
    return draw(
        st.sampled_from([(evening,), (evening, (MORNING, at(3, 15, MORNING))), ((MORNING, at(2, 30, MORNING)),)])
    )


def conversation(draw, number, moments):
    starts = draw(st.lists(st.sampled_from(moments), min_size=0, max_size=4, unique=True))
    needs = draw(
        st.sampled_from(
            [
                (("jan",),),
                (("fatma",),),
                (("jan", "fatma"),),
                (("jan",), ("sem", "fatma")),
                (("jan", "fatma"), ("jan", "fatma", "sem")),
            ]
        )
    )
    people = draw(st.sampled_from([frozenset()] * 4 + [frozenset({"mia"}), frozenset({"sem"}), frozenset({"fatma"})]))
    pinned = None
    if draw(st.integers(0, 7)) == 0:
        chosen = next((s for s in permutations(STAFF, len(needs)) if all(map(lambda p, n: p in n, s, needs))), None)
        pinned = Placed(draw(st.sampled_from(moments)), chosen)
    return Conversation(
        f"c{number}",
        draw(st.sampled_from(["smit", "smit", "kaya", f"f{number}"])),
        needs,
        tuple(starts),
        minutes=draw(st.sampled_from([15, 15, 15, 15, 25])),
        people=people,
        liked=frozenset(starts[:1]),
        pinned=pinned,
    )  # fmt: skip


def best_scores(problem):
    """The best that any plan reaches, found by trying all of them."""
    best = None
    for placed in every_plan(problem, list(problem.conversations), {}):
        scores = score(problem, placed)
        if best is None or scores.rank < best.rank:
            best = scores
    return best


def every_plan(problem, left, placed):
    if not left:
        yield placed
        return
    first, *rest = left
    if first.pinned:
        yield from every_plan(problem, rest, placed | {first.id: first.pinned})
        return
    yield from every_plan(problem, rest, placed)
    pinned = {c.id: c.pinned for c in rest if c.pinned}
    for start in first.starts:
        for staff in ways(first.needs):
            new = placed | {first.id: Placed(start, staff)}
            if not [said for said in broken_rules(problem, new | pinned) if "was pinned" not in said]:
                yield from every_plan(problem, rest, new)


def ways(needs, taken=()):
    if not needs:
        yield ()
        return
    for person in needs[0]:
        if person not in taken:
            for rest in ways(needs[1:], (*taken, person)):
                yield (person, *rest)
