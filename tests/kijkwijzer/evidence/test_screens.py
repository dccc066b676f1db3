"""The ten signs of gesprekken that were made as people make them: page by page."""

import re

import pytest
from django.urls import reverse

from gesprekken.models import Gesprek
from kijkwijzer.evidence import facts, signs
from kijkwijzer.evidence.signs import Sign
from tests.kijkwijzer.evidence import screens


def told_of(gesprek):
    known = facts.facts_of(Gesprek.objects.filter(pk=gesprek.pk))[gesprek.pk]
    return {shown.factor.number: shown for shown in signs.signs_of(known)}


def facts_told(shown):
    return {fact.code: told for fact, told in shown.facts}


def page(client, name, gesprek):
    return client.get(reverse(name, args=[gesprek.pk])).content.decode()


@pytest.mark.req("S1")
def test_each_factor_is_seen_in_a_gesprek_that_has_everything_and_not_in_one_that_has_little(cast, as_, frozen_clock):
    full, little = screens.two_gesprekken(cast, as_, frozen_clock)
    much, few = told_of(full), told_of(little)
    assert {number: shown.sign for number, shown in much.items()} == dict.fromkeys(range(1, 11), Sign.SEEN), {
        number: facts_told(shown) for number, shown in much.items() if shown.sign != Sign.SEEN
    }
    assert {number: shown.sign for number, shown in few.items()} == {
        1: Sign.PARTLY,  # the reception was arranged for everybody; the teacher chose the time
        3: Sign.PARTLY,  # both were invited
        4: Sign.PARTLY,  # invited by the school's rule
        **dict.fromkeys((2, 5, 6, 7, 8, 9, 10), Sign.NOT_YET),
    }
    assert all(few[number].next_time for number in few) and not any(much[number].next_time for number in much)
    assert facts_told(few[5]) == {"parents_brought": False, "points_used": None, "parent_spoke": False}
    assert facts_told(few[9]) == {"agreed": False, "shares": None, "look_back": None}
    whom_it_is_shown_to(cast, as_, full, little)


def whom_it_is_shown_to(cast, as_, full, little):
    teacher = as_.staff(cast.saskia)
    shown = page(teacher, "evidence", little)
    assert shown.count("Een volgende keer:") == 10 and "nog niet gezien" in shown
    assert "De toets" not in shown and "Kort." not in shown, "that it was there, never what was written"
    assert reverse("evidence", args=[full.pk]) in page(teacher, "gesprek", full)
    for person in (cast.annemiek, cast.pieter, cast.ilse):
        assert as_.staff(person).get(reverse("evidence", args=[full.pk])).status_code == 404

    mother = as_.link(cast.fatma, confirmed=True)
    assert reverse("evidence_read", args=[full.pk]) in page(mother, "record_read", full)
    read = page(mother, "evidence_read", full)
    assert "Een ouder koos de tijd zelf" in read and "Bij wat tegenviel" in read
    assert "Elke ouder kreeg" not in read, "what another parent got is not hers to know"
    assert "Een volgende keer" not in read and "zwemdiploma" not in read and "speelde niet" not in read
    assert as_.link(cast.sander, confirmed=True).get(reverse("evidence_read", args=[little.pk])).status_code == 404

    pupil = page(as_.link(cast.elif_.person, confirmed=True), "evidence_read", full)
    assert "De leerling was zelf aan het woord" in pupil and "Er is iets afgesproken" in pupil
    assert not re.search("tegenviel|verslag staa", pupil), "the record is her parents' to read"

    full.deelnames.filter(person=cast.ali).update(as_role="achteraf")  # her father only hears of it afterwards
    father = as_.link(cast.ali, confirmed=True)
    assert "tien-factoren" not in page(father, "record_read", full)
    assert father.get(reverse("evidence_read", args=[full.pk])).status_code == 404
