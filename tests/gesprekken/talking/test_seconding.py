"""Two close an advice conversation: the second colleague agrees with the text that stands there now."""

import pytest
from django.urls import reverse

from gesprekken.models import Deelname, Verslag
from gesprekken.talking import agreements, recording, seconding, versions
from gesprekken.talking.drafts import StaleDraft
from school.actor import ACCOUNT, Actor
from school.models import Outgoing
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def advice(cast):
    """Emre's advice conversation: Bas is his teacher, Saskia the second colleague; there is a draft."""
    ronde = cast.with_ronde(state="open", code="definitief-advies")
    ronde.soort.is_advice = True
    ronde.soort.save()
    cast.with_gesprek(cast.emre, ronde)
    cast.bas_ = Actor(cast.bas, ACCOUNT)
    cast.saskia_ = Actor(cast.saskia, ACCOUNT)
    cast.gesprek.deelnames.create(school=cast.school, person=cast.saskia, as_role=Deelname.As.TWEEDE_COLLEGA)
    recording.save_draft(gesprek=cast.gesprek, by=cast.bas_, seen_version=0, about_child="KANARIE-ADVIES")
    return cast


def draft(stage):
    return Verslag.objects.get(gesprek=stage.gesprek, state="draft")


def agree(stage, by=None):
    mark = seconding.mark_of(draft(stage))
    return seconding.agree(gesprek=stage.gesprek, by=by or stage.saskia_, seen_mark=mark)


def finalise(stage, by=None):
    version = draft(stage).version
    return recording.finalise(gesprek=stage.gesprek, by=by or stage.bas_, seen_version=version, held_on=TODAY)


@pytest.mark.req("C4", "G3")
def test_an_advice_conversation_is_closed_by_two(advice):
    with pytest.raises(seconding.SecondNeeded):
        finalise(advice)
    agree(advice)
    verslag = finalise(advice)
    assert (verslag.state, verslag.seconded_by, verslag.seconded_at) == ("final", advice.saskia, NOW)


def test_one_cannot_be_the_second_to_oneself(advice):
    agree(advice, by=advice.bas_)
    with pytest.raises(seconding.SecondNeeded):
        finalise(advice)


def test_without_a_second_colleague_who_was_there_the_reason_is_another(advice):
    advice.gesprek.deelnames.filter(as_role="tweede_collega").update(attended=False)
    with pytest.raises(seconding.NoSecondColleague):
        finalise(advice)
    with pytest.raises(seconding.NoSecondColleague):
        seconding.ask(gesprek=advice.gesprek, by=advice.bas_)


def test_another_conversation_is_closed_by_its_teacher_alone(cast):
    cast.with_gesprek()
    teacher = Actor(cast.saskia, ACCOUNT)
    recording.save_draft(gesprek=cast.gesprek, by=teacher, seen_version=0, about_child="Goed")
    assert recording.finalise(gesprek=cast.gesprek, by=teacher, seen_version=1, held_on=TODAY).state == "final"


def change_text(stage):
    recording.save_draft(gesprek=stage.gesprek, by=stage.bas_, seen_version=1, about_child="anders")


def add_agreement(stage):
    agreements.add(verslag=draft(stage), by=stage.bas_, concerns=[stage.fatma], who="Emre", what="Lezen")


@pytest.mark.parametrize("change", [change_text, add_agreement])
def test_any_change_and_it_is_read_again(advice, change):
    seen = seconding.mark_of(draft(advice))
    agree(advice)
    change(advice)
    assert (draft(advice).seconded_at, draft(advice).seconded_by) == (None, None)
    with pytest.raises(StaleDraft):
        seconding.agree(gesprek=advice.gesprek, by=advice.saskia_, seen_mark=seen)
    with pytest.raises(seconding.SecondNeeded):
        finalise(advice)


def test_an_earlier_text_that_is_put_back_is_read_again_too(advice):
    recording.save_draft(gesprek=advice.gesprek, by=advice.bas_, seen_version=1, about_child="Later bedacht")
    agree(advice)
    earlier = next(row for row in draft(advice).draft_versions.all() if "KANARIE" in row.texts["about_child"])
    versions.put_back(version=earlier, by=advice.bas_)
    with pytest.raises(seconding.SecondNeeded):
        finalise(advice)


def test_a_correction_is_seconded_anew(advice):
    agree(advice)
    finalise(advice)
    recording.correct(gesprek=advice.gesprek, by=advice.bas_, reason="Naam")
    with pytest.raises(seconding.SecondNeeded):
        finalise(advice)


def test_the_colleague_gets_a_link_and_no_content_once(advice, deliver):
    for _double_click in range(2):
        assert seconding.ask(gesprek=advice.gesprek, by=advice.bas_) == [advice.saskia]
    [message] = deliver()
    assert message.to == [advice.saskia.email]
    assert reverse("record", args=[advice.gesprek.pk]) in message.body
    said = message.subject + message.body + str(message.alternatives)
    assert not any(word in said for word in ("KANARIE", "Emre", "Yılmaz"))


def test_the_mail_is_dropped_once_she_agreed(advice, deliver):
    seconding.ask(gesprek=advice.gesprek, by=advice.bas_)
    agree(advice)
    assert deliver() == []
    assert Outgoing.objects.get().state == "dropped"


def test_the_page_says_who_is_waited_for_and_lets_her_agree(advice, as_):
    url = reverse("record", args=[advice.gesprek.pk])
    teacher, colleague = as_.staff(advice.bas), as_.staff(advice.saskia)
    answer = teacher.post(
        reverse("finalise_record", args=[advice.gesprek.pk]), {"held_on": TODAY, "seen_version": 1}, follow=True
    )
    assert "nog niet eens met deze tekst" in answer.content.decode()
    page = colleague.get(url)
    assert "Ik ben het ermee eens" in page.content.decode()
    answer = colleague.post(reverse("second_record", args=[advice.gesprek.pk]), {"mark": page.context["mark"]})
    assert draft(advice).seconded_by == advice.saskia
    assert teacher.post(reverse("second_record", args=[advice.gesprek.pk])).status_code == 403
