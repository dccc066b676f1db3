"""How the number of families nobody heard from goes down: counted from what happened, and drawn."""

from datetime import date, timedelta

import pytest

from gesprekken.models import Gesprek
from planning.inviting import attempts, followup, shrinking
from planning.models import Slot
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import NOW

pytestmark = pytest.mark.req("I4")


def days(*families, last):
    def on(n):
        return None if n is None else date(2026, 11, n)

    found = shrinking.per_day([(on(invited), on(heard)) for invited, heard in families], last=on(last))
    return [(day.on.day, day.waiting, day.total) for day in found]


def test_a_family_counts_from_its_invitation_until_it_is_heard():
    assert days((10, 10), (10, 12), (10, None), (11, 12), last=13) == [
        (10, 2, 3), (11, 3, 4), (12, 1, 4), (13, 1, 4),
    ]  # fmt: skip
    assert days(last=13) == []
    assert shrinking.draw([]) is None
    assert len(days((1, None), last=28)) == 28
    long = shrinking.per_day([(date(2026, 1, 1), None)], last=date(2026, 12, 31))
    assert (len(long), long[-1].on) == (shrinking.MOST_DAYS, date(2026, 12, 31))


@pytest.fixture
def opened(cast):
    cast.with_open_ronde()
    return cast


def test_everything_that_happened_counts_also_what_was_undone_since(opened):
    """A time that was cancelled, a call that was made: they were heard from."""
    of, later = opened.gesprek_of, NOW + timedelta(days=1)
    slot = Slot.objects.filter(medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=of(opened.elif_), by=Actor(opened.fatma, LINK), now=NOW)
    booking.cancel(gesprek=of(opened.elif_), by=Actor(opened.fatma, LINK), now=later)
    followup.ask_for_call(gesprek=of(opened.tess), by=Actor(opened.sander, LINK), now=NOW)
    followup.called_back(gesprek=of(opened.tess), by=Actor(opened.saskia, ACCOUNT))
    attempts.log_attempt(
        gesprek=of(opened.noor, opened.kim), person=opened.kim, how="phone", outcome="spoken",
        by=Actor(opened.saskia, ACCOUNT), now=later,
    )  # fmt: skip
    attempts.log_attempt(
        gesprek=of(opened.daan), person=opened.ria, how="phone", outcome="no_answer",
        by=Actor(opened.ilse, ACCOUNT), now=later,
    )  # fmt: skip
    found = shrinking.families_of(opened.ronde, Gesprek.objects.filter(ronde=opened.ronde))
    picture = shrinking.draw(shrinking.per_day(found, last=later.date()))
    assert [(bar.day.waiting, bar.day.total) for bar in picture.bars] == [(4, 6), (3, 6)]
    assert picture.bars[0].height > picture.bars[1].height
    assert (
        picture.description == "Op dinsdag 10 november waren het er 4, op woensdag 11 november zijn het er 3 van de 6."
    )


def test_leadership_sees_it_on_the_page_of_the_ronde_and_a_teacher_does_not(opened, as_):
    url = f"/rondes/{opened.ronde.pk}/"
    page = as_.staff(opened.annemiek).get(url).content.decode()
    assert '<title id="krimp-titel">Van hoeveel gezinnen hoorden we nog niets?</title>' in page
    assert "zijn het er 6 van de 6" in page
    assert "Dezelfde getallen in een tabel" in page
    assert "krimp-titel" not in as_.staff(opened.saskia).get(url).content.decode()
