"""Agreements: who does what, when, how and why; changed while the verslag is a draft, read by whom they concern."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken.models import Agreement
from gesprekken.talking import agreements, recording
from school.actor import ACCOUNT, Actor
from school.models import Relatie
from tests.cast import TODAY

FIELDS = {
    "who": "Fatma",
    "what": "Elke avond lezen",
    "when": "na het eten",
    "how": "samen op de bank",
    "why": "lezen gaat dan vanzelf",
    "evaluate_on": date(2027, 2, 1),
}


@pytest.fixture
def stage(cast):
    cast.with_gesprek()
    cast.by = Actor(person=cast.saskia, level=ACCOUNT)
    cast.draft = recording.ensure_draft(gesprek=cast.gesprek, by=cast.by)
    return cast


def add(stage, **changes):
    return agreements.add(verslag=stage.draft, by=stage.by, concerns=[stage.fatma], **{**FIELDS, **changes})


@pytest.mark.req("G1", "G5")
def test_an_agreement_says_who_what_when_how_why_and_when_we_look_back(stage):
    agreement = add(stage)
    assert {name: getattr(agreement, name) for name in FIELDS} == FIELDS
    assert list(agreement.concerns.all()) == [stage.fatma]


def test_a_double_click_agrees_once(stage):
    add(stage)
    add(stage)
    add(stage, what="Iets anders")
    assert Agreement.objects.count() == 2


def test_change_and_remove_while_it_is_a_draft_and_never_after(stage):
    one, two = add(stage), add(stage, what="Rekenen")
    agreements.change(agreement=one, by=stage.by, concerns=[stage.ali], who="Ali", what="Voorlezen")
    one.refresh_from_db()
    assert (one.who, one.what, list(one.concerns.all())) == ("Ali", "Voorlezen", [stage.ali])
    agreements.remove(agreement=two, by=stage.by)
    recording.finalise(gesprek=stage.gesprek, by=stage.by, seen_version=0, held_on=TODAY)
    for attempt in [
        lambda: add(stage),
        lambda: agreements.change(agreement=one, by=stage.by, concerns=[], who="x"),
        lambda: agreements.remove(agreement=one, by=stage.by),
    ]:
        with pytest.raises(agreements.VerslagFinal):
            attempt()
    assert Agreement.objects.get().what == "Voorlezen"


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(stage, as_):
    teacher, url = as_.staff(stage.saskia), reverse("add_agreement", args=[stage.gesprek.pk])
    page = teacher.post(url, {"who": "", "what": "Lezen", "how": "h" * 301})
    html = page.content.decode()
    assert page.status_code == 422
    for sentence in [
        "Vul in wie dit doet.",
        "Kies voor wie deze afspraak is.",
        "er passen 300 tekens",
        "Lezen",
        "h" * 301,
    ]:
        assert sentence in html
    assert not Agreement.objects.exists()


def test_everybody_who_takes_part_can_be_chosen_but_nobody_who_may_not_know(stage, as_):
    Relatie.objects.filter(person=stage.ali).update(restriction=True)
    teacher, url = as_.staff(stage.saskia), reverse("add_agreement", args=[stage.gesprek.pk])
    chosen = set(recording.people_of(stage.gesprek))
    assert chosen == {stage.fatma, stage.elif_.person, stage.saskia}
    data = {"who": "Ali", "what": "Lezen", "concerns": [stage.ali.pk]}
    assert teacher.post(url, data).status_code == 422
    assert teacher.post(url, {**data, "concerns": [stage.kim.pk]}).status_code == 422
    assert teacher.post(url, {**data, "concerns": [stage.fatma.pk]}).status_code == 302


def test_an_agreement_of_another_gesprek_does_not_exist_here(stage, as_):
    agreement = add(stage)
    other = stage.with_gesprek(stage.tess)
    url = reverse("change_agreement", args=[other.pk, agreement.pk])
    assert as_.staff(stage.saskia).get(url).status_code == 404
