"""Teachers give windows; what somebody chose never disappears by itself."""

from datetime import date, time

import pytest

from gesprekken.rondes import change_ronde
from planning import booking, opening, windows
from planning.models import Availability, Slot
from school.actor import ACCOUNT, LINK, Actor
from school.models import VrijeDag
from tests.cast import NOW

TUESDAY = date(2026, 11, 24)


def give(cast, teacher=None, on=TUESDAY, starts=time(15), ends=time(16)):
    teacher = teacher or cast.saskia
    return windows.give_window(
        ronde=cast.ronde, medewerker=teacher.medewerker, on=on, starts=starts, ends=ends, by=Actor(teacher, ACCOUNT)
    )


@pytest.fixture
def planned(cast):
    cast.with_ronde()
    return cast


def test_a_window_becomes_slots_of_the_rondes_length(planned):
    give(planned)
    assert Slot.objects.count() == 4


@pytest.mark.parametrize(
    ("reason", "about"),
    [
        ("outside", {"on": date(2026, 12, 24)}),
        ("backward", {"starts": time(16), "ends": time(15)}),
        ("backward", {"starts": time(16), "ends": time(16)}),
        ("too_short", {"starts": time(16), "ends": time(16, 10)}),
    ],
)
def test_a_window_that_cannot_be_is_refused(planned, reason, about):
    with pytest.raises(windows.WindowRefused) as refusal:
        give(planned, **about)
    assert refusal.value.reason == reason
    assert not Availability.objects.exists()


def test_windows_of_one_teacher_do_not_overlap(planned):
    give(planned)
    with pytest.raises(windows.WindowRefused):
        give(planned, starts=time(15, 30), ends=time(17))
    give(planned, starts=time(16), ends=time(17))
    assert Slot.objects.count() == 8


def test_taking_a_window_back_takes_its_slots(planned):
    window = give(planned)
    windows.take_back_window(window=window, by=Actor(planned.saskia, ACCOUNT))
    assert not Slot.objects.exists()


def test_a_window_with_a_chosen_time_stays(cast):
    cast.with_open_ronde()
    slot = Slot.objects.filter(medewerker=cast.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    window = Availability.objects.get(medewerker=cast.saskia.medewerker)
    with pytest.raises(windows.WindowRefused) as refusal:
        windows.take_back_window(window=window, by=Actor(cast.saskia, ACCOUNT))
    assert (refusal.value.reason, refusal.value.about) == ("in_use", {"booked": 1})


def test_a_longer_conversation_lays_the_free_times_out_anew_around_what_is_chosen(cast):
    ronde = cast.with_open_ronde()
    slot = list(Slot.objects.filter(medewerker=cast.saskia.medewerker))[1]
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    ronde.duration = 30
    ronde.save()
    windows.sync_ronde(ronde)
    left = Slot.objects.filter(medewerker=cast.saskia.medewerker)
    assert slot in left
    spans = sorted((s.starts_at, s.ends_at) for s in left)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_a_longer_conversation_in_a_draft_lays_out_the_windows_that_were_given(planned):
    """Teachers gave an afternoon; then the team decides on half an hour."""
    give(planned)
    change_ronde(
        ronde=planned.ronde, by=Actor(planned.annemiek, ACCOUNT), seen_version=planned.ronde.version, duration=30
    )
    assert [(s.ends_at - s.starts_at).seconds for s in Slot.objects.all()] == [1800, 1800]


def test_times_outside_a_period_that_was_moved_are_said_before_opening(planned):
    give(planned)
    change_ronde(
        ronde=planned.ronde,
        by=Actor(planned.annemiek, ACCOUNT),
        seen_version=planned.ronde.version,
        starts_on=date(2026, 11, 30),
        ends_on=date(2026, 12, 4),
    )
    planned.ronde.refresh_from_db()
    stops = [f.text for f in opening.check(planned.ronde, now=NOW) if f.weight == opening.STOP]
    assert any("buiten de periode" in text for text in stops)


def test_leadership_gives_everybody_a_window_and_hears_who_had_one(planned):
    give(planned, planned.bas)
    given, skipped = windows.give_windows_to_all(
        ronde=planned.ronde, on=TUESDAY, starts=time(15), ends=time(16), by=Actor(planned.annemiek, ACCOUNT)
    )
    assert {m.person.first_name for m in given} == {"Saskia", "Ilse", "Maarten"}
    assert [m.person.first_name for m in skipped] == ["Bas"]


def test_a_holiday_on_the_day_is_noticed(planned):
    VrijeDag.objects.create(
        school=planned.school, schooljaar=planned.year, soort="studiedag", name="Studiedag", starts_on=TUESDAY,
        ends_on=TUESDAY,
    )  # fmt: skip
    assert windows.free_day_on(planned.ronde, TUESDAY).name == "Studiedag"
    assert windows.free_day_on(planned.ronde, date(2026, 11, 25)) is None


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_keeps_what_was_typed_when_a_window_is_refused(planned, as_):
    client = as_.staff(planned.saskia)
    response = client.post(
        f"/rondes/{planned.ronde.pk}/tijden/", {"on": "2026-11-24", "starts": "16:00", "ends": "15:00"}
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "moet na de tijd" in page
    assert 'value="16:00"' in page


@pytest.mark.parametrize(
    "typed",
    [
        {"on": "nooit", "starts": "15:00", "ends": "16:00"},
        {"on": "2026-11-24", "starts": "15:03", "ends": "16:00"},
        {"on": "2026-11-24", "starts": "25:00", "ends": "x"},
        {},
    ],
)
def test_nonsense_is_refused_and_nothing_is_stored(planned, as_, typed):
    response = as_.staff(planned.saskia).post(f"/rondes/{planned.ronde.pk}/tijden/", typed)
    assert response.status_code == 422
    assert not Availability.objects.exists()


def test_a_teacher_gives_her_own_times_and_nobody_elses(planned, as_):
    response = as_.staff(planned.saskia).get(f"/rondes/{planned.ronde.pk}/tijden/?van={planned.bas.medewerker.pk}")
    assert response.status_code == 404
