"""An interpreter is a resource: asked, ordered, confirmed, in one place at a time, several in a row, never a child."""

from datetime import timedelta

import pytest

from gesprekken.models import Deelname, Ronde
from gesprekken.permissions import readable_gesprekken, visible_gesprekken
from planning.around import chain, families, interpreters, joining
from planning.around.interpreters import InterpreterRefused
from planning.inviting import opening
from planning.models import Booking, InterpreterRequest, Slot
from planning.times import booking
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
State = InterpreterRequest.State


@pytest.fixture
@remembered
def opened(cast, deliver):
    """Fatma (Turkish) needs an interpreter for Elif and Emre; and so does the father of Tess."""
    cast.with_ronde(interpreter_minutes=15)
    Relatie.objects.filter(person=cast.sander).update(interpreter=True)
    cast.sander.language = "tr"
    cast.sander.save()
    cast.with_times()
    opening.open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    deliver()
    return cast


def leader(cast):
    return Actor(cast.annemiek, ACCOUNT)


def request_of(cast, child):
    return InterpreterRequest.objects.get(gesprek=cast.gesprek_of(child))


def move_on(cast, child, times=1):
    for _ in range(times):
        asked = request_of(cast, child)
        interpreters.step(request=asked, by=leader(cast), seen=asked.state, now=NOW)


@pytest.fixture
@remembered
def interpreter(opened):
    return joining.outsider(school=opened.school, name="Aylin Demir", by=leader(opened))


@pytest.mark.req("I5")
def test_opening_asks_an_interpreter_for_who_needs_one_and_takes_longer(opened):
    asked = {r.gesprek.leerling.person.first_name: r.language for r in InterpreterRequest.objects.all()}
    assert asked == {"Elif": "tr", "Emre": "tr", "Tess": "tr"}
    lengths = {r.gesprek.length for r in InterpreterRequest.objects.select_related("gesprek__ronde")}
    assert lengths == {30}


@pytest.mark.req("I1")
def test_the_invitation_says_how_long_it_takes_with_an_interpreter(opened):
    sent = {row.recipient.first_name: row.sent_text for row in Outgoing.objects.select_related("recipient")}
    assert "duurt 30 minuten" in sent["Ali"]
    assert "duurt 15 minuten" in sent["Kim"]


@pytest.mark.req("I5")
def test_opening_asks_for_all_in_a_fixed_number_of_statements(opened, django_assert_max_num_queries):
    gesprekken = list(opened.ronde.gesprekken.all())
    InterpreterRequest.objects.all().delete()
    with django_assert_max_num_queries(4):
        interpreters.request_for(gesprekken, now=NOW)
    assert InterpreterRequest.objects.count() == 3


@pytest.mark.req("I5")
def test_a_parent_asks_in_her_own_language_on_her_page(opened, as_):
    gesprek = opened.gesprek_of(opened.noor, opened.kim)
    page = as_.link(opened.kim)
    assert "Ik wil graag een tolk" in page.get("/mijn/").content.decode()
    assert page.post(f"/mijn/{gesprek.pk}/tolk/", {"language": ""}).status_code == 422
    page.post(f"/mijn/{gesprek.pk}/tolk/", {"language": "pl", "note": "Liefst een vrouw"})
    asked = InterpreterRequest.objects.get(gesprek=gesprek)
    assert (asked.language, asked.note, asked.state) == ("pl", "Liefst een vrouw", State.REQUESTED)
    page.post(f"/mijn/{gesprek.pk}/tolk/", {"language": "pl"})
    assert InterpreterRequest.objects.filter(gesprek=gesprek).count() == 1
    other = as_.link(opened.joost, confirmed=True).get("/mijn/").content.decode()
    assert "Er is een tolk gevraagd" not in other


def test_two_who_press_at_once_take_one_step(opened):
    asked = request_of(opened, opened.elif_)
    interpreters.step(request=asked, by=leader(opened), seen=State.REQUESTED, now=NOW)
    with pytest.raises(InterpreterRefused) as refused:
        interpreters.step(request=asked, by=leader(opened), seen=State.REQUESTED, now=NOW)
    assert refused.value.reason == "stale"
    assert request_of(opened, opened.elif_).state == State.ORDERED


@pytest.mark.req("I5")
def test_the_confirmation_says_that_an_interpreter_comes_once_confirmed(opened, deliver):
    def confirmation(child, teacher, number):
        slot = list(Slot.objects.filter(ronde=opened.ronde, medewerker=teacher.medewerker))[number]
        booking.book(slot=slot, gesprek=opened.gesprek_of(child), by=Actor(opened.ali, LINK), now=NOW)
        return next(m for m in deliver() if m.to == ["ali@ouders.example"]).body

    assert "tolk" not in confirmation(opened.elif_, opened.saskia, 0)
    move_on(opened, opened.emre, times=2)
    assert "een tolk (Turks)" in confirmation(opened.emre, opened.bas, 4)


@pytest.mark.req("I5")
def test_confirmed_for_a_time_that_stands_is_told(opened, deliver, as_):
    slot = Slot.objects.filter(ronde=opened.ronde, medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.ali, LINK), now=NOW)
    deliver()
    move_on(opened, opened.elif_)
    assert deliver() == []
    move_on(opened, opened.elif_)
    assert ["een tolk (Turks)" in m.body for m in deliver() if m.to == ["ali@ouders.example"]] == [True]
    assert "een tolk (Turks)" in as_.link(opened.ali).get("/mijn/").content.decode()
    booking.cancel(gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.ali, LINK), now=NOW)
    assert request_of(opened, opened.elif_).state == State.ORDERED  # she was confirmed for another time


@pytest.mark.req("P2", "I5")
def test_an_interpreter_is_in_one_place_at_a_time(opened, interpreter):
    for child in (opened.elif_, opened.emre):
        interpreters.assign(request=request_of(opened, child), interpreter=interpreter, by=leader(opened), now=NOW)
    slot = Slot.objects.filter(ronde=opened.ronde, medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.ali, LINK), now=NOW)
    free = booking.free_slots(opened.gesprek_of(opened.emre), now=NOW)
    assert slot.starts_at not in {s.starts_at for s in free}
    daan = opened.gesprek_of(opened.daan)
    asked = interpreters.ask(gesprek=daan, language="tr", by=leader(opened), now=NOW)
    at_the_same_time = Slot.objects.get(medewerker=opened.ilse.medewerker, starts_at=slot.starts_at)
    booking.book(slot=at_the_same_time, gesprek=daan, by=Actor(opened.ria, LINK), now=NOW)
    with pytest.raises(InterpreterRefused) as refused:
        interpreters.assign(request=asked, interpreter=interpreter, by=leader(opened), now=NOW)
    assert refused.value.reason == "busy"
    assert not daan.deelnames.filter(person=interpreter).exists()


@pytest.mark.req("I5")
def test_a_child_or_a_parent_of_the_family_never_interprets(opened):
    for person, reason in [(opened.emre.person, "child"), (opened.ali, "family")]:
        with pytest.raises(InterpreterRefused) as refused:
            interpreters.assign(
                request=request_of(opened, opened.elif_), interpreter=person, by=leader(opened), now=NOW
            )
        assert refused.value.reason == reason


def test_an_interpreter_reads_nothing(opened, interpreter):
    interpreters.assign(request=request_of(opened, opened.elif_), interpreter=interpreter, by=leader(opened), now=NOW)
    actor = Actor(interpreter, CONFIRMED)
    assert not visible_gesprekken(actor).exists()
    assert not readable_gesprekken(actor).exists()


@pytest.mark.req("P2", "I5")
def test_three_in_turkish_are_planned_one_after_another(opened, interpreter, as_, deliver):
    gesprekken = [opened.gesprek_of(child) for child in (opened.elif_, opened.emre, opened.tess)]
    row = interpreters.lay_in_a_row(gesprekken, interpreter=interpreter, now=NOW)
    assert len(row) == 3
    ends = [slot.starts_at + timedelta(minutes=30) for slot, _gesprek in row]
    assert [slot.starts_at for slot, _gesprek in row[1:]] == ends[:-1]
    page = as_.staff(opened.annemiek)
    address = "/tolken/na-elkaar/?" + "&".join(f"g={g.pk}" for g in gesprekken)
    assert "De tolk hoeft niet te wachten." in page.get(address).content.decode()
    given = {
        "g": [g.pk for g in gesprekken], "pair": [f"{g.pk}-{slot.pk}" for slot, g in row], "name": "Aylin Demir",
    }  # fmt: skip
    answer = page.post("/tolken/na-elkaar/", given, follow=True).content.decode()
    assert "3 gesprekken zijn na elkaar gepland" in answer
    assert Booking.objects.active().count() == 3
    assert Deelname.objects.filter(as_role=Deelname.As.TOLK, person__last_name="Demir").count() == 3
    assert {m.to[0] for m in deliver()} == {"fatma@ouders.example", "ali@ouders.example", "sander@ouders.example"}


@pytest.mark.req("P2")
def test_when_one_of_the_row_was_taken_none_is_planned(opened, as_):
    gesprekken = [opened.gesprek_of(child) for child in (opened.elif_, opened.emre)]
    row = interpreters.lay_in_a_row(gesprekken, now=NOW)
    taken = next(slot for slot, gesprek in row if gesprek.leerling == opened.elif_)
    slot = Slot.objects.get(pk=taken.pk)
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.noor, opened.kim), by=Actor(opened.kim, LINK), now=NOW)
    given = {"g": [g.pk for g in gesprekken], "pair": [f"{g.pk}-{s.pk}" for s, g in row], "name": "Aylin Demir"}
    answer = as_.staff(opened.annemiek).post("/tolken/na-elkaar/", given)
    assert answer.status_code == 422
    assert "net gekozen" in answer.content.decode()
    assert Booking.objects.active().count() == 1
    assert not Deelname.objects.filter(as_role=Deelname.As.TOLK).exists()


def test_the_page_shows_each_language_by_time_with_the_next_step(opened, as_, django_assert_max_num_queries):
    page = as_.staff(opened.pieter)
    with django_assert_max_num_queries(14):
        text = page.get("/tolken/").content.decode()
    assert "Turks" in text
    assert text.count("tolk gevraagd") == 3
    page.post(f"/tolken/{request_of(opened, opened.elif_).pk}/stap/", {"seen": "requested"})
    assert request_of(opened, opened.elif_).state == State.ORDERED


def test_what_got_no_time_in_a_closed_ronde_waits_for_no_interpreter(opened, as_):
    Ronde.objects.filter(pk=opened.gesprek_of(opened.elif_).ronde_id).update(state=Ronde.State.CLOSED)
    assert "Turks" not in as_.staff(opened.pieter).get("/tolken/").content.decode()


def test_what_is_ticked_to_begin_with_can_be_planned_in_one_go(opened, as_, monkeypatch):
    monkeypatch.setattr(chain, "AT_MOST", 2)
    page = as_.staff(opened.annemiek).get("/tolken/").content.decode()
    assert page.count('name="g"') == 3
    assert page.count(" checked>") == 2
    every = "&".join(f"g={gesprek}" for gesprek in InterpreterRequest.objects.values_list("gesprek", flat=True))
    back = as_.staff(opened.annemiek).get(f"/tolken/na-elkaar/?{every}", follow=True)
    assert back.redirect_chain == [("/tolken/", 302)]
    assert "Kies hoogstens acht" in back.content.decode()


def test_who_talks_apart_later_keeps_an_interpreter_of_her_own(opened):
    ways = dict.fromkeys([opened.fatma.pk, opened.ali.pk], Relatie.Talks.APART)
    families.rearrange(leerling=opened.elif_, ways=ways, by=leader(opened), now=NOW)
    of_fatma = opened.gesprek_of(opened.elif_, opened.fatma)
    assert InterpreterRequest.objects.filter(gesprek=of_fatma).exists()


def test_the_intern_begeleider_writes_down_who_comes_and_chooses_her_again(opened, as_):
    page = as_.staff(opened.pieter)
    first, second = request_of(opened, opened.elif_), request_of(opened, opened.tess)
    page.post(f"/tolken/{first.pk}/", {"name": "Aylin Demir"})
    first.refresh_from_db()
    assert first.interpreter.name == "Aylin Demir"
    assert f'value="{first.interpreter_id}"' in page.get(f"/tolken/{second.pk}/").content.decode()
    page.post(f"/tolken/{second.pk}/", {"person": first.interpreter_id})
    assert Deelname.objects.filter(person=first.interpreter, as_role=Deelname.As.TOLK).count() == 2
    page.post(f"/tolken/{first.pk}/", {})
    assert not first.gesprek.deelnames.filter(as_role=Deelname.As.TOLK).exists()


@pytest.mark.parametrize("more", [0, 2, 29])
def test_the_page_asks_as_many_questions_for_thirty_as_for_one(cast, as_, django_assert_max_num_queries, more):
    cast.with_ronde(state="open")
    for number in range(more + 1):
        child = cast.pupil(f"p{number}", f"Kind{number}", "Vol", cast.groep5)
        gesprek = cast.with_gesprek(child, guardians=[])
        InterpreterRequest.objects.create(school=cast.school, gesprek=gesprek, language="tr")
    page = as_.staff(cast.annemiek)
    with django_assert_max_num_queries(13):
        assert page.get("/tolken/").content.decode().count("tolk gevraagd") == more + 1
