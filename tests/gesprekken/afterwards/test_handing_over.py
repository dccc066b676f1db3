"""The hand-over in June: written with the habits of a draft, given in one action, read by the next teacher."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken.afterwards import handing_over
from gesprekken.models import Outcome, Overdracht, Verslag
from gesprekken.permissions import overdrachten_to_read, visible_overdrachten
from gesprekken.talking.drafts import StaleDraft
from school.actor import ACCOUNT, CONFIRMED, Actor
from school.models import Lidmaatschap, Schooljaar
from tests.cast import NOW


def by(person):
    return Actor(person, ACCOUNT)


def write(cast, text="KANARIEtekst", home="KANARIEthuis", seen=0, **more):
    return handing_over.save(
        leerling=cast.elif_,
        schooljaar=cast.year,
        by=by(cast.saskia),
        seen_version=seen,
        text=text,
        works_at_home=home,
        **more,
    )


@pytest.fixture
def next_year(cast):
    """Elif goes to a group of Joke; the other pupils of group 5 are not placed yet."""
    year = Schooljaar.objects.create(school=cast.school, starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31))
    groep = cast.groep("groep6", "G06", "Groep 6", "6", year)
    cast.staff("joke", "Joke", "Koster", groepen=[groep])
    Lidmaatschap.objects.create(school=cast.school, groep=groep, leerling=cast.elif_)
    return cast


def test_an_older_page_never_overwrites_a_newer_one(cast):
    write(cast)
    with pytest.raises(StaleDraft) as stale:
        write(cast, text="andere woorden")
    assert stale.value.stored == {"text": "KANARIEtekst", "works_at_home": "KANARIEthuis"}
    assert Overdracht.objects.get().text == "KANARIEtekst"
    assert write(cast, text="verder", seen=1).version == 2


def test_what_is_written_goes_over_in_one_action_and_what_is_empty_stays(cast):
    write(cast)
    assert handing_over.hand_over(groep=cast.groep5, by=by(cast.saskia), now=NOW) == 1
    assert handing_over.hand_over(groep=cast.groep5, by=by(cast.saskia), now=NOW) == 0
    with pytest.raises(handing_over.HandedOver):
        write(cast, text="te laat", seen=1)
    one = handing_over.by_groep([cast.groep5], cast.year)[0]
    assert {leerling.person.first_name for leerling in one.waiting} == {"Noor", "Tess"}


def test_it_can_be_taken_back_until_it_was_read(cast):
    row = write(cast)
    handing_over.hand_over(groep=cast.groep5, by=by(cast.saskia))
    assert handing_over.take_back(overdracht=row, by=by(cast.saskia))
    handing_over.hand_over(groep=cast.groep5, by=by(cast.saskia))
    handing_over.mark_read(overdracht=row, by=by(cast.pieter))
    assert not handing_over.take_back(overdracht=row, by=by(cast.saskia))
    assert Overdracht.objects.get().read_by == cast.pieter


def test_who_reads_it_before_and_after(next_year, frozen_clock):
    cast = next_year
    write(cast)
    people = ["saskia", "bas", "joke", "pieter", "annemiek"]

    def readers():
        return {name for name in people if visible_overdrachten(by(getattr(cast, name))).exists()}

    assert readers() == {"saskia"}
    handing_over.hand_over(groep=cast.groep5, by=by(cast.saskia))
    assert readers() == {"saskia", "joke", "pieter"}
    assert not visible_overdrachten(Actor(cast.fatma, CONFIRMED)).exists()
    assert not visible_overdrachten(Actor(cast.elif_.person, CONFIRMED)).exists()
    assert overdrachten_to_read(by(cast.joke)).count() == 1
    assert not overdrachten_to_read(by(cast.saskia)).exists()


def test_nobody_is_late_before_june(cast, as_, frozen_clock):
    spring, june = date(2027, 4, 1), date(2027, 6, 1)
    assert not handing_over.is_time(cast.year, spring) and handing_over.is_time(cast.year, june)
    frozen_clock.move_to("2027-04-01T08:00:00+00:00")
    assert "let-op" not in as_.staff(cast.saskia).get(reverse("overdracht_list")).content.decode()
    frozen_clock.move_to("2027-06-02T08:00:00+00:00")
    assert "let-op" in as_.staff(cast.saskia).get(reverse("overdracht_list")).content.decode()


def test_the_next_teacher_reads_and_says_so(next_year, as_, frozen_clock):
    row = write(next_year)
    handing_over.hand_over(groep=next_year.groep5, by=by(next_year.saskia))
    frozen_clock.move_to("2027-08-20T08:00:00+00:00")
    joke = as_.staff(next_year.joke)
    assert reverse("overdracht_read", args=[row.pk]) in joke.get(reverse("overdracht_list")).content.decode()
    assert "KANARIEthuis" in joke.get(reverse("overdracht_read", args=[row.pk])).content.decode()
    joke.post(reverse("overdracht_read", args=[row.pk]))
    row.refresh_from_db()
    assert row.read_by == next_year.joke


def test_open_agreements_and_words_about_home_are_taken_over_with_one_tap(cast, as_):
    verslag = cast.with_verslag()
    Verslag.objects.filter(pk=verslag.pk).update(at_home="Samen koken en meten.")
    found = handing_over.suggestions(by(cast.saskia), cast.elif_)
    assert [one.words for one in found] == [
        "Loopt nog: Ouders: Elke avond tien minuten lezen",
        "Samen koken en meten.",
    ]
    apart = verslag.agreements.create(school=cast.school, gesprek=verslag.gesprek, who="Fatma", what="Alleen met haar")
    apart.concerns.set([cast.fatma])  # and Ali may ask to read this
    saskia, url = as_.staff(cast.saskia), reverse("overdracht_take", args=[cast.elif_.pk])
    for code in (f"a{apart.pk}", found[0].code, found[0].code, found[1].code, "a999999"):
        assert saskia.post(url, {"neem": code}).status_code == 302
    row = Overdracht.objects.get()
    assert (row.text, row.works_at_home) == (found[0].words, found[1].words)
    Outcome.objects.create(school=cast.school, agreement=verslag.agreements.earliest("pk"), state="done", at=NOW)
    assert [one.field for one in handing_over.suggestions(by(cast.saskia), cast.elif_)] == ["works_at_home"]


def test_two_tabs_keep_every_word(cast, as_):
    saskia, url = as_.staff(cast.saskia), reverse("overdracht_write", args=[cast.elif_.pk])
    first = {"seen_version": "0", "tab": "a", "text": "een", "works_at_home": ""}
    assert saskia.post(url, first, headers={"hx-request": "true"}).status_code == 200
    page = saskia.post(url, {**first, "tab": "b", "text": "twee"}, headers={"hx-request": "true"})
    assert page.status_code == 409
    assert "een" in page.content.decode()
    assert saskia.post(url, {**first, "tab": "b", "text": "twee", "replace": "1"}).status_code == 302
    assert Overdracht.objects.get().text == "twee"
