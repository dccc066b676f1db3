"""Who follows the whole school reads it by groep (I4)."""

from datetime import timedelta

import pytest

from planning.inviting import per_groep
from planning.models import Invitation
from tests.cast import NOW


def families(cast, groep, number, *, starts=0):
    for n in range(starts, starts + number):
        child = cast.pupil(f"extra{groep.pk}-{n}", f"Kind{n}", "Extra", groep)
        parent = cast.guardian(f"ouder{groep.pk}-{n}", f"Ouder{n}", "Extra", [child])
        Invitation.objects.create(
            school=cast.school, gesprek=cast.with_gesprek(child), person=parent, channel="mail", created_at=NOW
        )


@pytest.fixture
def two_groepen(cast, frozen_clock):
    """Nine families of group 5 and two of group 8 let nothing be heard for four days."""
    cast.with_ronde(groepen=[cast.groep5, cast.groep8], state="open")
    families(cast, cast.groep5, 9)
    families(cast, cast.groep8, 2)
    frozen_clock.shift(timedelta(days=4))
    return cast


@pytest.mark.req("I4")
def test_leadership_reads_by_groep_with_counts_and_the_teachers_and_a_teacher_her_own_as_ever(two_groepen, as_):
    cast = two_groepen
    for everybody in (cast.annemiek, cast.pieter):
        page = as_.staff(everybody).get("/opvolgen/")
        assert [(part.groep, len(part.rows)) for part in page.context["parts"]] == [(cast.groep5, 9), (cast.groep8, 2)]
        text = page.content.decode()
        assert text.count('class="op-groep"') == 2
        assert cast.saskia.name in text
        assert "9 gezinnen" in text
        assert text.count("Noteer contact") == 11
    hers = as_.staff(cast.saskia).get("/opvolgen/").content.decode()
    assert 'class="op-groep"' not in hers
    assert hers.count("Noteer contact") == 9


def test_who_noted_something_finds_her_groep_open_again_and_a_long_one_starts_folded(two_groepen, as_):
    cast, client = two_groepen, as_.staff(two_groepen.annemiek)
    assert [part.is_open for part in client.get("/opvolgen/").context["parts"]] == [False, False]
    parts = client.get(f"/opvolgen/?ronde={cast.ronde.pk}&open={cast.groep8.pk}").context["parts"]
    assert [part.is_open for part in parts] == [False, True]
    assert parts[0].back == f"/opvolgen/?ronde={cast.ronde.pk}&open={cast.groep5.pk}"


def test_short_groepen_stand_open_and_her_own_come_first(cast):
    found = [per_groep.Part(cast.groep5, [None] * 5), per_groep.Part(cast.groep8, [None] * 4)]
    per_groep.unfold(found, None)
    assert [part.is_open for part in found] == [True, False]
    assert per_groep.in_order([cast.groep5, cast.groep8], {cast.groep8.pk}) == [cast.groep8, cast.groep5]


def test_a_page_holds_whole_groepen():
    parts = [per_groep.Part(None, [None] * n) for n in (3, 4, 9, 1)]
    pages = per_groep.in_pages(parts, 6)
    assert [[len(part.rows) for part in page] for page in pages] == [[3, 4], [9], [1]]


def test_one_reason_over_the_whole_school_is_one_click(two_groepen, as_):
    cast, client = two_groepen, as_.staff(two_groepen.annemiek)
    Invitation.objects.filter(gesprek__groep=cast.groep8).update(none_suits_at=NOW)
    assert "?reden=unsuited" in client.get("/opvolgen/").content.decode()
    text = client.get("/opvolgen/?reden=unsuited").content.decode()
    assert text.count("Noteer contact") == 2
    assert 'class="op-groep"' not in text
    assert "Toon alle gezinnen" in text
    assert client.get("/opvolgen/?reden=oeps").content.decode().count("Noteer contact") == 11


def test_the_newly_invited_are_only_counted_until_she_asks_for_their_groep(two_groepen, as_, frozen_clock):
    cast, client = two_groepen, as_.staff(two_groepen.annemiek)
    Invitation.objects.filter(gesprek__groep=cast.groep5).update(created_at=NOW + timedelta(days=4))
    page = client.get("/opvolgen/")
    assert page.context["fresh"] == [(cast.groep5, 9)]
    assert page.content.decode().count("Noteer contact") == 2
    assert client.get(f"/opvolgen/?groep={cast.groep5.pk}").content.decode().count("Noteer contact") == 9


@pytest.mark.parametrize("size", [1, 12])
def test_reading_by_groep_costs_the_same_whatever_the_size(cast, as_, size, frozen_clock, django_assert_num_queries):
    cast.with_ronde(groepen=[cast.groep5, cast.groep8], state="open")
    families(cast, cast.groep5, size)
    families(cast, cast.groep8, size)
    frozen_clock.shift(timedelta(days=4))
    client = as_.staff(cast.annemiek)
    with django_assert_num_queries(14):
        assert client.get("/opvolgen/").content.decode().count("Noteer contact") == 2 * size
