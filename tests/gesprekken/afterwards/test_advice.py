"""The way to the advice (C4): together, never down, and for parents only once it is shared."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken.afterwards import advice
from gesprekken.afterwards.levels import is_higher, levels
from gesprekken.models import Advies, Jaarplan
from gesprekken.permissions import leerlingen_with_advice, visible_adviezen
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import AuditEvent, Lidmaatschap, Relatie
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.req("C4")
PRELIMINARY, FINAL = advice.PRELIMINARY, advice.FINAL


@pytest.fixture
def eighth(cast):
    """Emre is in group 8 of Bas; the advice dates of this year are those of the law."""
    Jaarplan.objects.filter(schooljaar=cast.year).update(
        preliminary_from=date(2027, 1, 10),
        preliminary_until=date(2027, 1, 31),
        result_by=date(2027, 3, 15),
        final_by=date(2027, 3, 24),
    )
    cast.by = Actor(cast.bas, ACCOUNT)
    return cast


def settle(cast, level="havo", stage=PRELIMINARY, **more):
    given = {
        "leerling": cast.emre,
        "schooljaar": cast.year,
        "colleague": cast.pieter.medewerker,
        "decided_by": [cast.bas, cast.pieter, cast.annemiek, cast.fatma],
        "decided_on": TODAY,
        "by": cast.by,
        "seen_version": 0,
    }
    return advice.settle(level=level, stage=stage, **{**given, **more})


def with_result(cast, result):
    row = settle(cast)
    return advice.note_result(preliminary=row, test_level=result, by=cast.by, seen_version=row.version)


def refused(sentence, cast, **more):
    with pytest.raises(advice.AdviceRefused, match=sentence):
        settle(cast, **more)


def test_the_levels_stand_in_one_order_and_what_is_not_in_it_is_compared_with_nothing():
    assert [is_higher(higher, lower) for lower, higher in zip(levels(), levels()[1:], strict=False)] == [True] * 10
    assert is_higher("havo", "havo") is False
    assert is_higher("havo", "vwo") is False
    assert is_higher("gymnasium", "havo") is None


def test_an_advice_keeps_who_came_to_it_together(eighth):
    row = settle(eighth)
    assert row.level == "havo"
    assert set(row.decided_by.all()) == {eighth.bas, eighth.pieter, eighth.annemiek, eighth.fatma}
    assert advice.missing_sides(row, eighth.groep8) == []
    row.decided_by.set([eighth.bas, eighth.pieter])
    assert advice.missing_sides(row, eighth.groep8) == ["de schoolleiding", "de ouders"]


def test_no_advice_without_a_second_colleague_or_outside_group_eight(eighth):
    refused("tweede collega", eighth, colleague=None)
    refused("naast de tweede collega", eighth, decided_by=[eighth.pieter, eighth.fatma])
    refused("groep 8", eighth, leerling=eighth.elif_)
    Lidmaatschap.objects.filter(leerling=eighth.emre).update(jaargroep="7")
    refused("groep 8", eighth)
    assert Advies.objects.count() == 0


def test_a_level_that_does_not_exist_and_a_day_to_come_are_refused(eighth):
    refused("niet in de lijst", eighth, level="gymnasium")
    refused("moet nog komen", eighth, decided_on=date(2027, 1, 20))


def test_a_higher_result_raises_the_advice_or_the_reason_why_not_is_kept(eighth):
    row = with_result(eighth, "vwo")
    assert advice.to_reconsider(row)
    refused("Kies eerst", eighth, stage=FINAL, level="vwo")
    with pytest.raises(advice.AdviceRefused, match="waarom"):
        advice.reconsider(preliminary=row, outcome="kept", reason=" ", by=eighth.by, seen_version=row.version)
    row = advice.reconsider(preliminary=row, outcome="raised", reason="", by=eighth.by, seen_version=row.version)
    refused("hoger niveau", eighth, stage=FINAL, level="havo")
    assert settle(eighth, stage=FINAL, level="havo/vwo").level == "havo/vwo"


def test_an_advice_that_stays_has_its_reason(eighth):
    row = with_result(eighth, "vwo")
    row = advice.reconsider(
        preliminary=row, outcome="kept", reason="Emre kiest zelf havo.", by=eighth.by, seen_version=2
    )
    assert row.reason == "Emre kiest zelf havo."
    refused("blijft", eighth, stage=FINAL, level="vwo")
    assert settle(eighth, stage=FINAL, level="havo").level == "havo"


@pytest.mark.parametrize("result", ["vmbo-bb", "havo"])
def test_a_result_that_is_not_higher_changes_nothing(eighth, result):
    row = with_result(eighth, result)
    assert row.reconsidered == "not_needed"
    refused("nooit omlaag", eighth, stage=FINAL, level="vmbo-kb")
    with pytest.raises(advice.AdviceRefused, match="niet nodig"):
        advice.reconsider(preliminary=row, outcome="kept", reason="x", by=eighth.by, seen_version=row.version)
    assert settle(eighth, stage=FINAL).level == "havo"


def test_a_result_that_cannot_be_compared_is_for_people_to_weigh(eighth):
    row = with_result(eighth, "gymnasium")
    assert row.reconsidered == ""
    row = advice.reconsider(preliminary=row, outcome="not_needed", reason="", by=eighth.by, seen_version=row.version)
    assert settle(eighth, stage=FINAL).level == "havo"


def test_what_a_colleague_changed_meanwhile_is_not_shared_unread(eighth):
    row = settle(eighth)
    settle(eighth, level="havo/vwo", seen_version=1, why="talk")
    with pytest.raises(advice.StaleAdvice):
        advice.share_advice(advies=Advies.objects.get(pk=row.pk), by=eighth.by, seen_version=1)
    assert advice.share_advice(advies=Advies.objects.get(pk=row.pk), by=eighth.by, seen_version=2).released_at


def test_a_change_has_a_reason_is_traced_and_is_shared_anew(eighth):
    row = advice.share_advice(advies=settle(eighth), by=eighth.by)
    refused("waarom", eighth, level="havo/vwo", seen_version=1)
    row = settle(eighth, level="havo/vwo", seen_version=1, why="talk")
    assert (row.version, row.released_at) == (2, None)
    event = AuditEvent.objects.get(verb="advice_changed")
    assert event.detail == {"stage": "preliminary", "was": "havo", "level": "havo/vwo", "why": "talk", "version": 2}
    with pytest.raises(advice.StaleAdvice):
        settle(eighth, level="vwo", seen_version=1, why="talk")


def test_after_the_final_advice_the_preliminary_stands(eighth):
    row = with_result(eighth, "havo")
    settle(eighth, stage=FINAL)
    refused("verandert niet meer", eighth, level="vwo", seen_version=row.version, why="talk")
    with pytest.raises(advice.AdviceRefused, match="verandert niet meer"):
        advice.note_result(preliminary=row, test_level="vwo", by=eighth.by, seen_version=row.version)


def test_outside_the_dates_of_the_year_it_is_said(eighth):
    plan = Jaarplan.objects.get(schooljaar=eighth.year)
    row = settle(eighth)
    assert advice.outside_dates(row, plan)
    row.decided_on = date(2027, 1, 20)
    assert not advice.outside_dates(row, plan)


def steps(cast, today):
    plan = Jaarplan.objects.get(schooljaar=cast.year)
    members = list(Lidmaatschap.objects.filter(leerling=cast.emre).select_related("groep", "leerling__person"))
    return [(way.step, way.is_late) for way in advice.ways(members, plan, today)]


def test_each_step_comes_after_the_one_before_and_is_late_after_its_day(eighth):
    assert steps(eighth, date(2027, 1, 31)) == [("preliminary", False)]
    assert steps(eighth, date(2027, 2, 1)) == [("preliminary", True)]
    row = settle(eighth)
    assert steps(eighth, date(2027, 1, 31)) == [("share_preliminary", False)]
    advice.share_advice(advies=row, by=eighth.by)
    assert steps(eighth, date(2027, 3, 16)) == [("result", True)]
    advice.note_result(preliminary=row, test_level="vwo", by=eighth.by, seen_version=1)
    assert steps(eighth, date(2027, 3, 25)) == [("reconsider", True)]


def test_who_sees_a_level_before_and_after_it_is_shared(eighth, as_):
    row = settle(eighth, level="vmbo-kb/gl-tl")

    def seen_by():
        people = {
            "mother": Actor(eighth.fatma, CONFIRMED),
            "mother with a bare link": Actor(eighth.fatma, LINK),
            "father": Actor(eighth.ali, CONFIRMED),
            "another mother": Actor(eighth.kim, CONFIRMED),
            "pupil": Actor(eighth.emre.person, CONFIRMED),
            "his sister": Actor(eighth.elif_.person, CONFIRMED),
            "his teacher": Actor(eighth.bas, ACCOUNT),
            "another teacher": Actor(eighth.saskia, ACCOUNT),
            "ib": Actor(eighth.pieter, ACCOUNT),
        }
        return {who for who, actor in people.items() if visible_adviezen(actor).exists()}

    assert seen_by() == {"his teacher", "ib"}
    advice.share_advice(advies=row, by=eighth.by, now=NOW)
    assert seen_by() == {"his teacher", "ib", "mother", "father", "pupil"}
    assert leerlingen_with_advice(Actor(eighth.fatma, LINK)).get() == eighth.emre  # that it is there, not what it is
    url = reverse("advice_read", args=[eighth.emre.pk])
    assert "vmbo-kb/gl-tl" in as_.link(eighth.fatma, confirmed=True).get(url).content.decode()
    assert "vmbo-kb/gl-tl" not in as_.link(eighth.fatma).get(reverse("my_page")).content.decode()
    Relatie.objects.filter(person=eighth.ali).update(restriction=True)
    assert not visible_adviezen(Actor(eighth.ali, CONFIRMED)).exists()


def test_group_seven_looks_ahead_and_is_never_given_an_advice(eighth, as_):
    Lidmaatschap.objects.filter(leerling=eighth.emre).update(jaargroep="7")
    bas = as_.staff(eighth.bas)
    page = bas.get(reverse("advies", args=[eighth.emre.pk])).content.decode()
    assert "kijken we vooruit" in page
    assert 'name="level"' not in page
    assert "nog geen vooruitblik" in bas.get(reverse("adviezen")).content.decode()


def test_the_page_keeps_what_was_typed_and_says_what_is_missing(eighth, as_):
    bas = as_.staff(eighth.bas)
    url = reverse("settle_advice", args=[eighth.emre.pk, "voorlopig"])
    data = {"level": "havo", "decided_on": "2026-11-10", "decided_by": [eighth.bas.pk], "seen_version": "0"}
    page = bas.post(url, data)
    assert page.status_code == 422
    assert "Kies de tweede collega" in page.content.decode()
    assert bas.post(url, {**data, "colleague": eighth.pieter.medewerker.pk}).status_code == 302
    assert bas.post(url, {**data, "colleague": eighth.pieter.medewerker.pk}).status_code == 422  # a double click
    assert Advies.objects.get().version == 1
