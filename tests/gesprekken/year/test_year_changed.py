"""The year moved: families hear it the next morning, in one message about everything since they were last told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gesprekken.models import Activiteit, Ronde, RondeGroep
from gesprekken.year import cycle
from school.actor import ACCOUNT, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW

pytestmark = pytest.mark.req("C1")
MORNING = datetime(2026, 11, 11, 8, 0, tzinfo=UTC)  # nine o'clock in Amsterdam, the day after


@pytest.fixture
def shared(cast, deliver):
    """Shared for the first time, with a ronde of group 5 and one of group 3; nobody but colleagues is mailed."""
    for groep, name in [("groep3", "Gesprekken groep 3"), ("groep5", "Gesprekken groep 5")]:
        cast.people[name] = cast.with_ronde(groepen=[cast.people[groep]], name=name)
    share(cast, families=True)
    assert not [message for message in deliver() if "ouders.example" in message.to[0]]
    return cast


def share(cast, *, families=True, at=NOW):
    cycle.publish(jaarplan=cast.year.jaarplan, by=Actor(cast.annemiek, ACCOUNT), tell_families=families, now=at)


def move(cast, groep, days):
    ronde = cast.people[f"Gesprekken groep {groep}"]
    Ronde.objects.filter(pk=ronde.pk).update(ends_on=ronde.ends_on + timedelta(days=days))


def in_the_morning(deliver, clock, **later):
    clock.move_to(MORNING + timedelta(**later))
    return {message.to[0]: message for message in deliver() if "ouders.example" in message.to[0]}


def test_several_publications_of_a_day_are_one_message_to_whom_they_touch(shared, deliver, frozen_clock):
    move(shared, 5, 3)
    share(shared)
    shared.with_free_day(date(2026, 12, 21), date(2027, 1, 1), name="Kerst")  # new: not a change of what they knew
    move(shared, 5, 7)
    share(shared, at=NOW + timedelta(hours=2))
    assert in_the_morning(deliver, frozen_clock, hours=-1) == {}
    mails = in_the_morning(deliver, frozen_clock)
    assert set(mails) == {f"{name}@ouders.example" for name in ("fatma", "ali", "kim", "joost", "sander")}
    kim = mails["kim@ouders.example"]
    (change,) = [line for line in kim.body.splitlines() if line.startswith("- ")]
    assert change == (
        "- Gesprekken groep 5: is nu 23 november tot en met 4 december 2026 (was 23 tot en met 27 november 2026)."
    )
    assert "/u/" in kim.body and "?next=/jaar/gedeeld/" in kim.body


def test_there_and_back_is_nothing_and_the_next_message_starts_from_what_she_was_told(shared, deliver, frozen_clock):
    move(shared, 5, 3)
    share(shared)
    move(shared, 5, 0)
    share(shared, at=NOW + timedelta(hours=1))
    assert in_the_morning(deliver, frozen_clock) == {}
    move(shared, 5, 3)
    share(shared, at=MORNING + timedelta(hours=1))
    assert "30 november" in in_the_morning(deliver, frozen_clock, days=1)["kim@ouders.example"].body
    move(shared, 5, 4)
    share(shared, families=False, at=MORNING + timedelta(days=1, hours=1))
    assert in_the_morning(deliver, frozen_clock, days=2) == {}
    move(shared, 5, 7)
    share(shared, at=MORNING + timedelta(days=2, hours=1))
    kim = in_the_morning(deliver, frozen_clock, days=3)["kim@ouders.example"]
    assert "(was 23 tot en met 30 november 2026)" in kim.body  # not the days of a version nobody told her


def test_who_may_not_know_and_what_is_told_elsewhere_stay_out(shared, deliver, frozen_clock):
    avond = shared.with_activity(date(2026, 12, 3), name="Avond", invited_at=NOW)
    kaart = shared.with_activity(date(2026, 12, 4), name="Kaart")
    share(shared)
    Relatie.objects.filter(person=shared.kim).update(restriction=True)
    Activiteit.objects.filter(pk__in=[avond.pk, kaart.pk]).update(on=date(2026, 12, 10))
    RondeGroep.objects.create(school=shared.school, ronde=shared.people["Gesprekken groep 3"], groep=shared.groep8)
    share(shared, at=NOW + timedelta(hours=1))
    mails = in_the_morning(deliver, frozen_clock)
    assert "kim@ouders.example" not in mails and "rob@ouders.example" not in mails
    assert "Kaart" in mails["sander@ouders.example"].body and "Avond" not in mails["sander@ouders.example"].body
    assert "groep 3" not in mails["sander@ouders.example"].body
    assert "Gesprekken groep 3: is voor andere groepen" in mails["ali@ouders.example"].body  # of Emre's group


def test_leadership_chooses_when_it_shares(shared, as_):
    leader = as_.staff(shared.annemiek)
    move(shared, 5, 3)
    assert "5 ouders die het raakt" in leader.get("/jaar/delen/").content.decode()
    leader.post("/jaar/delen/", {})
    assert not Outgoing.objects.filter(message="gesprekken.year_changed_family").exists()
    move(shared, 5, 4)
    leader.post("/jaar/delen/", {"families": "ja"})
    rows = Outgoing.objects.filter(message="gesprekken.year_changed_family")
    assert rows.count() == 5 and {row.due_at for row in rows} == {MORNING}


@pytest.mark.req("C6")
def test_the_year_shows_what_serves_each_factor_and_what_is_missing(shared, as_):
    shared.with_activity(soort="inloop", name="Kom kijken")
    page = " ".join(as_.staff(shared.annemiek).get("/jaar/").content.decode().split())
    welcome = page[page.index("1 welkom") : page.index("2 kennismaken")]
    assert "Kom kijken" in welcome and "Gesprekken groep 5" not in welcome
    assert "Gesprekken groep 5" in page[page.index("9 ontwikkelpunten") :]
    assert "nog niet" in page[page.index("10 perspectief") :]
    assert "ontbreken er 5: informatiekaart" in page
