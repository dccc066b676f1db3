"""What leadership sees of a plan: how it goes, how good it is, why somebody has no slot, and what releasing will do."""

from datetime import date, time, timedelta

import pytest

from gesprekken.models import Ronde
from planning import solver
from planning.models import Availability, Booking, Plan, Slot
from planning.plan import adjusting, plans, releasing, verdict
from planning.times import booking
from planning.views import refusals
from school import jobs
from school.actor import ACCOUNT, LINK, Actor
from school.models import Job
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def wishing(cast):
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    cast.people["page"] = f"/rondes/{cast.ronde.pk}/planning/"
    return cast


@pytest.fixture
@remembered
def planned(wishing):
    wishing.people["plan"] = plans.make_plan(ronde=wishing.ronde, by=Actor(wishing.annemiek, ACCOUNT), now=NOW)
    jobs.work_all()
    return wishing


@pytest.fixture
def leader(wishing, as_):
    return as_.staff(wishing.annemiek)


def stamp(version):
    return f"{Plan.objects.first().pk}-{version}"


def text(response):
    return response.content.decode()


# --- made ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_leadership_has_a_plan_made_and_reads_how_good_it_is(wishing, leader):
    assert "Maak de planning" in text(leader.get(wishing.page))
    page = text(leader.post(f"{wishing.page}maken/", follow=True))
    assert "Dit staat klaar en begint zo." in page
    assert "Stop en houd het beste tot nu toe" in page
    jobs.work_all()
    page = text(leader.get(wishing.page))
    assert "6 van de 6 gesprekken hebben een tijd." in page
    assert "Beter kan niet: dat is bewezen." in page
    assert "Geef de planning vrij" in page


def test_asking_twice_shows_the_one_that_is_being_made(wishing, leader):
    leader.post(f"{wishing.page}maken/")
    assert "Er wordt al een planning gemaakt." in text(leader.post(f"{wishing.page}maken/", follow=True))
    assert Plan.objects.count() == 1


def test_what_does_not_begin_says_whom_to_ask(wishing, leader):
    leader.post(f"{wishing.page}maken/")
    Plan.objects.update(created_at=NOW - timedelta(minutes=1))
    assert "Vraag je beheerder" in text(leader.get(wishing.page))


def test_the_page_of_the_ronde_leads_to_the_plan_and_counts_the_wishes(wishing, leader):
    page = text(leader.get(f"/rondes/{wishing.ronde.pk}/"))
    assert "Naar de planning" in page
    assert 'data-kop="wens"' in page


def test_stopping_is_said(wishing, leader):
    leader.post(f"{wishing.page}maken/")
    page = text(leader.post(f"{wishing.page}stoppen/", follow=True))
    assert "We stoppen en houden de beste planning tot nu toe." in page
    assert Job.objects.get().stop_asked
    jobs.work_all()
    assert "Geef de planning vrij" in text(leader.get(wishing.page))


def test_a_failed_plan_says_so_and_can_be_made_again(wishing, leader, monkeypatch):
    monkeypatch.setattr(solver, "solve", lambda *args, **kwargs: 1 / 0)
    leader.post(f"{wishing.page}maken/")
    jobs.work_all()
    page = text(leader.get(wishing.page))
    assert "Er ging iets mis en er is geen planning gemaakt." in page
    assert "Maak de planning" in page


def test_a_failed_attempt_leaves_the_plan_before_it(planned, leader, monkeypatch):
    monkeypatch.setattr(solver, "solve", lambda *args, **kwargs: 1 / 0)
    leader.post(f"{planned.page}maken/")
    jobs.work_all()
    page = text(leader.get(planned.page))
    assert "De laatste poging is niet gelukt." in page
    assert "Geef de planning vrij" in page


def test_without_slots_there_is_a_way_to_give_them_instead_of_a_button(wishing, leader):
    Slot.objects.all().delete()
    page = text(leader.get(wishing.page))
    assert "Er zijn geen tijden die nog komen." in page
    assert "Maak de planning" not in page


def test_a_plan_of_before_a_change_says_so(planned, leader):
    planned.with_times(planned.saskia, on=date(2026, 11, 25))
    assert "Na het maken van deze planning is er iets veranderd" in text(leader.get(planned.page))


@pytest.mark.req("P2")
def test_who_has_no_slot_stands_there_with_why_and_what_solves_it(wishing, leader):
    Availability.objects.filter(medewerker=wishing.saskia.medewerker).delete()
    Slot.objects.filter(medewerker=wishing.saskia.medewerker).delete()
    wishing.with_times(wishing.saskia, starts=time(15), ends=time(15, 30))
    leader.post(f"{wishing.page}maken/")
    jobs.work_all()
    page = text(leader.get(wishing.page))
    assert "4 van de 6 gesprekken hebben een tijd." in page
    assert "Alle tijden van Saskia Mulder die kunnen, zijn bezet." in page
    assert "Met 2 tijdsloten erbij van Saskia Mulder past het." in page
    assert f"/rondes/{wishing.ronde.pk}/tijden/?van={wishing.saskia.medewerker.pk}" in page


def test_in_first_come_the_rest_is_planned(cast, as_):
    cast.with_open_ronde()
    slot = Slot.objects.filter(medewerker=cast.saskia.medewerker)[3]
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    client, page = as_.staff(cast.annemiek), f"/rondes/{cast.ronde.pk}/planning/"
    assert "Plan de rest" in text(client.get(f"/rondes/{cast.ronde.pk}/"))
    client.post(f"{page}maken/")
    jobs.work_all()
    found = text(client.get(page))
    assert "1 gesprek heeft al een tijd; die blijft staan. Er komen 5 tijden bij." in found


def test_without_the_solver_the_page_says_so(wishing, leader, monkeypatch):
    monkeypatch.setattr("planning.solver.search.has_solver", lambda: False)
    leader.post(f"{wishing.page}maken/")
    jobs.work_all()
    assert "met een eenvoudige methode gemaakt" in text(leader.get(wishing.page))


# --- words -----------------------------------------------------------------------------------------------------------


def figures(unplaced=2, waiting=100, idle=3, liked=0, bounds=(2, 98, None), **more):
    names = ("unplaced", "waiting_minutes", "idle_slots")
    return {
        "total": 63,
        "scores": {**dict(zip(names, (unplaced, waiting, idle), strict=True)), "liked": liked},
        "bounds": dict(zip(names, bounds, strict=True)),
        **more,
    }


def test_proof_and_distance_to_the_best_are_said_in_words():
    placed, waiting, idle = verdict.lines(figures())
    assert (placed.reached, placed.proof) == (
        "61 van de 63 gesprekken hebben een tijd.",
        "Beter kan niet: dat is bewezen.",
    )
    assert waiting.proof == "Hoogstens 2 % korter is mogelijk."
    assert (idle.reached, idle.proof) == ("Leerkrachten hebben samen 3 lege tijdsloten tussen hun gesprekken.", "")


def test_what_was_changed_by_hand_is_not_called_proven():
    found = figures(by_hand=True, is_complete=True, solver="HiGHS")
    assert not any(line.proof for line in verdict.lines(found))
    assert "met de hand" in " ".join(verdict.remarks(found))


@pytest.mark.parametrize(
    "why",
    [
        solver.NOTHING_IN_COMMON, solver.TEAM_FULL, solver.WISHES_NARROW, solver.COLLEAGUE_BUSY,
        solver.FAMILY_ELSEWHERE, solver.NOT_FOUND,
    ],
)  # fmt: skip
def test_every_reason_has_a_sentence_and_a_way_out(why):
    because, solve = verdict.why(
        {"why": why, "staff": [1], "more": 2, "starts": ["2026-11-24T15:15:00"]}, {1: "Saskia"}
    )
    assert because.endswith(".") and solve.endswith(".")
    assert "%" not in because + solve


def test_every_refusal_has_a_sentence():
    assert set(refusals.PLAN) == set(plans.PlanRefused.REASONS)
    assert set(refusals.ADJUST) == set(adjusting.AdjustRefused.REASONS)
    assert set(refusals.RELEASE) <= set(booking.BookingRefused.REASONS)


# --- adjusted --------------------------------------------------------------------------------------------------------


def row_of(cast, gesprek):
    return cast.plan.planned.get(gesprek=gesprek)


@pytest.mark.req("P2")
def test_a_gesprek_is_pinned_moved_and_swapped_without_a_script(planned, leader):
    tess, elif_ = planned.gesprek_of(planned.tess), planned.gesprek_of(planned.elif_)
    url = f"{planned.page}gesprek/{tess.pk}/"
    page = text(leader.get(url))
    assert "Een andere tijd voor Tess" in page
    assert "ruilen met" in page
    assert "blijft op deze tijd" in text(leader.post(url, {"versie": stamp(1), "vast": "ja"}, follow=True))
    taken = set(planned.plan.planned.values_list("slot", flat=True))
    free = Slot.objects.filter(medewerker=planned.saskia.medewerker).exclude(pk__in=taken).first()
    page = text(leader.post(url, {"versie": stamp(2), "doel": free.pk}, follow=True))
    assert "Tess is verzet en blijft op deze tijd." in page
    assert row_of(planned, tess).slot == free
    noor = planned.gesprek_of(planned.noor, planned.kim)
    theirs = row_of(planned, noor).slot
    page = text(leader.post(url, {"versie": stamp(3), "doel": theirs.pk}, follow=True))
    assert "Tess heeft geruild." in page
    assert (row_of(planned, tess).slot, row_of(planned, noor).slot) == (theirs, free)
    assert elif_


def test_a_change_that_breaks_a_rule_is_refused_with_one_sentence(planned, leader):
    elif_, emre = planned.gesprek_of(planned.elif_), planned.gesprek_of(planned.emre)
    at = row_of(planned, emre).slot.starts_at
    planned.plan.planned.filter(slot__medewerker=planned.saskia.medewerker, slot__starts_at=at).exclude(
        gesprek=elif_
    ).update(slot=None)
    same = Slot.objects.get(medewerker=planned.saskia.medewerker, starts_at=at)
    page = text(leader.post(f"{planned.page}gesprek/{elif_.pk}/", {"versie": stamp(1), "doel": same.pk}, follow=True))
    assert "heeft dan al een ander gesprek. Er is niets veranderd." in page


def test_a_page_of_before_somebody_elses_change_is_refused(planned, leader):
    tess = planned.gesprek_of(planned.tess)
    url = f"{planned.page}gesprek/{tess.pk}/"
    leader.post(url, {"versie": stamp(1), "vast": "ja"})
    page = text(leader.post(url, {"versie": stamp(1), "los": "ja"}, follow=True))
    assert "Iemand anders veranderde net iets." in page
    assert row_of(planned, tess).pinned


def test_a_page_about_an_older_plan_changes_nothing_in_the_new_one(planned, leader):
    old = stamp(1)
    leader.post(f"{planned.page}maken/")
    jobs.work_all()
    url = f"{planned.page}gesprek/{planned.gesprek_of(planned.tess).pk}/"
    for nasty in (old, "", "1", "²-³", "9-9-9"):
        assert "Iemand anders veranderde net iets." in text(
            leader.post(url, {"versie": nasty, "vast": "ja"}, follow=True)
        )
    assert not Plan.objects.first().planned.filter(pinned=True).exists()


def test_nothing_chosen_asks_to_choose(planned, leader):
    url = f"{planned.page}gesprek/{planned.gesprek_of(planned.tess).pk}/"
    assert "Kies eerst een tijd." in text(leader.post(url, {"versie": stamp(1)}, follow=True))


def test_the_timetable_shows_every_teacher(planned, leader):
    page = text(leader.get(f"{planned.page}rooster/"))
    for name in ("Saskia Mulder", "Bas van den Berg", "Elif Yılmaz", "vrij"):
        assert name in page


def test_without_a_plan_the_inner_pages_lead_back(wishing, leader):
    for path in ("rooster/", "vrijgeven/", f"gesprek/{wishing.gesprek_of(wishing.tess).pk}/"):
        assert leader.get(f"{wishing.page}{path}").status_code == 302


# --- released --------------------------------------------------------------------------------------------------------


@pytest.mark.req("P2", "I2")
def test_before_the_release_a_page_says_who_is_told(planned, leader):
    page = text(leader.get(f"{planned.page}vrijgeven/"))
    assert "6 gesprekken krijgen een tijd." in page
    assert "5 ouders horen het per mail" in page
    assert "1 ouder kan geen mail krijgen" in page
    leader.post(f"{planned.page}vrijgeven/", {"versie": stamp(1)})
    assert "De planning wordt zo vrijgegeven." in text(leader.get(planned.page))
    jobs.work_all()
    assert "Ouders weten hun tijd en kunnen ruilen" in text(leader.get(planned.page))
    assert Booking.objects.active().count() == 6


def test_within_the_week_a_reason_is_asked(planned, as_, frozen_clock):
    frozen_clock.move_to(NOW + timedelta(days=10))
    leader = as_.staff(planned.annemiek)
    response = leader.post(f"{planned.page}vrijgeven/", {"versie": stamp(1)})
    assert response.status_code == 422
    assert "6 gesprekken zijn binnen een week" in text(response)
    leader.post(f"{planned.page}vrijgeven/", {"versie": stamp(1), "reason": "Ziekte."})
    jobs.work_all()
    assert Booking.objects.active().count() == 6


def test_who_could_not_get_the_time_is_listed(planned, leader):
    tess = planned.gesprek_of(planned.tess)
    Slot.objects.filter(pk=row_of(planned, tess).slot_id).update(starts_at=NOW - timedelta(hours=1))
    releasing.release(plan=planned.plan, by=Actor(planned.annemiek, ACCOUNT), seen=1, now=NOW)
    jobs.work_all()
    page = text(leader.get(planned.page))
    assert "Deze gesprekken kregen geen tijd" in page
    assert "Deze tijd was al voorbij." in page


def test_a_release_that_was_broken_off_can_go_on(planned, leader):
    releasing.release(plan=planned.plan, by=Actor(planned.annemiek, ACCOUNT), seen=1, now=NOW)
    Job.objects.update(state=Job.State.FAILED)
    assert "Ga verder met vrijgeven" in text(leader.get(planned.page))
    leader.post(f"{planned.page}vrijgeven/", {})
    jobs.work_all()
    assert "Ouders weten hun tijd en kunnen ruilen" in text(leader.get(planned.page))


def test_a_teacher_sees_hers_only_after_the_release(planned, as_):
    assert as_.staff(planned.saskia).get(planned.page).status_code == 403
    assert as_.staff(planned.pieter).get(f"{planned.page}rooster/").status_code == 403


# --- large -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pupils", [1, 3, 30])
def test_the_pages_cost_the_same_for_any_number_of_gesprekken(cast, as_, pupils, django_assert_max_num_queries):
    for n in range(pupils):
        pupil = cast.pupil(f"p{n}", f"Kind{n}", "Bos", cast.groep5)
        cast.guardian(f"g{n}", f"Ouder{n}", "Bos", [pupil])
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    cast.with_times(cast.saskia, on=date(2026, 11, 25), starts=time(13), ends=time(20))
    plans.make_plan(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    jobs.work_all()
    client, page = as_.staff(cast.annemiek), f"/rondes/{cast.ronde.pk}/planning/"
    tess = cast.gesprek_of(cast.tess)
    for path, most in [("", 26), ("rooster/", 17), (f"gesprek/{tess.pk}/", 26), ("vrijgeven/", 24)]:
        with django_assert_max_num_queries(most):
            assert client.get(f"{page}{path}").status_code == 200
