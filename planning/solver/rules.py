"""The hard rules and the goals, worked out from the problem alone: nothing here knows how a plan was found."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from itertools import combinations

from planning.solver.problem import Conversation, Placed, Plan, Problem, Scores, later, minutes_between


def broken_rules(problem: Problem, plan: Plan | Mapping[str, Placed]) -> list[str]:
    """One sentence for every hard rule that is broken; an empty list for a good plan."""
    placed = plan.placed if isinstance(plan, Plan) else plan
    known = {id: at for id, at in placed.items() if id in problem.by_id}
    found = [f"{id} is not a conversation of this problem" for id in placed if id not in known]
    for conversation in problem.conversations:
        at = known.get(conversation.id)
        if conversation.pinned:
            if at != conversation.pinned:
                found.append(f"{conversation.id} was pinned and moved")
        elif at:
            found += broken_by_itself(problem, conversation, at)
    return found + list(twice_at_once(problem, known))


def broken_by_itself(problem: Problem, conversation: Conversation, at: Placed):
    """What is wrong with this place, whatever the others do."""
    id, ends = conversation.id, later(at.start, conversation.minutes)
    if at.start not in conversation.starts:
        yield f"{id} begins at {at.start}, which is none of its starts"
    if len(at.staff) != len(conversation.needs):
        yield f"{id} has {len(at.staff)} resources where {len(conversation.needs)} are needed"
    for person, need in zip(at.staff, conversation.needs, strict=False):
        if person not in need:
            yield f"{id} has {person}, who is not one of {', '.join(need)}"
        if not is_inside(joined(problem.staff.get(person, ())), at.start, ends):
            yield f"{id} is outside the windows of {person}"
    if len(set(at.staff)) < len(at.staff):
        yield f"{id} has the same resource twice"
    for person in sorted(set(at.staff) & conversation.people):
        yield f"{person} sits on both sides of the table in {id}"
    for who, begins, until in taken_up(problem, conversation, at):
        for a, b in problem.busy.get(who, ()):
            if begins < b and a < until:
                yield f"{who} is busy elsewhere during {id}"


def twice_at_once(problem: Problem, placed: Mapping[str, Placed]):
    """Whoever is in two conversations at once; two pinned ones are the choice of whoever pinned them."""
    held = defaultdict(list)
    for id, at in placed.items():
        for who, begins, until in set(taken_up(problem, problem.by_id[id], at)):
            held[who].append((begins, until, id))
        family = problem.by_id[id]
        held["family", family.family].append((at.start, later(at.start, family.minutes + problem.walking_minutes), id))
    for who, stretches in held.items():
        for one, other in combinations(sorted(stretches), 2):
            if other[0] >= one[1] or one[2] == other[2]:
                continue
            if not (problem.by_id[one[2]].pinned and problem.by_id[other[2]].pinned):
                name = f"family {who[1]}" if isinstance(who, tuple) else who
                yield f"{name} is in {one[2]} and {other[2]} at once"


def taken_up(problem: Problem, conversation: Conversation, at: Placed):
    """(who, from, until) for everybody in it: staff until after the gap, people until after walking."""
    for person in at.staff:
        yield person, at.start, later(at.start, conversation.minutes + problem.gap_minutes)
    for person in conversation.people:
        yield person, at.start, later(at.start, conversation.minutes + problem.walking_minutes)


def joined(windows):
    """The same time without touching or overlapping windows."""
    result: list = []
    for a, b in sorted(windows):
        if result and a <= result[-1][1]:
            result[-1] = (result[-1][0], max(b, result[-1][1]))
        elif a < b:
            result.append((a, b))
    return tuple(result)


def is_inside(windows, starts, ends) -> bool:
    return any(a <= starts and ends <= b for a, b in windows)


def score(problem: Problem, placed: Mapping[str, Placed]) -> Scores:
    """The four goals of this plan."""
    return Scores(
        unplaced=sum(c.id not in placed for c in problem.conversations),
        waiting_minutes=waiting_minutes(problem, placed),
        idle_slots=idle_slots(problem, placed),
        liked=sum(at.start in problem.by_id[id].liked for id, at in placed.items()),
    )


def waiting_minutes(problem: Problem, placed: Mapping[str, Placed]) -> int:
    """Minutes between coming and going in which a family with several conversations is in none and does not walk."""
    families = defaultdict(list)
    for id, at in placed.items():
        begins, minutes = problem.waiting_clock(at.start), problem.by_id[id].minutes
        families[problem.by_id[id].family].append((begins, begins + minutes, minutes))
    total = 0
    for stretches in families.values():
        begins, ends, minutes = zip(*stretches, strict=True)
        span = max(ends) - min(begins)
        total += max(0, span - sum(minutes) - problem.walking_minutes * (len(stretches) - 1))
    return total


def idle_slots(problem: Problem, placed: Mapping[str, Placed]) -> float:
    """Slots between the first and the last conversation of a team on a day, somebody there and nobody busy."""
    return in_slots(problem, sum(idle_of_teams(problem, placed).values()))


def in_slots(problem: Problem, grains: int) -> float:
    """So many grains as slots, whole where they are."""
    slots = grains * problem.grain / problem.pitch
    return int(slots) if slots == int(slots) else round(slots, 2)


def idle_of_teams(problem: Problem, placed: Mapping[str, Placed]) -> Counter:
    """As `idle_slots`, for every team, in grains."""
    own, busy = defaultdict(list), defaultdict(list)
    for id, at in placed.items():
        conversation = problem.by_id[id]
        own[conversation.team, at.start.date()].append(at.start)
        for who, begins, until in taken_up(problem, conversation, at):
            busy[who].append((begins, until))
    for who, stretches in problem.busy.items():
        busy[who] += stretches
    windows = {person: joined(problem.staff.get(person, ())) for team, _ in own for person in team}
    total = Counter()
    for team, day in own:
        if team:
            total[team] += idle_grains(problem, team, own[team, day], windows, busy)
    return total


def idle_grains(problem, team, starts, windows, busy) -> int:
    """As `idle_slots`, for one team on one day, in grains."""
    first, step = problem.first_of_day[min(starts).date()], timedelta(minutes=problem.grain)
    low, high = (minutes_between(first, moment) // problem.grain for moment in (min(starts), max(starts)))
    fits = timedelta(minutes=min(problem.grain, problem.slot_minutes))
    count = 0
    for number in range(low, high):
        at = first + number * step
        there = any(is_inside(windows[person], at, at + fits) for person in team)
        taken = any(a < at + step and at < b for person in team for a, b in busy[person])
        count += there and not taken
    return count


def double_ids(problem: Problem) -> list[str]:
    """Conversation ids that occur more than once."""
    return [id for id, times in Counter(c.id for c in problem.conversations).items() if times > 1]
