"""The report of advice conversations: who was there, and what is missing."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gesprekken.afterwards import advice_talks
from gesprekken.models import Deelname
from school.actor import ACCOUNT, Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast):
    """Emre's advice conversation, with everybody there but the second colleague, who was away."""
    ronde = cast.with_ronde(state="open", code="definitief-advies")
    ronde.soort.is_advice = True
    ronde.soort.save()
    cast.with_gesprek(cast.emre, ronde)
    for person, role in [(cast.saskia, Deelname.As.TWEEDE_COLLEGA), (cast.pieter, Deelname.As.EXPERT)]:
        cast.gesprek.deelnames.create(school=cast.school, person=person, as_role=role)
    cast.gesprek.deelnames.update(attended=True)
    cast.gesprek.deelnames.filter(person=cast.saskia).update(attended=False)
    cast.with_verslag(cast.gesprek, about_child="KANARIE")
    return cast


@pytest.mark.req("C4")
def test_it_names_who_was_there_and_what_is_missing(held):
    [row] = advice_talks.held(Actor(held.annemiek, ACCOUNT), held.year)
    assert (row.teachers, row.second, row.deciding) == ([held.bas], [], [held.pieter])
    assert not row.is_complete
    held.gesprek.deelnames.filter(person=held.saskia).update(attended=True)
    [row] = advice_talks.held(Actor(held.pieter, ACCOUNT), held.year)
    assert (row.second, row.is_complete) == ([held.saskia], True)


def test_page_pdf_and_workbook_say_who_and_nothing_of_what_was_said(held, as_):
    leader = as_.staff(held.annemiek)
    page = leader.get(reverse("advice_talks")).content.decode()
    assert "Emre Yılmaz" in page
    assert "tweede collega ontbreekt" in page
    assert "KANARIE" not in page
    assert leader.get(reverse("advice_talks_pdf"))["Content-Type"] == "application/pdf"
    book = load_workbook(BytesIO(leader.get(reverse("advice_talks_xlsx")).content))
    assert "ontbreekt" in [cell.value for cell in book.active[2]]
