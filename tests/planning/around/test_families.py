"""Together, apart, afterwards: chosen per family, changed while a ronde is open, and nothing of the one for the other."""

import icalendar
import pytest
from django.urls import reverse

from gesprekken.models import Answer, Bespreekpunt, Deelname, Gesprek, Question, Verslag, Voorbereiding
from gesprekken.talking import recording
from planning.around import families, joining, meeting
from planning.around.families import FamilyRefused
from planning.inviting import opening
from planning.models import Booking, Invitation, Occupancy, Slot, WeekException
from planning.times import booking
from school import people
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
TOGETHER, APART, AFTERWARDS = Relatie.Talks.TOGETHER, Relatie.Talks.APART, Relatie.Talks.AFTERWARDS


def arrange(cast, child, by=None, **ways):
    """arrange(cast, cast.elif_, fatma=APART)"""
    return families.rearrange(
        leerling=child,
        ways={cast.people[name].pk: way for name, way in ways.items() if name in cast.people},
        by=Actor(by or cast.annemiek, ACCOUNT),
        now=NOW,
        reason=ways.get("reason", ""),
    )


def take(cast, person, gesprek, number):
    slot = list(Slot.objects.filter(ronde=cast.ronde, medewerker=cast.saskia.medewerker))[number]
    return booking.book(slot=slot, gesprek=gesprek, by=Actor(person, LINK), now=NOW)


def guardians_in(gesprek):
    return set(gesprek.deelnames.filter(as_role=Deelname.As.OUDER).values_list("person__first_name", flat=True))


def live(cast, child):
    return Gesprek.objects.filter(ronde=cast.ronde, leerling=child, cancelled_at=None).order_by("pk")


def bodies(booked):
    return set(Occupancy.objects.filter(booking=booked).values_list("person_id", flat=True))


def prepare(gesprek, person, text, audience="ouder"):
    question = Question.objects.filter(school=gesprek.school).first()
    row = Voorbereiding.objects.create(school=gesprek.school, gesprek=gesprek, person=person, audience=audience)
    Answer.objects.create(school=gesprek.school, voorbereiding=row, question=question, text=text, visibility="table")
    return row


@pytest.fixture
@remembered
def opened(cast, deliver):
    cast.with_questions().with_open_ronde()
    deliver()
    return cast


# --- to apart --------------------------------------------------------------------------------------------------------


@pytest.mark.req("I3", "I3a")
def test_together_to_apart_gives_a_second_gesprek_and_the_time_stays_with_who_chose_it(opened, deliver):
    first = opened.gesprek_of(opened.elif_)
    booked = take(opened, opened.ali, first, 0)
    deliver()
    done = arrange(opened, opened.elif_, fatma=APART, ali=APART)
    of_ali, of_fatma = live(opened, opened.elif_)
    assert (guardians_in(of_ali), guardians_in(of_fatma)) == ({"Ali"}, {"Fatma"})
    assert (of_ali.pk, Booking.objects.active().get().gesprek_id) == (first.pk, first.pk)
    assert opened.fatma.pk not in bodies(booked)
    assert {opened.ali.pk, opened.elif_.person_id, opened.saskia.pk} <= bodies(booked)
    assert Invitation.objects.get(gesprek__leerling=opened.elif_, person=opened.fatma).gesprek == of_fatma
    assert [child.person.first_name for child in done.children] == ["Elif", "Emre"]


@pytest.mark.req("I3a")
def test_each_is_told_once_in_a_mail_that_does_not_name_the_other(opened, deliver):
    take(opened, opened.ali, opened.gesprek_of(opened.elif_), 0)
    deliver()
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    messages = {m.to[0]: m for m in deliver()}
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example"}
    for message, other in [(messages["fatma@ouders.example"], "Ali"), (messages["ali@ouders.example"], "Fatma")]:
        assert other not in message.body + message.alternatives[0].content
    assert "24 november 2026, van 15:00" in messages["ali@ouders.example"].body
    assert "15:00" not in messages["fatma@ouders.example"].body
    (gone,) = messages["fatma@ouders.example"].attachments
    event = icalendar.Calendar.from_ical(gone.content).walk("VEVENT")[0]
    assert (event["STATUS"], event["SEQUENCE"], "DTSTART" in event) == ("CANCELLED", 1, False)


@pytest.mark.req("I3a")
def test_what_one_chooses_later_is_nowhere_to_be_found_by_the_other(opened, as_, deliver):
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    of_fatma, of_ali = opened.gesprek_of(opened.elif_, opened.fatma), opened.gesprek_of(opened.elif_, opened.ali)
    take(opened, opened.ali, of_ali, 5)  # 16:15
    Invitation.objects.filter(gesprek=of_ali).update(call_me_at=NOW, call_me_note="Kanarie belt")
    Gesprek.objects.filter(pk=of_ali.pk).update(form="home", place="Kanariestraat 1")
    deliver()
    mother = as_.link(opened.fatma, confirmed=True)
    pages = [mother.get("/mijn/"), mother.get(f"/mijn/{of_fatma.pk}/tijden/")]
    text = "".join(page.content.decode() for page in pages)
    assert "Elif" in text
    for secret in ("van 16:15", "Kanarie", "Ali Y"):
        assert secret not in text
    for url in ("tijden", "tijd", "agenda.ics", "bel-mij"):
        assert mother.get(f"/mijn/{of_ali.pk}/{url}/".replace(".ics/", ".ics")).status_code == 404
    assert "Kanariestraat" in as_.link(opened.ali).get("/mijn/").content.decode()  # it can be found, by him


@pytest.mark.req("I3a")
def test_no_mail_or_calendar_of_the_one_ever_holds_a_word_of_the_other(opened, deliver):
    """The father chooses, moves, gets an expert and another place, and a record; the mother hears of nothing but hers."""
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    deliver()
    his, by = opened.gesprek_of(opened.elif_, opened.ali), Actor(opened.saskia, ACCOUNT)
    take(opened, opened.ali, his, 5)
    slot = list(Slot.objects.filter(ronde=opened.ronde, medewerker=opened.saskia.medewerker))[6]
    booking.move(slot=slot, gesprek=his, by=Actor(opened.ali, LINK), now=NOW)
    joining.invite_expert(gesprek=his, by=by, name="Kanarie Expert", what="logopedist", now=NOW)
    meeting.set_form(gesprek=his, form="home", place="Kanariestraat 1", by=by, now=NOW)
    told = deliver()
    opened.with_verslag(his, about_child="Kanarie in het verslag")
    recording.release(gesprek=his, by=by, now=NOW)
    told += deliver()
    assert {m.to[0] for m in told} == {"ali@ouders.example"}
    assert sum("Kanarie" in m.body for m in told) >= 2  # it can be found, by him
    take(opened, opened.fatma, opened.gesprek_of(opened.elif_, opened.fatma), 0)
    for message in deliver():
        assert message.to == ["fatma@ouders.example"]
        everything = message.body + message.alternatives[0].content + str(message.attachments[0].content)
        assert not [word for word in ("Kanarie", "Ali", "16:15", "16:30") if word in everything]


def test_what_she_prepared_goes_with_her(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    prepare(gesprek, opened.fatma, "Van Fatma")
    take(opened, opened.ali, gesprek, 0)
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    row = Voorbereiding.objects.get(person=opened.fatma)
    assert row.gesprek == opened.gesprek_of(opened.elif_, opened.fatma)
    assert row.answers.get().visibility == "table"  # fewer people at the table than she wrote for


def test_what_she_wants_to_talk_about_goes_with_her_and_is_closed_where_the_circle_widens(opened):
    """Elif's parents talk together, each put a point on the list; apart, and together again."""
    together = opened.gesprek_of(opened.elif_)
    for person, words in ((opened.fatma, "Lezen"), (opened.ali, "Zwemmen")):
        Bespreekpunt.objects.create(
            school=opened.school, gesprek=together, person=person, text=words, visibility="table", created_at=NOW
        )
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    hers = opened.gesprek_of(opened.elif_, opened.fatma)
    assert [point.text for point in hers.bespreekpunten.all()] == ["Lezen"]
    assert [point.text for point in opened.gesprek_of(opened.elif_, opened.ali).bespreekpunten.all()] == ["Zwemmen"]
    arrange(opened, opened.elif_, fatma=TOGETHER, ali=TOGETHER)
    [again] = live(opened, opened.elif_)
    assert {(p.text, p.visibility) for p in again.bespreekpunten.all()} == {
        ("Lezen", "teacher"),
        ("Zwemmen", "teacher"),
    }


def test_choosing_the_same_again_does_nothing(opened, deliver):
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    deliver()
    before = list(Gesprek.objects.values_list("pk", "party", "cancelled_at"))
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    assert list(Gesprek.objects.values_list("pk", "party", "cancelled_at")) == before
    assert deliver() == []


# --- to together -----------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_back_together_keeps_the_one_time_there_is_and_takes_up_both_parents(opened, deliver):
    of_joost = opened.gesprek_of(opened.noor, opened.joost)
    of_kim = opened.gesprek_of(opened.noor, opened.kim)
    booked = take(opened, opened.joost, of_joost, 0)
    deliver()
    arrange(opened, opened.noor, kim=TOGETHER, joost=TOGETHER)
    (together,) = live(opened, opened.noor)
    assert (together.pk, together.party, guardians_in(together)) == (of_joost.pk, "samen", {"Kim", "Joost"})
    assert {opened.kim.pk, opened.joost.pk} <= bodies(booked)
    of_kim.refresh_from_db()
    assert of_kim.cancelled_at == NOW  # kept, for its history
    messages = {m.to[0]: m for m in deliver()}
    assert "van 15:00 tot 15:15" in messages["kim@ouders.example"].body
    assert "Joost" not in messages["kim@ouders.example"].body


def test_two_times_do_not_become_one_by_themselves(opened):
    take(opened, opened.joost, opened.gesprek_of(opened.noor, opened.joost), 0)
    take(opened, opened.kim, opened.gesprek_of(opened.noor, opened.kim), 3)
    with pytest.raises(FamilyRefused) as refused:
        arrange(opened, opened.noor, kim=TOGETHER, joost=TOGETHER)
    assert refused.value.reason == "has_a_time"
    assert Relatie.objects.filter(leerling=opened.noor, apart=True).count() == 2  # the choice was not kept either


def test_a_parent_who_is_elsewhere_at_that_time_stops_it(opened):
    other = opened.pupil("other", "Bo", "Dijk", opened.groep8)
    Relatie.objects.create(school=opened.school, person=opened.kim, leerling=other)
    opening.add_arrivals(ronde=opened.ronde, by=Actor(opened.annemiek, ACCOUNT), now=NOW)
    slot = Slot.objects.filter(ronde=opened.ronde, medewerker=opened.bas.medewerker).first()
    booking.book(slot=slot, gesprek=opened.gesprek_of(other), by=Actor(opened.kim, LINK), now=NOW)
    take(opened, opened.joost, opened.gesprek_of(opened.noor, opened.joost), 0)
    with pytest.raises(FamilyRefused) as refused:
        arrange(opened, opened.noor, kim=TOGETHER, joost=TOGETHER)
    assert (refused.value.reason, refused.value.person) == ("busy", opened.kim)
    assert live(opened, opened.noor).count() == 2


@pytest.mark.req("I3a")
def test_what_was_prepared_for_a_talk_apart_is_for_the_teacher_alone_at_a_table_for_two(opened):
    of_kim, of_joost = opened.gesprek_of(opened.noor, opened.kim), opened.gesprek_of(opened.noor, opened.joost)
    prepare(of_kim, opened.kim, "Kanarie van Kim")
    prepare(of_joost, opened.joost, "Kanarie van Joost")
    prepare(of_joost, opened.noor.person, "Kanarie voor papa", audience="leerling")
    arrange(opened, opened.noor, kim=TOGETHER, joost=TOGETHER)
    (together,) = live(opened, opened.noor)
    assert set(Voorbereiding.objects.values_list("gesprek", flat=True)) == {together.pk}
    assert set(Answer.objects.values_list("visibility", flat=True)) == {"teacher"}


def test_a_pupil_who_prepared_both_keeps_both(opened):
    for guardian in (opened.kim, opened.joost):
        prepare(opened.gesprek_of(opened.noor, guardian), opened.noor.person, "Voor een van beiden", "leerling")
    with pytest.raises(FamilyRefused) as refused:
        arrange(opened, opened.noor, kim=TOGETHER, joost=TOGETHER)
    assert refused.value.reason == "prepared_twice"
    assert live(opened, opened.noor).count() == 2


def test_where_something_was_written_down_it_is_finished_first(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    Verslag.objects.create(school=opened.school, gesprek=gesprek, about_child="Half af")
    with pytest.raises(FamilyRefused) as refused:
        arrange(opened, opened.elif_, fatma=APART, ali=APART)
    assert refused.value.reason == "recorded"


def test_a_gesprek_that_was_held_stays_and_the_choice_counts_from_the_next_ronde(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=NOW.date())
    done = arrange(opened, opened.elif_, fatma=APART, ali=APART)
    assert done.stayed == [opened.ronde]
    assert guardians_in(gesprek) == {"Fatma", "Ali"}
    assert live(opened, opened.emre).count() == 2


@pytest.mark.req("I2")
def test_joining_a_time_inside_the_week_needs_a_reason(opened, frozen_clock):
    take(opened, opened.joost, opened.gesprek_of(opened.noor, opened.joost), 0)
    later = NOW.replace(day=20)
    ways = {opened.kim.pk: TOGETHER, opened.joost.pk: TOGETHER}
    by = Actor(opened.annemiek, ACCOUNT)
    with pytest.raises(FamilyRefused) as refused:
        families.rearrange(leerling=opened.noor, ways=ways, by=by, now=later)
    assert refused.value.reason == "week"
    families.rearrange(leerling=opened.noor, ways=ways, by=by, now=later, reason="Zij vroegen het zelf.")
    assert WeekException.objects.get().reason == "Zij vroegen het zelf."


def test_there_and_back_and_there_again(opened, deliver):
    first = opened.gesprek_of(opened.elif_)
    take(opened, opened.fatma, first, 0)
    deliver()
    for ways in ({"fatma": APART, "ali": APART}, {"fatma": TOGETHER, "ali": TOGETHER}) * 2:
        arrange(opened, opened.elif_, **ways)
        assert len(deliver()) == 2
    (together,) = live(opened, opened.elif_)
    assert (together.pk, guardians_in(together)) == (first.pk, {"Fatma", "Ali"})
    arrange(opened, opened.elif_, fatma=APART, ali=APART)
    message = next(m for m in deliver() if m.to == ["ali@ouders.example"])
    events = [icalendar.Calendar.from_ical(a.content).walk("VEVENT")[0] for a in message.attachments]
    assert [event["STATUS"] for event in events] == ["CANCELLED"]


# --- afterwards ------------------------------------------------------------------------------------------------------


@pytest.fixture
@remembered
def afterwards(opened, deliver):
    """Ali hears afterwards; Fatma has a time."""
    booked = take(opened, opened.fatma, opened.gesprek_of(opened.elif_), 5)
    arrange(opened, opened.elif_, fatma=TOGETHER, ali=AFTERWARDS)
    opened.people["booked"] = booked
    return opened


@pytest.mark.req("I3a")
def test_who_hears_afterwards_sees_nothing_of_the_gesprek_itself(afterwards, as_, deliver):
    cast = afterwards
    gesprek = cast.gesprek_of(cast.elif_)
    prepare(gesprek, cast.fatma, "Kanarie van Fatma")
    father = as_.link(cast.ali, confirmed=True)
    assert "16:15" not in father.get("/mijn/").content.decode()
    for url in (
        f"/mijn/{gesprek.pk}/tijden/", f"/mijn/{gesprek.pk}/tijd/", f"/mijn/{gesprek.pk}/agenda.ics",
        f"/mijn/{gesprek.pk}/bel-mij/", f"/voorbereiden/{gesprek.pk}/",
    ):  # fmt: skip
        assert father.get(url).status_code == 404, url
    assert cast.ali.pk not in bodies(cast.booked)
    own = [m for m in deliver() if m.to == ["ali@ouders.example"]]
    assert ["u praat dit keer niet mee" in m.body for m in own] == [True]
    assert "16:15" not in own[0].body
    booking.cancel(gesprek=gesprek, by=Actor(cast.fatma, LINK), now=NOW)
    assert [m.to[0] for m in deliver()] == ["fatma@ouders.example"]


@pytest.mark.req("I3a", "G5")
def test_who_hears_afterwards_gets_the_record_and_the_agreements_that_concern_her(afterwards, as_, deliver):
    cast = afterwards
    gesprek = cast.gesprek_of(cast.elif_)
    deliver()
    father = as_.link(cast.ali, confirmed=True)
    cast.with_verslag(gesprek, about_child="Kanarie: het gaat goed.")
    recording.release(gesprek=gesprek, by=Actor(cast.saskia, ACCOUNT), now=NOW)
    assert {m.to[0] for m in deliver()} == {"fatma@ouders.example", "ali@ouders.example"}
    page = father.get("/mijn/").content.decode()
    assert "Lees wat er is besproken en afgesproken" in page
    read = father.get(reverse("record_read", args=[gesprek.pk])).content.decode()
    assert "Kanarie: het gaat goed." in read
    assert "Elke avond tien minuten lezen" in read
    assert "Fatma" not in read
    assert father.get(reverse("record_pdf", args=[gesprek.pk])).status_code == 200


@pytest.mark.req("I3a")
def test_before_anything_is_released_there_is_no_page_for_who_hears_afterwards(afterwards, as_):
    gesprek = afterwards.gesprek_of(afterwards.elif_)
    afterwards.with_verslag(gesprek)
    for name in ("record_read", "record_pdf"):
        assert as_.link(afterwards.ali, confirmed=True).get(reverse(name, args=[gesprek.pk])).status_code == 404


@pytest.mark.req("I3a")
def test_a_restriction_closes_the_record_for_who_heard_afterwards(afterwards, as_):
    gesprek = afterwards.gesprek_of(afterwards.elif_)
    verslag = afterwards.with_verslag(gesprek, released=True)
    verslag.released_to.add(afterwards.ali)
    url = reverse("record_read", args=[gesprek.pk])
    assert as_.link(afterwards.ali, confirmed=True).get(url).status_code == 200
    Relatie.objects.filter(person=afterwards.ali).update(restriction=True)
    assert as_.link(afterwards.ali, confirmed=True).get(url).status_code == 404


def test_nobody_at_the_table_is_refused(opened):
    with pytest.raises(people.NobodyTalks):
        arrange(opened, opened.elif_, fatma=AFTERWARDS, ali=AFTERWARDS)


def test_from_afterwards_to_a_gesprek_of_his_own(afterwards, deliver):
    deliver()
    arrange(afterwards, afterwards.elif_, fatma=APART, ali=APART)
    of_ali = afterwards.gesprek_of(afterwards.elif_, afterwards.ali)
    assert guardians_in(of_ali) == {"Ali"}
    assert Invitation.objects.filter(gesprek=of_ali, person=afterwards.ali).count() == 1
    assert not Deelname.objects.filter(person=afterwards.ali, as_role=Deelname.As.ACHTERAF).exists()


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_teacher_chooses_on_the_page_and_reads_who_was_told(opened, as_):
    teacher, url = as_.staff(opened.saskia), f"/leerlingen/{opened.noor.pk}/ouders/"
    assert "Hoe praten Kim van Dijk en Joost de Vries mee?" in teacher.get(url).content.decode()
    page = teacher.post(url, {"way": "together"}, follow=True).content.decode()
    assert "Kim van Dijk, Joost de Vries krijgen elk een eigen bericht." in page
    assert live(opened, opened.noor).count() == 1
    assert Outgoing.objects.filter(message="planning.talks_changed").count() == 2


def test_the_page_says_what_to_do_when_it_cannot_be(opened, as_):
    take(opened, opened.joost, opened.gesprek_of(opened.noor, opened.joost), 0)
    take(opened, opened.kim, opened.gesprek_of(opened.noor, opened.kim), 3)
    answer = as_.staff(opened.annemiek).post(f"/leerlingen/{opened.noor.pk}/ouders/", {"way": "together"})
    assert answer.status_code == 422
    assert "Zeg die tijd eerst af" in answer.content.decode()


def test_of_three_guardians_each_is_asked_for(opened, as_):
    opened.guardian("oma", "Gré", "Dijk", [opened.noor])
    ways = {f"w{opened.people[name].pk}": way for name, way in
            [("kim", "apart"), ("joost", "apart"), ("oma", "afterwards")]}  # fmt: skip
    as_.staff(opened.annemiek).post(f"/leerlingen/{opened.noor.pk}/ouders/", ways)
    rows = Deelname.objects.filter(person=opened.oma, as_role=Deelname.As.ACHTERAF)
    assert rows.count() == 2  # she hears of both


def test_last_years_teacher_no_longer_chooses(opened, as_):
    opened.year.ends_on = NOW.date().replace(month=10)
    opened.year.save()
    assert as_.staff(opened.saskia).get(f"/leerlingen/{opened.noor.pk}/ouders/").status_code == 403


# --- calendars follow, whatever comes between ------------------------------------------------------------------------


def methods_to(messages, address):
    files = [a for m in messages if m.to == [address] for a in m.attachments]
    return [str(icalendar.Calendar.from_ical(a.content)["METHOD"]) for a in files]


@pytest.mark.req("I6")
def test_who_goes_hears_it_also_when_the_ronde_closes_before_the_mail_goes(opened, deliver):
    take(opened, opened.ali, opened.gesprek_of(opened.elif_), 0)
    deliver()
    arrange(opened, opened.elif_, fatma=AFTERWARDS)
    opening.close_ronde(ronde=opened.ronde, by=Actor(opened.annemiek, ACCOUNT), now=NOW)
    messages = deliver()
    assert methods_to(messages, "fatma@ouders.example") == ["CANCEL"]
    assert all("Kies zelf een tijd" not in m.body for m in messages)


@pytest.mark.req("I6")
def test_who_came_to_sit_at_a_time_hears_that_it_does_not_go_on(opened, deliver):
    """She never got a confirmation, only word of how she takes part now, and that put the time in her calendar."""
    arrange(opened, opened.elif_, fatma=AFTERWARDS)
    gesprek = opened.gesprek_of(opened.elif_)
    take(opened, opened.ali, gesprek, 0)
    deliver()
    arrange(opened, opened.elif_, fatma=TOGETHER)
    assert methods_to(deliver(), "fatma@ouders.example") == ["REQUEST"]
    booking.cancel(gesprek=gesprek, by=Actor(opened.ali, LINK), now=NOW)
    assert methods_to(deliver(), "fatma@ouders.example") == ["CANCEL"]
