"""The neutral form of a problem and its answer, so that anyone can check a plan with other tools."""

import json
from datetime import datetime

from planning.solver.problem import Conversation, ImpossibleProblem, Plan, Problem

MOST_CONVERSATIONS = 20_000  # far above any school; a file beyond it is something else


def N_(sentence: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return sentence


def read_instance(written: str) -> Problem:
    """The problem in this JSON; `ImpossibleProblem` says in one sentence what is wrong with it."""
    try:
        data = json.loads(written)
    except (ValueError, RecursionError):
        raise ImpossibleProblem(N_("dit is geen JSON"))
    slot_minutes = whole_minutes(field(data, "slot_minutes", ""))
    staff = read_staff(listed(data, "staff", ""))
    rows = listed(data, "conversations", "")
    if len(rows) > MOST_CONVERSATIONS:
        raise ImpossibleProblem(N_("%(number)s gesprekken is meer dan dit kan lezen"), number=len(rows))
    conversations = tuple(
        read_conversation(row, f"conversations[{n}]", slot_minutes, staff) for n, row in enumerate(rows)
    )
    refuse_doubles([conversation.id for conversation in conversations])
    return Problem(slot_minutes, staff, conversations)


def read_staff(rows) -> dict:
    ids = [text(row, "id", f"staff[{number}]") for number, row in enumerate(rows)]
    refuse_doubles(ids)
    return {
        id: tuple(read_window(pair, id) for pair in listed(row, "windows", id))
        for id, row in zip(ids, rows, strict=True)
    }


def read_window(pair, where):
    if not isinstance(pair, list) or len(pair) != 2:
        raise ImpossibleProblem(N_("%(value)s bij %(where)s is geen begin en einde"), value=shown(pair), where=where)
    starts, ends = (moment(value, where) for value in pair)
    if ends <= starts:
        raise ImpossibleProblem(
            N_("%(value)s bij %(where)s eindigt voordat het begint"), value=shown(pair), where=where
        )
    return starts, ends


def read_conversation(row, where, slot_minutes, staff) -> Conversation:
    id = text(row, "id", where)
    needs = listed(row, "needs", id)
    if not needs or not all(isinstance(need, list) and need for need in needs):
        raise ImpossibleProblem(N_("%(where)s heeft niemand nodig; needs is een lijst van lijsten"), where=id)
    for person in (person for need in needs for person in need):
        if not isinstance(person, str) or person not in staff:
            raise ImpossibleProblem(
                N_("%(where)s vraagt %(value)s, maar die staat niet bij staff"), where=id, value=shown(person)
            )
    starts = {moment(value, id) for value in listed(row, "starts", id)}
    return Conversation(
        id=id,
        family=text(row, "family", id),
        needs=tuple(tuple(need) for need in needs),
        starts=tuple(sorted(starts)),
        minutes=slot_minutes,
    )


def field(row, name, where):
    if not isinstance(row, dict):
        raise ImpossibleProblem(N_("%(where)s is geen object maar %(value)s"), where=where or "-", value=shown(row))
    if name not in row:
        raise ImpossibleProblem(N_("%(name)s ontbreekt bij %(where)s"), name=name, where=where or "-")
    return row[name]


def listed(row, name, where) -> list:
    value = field(row, name, where)
    if not isinstance(value, list):
        raise ImpossibleProblem(N_("%(name)s is geen lijst maar %(value)s"), name=name, value=shown(value))
    return value


def text(row, name, where) -> str:
    value = field(row, name, where)
    if not isinstance(value, str) or not value:
        raise ImpossibleProblem(N_("%(name)s bij %(where)s is geen tekst"), name=name, where=where)
    return value


def whole_minutes(value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 24 * 60:
        raise ImpossibleProblem(N_("slot_minutes is geen heel aantal minuten boven nul: %(value)s"), value=shown(value))
    return value


def moment(value, where) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo or found.second or found.microsecond:
        raise ImpossibleProblem(
            N_("%(value)s bij %(where)s is geen plaatselijke datum en tijd in hele minuten"),
            value=shown(value),
            where=where,
        )
    return found


def refuse_doubles(ids) -> None:
    seen = set()
    for id in ids:
        if id in seen:
            raise ImpossibleProblem(N_("%(where)s komt twee keer voor"), where=id)
        seen.add(id)


def shown(value) -> str:
    """The value as it stands in the file, cut short."""
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= 40 else written[:37] + "..."


def answer(problem: Problem, plan: Plan) -> dict:
    """The plan in the neutral form: `placed`, and beside it what is known about it."""
    scores, bounds = plan.scores, plan.bounds
    names = ("unplaced", "waiting_minutes", "idle_slots", "liked")
    return {
        "placed": {
            id: {"start": at.start.isoformat(timespec="minutes"), "staff": list(at.staff)}
            for id, at in plan.placed.items()
        },
        "unplaced": {
            id: {
                "why": reason.why,
                "staff": list(reason.staff),
                "more": reason.more,
                "starts": [start.isoformat(timespec="minutes") for start in reason.starts],
            }
            for id, reason in plan.unplaced.items()
        },
        "scores": {name: getattr(scores, name) for name in names},
        "bounds": {name: getattr(bounds, name) for name in names},
        "seconds": round(plan.seconds, 2),
        "is_complete": plan.is_complete,
        "solver": plan.solver,
    }
