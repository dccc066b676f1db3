"""The year: proposed, changed, shared twice, and the next one laid out before it begins."""

from datetime import date, time

import pytest

from gesprekken.models import Activiteit, Jaarplan, JaarplanVersie, Ronde, Soort
from gesprekken.rondes import change_ronde
from gesprekken.year import cycle, entries, next_year
from gesprekken.year.cycle import EmptyYear, NothingChanged, YearRefused
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent, Groep, Lidmaatschap, Medewerker, Outgoing, School, Schooljaar, VrijeDag
from school.registry import tell
from school.schools import found_school
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return Actor(cast.annemiek, ACCOUNT)


@pytest.fixture
def proposed(cast, by):
    cycle.propose_year(schooljaar=cast.year, by=by)
    return cast


def plan_of(cast):
    return Jaarplan.objects.get(schooljaar=cast.year)


def share(cast, by, now=NOW):
    return cycle.publish(jaarplan=plan_of(cast), by=by, now=now)


def ronde_of(cast, code):
    return Ronde.objects.get(schooljaar=cast.year, soort__code=code)


# --- the proposal ----------------------------------------------------------------------------------------------------


@pytest.mark.req("C1", "C2")
def test_the_proposal_gives_every_group_what_the_sources_ask(proposed, cast):
    by_groep = {g.name: {r.soort.code for r in g.rondes.all()} for g in (cast.groep3, cast.groep5, cast.groep8)}
    everybody = {"startgesprek", "voortgangsgesprek", "ontwikkelingsgesprek-1", "ontwikkelingsgesprek-2"}
    assert by_groep["Groep 3"] == by_groep["Groep 5"] == everybody
    assert by_groep["Groep 8"] == everybody | {"voorlopig-advies", "na-doorstroomtoets", "definitief-advies"}
    assert all(ronde.is_draft for ronde in Ronde.objects.all())


@pytest.mark.req("C4")
def test_the_advice_dates_are_those_of_the_law(proposed, cast):
    plan = plan_of(cast)
    assert (plan.preliminary_from, plan.preliminary_until) == (date(2027, 1, 10), date(2027, 1, 31))
    assert (plan.result_by, plan.final_by) == (date(2027, 3, 15), date(2027, 3, 24))
    voorlopig, definitief = ronde_of(cast, "voorlopig-advies"), ronde_of(cast, "definitief-advies")
    assert plan.preliminary_from <= voorlopig.starts_on <= voorlopig.ends_on <= plan.preliminary_until
    assert ronde_of(cast, "na-doorstroomtoets").starts_on >= plan.result_by
    assert definitief.ends_on <= plan.final_by


def test_no_proposed_ronde_begins_or_ends_in_a_weekend(proposed):
    assert [
        r.name for r in Ronde.objects.all() if entries.is_weekend(r.starts_on) or entries.is_weekend(r.ends_on)
    ] == []


def test_proposing_twice_adds_nothing_and_keeps_what_was_changed(proposed, cast, by):
    ronde = ronde_of(cast, "startgesprek")
    Ronde.objects.filter(pk=ronde.pk).update(name="Kennismaken")
    count = Ronde.objects.count(), VrijeDag.objects.count()
    assert cycle.propose_year(schooljaar=cast.year, by=by) == []
    assert (Ronde.objects.count(), VrijeDag.objects.count()) == count
    assert ronde_of(cast, "startgesprek").name == "Kennismaken"


@pytest.mark.req("C2")
def test_a_kind_left_out_is_not_proposed(cast, by):
    cycle.lay_soorten_ready(cast.school)
    Soort.objects.filter(code="voortgangsgesprek").update(archived=True)
    cycle.propose_year(schooljaar=cast.year, by=by)
    assert not Ronde.objects.filter(soort__code="voortgangsgesprek").exists()


def test_a_combined_group_counts_for_the_levels_of_its_pupils(cast, by):
    combined = cast.groep("groep78", "G78", "Groep 7/8", "C")
    sam, lot = cast.pupil("sam", "Sam", "Sol", combined), cast.pupil("lot", "Lot", "Sol", combined)
    for leerling, jaargroep in [(sam, "7"), (lot, "8")]:
        Lidmaatschap.objects.filter(leerling=leerling).update(jaargroep=jaargroep)
    cycle.propose_year(schooljaar=cast.year, by=by)
    codes = {ronde.soort.code for ronde in combined.rondes.all()}
    assert {"vooruitblik-7", "voorlopig-advies"} <= codes


def test_a_secondary_school_gets_no_advice_of_group_eight(cast, by):
    school = found_school(name="Het Lyceum")
    School.objects.filter(pk=school.pk).update(soort=School.Soort.VO)
    school.refresh_from_db()
    leader = Actor.system(school)
    schooljaar = next_year.new_schooljaar(by=leader, starts_on=date(2026, 8, 1))
    cycle.propose_year(schooljaar=schooljaar, by=leader)
    assert not Ronde.objects.filter(schooljaar=schooljaar, soort__is_advice=True).exists()
    assert Jaarplan.objects.get(schooljaar=schooljaar).final_by is None


@pytest.mark.req("C4")
def test_the_advice_dates_keep_their_order(cast, by):
    dates = cycle.advice_defaults(cast.year)
    with pytest.raises(YearRefused):
        cycle.set_advice_dates(schooljaar=cast.year, by=by, **{**dates, "final_by": date(2027, 3, 1)})
    with pytest.raises(YearRefused):
        cycle.set_advice_dates(schooljaar=cast.year, by=by, **{**dates, "final_by": date(2027, 8, 1)})
    cycle.set_advice_dates(schooljaar=cast.year, by=by, **{**dates, "final_by": date(2027, 3, 20)})
    assert plan_of(cast).final_by == date(2027, 3, 20)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2026, {"Tweede Paasdag": date(2027, 3, 29), "Koningsdag": date(2027, 4, 27), "Hemelvaartsdag": date(2027, 5, 6)}),
        (2024, {"Tweede Paasdag": date(2025, 4, 21), "Koningsdag": date(2025, 4, 26), "Tweede Pinksterdag": date(2025, 6, 9)}),
    ],
)  # fmt: skip
def test_feast_days_are_where_the_calendar_has_them(cast, year, expected):
    schooljaar = Schooljaar(school=cast.school, starts_on=date(year, 8, 1), ends_on=date(year + 1, 7, 31))
    assert expected.items() <= dict(cycle.feast_days(schooljaar)).items()


# --- free days and activities ----------------------------------------------------------------------------------------


@pytest.mark.req("C6")
def test_an_activity_stays_inside_the_year_and_runs_forward(cast, by):
    evening = {"soort": "informatieavond", "name": "Avond", "on": date(2026, 9, 22), "place": ""}
    with pytest.raises(YearRefused):
        cycle.add_activiteit(schooljaar=cast.year, by=by, **{**evening, "on": date(2027, 8, 1)})
    with pytest.raises(YearRefused):
        cycle.add_activiteit(schooljaar=cast.year, by=by, **evening, starts=time(20), ends=time(19))
    added = cycle.add_activiteit(schooljaar=cast.year, by=by, groepen=[cast.groep3], **evening)
    cycle.change_activiteit(activiteit=added, by=by, groepen=[], **{**evening, "name": "Ouderavond"})
    assert Activiteit.objects.get().name == "Ouderavond" and not added.groepen.exists()
    cycle.remove_activiteit(activiteit=added, by=by)
    assert not Activiteit.objects.exists()


@pytest.mark.req("C1")
def test_the_same_free_day_twice_stays_one_and_can_change_and_go(cast, by):
    day = {"soort": "studiedag", "name": "Studiedag", "starts_on": date(2026, 10, 5), "ends_on": date(2026, 10, 5)}
    for _ in range(2):
        added = cycle.add_vrije_dag(schooljaar=cast.year, by=by, **day)
    assert VrijeDag.objects.count() == 1
    cycle.change_vrije_dag(day=added, by=by, **{**day, "ends_on": date(2026, 10, 6)})
    with pytest.raises(cycle.RondeRefused):
        cycle.change_vrije_dag(day=added, by=by, **{**day, "ends_on": date(2026, 10, 4)})
    cycle.remove_vrije_dag(day=added, by=by)
    assert not VrijeDag.objects.exists()


# --- sharing ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("C1")
def test_sharing_is_a_deliberate_act_that_tells_every_member_of_staff_once(proposed, cast, by, deliver):
    assert entries.entries_published(plan_of(cast)) == []
    Medewerker.objects.filter(person=cast.maarten).update(left_on=date(2026, 10, 1))
    edition = share(cast, by)
    assert (edition.version, edition.by) == (1, cast.annemiek)
    mails = deliver()
    assert {to for mail in mails for to in mail.to} == {
        p.email for p in (cast.pieter, cast.saskia, cast.bas, cast.ilse)
    }
    assert "2026-2027 staat klaar" in mails[0].subject
    assert f"/jaar/?jaar={cast.year.pk}" in mails[0].body
    assert AuditEvent.objects.filter(verb="publish", person=cast.annemiek).count() == 1


def test_an_empty_year_cannot_be_shared(cast, by):
    with pytest.raises(EmptyYear):
        share(cast, by)
    assert not JaarplanVersie.objects.exists() and not Outgoing.objects.exists()


@pytest.mark.req("C1")
def test_a_second_click_shares_nothing_and_sends_nothing(proposed, cast, by):
    share(cast, by)
    before = Outgoing.objects.count()
    with pytest.raises(NothingChanged):
        share(cast, by)
    assert (JaarplanVersie.objects.count(), Outgoing.objects.count()) == (1, before)


@pytest.mark.req("C1")
def test_a_later_change_shows_as_a_change_until_it_is_shared_and_reaches_those_it_touches(proposed, cast, by, deliver):
    share(cast, by)
    deliver()
    advice = ronde_of(cast, "voorlopig-advies")
    change_ronde(ronde=advice, by=by, seen_version=1, ends_on=date(2027, 1, 22))
    plan = plan_of(cast)
    shared = {e.key: e for e in entries.entries_published(plan)}
    assert shared[f"ronde-{advice.pk}"].ends_on == date(2027, 1, 29)  # nobody else sees it yet
    [change] = entries.differences(shared.values(), entries.entries_now(plan))
    assert change.sentence == (
        "Voorlopig adviesgesprek: is nu 11 tot en met 22 januari 2027 (was 11 tot en met 29 januari 2027)."
    )
    share(cast, by)
    mails = deliver()
    assert {to for mail in mails for to in mail.to} == {cast.pieter.email, cast.bas.email}  # IB, and group 8
    assert change.sentence in mails[0].body and "Gewijzigd" in mails[0].subject
    assert entries.differences(entries.entries_published(plan_of(cast)), entries.entries_now(plan)) == []


@pytest.mark.req("C1")
def test_what_is_new_and_what_is_gone_is_said_too(proposed, cast, by):
    share(cast, by)
    cycle.remove_vrije_dag(day=VrijeDag.objects.get(name="Koningsdag"), by=by)
    cast.with_activity()
    share(cast, by)
    plan = plan_of(cast)
    old, new = entries.entries_published(plan, 1), entries.entries_published(plan, 2)
    assert [change.sentence for change in entries.differences(old, new)] == [
        "Nieuw: Informatieavond, dinsdag 22 september 2026.",
        "Vervallen: Koningsdag, dinsdag 27 april 2027.",
    ]


def test_a_change_seen_in_another_language_is_no_change(proposed, cast, by):
    from django.utils import translation

    share(cast, by)
    with translation.override("en"):
        now = entries.entries_now(plan_of(cast))
    assert entries.differences(entries.entries_published(plan_of(cast)), now) == []


def test_only_what_changed_gets_a_new_sequence(proposed, cast, by):
    share(cast, by)
    change_ronde(ronde=ronde_of(cast, "startgesprek"), by=by, seen_version=1, name="Kennismaken")
    share(cast, by)
    sequences = {e.name: e.sequence for e in entries.entries_published(plan_of(cast))}
    assert sequences.pop("Kennismaken") == 1
    assert set(sequences.values()) == {0}


# --- the next year ---------------------------------------------------------------------------------------------------


@pytest.mark.req("C1")
def test_the_next_year_is_laid_out_before_it_begins_with_this_years_structure(proposed, cast, by):
    cast.with_free_day()
    cast.with_activity()
    Ronde.objects.filter(soort__code="startgesprek").update(
        name="Kennismaken", duration=25, reception="Koffie", reminder_days=[3]
    )
    following = next_year.new_schooljaar(by=by, starts_on=next_year.next_start(cast.school, NOW.date()))
    assert (following.starts_on, following.ends_on) == (date(2027, 8, 1), date(2028, 7, 31))
    start = Ronde.objects.get(schooljaar=following, soort__code="startgesprek")
    assert (start.name, start.duration, start.reception, start.is_draft) == ("Kennismaken", 25, "Koffie", True)
    assert start.reminder_days == [3]
    assert start.starts_on == date(2027, 9, 6) and start.starts_on.weekday() == 0
    assert VrijeDag.objects.get(schooljaar=following, name="Herfstvakantie").starts_on == date(2027, 10, 16)
    assert VrijeDag.objects.get(schooljaar=following, name="Tweede Paasdag").starts_on == date(2028, 4, 17)
    assert Activiteit.objects.get(jaarplan__schooljaar=following).on == date(2027, 9, 21)
    assert Jaarplan.objects.get(schooljaar=following).final_by == date(2028, 3, 24)
    advice = Ronde.objects.get(schooljaar=following, soort__code="voorlopig-advies")
    assert advice.for_levels == [8] and not advice.ronde_groepen.exists()


def test_asking_twice_for_the_next_year_makes_one(proposed, cast, by):
    for _ in range(2):
        next_year.new_schooljaar(by=by, starts_on=date(2027, 8, 1))
    assert Schooljaar.objects.filter(school=cast.school).count() == 2
    assert Ronde.objects.filter(soort__code="startgesprek").count() == 2


def test_once_the_groups_are_imported_the_waiting_rondes_get_theirs(proposed, cast, by):
    following = next_year.new_schooljaar(by=by, starts_on=date(2027, 8, 1))
    for level in ("3", "8"):
        Groep.objects.create(school=cast.school, schooljaar=following, key=f"N{level}", name=level, jaargroep=level)
    tell("imported", school=cast.school, by=by, now=NOW)
    names = {r.soort.code: [g.name for g in r.groepen.all()] for r in Ronde.objects.filter(schooljaar=following)}
    assert names["startgesprek"] == ["3", "8"] and names["voorlopig-advies"] == ["8"]


def test_a_first_year_begins_in_the_august_before(cast):
    school = found_school(name="Nieuw")
    assert next_year.next_start(school, date(2027, 7, 31)) == date(2026, 8, 1)
    assert next_year.next_start(school, date(2026, 8, 1)) == date(2026, 8, 1)


def test_a_proposed_day_lands_in_the_right_half_of_the_year(cast):
    assert cycle.in_year(cast.year, "08-01") == date(2026, 8, 1)
    assert cycle.in_year(cast.year, "07-31") == date(2027, 7, 31)
    assert cycle.in_year(cast.year, "02-29") == date(2027, 2, 28)
