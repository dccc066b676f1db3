"""One pupil across the years, the month of the intern begeleider, and the pupil's own words (C7)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gesprekken.afterwards import timeline
from gesprekken.models import Answer, Outcome, Overdracht, Ronde, Verslag, Visibility, Voorbereiding
from gesprekken.preparing import contribution, preparation
from gesprekken.preparing.questions import questions_for
from gesprekken.talking.drafts import StaleDraft
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import NOW, TODAY


@pytest.fixture
def ib(cast):
    return Actor(cast.pieter, ACCOUNT)


def test_the_line_of_a_pupil_holds_final_records_only(cast, ib):
    verslag = cast.with_verslag()
    Verslag.objects.filter(pk=verslag.pk).update(at_home="KANARIEthuis")
    cast.with_verslag(
        cast.with_gesprek(ronde=cast.with_ronde(code="opp-gesprek", name="OPP")), state="draft", about_child="x"
    )
    Overdracht.objects.create(
        school=cast.school, leerling=cast.elif_, schooljaar=cast.year, works_at_home="KANARIEniet"
    )  # not handed over yet
    line = timeline.line_of(ib, cast.elif_)
    assert [gesprek.held_on for gesprek in line.gesprekken] == [None, TODAY]
    assert [agreement.what for agreement in line.agreements] == ["Elke avond tien minuten lezen"]
    assert [words for words, _said in line.at_home] == ["KANARIEthuis"]
    Overdracht.objects.update(handed_over_at=NOW)
    assert "KANARIEniet" in [words for words, _said in timeline.line_of(ib, cast.elif_).at_home]


@pytest.mark.parametrize(("state", "still"), [("done", 0), ("changed", 1), ("not_done", 1)])
def test_an_agreement_is_open_until_somebody_says_that_it_is_done(cast, ib, state, still):
    agreement = cast.with_verslag().agreements.get()
    Outcome.objects.create(school=cast.school, agreement=agreement, state="not_done", at=NOW - timedelta(days=1))
    Outcome.objects.create(school=cast.school, agreement=agreement, state=state, at=NOW)
    assert len(timeline.line_of(ib, cast.elif_).agreements) == still


def test_a_correction_does_not_double_the_agreements(cast, ib):
    first = cast.with_verslag()
    Verslag.objects.filter(pk=first.pk).update(number=1)
    again = Verslag.objects.create(
        school=cast.school, gesprek=cast.gesprek, number=2, state="final", finalised_at=NOW, about_child="x"
    )
    old = first.agreements.get()
    again.agreements.create(school=cast.school, gesprek=cast.gesprek, who="Ouders", what="Beter", origin=old)
    assert [agreement.what for agreement in timeline.line_of(ib, cast.elif_).agreements] == ["Beter"]
    Outcome.objects.create(school=cast.school, agreement=old, state="done", at=NOW)
    assert timeline.line_of(ib, cast.elif_).agreements == []


def test_the_month_shows_open_agreements_and_who_has_no_time_and_no_pupils_worries(cast, ib, as_):
    """That a pupil wants to talk is for the teachers she was told will read it (docs/decisions/0086)."""
    cast.with_verslag()
    noor = cast.with_gesprek(cast.noor)
    Voorbereiding.objects.create(
        school=cast.school, gesprek=noor, person=cast.noor.person, audience="leerling", worried_at=NOW
    )
    month = timeline.month_of(ib, TODAY)
    assert [gesprek.leerling for gesprek in month.gesprekken] == [cast.elif_]
    assert month.without_time == [noor]
    page = as_.staff(cast.pieter).get(reverse("ib_month"), {"q": "elif y"}).content.decode()
    assert reverse("pupil_line", args=[cast.elif_.pk]) in page
    assert "zorgelijk" not in page


# --- the pupil's own words -------------------------------------------------------------------------------------------


@pytest.fixture
def opp(cast):
    cast.with_questions().with_ronde(code="opp-gesprek", name="OPP-gesprek", state=Ronde.State.OPEN, opened_at=NOW)
    cast.with_gesprek()
    return cast


def page_of(cast, as_, person):
    return as_.staff(person).get(reverse("own_contribution", args=[cast.gesprek.pk])).content.decode()


@pytest.mark.req("C7")
def test_also_a_pupil_who_wrote_nothing_was_asked_and_that_is_said(opp, as_):
    assert "schreef niets" in page_of(opp, as_, opp.pieter)
    opp.gesprek.deelnames.filter(person=opp.elif_.person).delete()
    assert "niet uitgenodigd" in page_of(opp, as_, opp.pieter)


@pytest.mark.req("C7")
def test_what_a_pupil_wrote_stands_there_as_written_and_what_was_said_stands_apart(opp, as_, ib):
    question = questions_for(opp.gesprek, "leerling")[0]
    pupil = Actor(opp.elif_.person, LINK)
    given = [preparation.Given(question, "KANARIEzelf", Visibility.TABLE)]
    preparation.save(gesprek=opp.gesprek, by=pupil, answers=given, seen_version=0)
    nothing = contribution.stamp_of("")
    contribution.note_spoken(gesprek=opp.gesprek, by=ib, text="KANARIEgezegd", seen=nothing)
    page = page_of(opp, as_, opp.saskia)
    assert "KANARIEzelf" in page
    assert "KANARIEgezegd" in page
    assert "Opgeschreven door Pieter de Jong" in page
    assert Answer.objects.get().text == "KANARIEzelf"
    with pytest.raises(StaleDraft):
        contribution.note_spoken(gesprek=opp.gesprek, by=Actor(opp.saskia, ACCOUNT), text="iets anders", seen=nothing)
    own = contribution.for_paper(ib, opp.gesprek)
    assert (own.spoken, own.spoken_by) == ("KANARIEgezegd", opp.pieter)


def test_a_pupil_can_still_save_after_her_words_were_written_down(opp, ib):
    question = questions_for(opp.gesprek, "leerling")[0]
    contribution.note_spoken(gesprek=opp.gesprek, by=ib, text="gezegd", seen=contribution.stamp_of(""))
    given = [preparation.Given(question, "zelf", Visibility.TABLE)]
    row = preparation.save(gesprek=opp.gesprek, by=Actor(opp.elif_.person, LINK), answers=given, seen_version=0)
    assert row.version == 1
    assert Voorbereiding.objects.get(pk=row.pk).spoken == "gezegd"
