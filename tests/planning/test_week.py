"""The week ahead: every change inside it is agreed or has a reason, staff see what is left, leadership reads why."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gesprekken.models import Gesprek, Ronde
from planning import week
from planning.around import families, joining, meeting, substitute
from planning.day import absence
from planning.models import Booking, Slot, WeekException
from planning.times import booking, lengths
from school.actor import ACCOUNT, LINK, Actor
from school.models import Relatie
from tests.cast import NOW

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
LATE = NOW + timedelta(days=9)  # Thursday 19 November, five days before
REASON = "De leerkracht was ziek."


@pytest.fixture
def planned(cast):
    """Elif has Saskia's first time on the 24th, with Pieter; Noor's parents talk apart and Joost has a time."""
    cast.with_open_ronde()
    cast.people["by"] = Actor(cast.annemiek, ACCOUNT)
    cast.people["elifs"], cast.people["noors"] = cast.gesprek_of(cast.elif_), cast.gesprek_of(cast.noor, cast.joost)
    joining.add_expert(gesprek=cast.elifs, person=cast.pieter, by=cast.by, now=NOW)
    booking.book(slot=slots(cast)[0], gesprek=cast.elifs, by=Actor(cast.fatma, LINK), now=NOW)
    booking.book(slot=slots(cast)[4], gesprek=cast.noors, by=Actor(cast.joost, LINK), now=NOW)
    return cast


def slots(cast):
    return list(Slot.objects.filter(ronde=cast.ronde, medewerker=cast.saskia.medewerker))


def move_far_away(cast, **about):
    """The new time is weeks away; the one that parents count on is not."""
    if cast.ronde.availabilities.filter(on=date(2026, 11, 27)).count() == 0:
        cast.with_times(cast.saskia, on=date(2026, 11, 27))  # eight days after LATE
    far = slots(cast)[-1]
    return booking.move(slot=far, gesprek=cast.elifs, **about)


VERBS = {
    "book": lambda c, **a: booking.book(slot=slots(c)[2], gesprek=c.gesprek_of(c.tess), **a),
    "move": lambda c, **a: booking.move(slot=slots(c)[2], gesprek=c.elifs, **a),
    "move away from the week": move_far_away,
    "cancel": lambda c, **a: booking.cancel(gesprek=c.elifs, **a),
    "set_length": lambda c, **a: lengths.set_length(gesprek=c.elifs, minutes=30, **a),
    "set_form": lambda c, **a: meeting.set_form(gesprek=c.elifs, form="home", place="", **a),
    "add_expert": lambda c, **a: joining.add_expert(gesprek=c.elifs, person=c.bas, **a),
    "remove_expert": lambda c, **a: joining.remove_expert(gesprek=c.elifs, person=c.pieter, **a),
    "replace_colleague": lambda c, **a: joining.replace_colleague(gesprek=c.elifs, medewerker=c.bas.medewerker, **a),
}
NO_PARENT_TO_ASK = {
    "rearrange": lambda c, **a: families.rearrange(
        leerling=c.noor, ways=dict.fromkeys([c.kim.pk, c.joost.pk], Relatie.Talks.TOGETHER), **a
    ),
    "take_over": lambda c, **a: substitute.take_over(
        absent=c.saskia.medewerker, replacement=c.ilse.medewerker, **a
    ),
    "call_off_day": lambda c, **a: absence.call_off_day(medewerker=c.saskia.medewerker, on=DAY, **a),
    "move_day": lambda c, **a: absence.move_day(medewerker=c.saskia.medewerker, on=DAY, to=date(2026, 11, 26), **a),
    "another place": lambda c, **a: meeting.tell_new_place(ronde=c.ronde, **a),
}  # fmt: skip
WHAT = {
    "book": "planned", "move": "moved", "move away from the week": "moved", "cancel": "cancelled",
    "set_length": "length", "set_form": "place", "add_expert": "joins", "remove_expert": "leaves",
    "replace_colleague": "joins", "rearrange": "joins", "take_over": "teacher", "call_off_day": "day",
    "move_day": "day", "another place": "place",
}  # fmt: skip


def how_it_stands():
    return (
        list(Booking.objects.order_by("pk").values_list("gesprek", "starts_at", "ends_at", "medewerker", "state")),
        list(Gesprek.objects.order_by("pk").values_list("form", "minutes", "cancelled_at")),
        Ronde.objects.filter(state="open").count(),
    )


@pytest.mark.req("I2")
@pytest.mark.parametrize("verb", [*VERBS, *NO_PARENT_TO_ASK])
def test_inside_the_week_every_verb_wants_agreement_or_a_reason(planned, verb):
    do, before = (VERBS | NO_PARENT_TO_ASK)[verb], how_it_stands()
    with pytest.raises(Exception) as refused:
        do(planned, by=planned.by, now=LATE, reason="   ")
    assert getattr(refused.value, "reason", "") == "week" or getattr(refused.value, "field", "") == "reason"
    assert how_it_stands() == before and not WeekException.objects.exists()
    do(planned, by=planned.by, now=LATE, reason=REASON)
    kept = WeekException.objects.all()
    assert {(e.what, e.on, e.reason, e.by) for e in kept} == {(WHAT[verb], DAY, REASON, planned.annemiek)}


@pytest.mark.req("I2")
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_agreed_on_the_phone_needs_no_reason_and_is_no_exception(planned, verb):
    before = how_it_stands()
    VERBS[verb](planned, by=planned.by, now=LATE, agreed=True)
    assert how_it_stands() != before or "expert" in verb or "colleague" in verb
    assert not WeekException.objects.exists()


@pytest.mark.req("I2")
def test_what_a_parent_does_herself_needs_no_reason(planned):
    """Who may swap until shortly before: after a plan was released."""
    Ronde.objects.filter(pk=planned.ronde.pk).update(plan_released_at=NOW)
    gesprek, by = planned.elifs, Actor(planned.fatma, LINK)
    booking.move(slot=slots(planned)[2], gesprek=gesprek, by=by, now=LATE)
    booking.cancel(gesprek=gesprek, by=by, now=LATE)
    assert not WeekException.objects.exists()


# --- the day one can still do without --------------------------------------------------------------------------------


@pytest.mark.req("I2")
@pytest.mark.parametrize(
    ("today", "says"),
    [
        (8, "Nog 9 dagen: tot en met di 17 nov kan dit zonder reden."),
        (16, "Nog 1 dag: tot en met di 17 nov kan dit zonder reden."),
        (17, "Alleen vandaag kan dit nog zonder reden."),
        (18, "Vraag de ouders, of schrijf een reden op."),
    ],
)
def test_staff_read_how_many_days_are_left(planned, as_, frozen_clock, today, says):
    frozen_clock.move_to(NOW.replace(day=today))
    teacher = as_.staff(planned.saskia)
    for page in ("plannen", "opzet", "plannen/duur"):
        assert says in text(teacher.get(f"/gesprek/{planned.elifs.pk}/{page}/")), page
    draft = planned.with_ronde(name="Volgende")
    planned.with_times(on=DAY, starts=datetime(2026, 11, 24, 18).time(), ends=datetime(2026, 11, 24, 19).time())
    opening_page = text(as_.staff(planned.annemiek).get(f"/rondes/{draft.pk}/"))
    assert says.replace("Vraag de ouders, of schrijf", "Schrijf") in opening_page


def text(response):
    return response.content.decode()


@pytest.mark.req("I2")
@pytest.mark.parametrize("page", ["plannen/afzeggen", "opzet/erbij/{expert}/weg"])
def test_a_page_that_takes_something_away_asks_for_the_reason_and_keeps_what_was_typed(
    planned, as_, frozen_clock, page
):
    frozen_clock.move_to(LATE)
    teacher = as_.staff(planned.saskia)
    address = f"/gesprek/{planned.elifs.pk}/{page.format(expert=planned.pieter.pk)}/"
    refused = teacher.post(address, {"weg-reason": " "})
    assert refused.status_code == 422 and "Dit is binnen een week" in text(refused) or "Het gesprek is" in text(refused)
    too_long = teacher.post(address, {"weg-reason": "x" * 301})
    assert too_long.status_code == 422 and "x" * 301 in text(too_long)
    assert teacher.post(address, {"weg-reason": REASON}).status_code == 302
    assert WeekException.objects.get().reason == REASON


# --- what leadership reads -------------------------------------------------------------------------------------------


@pytest.mark.req("I2")
def test_leadership_reads_every_exception_of_a_ronde_with_why_and_how_many_days_before(planned, as_, frozen_clock):
    frozen_clock.move_to(LATE)
    leader = as_.staff(planned.annemiek)
    page = f"/weekregel/?ronde={planned.ronde.pk}"
    assert "Geen uitzonderingen op 6 gesprekken." in text(leader.get(page))
    booking.move(slot=slots(planned)[2], gesprek=planned.elifs, by=planned.by, reason=REASON)
    for reason in ("De verwarming is stuk.", "De school is dicht."):
        week.note([(planned.ronde.pk, None, DAY)], reason, what=week.What.DAY, by=planned.by, now=LATE)
    words = text(leader.get(page))
    assert "3 uitzonderingen op 6 gesprekken" in words
    for said in ("Elif Yılmaz", REASON, "De verwarming is stuk.", "Annemiek Postma", "5 dagen ervoor", "di 24 nov"):
        assert said in words, said
    assert words.index("Een hele dag") < words.index("Een tijd werd verzet")  # the most frequent first
    assert "3 keer korter dan een week" in text(leader.get(f"/rondes/{planned.ronde.pk}/"))
    other = planned.with_ronde(name="Leeg", state="open")
    assert "Hier zijn nog geen gesprekken." in text(leader.get(f"/weekregel/?ronde={other.pk}"))
    assert "3 uitzonderingen" in text(leader.get(f"/weekregel/?jaar={planned.year.pk}"))


def test_many_exceptions_cost_as_many_queries_as_few_and_come_in_pages(planned, as_):
    leader = as_.staff(planned.annemiek)
    counts = []
    for n in (1, 59):
        about = [(planned.ronde.pk, planned.elifs.pk, DAY)] * n
        week.note(about, REASON, what=week.What.JOINS, by=planned.by, now=LATE)
        with CaptureQueriesContext(connection) as asked:
            page = text(leader.get("/weekregel/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert page.count(REASON) == 50 and "pagina=2" in page
    assert text(leader.get("/weekregel/?pagina=2")).count(REASON) == 10
