"""Wish mode: parents say when they can, once for all their children, and hear what happens next."""

import re
from datetime import date, time, timedelta

import pytest

from gesprekken.models import Gesprek, Ronde
from planning.inviting import followup, opening, texts, wording
from planning.inviting.standard import DEFAULTS
from planning.models import Part, Wish
from planning.plan import wishes
from planning.times import booking, none_suits
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, Relatie
from tests.cast import NOW
from tests.remembered import remembered

MIDDAY, LATE_NOON, EVENING = Part.NOON, Part.AFTERNOON, Part.EVENING
TUESDAY = date(2026, 11, 24)
NO, YES, LIKES = Wish.Can.NO, Wish.Can.YES, Wish.Can.LIKES


@pytest.fixture
@remembered
def wishing(cast):
    cast.with_ronde(mode=Ronde.Mode.WISHES)
    cast.with_times(cast.saskia, starts=time(15), ends=time(17))
    cast.with_times(cast.bas, starts=time(17), ends=time(19))
    cast.with_times(cast.ilse, cast.maarten, starts=time(12), ends=time(13))
    opening.open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    return cast


def text(response):
    return response.content.decode()


def say(cast, person, said, *, by=None, now=NOW):
    wishes.give_wishes(ronde=cast.ronde, person=person, wishes=said, by=by or Actor(person, LINK), now=now)


# --- what is asked ---------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_only_parts_in_which_the_childs_own_teachers_are_there_are_asked(wishing):
    of_fatma = list(wishes.gesprekken_of(wishing.ronde, wishing.fatma))
    assert wishes.parts_asked(wishing.ronde, of_fatma) == [(TUESDAY, [LATE_NOON, EVENING])]
    of_ria = list(wishes.gesprekken_of(wishing.ronde, wishing.ria))
    assert wishes.parts_asked(wishing.ronde, of_ria) == [(TUESDAY, [MIDDAY])]


def test_of_a_gesprek_with_one_teacher_only_hers(wishing):
    Gesprek.objects.filter(leerling=wishing.daan).update(medewerker=wishing.bas.medewerker)
    of_ria = list(wishes.gesprekken_of(wishing.ronde, wishing.ria))
    assert wishes.parts_asked(wishing.ronde, of_ria) == [(TUESDAY, [LATE_NOON, EVENING])]


# --- giving them -----------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_what_a_guardian_says_is_kept_and_replaced(wishing):
    say(wishing, wishing.fatma, {(TUESDAY, LATE_NOON): NO, (TUESDAY, EVENING): LIKES})
    say(wishing, wishing.fatma, {(TUESDAY, LATE_NOON): YES, (TUESDAY, EVENING): NO})
    assert wishes.wishes_of(wishing.ronde, wishing.fatma) == {(TUESDAY, LATE_NOON): YES, (TUESDAY, EVENING): NO}
    assert AuditEvent.objects.filter(verb="give_wishes").count() == 2


@pytest.mark.parametrize("reason", wishes.WishRefused.REASONS)
def test_wishes_are_refused_when_they_cannot_matter_any_more(wishing, reason):
    now = NOW
    if reason == "closed":
        Ronde.objects.update(state=Ronde.State.CLOSED)
    elif reason == "released":
        Ronde.objects.update(plan_released_at=NOW)
    else:
        now = NOW + timedelta(days=10)
    with pytest.raises(wishes.WishRefused) as refused:
        say(wishing, wishing.fatma, {(TUESDAY, EVENING): NO}, now=now)
    assert refused.value.reason == reason
    assert not Wish.objects.exists()


def test_staff_can_still_write_a_wish_down_after_choosing_closed(wishing):
    say(wishing, wishing.fatma, {(TUESDAY, EVENING): NO}, by=Actor(wishing.bas, ACCOUNT), now=NOW + timedelta(days=10))
    assert wishes.wishes_of(wishing.ronde, wishing.fatma)


@pytest.mark.req("I4")
def test_a_wish_counts_as_a_reaction(wishing):
    say(wishing, wishing.ali, {(TUESDAY, EVENING): NO})
    rows = followup.standings(Gesprek.objects.filter(ronde=wishing.ronde, leerling=wishing.elif_))
    assert [(row.state, row.wished) for row in rows] == [(followup.WISHED, [wishing.ali.pk])]


# --- the invitation --------------------------------------------------------------------------------------------------


@pytest.mark.req("I1")
def test_the_invitation_asks_when_one_can_instead_of_offering_times(wishing, deliver):
    mail = next(m for m in deliver() if m.to == [wishing.sander.email])
    assert "Geef aan wanneer u kunt" in mail.body
    assert "Kies zelf een tijd" not in mail.body
    assert "Kies een tijd" not in mail.alternatives[0][0]


@pytest.mark.req("I1")
def test_in_first_come_it_says_choose(cast):
    ronde = cast.with_ronde()
    assert wording.how_to_choose(ronde, TUESDAY) == (
        "Kies zelf een tijd die u past. Dat kan tot en met dinsdag 24 november."
    )


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_one_page_for_all_children_and_a_summary_of_what_comes_next(wishing, as_):
    client = as_.link(wishing.fatma)
    assert "Geef aan wanneer u kunt" in text(client.get("/mijn/"))
    url = f"/mijn/wensen/{wishing.ronde.pk}/"
    page = text(client.get(url))
    assert "Elif, Emre" in page
    assert page.count("<fieldset") == 2
    response = client.post(url, {"2026-11-24-15-18": "no", "2026-11-24-18-20": "likes"}, follow=True)
    assert "Daarna maken wij een planning" in text(response)
    assert "<strong>liefst</strong>" in text(response)
    assert wishes.wishes_of(wishing.ronde, wishing.fatma) == {(TUESDAY, LATE_NOON): NO, (TUESDAY, EVENING): LIKES}
    assert "wij weten wanneer u kunt" in text(client.get("/mijn/"))


def test_always_is_one_tap(wishing, as_):
    client = as_.link(wishing.fatma)
    response = client.post(f"/mijn/wensen/{wishing.ronde.pk}/", {"altijd": "ja"}, follow=True)
    assert "U kunt altijd." in text(response)
    assert set(wishes.wishes_of(wishing.ronde, wishing.fatma).values()) == {YES}


def test_who_can_never_is_offered_a_call(wishing, as_):
    said = {"2026-11-24-15-18": "no", "2026-11-24-18-20": "no"}
    response = as_.link(wishing.fatma).post(f"/mijn/wensen/{wishing.ronde.pk}/", said, follow=True)
    assert "Op deze dagen kunt u niet" in text(response)


def test_an_unknown_word_keeps_nothing_and_says_so(wishing, as_):
    response = as_.link(wishing.fatma).post(f"/mijn/wensen/{wishing.ronde.pk}/", {"2026-11-24-18-20": "misschien"})
    assert response.status_code == 422
    assert "Kies: kan niet, kan, of liefst." in text(response)
    assert not Wish.objects.exists()


@pytest.mark.req("I5")
def test_before_the_plan_the_booking_pages_lead_to_the_wishes(wishing, as_):
    client = as_.link(wishing.fatma)
    gesprek = wishing.gesprek_of(wishing.elif_)
    slot = wishing.ronde.slots.filter(medewerker=wishing.saskia.medewerker).first()
    for url in [f"/mijn/{gesprek.pk}/tijden/", f"/mijn/{gesprek.pk}/tijden/{slot.pk}/"]:
        response = client.get(url, follow=True)
        assert "In deze ronde geeft u aan wanneer u kunt" in text(response)
        assert "Wanneer kunt u?" in text(response)


def test_who_was_given_a_time_by_phone_sees_it(wishing, as_):
    gesprek = wishing.gesprek_of(wishing.elif_)
    slot = wishing.ronde.slots.filter(medewerker=wishing.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=gesprek, by=Actor(wishing.saskia, ACCOUNT), now=NOW, agreed=True)
    assert "Uw tijd staat vast" in text(as_.link(wishing.fatma).get(f"/mijn/{gesprek.pk}/tijden/", follow=True))


def test_after_the_release_the_wish_page_leads_home(wishing, as_):
    Ronde.objects.update(plan_released_at=NOW)
    response = as_.link(wishing.fatma).get(f"/mijn/wensen/{wishing.ronde.pk}/", follow=True)
    assert "De planning is klaar" in text(response)


def test_separated_parents_never_see_each_others_wishes(wishing, as_):
    say(wishing, wishing.kim, {(TUESDAY, LATE_NOON): NO})
    assert chosen_in(as_.link(wishing.kim).get(f"/mijn/wensen/{wishing.ronde.pk}/")) == ["no"]
    assert chosen_in(as_.link(wishing.joost).get(f"/mijn/wensen/{wishing.ronde.pk}/")) == ["yes"]
    assert "wij weten wanneer u kunt" not in text(as_.link(wishing.joost).get("/mijn/"))


def chosen_in(response):
    """The values of the radios that are pressed."""
    return re.findall(r'value="(\w+)"[^>]*checked', text(response))


def test_a_teacher_writes_down_what_a_parent_says_on_the_phone(wishing, as_):
    gesprek = wishing.gesprek_of(wishing.elif_)
    client = as_.staff(wishing.saskia)
    assert "wens invullen" in text(client.get(f"/rondes/{wishing.ronde.pk}/groep/{gesprek.groep_id}/"))
    url = f"/gesprek/{gesprek.pk}/wensen/{wishing.fatma.pk}/"
    assert "Wanneer kan Fatma" in text(client.get(url))
    response = client.post(url, {"2026-11-24-15-18": "no"}, follow=True)
    assert "De wens van Fatma Yılmaz is bewaard." in text(response)
    assert wishes.wishes_of(wishing.ronde, wishing.fatma)[TUESDAY, LATE_NOON] == NO


def test_nobody_writes_for_a_guardian_with_a_restriction(wishing, as_):
    tess = wishing.gesprek_of(wishing.tess)
    assert as_.staff(wishing.saskia).get(f"/gesprek/{tess.pk}/wensen/{wishing.rob.pk}/").status_code == 404


@pytest.mark.parametrize("children", [1, 3, 30])
def test_the_wish_page_costs_the_same_for_any_number_of_children(wishing, as_, children, django_assert_max_num_queries):
    for n in range(children):
        pupil = wishing.pupil(f"extra{n}", f"Kind{n}", "Extra", wishing.groep5)
        wishing.with_gesprek(pupil, guardians=[wishing.fatma])
    client = as_.link(wishing.fatma)
    Relatie.objects.bulk_create(
        Relatie(school=wishing.school, person=wishing.fatma, leerling=wishing.people[f"extra{n}"])
        for n in range(children)
    )
    with django_assert_max_num_queries(11):
        page = text(client.get(f"/mijn/wensen/{wishing.ronde.pk}/"))
    assert f"Kind{children - 1}" in page


# --- before opening --------------------------------------------------------------------------------------------------


def said_before_opening(ronde):
    return " ".join(finding.text for finding in opening.check(ronde, now=NOW))


def test_the_checklist_points_at_an_own_invitation_that_may_still_say_choose(cast):
    ronde = cast.with_ronde(mode=Ronde.Mode.WISHES, booking_closes_days=11)
    assert "De uitnodiging is zelf geschreven" not in said_before_opening(ronde)
    body = DEFAULTS["nl"][1] + "\nTot dan!"
    for text, expected in [(body, False), (body.replace("{hoe_kiezen}", "Kies zelf, tot {kiezen_tot}."), True)]:
        texts.save_text(
            about=ronde, language="nl", subject="Gesprek", body=text, by=Actor(cast.annemiek, ACCOUNT), now=NOW
        )
        assert ("De uitnodiging is zelf geschreven" in said_before_opening(ronde)) is expected


def test_saying_that_no_time_suits_is_no_way_around_the_last_day_for_wishes(wishing, as_, frozen_clock):
    said = {(TUESDAY, LATE_NOON): NO, (TUESDAY, EVENING): LIKES}
    say(wishing, wishing.fatma, said)
    gesprek = wishing.gesprek_of(wishing.elif_)
    frozen_clock.move_to(booking.choosing_closes_at(wishing.ronde))
    page = f"/mijn/{gesprek.pk}/geen-tijd-past/"
    response = as_.link(wishing.fatma).post(page, {"can": ["2026-11-24.15-18"], "note": "Toch wel"})
    assert response.headers["Location"] == f"/mijn/wensen/{wishing.ronde.pk}/"
    assert wishes.wishes_of(wishing.ronde, wishing.fatma) == said
    with pytest.raises(none_suits.NoneSuitsRefused):
        none_suits.say_none_suits(gesprek=gesprek, by=Actor(wishing.fatma, LINK), can=set(), note="x", now=NOW)
