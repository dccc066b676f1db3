"""Something worrying reaches the teacher the same minute, once, without a word of it in the mail."""

import pytest
from django.urls import reverse

from gesprekken.models import Answer, Bespreekpunt, Visibility, Voorbereiding
from gesprekken.preparing import points, preparation, worries
from gesprekken.preparing.preparation import Given
from gesprekken.preparing.questions import questions_for
from school import outbox
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Outgoing
from tests.cast import NOW, TODAY
from tests.remembered import remembered

WORRYING = [
    "Ik wil niet meer leven",
    "papa SLÁÁT  me soms",
    "ik word gepést\nop het plein",
    "thuis, bang.",
    "He hits me at home",
    "zelfmoordgedachten",
]
HARMLESS = [
    "",
    "Ik sla graag op een trommel",
    "doodmoe van gym",
    "Wij deden een pestprotocol",
    "ik raak de bal aan",
    "hitsme",
]


@pytest.fixture
@remembered
def stage(cast):
    cast.with_questions().with_gesprek()
    return cast


def pupil(stage, level=LINK):
    return Actor(stage.elif_.person, level)


def writes(stage, text, **rest):
    question = questions_for(stage.gesprek, "leerling")[0]
    row = Voorbereiding.objects.filter(person=stage.elif_.person).first()
    return preparation.save(
        gesprek=stage.gesprek,
        by=pupil(stage, CONFIRMED),
        answers=[Given(question, text, Visibility.TABLE)],
        seen_version=row.version if row else 0,
        now=NOW,
        **rest,
    )


@pytest.mark.parametrize("text", WORRYING)
def test_words_that_worry_are_heard_with_accents_capitals_and_line_breaks(text):
    assert worries.is_worrying("Alles gaat goed", text)


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_only_look_like_it_are_not(text):
    assert not worries.is_worrying(text)


@pytest.mark.req("V5")
def test_the_teacher_gets_a_mail_at_once_that_says_nothing_about_whom_or_what(stage, mailoutbox):
    writes(stage, "Ik word gepest door Noor")
    outbox.deliver_all(now=NOW)
    [message] = mailoutbox
    assert message.to == [stage.saskia.email]
    assert message.subject == "Een leerling wil vandaag met je praten"
    everything = message.body + message.alternatives[0][0]
    assert "Elif" not in everything
    assert "pest" not in everything
    assert reverse("gesprek", args=[stage.gesprek.pk]) in everything


def test_what_worries_is_for_the_teacher_alone_whatever_was_chosen(stage):
    writes(stage, "papa slaat mij")
    assert Answer.objects.get().visibility == Visibility.TEACHER
    points.add(gesprek=stage.gesprek, by=pupil(stage), text="ik ben bang thuis", now=NOW)
    assert Bespreekpunt.objects.get().visibility == Visibility.TEACHER
    points.add(gesprek=stage.gesprek, by=Actor(stage.fatma, LINK), text="Elif zegt: ik word gepest", now=NOW)
    assert Bespreekpunt.objects.last().visibility == Visibility.TABLE, "a parent chooses herself"


def test_once_is_enough_until_somebody_saw_it_and_then_it_counts_anew(stage):
    row = writes(stage, "", wants_to_talk=True)
    writes(stage, "ik word gepest")
    points.add(gesprek=stage.gesprek, by=pupil(stage), text="ik word gepest", now=NOW)
    assert Outgoing.objects.filter(message=worries.MESSAGE).count() == 1
    teacher = Actor(stage.saskia, ACCOUNT)
    assert worries.mark_seen(row=row, by=teacher, now=NOW)
    assert not worries.mark_seen(row=row, by=teacher, now=NOW), "twice is once"
    writes(stage, "ik word gepest")  # unchanged: nothing new
    assert Outgoing.objects.filter(message=worries.MESSAGE).count() == 1
    writes(stage, "ik word gepest en geslagen")
    assert Outgoing.objects.filter(message=worries.MESSAGE).count() == 2
    row.refresh_from_db()
    assert row.worried_seen_at is None


def test_nothing_is_sent_any_more_once_it_was_seen(stage, mailoutbox):
    row = writes(stage, "", wants_to_talk=True)
    worries.mark_seen(row=row, by=Actor(stage.saskia, ACCOUNT), now=NOW)
    outbox.deliver_all(now=NOW)
    assert mailoutbox == []


def test_the_words_of_a_guardian_or_a_teacher_raise_nothing(stage):
    question = questions_for(stage.gesprek, "ouder")[0]
    preparation.save(
        gesprek=stage.gesprek, by=Actor(stage.fatma, LINK), answers=[Given(question, "ik word gepest")], seen_version=0
    )
    assert not Outgoing.objects.filter(message=worries.MESSAGE).exists()


def test_on_a_day_off_the_pupil_is_not_promised_that_it_is_read_today(stage):
    saturday = TODAY.replace(day=14)
    assert worries.reads_today(stage.school, TODAY)
    assert not worries.reads_today(stage.school, saturday)
    stage.with_free_day(TODAY, TODAY)
    assert not worries.reads_today(stage.school, TODAY)


# --- on the pages ----------------------------------------------------------------------------------------------------


@pytest.mark.req("V5")
def test_the_sign_stands_on_the_teachers_pages_until_she_ticks_it(stage, as_):
    child, gesprek_url = as_.pupil(stage.elif_), reverse("gesprek", args=[stage.gesprek.pk])
    page = child.post(
        reverse("prepare", args=[stage.gesprek.pk]), {"wants_to_talk": "on", "seen_version": 0}, follow=True
    )
    assert "krijgt nu een bericht en leest het vandaag" in page.content.decode()
    page = child.get(reverse("prepare", args=[stage.gesprek.pk])).content.decode()
    assert "checked" not in page.partition("wants_to_talk")[2][:200], "the next visitor with the card learns nothing"
    teacher, sign = as_.staff(stage.saskia), "Wil vandaag met je praten"
    for url in ("/vandaag/", gesprek_url):
        assert sign in teacher.get(url).content.decode()
        for other in (stage.annemiek, stage.pieter):
            assert sign not in as_.staff(other).get(url).content.decode()
    teacher.post(reverse("worry_seen", args=[Voorbereiding.objects.get().pk]))
    assert sign not in teacher.get("/vandaag/").content.decode()
    assert Voorbereiding.objects.get().worried_seen_by == stage.saskia


@pytest.mark.parametrize("name", ["prepare", "prepared", "make_presentation"])
def test_every_page_of_a_pupil_says_where_else_she_can_go(stage, as_, name):
    stage.ronde.__class__.objects.update(lead="leerling")
    page = as_.pupil(stage.elif_).get(reverse(name, args=[stage.gesprek.pk])).content.decode()
    for words in ("0800-0432", "116 111", "0800-2000", "112", "vertrouwenspersoon"):
        assert words in page
