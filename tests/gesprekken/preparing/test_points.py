"""Points of one's own: added, counted, taken off, and read by whom they are for."""

import pytest
from django.urls import reverse

from gesprekken.models import Bespreekpunt, Gesprek, Visibility, Voorbereiding
from gesprekken.preparing import points
from gesprekken.talking.drafts import GesprekClosed
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def stage(cast):
    cast.with_questions().with_gesprek()
    return cast


def add(stage, text, *, person=None, level=CONFIRMED, **rest):
    return points.add(gesprek=stage.gesprek, by=Actor(person or stage.fatma, level), text=text, now=NOW, **rest)


def read_by(person, level, gesprek):
    return {point.text for point in points.visible_points(Actor(person, level), gesprek)}


@pytest.mark.req("V2")
def test_a_point_is_kept_with_its_language_and_the_same_words_again_are_one(stage):
    for _double_click in range(2):
        point = add(stage, "De overgang")
    assert (point.language, point.visibility, point.discussed) == ("tr", Visibility.TABLE, None)
    assert Bespreekpunt.objects.count() == 1
    add(stage, "De overgang", person=stage.ali)
    assert Bespreekpunt.objects.count() == 2, "the other parent has a list of her own"


def test_ten_fit_and_the_eleventh_is_refused(stage):
    for number in range(points.MAX_POINTS):
        add(stage, f"punt {number}")
    with pytest.raises(points.TooManyPoints):
        add(stage, "nog een")
    assert Bespreekpunt.objects.count() == points.MAX_POINTS


def test_once_it_was_held_points_stand(stage):
    point = add(stage, "Lezen")
    Gesprek.objects.update(held_on=NOW.date())
    with pytest.raises(GesprekClosed):
        add(stage, "te laat")
    with pytest.raises(GesprekClosed):
        points.remove(point=point, by=Actor(stage.fatma, CONFIRMED))
    assert Bespreekpunt.objects.get().text == "Lezen"


def test_nobody_takes_off_the_point_of_another(stage):
    point = add(stage, "Lezen")
    points.remove(point=point, by=Actor(stage.ali, CONFIRMED))
    assert Bespreekpunt.objects.exists()
    for _double_click in range(2):
        points.remove(point=Bespreekpunt(pk=point.pk, gesprek=stage.gesprek), by=Actor(stage.fatma, CONFIRMED))
    assert not Bespreekpunt.objects.exists()


def test_in_the_talk_a_point_is_ticked_and_can_be_unticked(stage):
    point, teacher = add(stage, "Lezen"), Actor(stage.saskia, ACCOUNT)
    for said in (True, False, None):
        points.mark_discussed(point=point, discussed=said, by=teacher)
        assert Bespreekpunt.objects.get().discussed is said


@pytest.mark.req("V2")
def test_who_reads_which_point(stage):
    add(stage, "voor op tafel")
    add(stage, "voor de juf", visibility=Visibility.TEACHER)
    both, table = {"voor op tafel", "voor de juf"}, {"voor op tafel"}
    stage.gesprek.deelnames.create(school=stage.school, person=stage.bas, as_role="tweede_collega")
    assert read_by(stage.saskia, ACCOUNT, stage.gesprek) == both
    assert read_by(stage.fatma, CONFIRMED, stage.gesprek) == both
    assert read_by(stage.bas, ACCOUNT, stage.gesprek) == table
    assert read_by(stage.pieter, ACCOUNT, stage.gesprek) == table
    for person, level in [
        (stage.fatma, LINK),
        (stage.ali, CONFIRMED),
        (stage.elif_.person, CONFIRMED),
        (stage.annemiek, ACCOUNT),
        (stage.ilse, ACCOUNT),
        (stage.kim, CONFIRMED),
    ]:
        assert read_by(person, level, stage.gesprek) == set(), person.name


# --- on the page -----------------------------------------------------------------------------------------------------


def test_whatever_button_is_pressed_the_point_is_added_and_nothing_else_is_lost(stage, as_):
    url, parent = reverse("prepare", args=[stage.gesprek.pk]), as_.link(stage.fatma)
    answer = parent.post(url, {"point": "De overgang", "comes_along": "Mijn zus", "seen_version": 0})
    assert answer["Location"].endswith("#punten")
    page = parent.get(url).content.decode()
    assert "U schreef 1 punt op" in page
    assert "De overgang" not in page, "a bare link reads nothing back"
    assert Voorbereiding.objects.get().comes_along == "Mijn zus"
    confirmed = as_.link(stage.fatma, confirmed=True)
    assert "De overgang" in confirmed.get(url).content.decode()
    confirmed.post(url, {"weg": str(Bespreekpunt.objects.get().pk), "comes_along": "Mijn zus", "seen_version": 1})
    assert not Bespreekpunt.objects.exists()


def test_a_bare_link_takes_nothing_off(stage, as_):
    point = add(stage, "De overgang")
    as_.link(stage.fatma).post(reverse("prepare", args=[stage.gesprek.pk]), {"weg": str(point.pk), "seen_version": 0})
    assert Bespreekpunt.objects.exists()


@pytest.mark.parametrize("full", [True, False])
def test_a_point_that_does_not_fit_stays_on_the_screen_with_one_sentence(stage, as_, full):
    text = "De elfde" if full else "z" * 301
    for number in range(points.MAX_POINTS if full else 0):
        add(stage, f"punt {number}")
    page = as_.link(stage.fatma).post(reverse("prepare", args=[stage.gesprek.pk]), {"point": text, "seen_version": 0})
    html = page.content.decode()
    assert page.status_code == 422
    assert text in html
    assert ("Er staan al tien punten" if full else "Dit is te lang: er passen 300 tekens") in html
