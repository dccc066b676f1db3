"""Checks an answer in the neutral form with the instance alone: nothing here comes from the planner.

Written from the README beside the instances: rules, waiting and idle slots as it says, and a bound on the number of
conversations from a linear program of its own.
"""

from collections import defaultdict
from datetime import datetime, timedelta


def when(text):
    return datetime.fromisoformat(text)


def broken(instance, placed):
    """A sentence for every rule of the README that this plan breaks."""
    slot = timedelta(minutes=instance["slot_minutes"])
    windows = {s["id"]: [(when(a), when(b)) for a, b in s["windows"]] for s in instance["staff"]}
    known = {c["id"]: c for c in instance["conversations"]}
    taken = defaultdict(list)
    for id, at in placed.items():
        conversation, start = known[id], when(at["start"])
        if at["start"] not in conversation["starts"]:
            yield f"{id}: not one of its starts"
        if len(at["staff"]) != len(conversation["needs"]) or len(set(at["staff"])) != len(at["staff"]):
            yield f"{id}: not one different person for each need"
        for person, need in zip(at["staff"], conversation["needs"], strict=False):
            if person not in need:
                yield f"{id}: {person} is not in the need"
            if not any(a <= start and start + slot <= b for a, b in windows[person]):
                yield f"{id}: {person} is not there"
        for who in [*at["staff"], ("family", conversation["family"])]:
            taken[who].append(start)
    for who, starts in taken.items():
        starts.sort()
        if any(b - a < slot for a, b in zip(starts, starts[1:], strict=False)):
            yield f"{who}: in two places at once"


def waiting(instance, placed):
    slot = instance["slot_minutes"]
    days = sorted({start[:10] for c in instance["conversations"] for start in c["starts"]})
    families = defaultdict(list)
    for c in instance["conversations"]:
        if c["id"] in placed:
            start = when(placed[c["id"]]["start"])
            families[c["family"]].append(days.index(f"{start:%Y-%m-%d}") * 600 + start.hour * 60 + start.minute)
    return sum(max(starts) - min(starts) - slot * (len(starts) - 1) for starts in families.values())


def idle(instance, placed):
    slot = timedelta(minutes=instance["slot_minutes"])
    windows = {s["id"]: [(when(a), when(b)) for a, b in s["windows"]] for s in instance["staff"]}
    busy, own = defaultdict(set), defaultdict(list)
    for c in instance["conversations"]:
        if c["id"] in placed:
            start = when(placed[c["id"]]["start"])
            own[tuple(sorted(c["needs"][0])), start.date()].append(start)
            for person in placed[c["id"]]["staff"]:
                busy[person].add(start)
    total = 0
    for (team, _), starts in own.items():
        at = min(starts)
        while at < max(starts):
            there = any(a <= at and at + slot <= b for person in team for a, b in windows[person])
            total += there and not any(at in busy[person] for person in team)
            at += slot
    return total


def least_unplaced(instance):
    """What no plan can leave out less: a linear program of one variable per conversation and start."""
    import highspy
    import numpy as np

    slot = timedelta(minutes=instance["slot_minutes"])
    windows = {s["id"]: [(when(a), when(b)) for a, b in s["windows"]] for s in instance["staff"]}

    def number_there(need, start):
        at = when(start)
        return sum(any(a <= at and at + slot <= b for a, b in windows[person]) for person in need)

    rows, limits, entries, count = {}, [], [], 0
    for c in instance["conversations"]:
        for start in c["starts"]:
            if not all(number_there(need, start) for need in c["needs"]):
                continue
            keys = {("c", c["id"]): 1, ("f", c["family"], start): 1}
            keys |= {("n", tuple(sorted(need)), start): number_there(need, start) for need in c["needs"]}
            for key, limit in keys.items():
                if key not in rows:
                    rows[key] = len(limits)
                    limits.append(limit)
                entries.append((count, rows[key]))
            count += 1
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, len(limits)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -np.ones(count), np.zeros(count), np.ones(count)
    lp.row_lower_, lp.row_upper_ = np.full(len(limits), -np.inf), np.array(limits, float)
    columns = np.array([column for column, _ in entries])
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=count))])
    lp.a_matrix_.index_ = np.array([row for _, row in entries])
    lp.a_matrix_.value_ = np.ones(len(entries))
    highs.passModel(lp)
    highs.run()
    most = -highs.getInfo().objective_function_value
    return len(instance["conversations"]) - int(np.floor(most + 1e-6))
