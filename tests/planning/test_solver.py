"""The planner keeps the rules, and says truly how good its plan is."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings

from planning import solver
from planning.solver import Conversation, Placed, Problem, broken_rules, greedy, score, search, solve
from planning.solver.neutral import read_instance
from tests.planning.solver_problems import best_scores, problems
from tests.proof import plan_checker, schools

ROOT = Path(__file__).resolve().parent.parent.parent
EVENING = datetime(2026, 11, 24, 19)
TOMORROW = EVENING + timedelta(days=1)
JAN = (("jan",),)

pytestmark = [pytest.mark.req("P2"), pytest.mark.once]  # no database: a second engine would show nothing new


def at(number, minutes=15):
    return EVENING + timedelta(minutes=number * minutes)


def window(first, last):
    return ((at(first), at(last)),)


def wish(id, *numbers, needs=JAN, family=None, **more):
    return Conversation(id, family or id, needs, tuple(at(n) for n in numbers), **more)


def problem(*conversations, staff=("jan",), slots=4, **more):
    return Problem(15, {person: window(0, slots) for person in staff}, tuple(conversations), **more)


def starts(plan):
    return {id: placed.start for id, placed in plan.placed.items()}


# --- goals -----------------------------------------------------------------------------------------------------------


def test_everybody_gets_a_time_when_there_is_one():
    p = problem(wish("a", 0, 1), wish("b", 0), wish("c", 1, 2))
    plan = solve(p)
    assert starts(plan) == {"a": at(1), "b": at(0), "c": at(2)}
    assert plan.scores.unplaced == plan.bounds.unplaced == 0
    assert plan.is_complete and broken_rules(p, plan) == []


def test_brothers_and_sisters_come_back_to_back():
    p = problem(
        wish("emma", 0, 3, family="smit"), wish("daan", 0, 1, 3, needs=(("fatma",),), family="smit"),
        staff=("jan", "fatma"),
    )  # fmt: skip
    plan = solve(p)
    assert starts(plan) == {"emma": at(0), "daan": at(1)}
    assert plan.scores.waiting_minutes == plan.bounds.waiting_minutes == 0


def test_a_teacher_has_no_empty_slots_between_when_that_can_be():
    plan = solve(problem(wish("a", 0, 2), wish("b", 1), wish("c", 0, 3)))
    assert plan.scores.idle_slots == plan.bounds.idle_slots == 0


def test_liked_times_come_last_but_count():
    p = problem(wish("a", 0, 1, liked=frozenset({at(1)})), wish("b", 0, 1, liked=frozenset({at(0)})))
    plan = solve(p)
    assert starts(plan) == {"a": at(1), "b": at(0)}
    assert plan.scores.liked == plan.bounds.liked == 2


def test_a_later_day_counts_ten_hours_and_a_day_is_never_shorter_than_itself():
    one, two = wish("a", 0, family="f"), replace(wish("b", family="f"), starts=(TOMORROW,))
    p = Problem(15, {"jan": ((EVENING, at(4)), (TOMORROW, TOMORROW + timedelta(hours=1)))}, (one, two))
    assert score(p, {"a": Placed(EVENING, ("jan",)), "b": Placed(TOMORROW, ("jan",))}).waiting_minutes == 600 - 15
    morning = EVENING.replace(hour=8) + timedelta(days=1)
    p = Problem(15, {"jan": ()}, (one, replace(two, starts=(morning,))))
    assert score(p, {"a": Placed(EVENING, ("jan",)), "b": Placed(morning, ("jan",))}).waiting_minutes == 0


# --- what schools ask ------------------------------------------------------------------------------------------------


def test_a_duo_can_be_either_and_a_second_colleague_is_somebody_else():
    p = problem(
        wish("a", 0, needs=(("jan", "fatma"), ("jan", "fatma", "sem"))), wish("b", 0, needs=(("jan", "fatma"),)),
        staff=("jan", "fatma", "sem"),
    )  # fmt: skip
    plan = solve(p)
    assert plan.scores.unplaced == 0
    assert plan.placed["a"].staff[1] == "sem"
    assert broken_rules(p, plan) == []


def test_a_teacher_who_is_a_parent_is_not_on_both_sides_and_not_in_two_places():
    duo = (("jan", "fatma"),)
    own = wish("own", 0, needs=duo, people=frozenset({"jan"}))
    other = wish("other", 0, 1, needs=JAN)
    plan = solve(problem(own, other, staff=("jan", "fatma")))
    assert plan.placed["own"].staff == ("fatma",)
    assert plan.placed["other"].start == at(1)


def test_an_interpreter_makes_it_longer_and_holds_back_the_next():
    long = wish("long", 0, minutes=30, people=frozenset({"interpreter"}))
    p = problem(long, wish("a", 0, 1, 2), wish("b", 0, 1, 2, needs=(("fatma",),), people=frozenset({"interpreter"})),
                staff=("jan", "fatma"))  # fmt: skip
    plan = solve(p)
    assert starts(plan) == {"long": at(0), "a": at(2), "b": at(2)}


def test_teachers_may_have_grids_of_their_own():
    ten_past = replace(wish("b", needs=(("fatma",),), family="smit"), starts=(at(0, 10) + timedelta(minutes=10), at(2)))
    p = problem(wish("a", 0, 2, family="smit"), ten_past, staff=("jan", "fatma"))
    plan = solve(p)
    assert plan.scores.waiting_minutes == plan.bounds.waiting_minutes == 5  # 19:10-19:25, then 19:30
    assert broken_rules(p, plan) == []


def test_gap_and_walking_time_are_kept():
    p = problem(wish("a", 0, family="smit"), wish("b", 1, 2, needs=(("fatma",),), family="smit"),
                staff=("jan", "fatma"), walking_minutes=5)  # fmt: skip
    assert solve(p).placed["b"].start == at(2)
    p = problem(wish("a", 0), wish("b", 1, 2), gap_minutes=5)
    assert solve(p).placed["b"].start == at(2)


def test_what_is_pinned_stays_and_the_others_go_around_it():
    pinned = wish("a", 3, pinned=Placed(at(0), ("jan",)))  # not even one of its wishes
    p = problem(pinned, wish("b", 0, 1), wish("c", 0, 1, family="a", needs=(("fatma",),)), staff=("jan", "fatma"))
    plan = solve(p)
    assert starts(plan) == {"a": at(0), "b": at(1), "c": at(1)}
    assert broken_rules(p, plan) == []


def test_somebody_who_is_elsewhere_is_not_planned():
    plan = solve(problem(wish("a", 0, 1), busy={"jan": ((at(0), at(0) + timedelta(minutes=5)),)}))
    assert plan.placed["a"].start == at(1)


def test_wall_clock_times_cross_the_night_the_clock_changes():
    before, after = datetime(2026, 10, 24, 19), datetime(2026, 10, 25, 19)
    jan = ((before, before + timedelta(minutes=15)), (after, after + timedelta(minutes=15)))
    p = Problem(15, {"jan": jan}, tuple(Conversation(i, i, JAN, (before, after)) for i in "ab"))
    assert set(starts(solve(p)).values()) == {before, after}


def test_a_very_large_family_is_planned_too():
    needs = [((f"t{n}",),) for n in range(5)]
    p = problem(*(wish(f"c{n}", *range(12), needs=needs[n], family="van alles") for n in range(5)),
                staff=[f"t{n}" for n in range(5)], slots=12)  # fmt: skip
    plan = solve(p)
    assert plan.scores.unplaced == plan.scores.waiting_minutes == 0
    assert plan.bounds.waiting_minutes == 0
    assert broken_rules(p, plan) == []


def test_a_problem_without_anything_to_choose_is_answered():
    assert solve(problem()).scores.unplaced == 0
    plan = solve(problem(wish("a")))
    assert plan.unplaced["a"].why == solver.NOTHING_IN_COMMON


def test_two_conversations_with_one_name_are_refused():
    with pytest.raises(solver.ImpossibleProblem, match="a komt twee keer voor"):
        solve(problem(wish("a", 0), wish("a", 1)))


# --- against trying everything ---------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(problems())
def test_small_problems_are_solved_as_well_as_by_trying_everything(p):
    plan, best = solve(p, time_limit=20), best_scores(p)
    assert broken_rules(p, plan) == []
    assert plan.scores == best
    assert plan.bounds == best and plan.is_complete


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(problems())
def test_greedy_plans_keep_the_rules_too(p):
    plan = greedy(p, seed=1)
    assert broken_rules(p, plan) == []
    assert plan.scores == score(p, plan.placed)


@pytest.mark.parametrize("is_tight", [False, True])
def test_a_small_school_meets_the_bound_of_a_linear_program_of_its_own(is_tight):
    instance = schools.instance(60, 2, tight=is_tight)
    p = read_instance(json.dumps(instance))
    plan = solve(p)
    placed = solver.answer(p, plan)["placed"]
    assert list(plan_checker.broken(instance, placed)) == []
    assert plan.scores.waiting_minutes == plan_checker.waiting(instance, placed)
    assert plan.scores.idle_slots == plan_checker.idle(instance, placed)
    assert plan.scores.unplaced == plan.bounds.unplaced == plan_checker.least_unplaced(instance)


# --- the judge -------------------------------------------------------------------------------------------------------

PAIR = problem(
    wish("a", 0, 1, 2, needs=(("jan", "fatma"), ("sem",))), wish("b", 0, 1, needs=(("fatma",),), family="a"),
    wish("c", 0, 1, people=frozenset({"sem"})), wish("d", 0, 1, pinned=Placed(at(3), ("jan",))),
    staff=("jan", "fatma", "sem"), slots=3, busy={"sem": window(2, 3)}, walking_minutes=5,
)  # fmt: skip
GOOD = {"a": Placed(at(0), ("jan", "sem")), "d": Placed(at(3), ("jan",))}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"a": Placed(at(3), ("jan", "sem"))}, "none of its starts"),
        ({"a": Placed(at(0), ("jan",))}, "has 1 resources where 2 are needed"),
        ({"a": Placed(at(0), ("sem", "sem"))}, "the same resource twice"),
        ({"a": Placed(at(0), ("sem", "jan"))}, "who is not one of"),
        ({"a": Placed(at(2), ("jan", "sem"))}, "busy elsewhere"),
        ({"b": Placed(at(0), ("fatma",))}, "family a is in"),
        ({"b": Placed(at(1), ("fatma",))}, "family a is in"),  # no time to walk
        ({"c": Placed(at(0), ("jan",))}, "is in a and c at once"),
        ({"d": Placed(at(1), ("jan",))}, "was pinned and moved"),
        ({"x": Placed(at(1), ("jan",))}, "not a conversation of this problem"),
    ],
)
def test_every_sort_of_broken_plan_is_found(change, sentence):
    assert broken_rules(PAIR, GOOD) == []
    assert sentence in " / ".join(broken_rules(PAIR, GOOD | change))


def test_outside_a_window_and_on_both_sides_of_the_table_are_found():
    late = problem(wish("a", 2, needs=JAN, people=frozenset({"jan"})), slots=2)
    said = " / ".join(broken_rules(late, {"a": Placed(at(2), ("jan",))}))
    assert "outside the windows of jan" in said
    assert "both sides of the table" in said


# --- why not ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conversations", "staff", "why"),
    [
        ([wish("x", 5)], ("jan",), solver.NOTHING_IN_COMMON),
        ([wish("x", 0), wish("a", 0, pinned=Placed(at(0), ("jan",)))], ("jan",), solver.TEAM_FULL),
        ([wish("x", 0), wish("a", 0, 1, pinned=Placed(at(0), ("jan",)))], ("jan",), solver.WISHES_NARROW),
        ([wish("x", 0, needs=(("jan",), ("sem",))), wish("a", 0, needs=(("sem",),), pinned=Placed(at(0), ("sem",)))],
         ("jan", "sem"), solver.COLLEAGUE_BUSY),
        ([wish("x", 0), wish("a", 0, needs=(("sem",),), family="x", pinned=Placed(at(0), ("sem",)))],
         ("jan", "sem"), solver.FAMILY_ELSEWHERE),
    ],
)  # fmt: skip
def test_the_reason_is_named_with_what_would_solve_it(conversations, staff, why):
    plan = solve(problem(*conversations, staff=staff))
    assert set(plan.unplaced) == {"x"}
    reason = plan.unplaced["x"]
    assert reason.why == why
    assert reason.more == 1
    assert ("sem" in reason.staff) == (why == solver.COLLEAGUE_BUSY)
    assert (at(1) in reason.starts) == (why == solver.WISHES_NARROW)


# --- stopping, progress, doing without -------------------------------------------------------------------------------


def school(pupils=75):
    return read_instance(json.dumps(schools.instance(pupils, 3)))


def test_stopping_keeps_the_best_plan_so_far():
    p, asked = school(), []
    began = time.monotonic()
    plan = solve(p, should_stop=lambda: asked.append(1) or True)
    assert asked and not plan.is_complete
    assert time.monotonic() - began < 10
    assert plan.placed and broken_rules(p, plan) == []
    assert plan.scores == score(p, plan.placed)


def test_progress_rises_and_scores_only_get_better():
    told = []
    plan = solve(school(), on_progress=lambda share, stage, scores: told.append((share, stage, scores)))
    shares, ranks = [share for share, _, _ in told], [scores.rank for _, _, scores in told if scores]
    assert min(shares) >= 0 and max(shares) <= 1 and shares == sorted(shares)
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] == plan.scores.rank


def test_out_of_time_is_said():
    p = school()
    plan = solve(p, time_limit=0.01)
    assert not plan.is_complete and broken_rules(p, plan) == []


def test_without_the_solver_package_there_is_still_a_plan(monkeypatch):
    monkeypatch.setattr(search, "has_solver", lambda: False)
    p = school()
    plan = solve(p)
    assert plan.solver == search.WITHOUT_SOLVER
    assert plan.scores.unplaced <= greedy(p, seed=1).scores.unplaced
    assert plan.bounds.waiting_minutes is None and broken_rules(p, plan) == []


def test_without_the_solver_package_nothing_of_it_is_imported():
    code = (
        "import sys; sys.modules['highspy'] = sys.modules['numpy'] = None;"
        "from tests.planning.test_solver import school; from planning.solver import search; from unittest import mock;"
        "search.has_solver = lambda: False; print(search.solve(school()).solver)"
    )
    code = "import django; django.setup();" + code
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          env={"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""})  # fmt: skip
    assert done.stdout.strip() == search.WITHOUT_SOLVER, done.stderr[-800:]


def test_two_searches_at_once_do_not_disturb_each_other():
    p, plans = school(40), []
    threads = [threading.Thread(target=lambda: plans.append(solve(p))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert plans[0].scores == plans[1].scores == plans[0].bounds


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def instance_file(tmp_path):
    path = tmp_path / "school.json"
    path.write_text(json.dumps(schools.instance(60, 2)))
    return path


def test_the_command_answers_in_words(instance_file, capsys):
    call_command("solve_plan", str(instance_file))
    words = capsys.readouterr().out
    assert "gesprekken hebben een tijd" in words
    assert words.count("Beter kan niet; dat is bewezen.") == 3
    assert f"Zonder tijd: {words.count(chr(10) + '- C')}." in words


def test_the_command_answers_other_tools(instance_file, capsys):
    call_command("solve_plan", str(instance_file), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert list(plan_checker.broken(json.loads(instance_file.read_text()), answer["placed"])) == []
    assert answer["bounds"]["unplaced"] == len(answer["unplaced"]) and answer["seconds"] > 0


BAD = {"slot_minutes": 15, "staff": [{"id": "a", "windows": []}], "conversations": []}
ROW = {"id": "c", "family": "f", "needs": [["a"]], "starts": []}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("{", "geen JSON"),
        ("[" * 100_000, "geen JSON"),
        ("[]", "geen object"),
        ("{}", "slot_minutes ontbreekt"),
        (BAD | {"slot_minutes": 0}, "slot_minutes is geen heel aantal"),
        (BAD | {"slot_minutes": True}, "slot_minutes is geen heel aantal"),
        (BAD | {"staff": 3}, "staff is geen lijst"),
        (BAD | {"staff": ["jan"]}, "geen object"),
        (BAD | {"staff": BAD["staff"] * 2}, "a komt twee keer voor"),
        (BAD | {"staff": [{"id": "a", "windows": [["2026-11-24T20:00", "2026-11-24T19:00"]]}]}, "eindigt voordat"),
        (BAD | {"staff": [{"id": "a", "windows": [["2026-11-24T20:00"]]}]}, "geen begin en einde"),
        (BAD | {"conversations": [ROW, ROW]}, "c komt twee keer voor"),
        (BAD | {"conversations": [ROW | {"needs": [[]]}]}, "heeft niemand nodig"),
        (BAD | {"conversations": [ROW | {"needs": [["%s"]]}]}, "staat niet bij staff"),
        (BAD | {"conversations": [ROW | {"family": 3}]}, "family bij c is geen tekst"),
        (BAD | {"conversations": [ROW | {"starts": ["2026-11-24T19:00Z"]}]}, "geen plaatselijke datum"),
        (BAD | {"conversations": [ROW | {"starts": ["gisteren"]}]}, "geen plaatselijke datum"),
    ],
)  # fmt: skip
def test_a_bad_file_gets_one_clear_sentence(tmp_path, written, sentence):
    path = tmp_path / "bad.json"
    path.write_text(written if isinstance(written, str) else json.dumps(written))
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("solve_plan", str(path))
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_silly_limit_are_refused(tmp_path, instance_file):
    with pytest.raises(CommandError, match="niet te lezen"):
        call_command("solve_plan", str(tmp_path / "nothing.json"))
    with pytest.raises(CommandError, match="time-limit"):
        call_command("solve_plan", str(instance_file), "--time-limit", "0")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("solve_plan", str(tmp_path / "bytes.json"))
