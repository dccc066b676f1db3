"""Too short? The next gesprek is planned from this one, and the family chooses its time."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken import aanvragen, parties
from gesprekken.aanvragen import AanvraagRefused
from gesprekken.models import Gesprek, Soort
from gesprekken.talking import following
from planning.inviting import opening
from school.actor import ACCOUNT, Actor
from school.models import Outgoing
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def stage(cast):
    """Elif's gesprek, and an open ronde on request with times, in which nobody has anything yet."""
    cast.with_gesprek()
    first = cast.gesprek
    ronde = cast.with_ronde(code="informeel", name="Tussendoor", whom="asked", starts_on=date(2026, 11, 24))
    cast.with_times(cast.saskia)
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    cast.people["first"] = first
    return cast


@pytest.mark.req("P2", "G1")
def test_the_family_is_invited_for_the_next_one_and_both_pages_say_so(stage, as_):
    teacher = as_.staff(stage.saskia)
    url = reverse("plan_follow_up", args=[stage.first.pk])
    assert "Tussendoor" in teacher.get(url).content.decode()
    assert teacher.post(url, {"ronde": stage.ronde.pk}).status_code == 302
    following_one = Gesprek.objects.get(follows=stage.first)
    assert (following_one.ronde, following_one.leerling) == (stage.ronde, stage.elif_)
    invited = Outgoing.objects.filter(message__contains="invit").values_list("recipient__first_name", flat=True)
    assert set(invited) == {"Fatma", "Ali"}
    for pk, said in [(stage.first.pk, "Er komt een vervolg"), (following_one.pk, "Dit is het vervolg op")]:
        assert said in teacher.get(reverse("gesprek", args=[pk])).content.decode()
    times = as_.link(stage.fatma).get(reverse("times", args=[following_one.pk])).content.decode()
    assert "15:00" in times
    assert teacher.post(url, {"ronde": stage.ronde.pk}).status_code == 422
    assert Gesprek.objects.filter(ronde=stage.ronde).count() == 1


def test_a_ronde_that_is_not_on_request_or_does_not_exist_is_refused_in_a_sentence(stage, as_):
    teacher, url = as_.staff(stage.saskia), reverse("plan_follow_up", args=[stage.first.pk])
    for wrong in ["", "x", "9" * 30, stage.first.ronde_id]:
        assert teacher.post(url, {"ronde": wrong}).status_code == 422
    with pytest.raises(AanvraagRefused):
        following.follow_up(gesprek=stage.first, ronde=stage.first.ronde, by=Actor(stage.saskia, ACCOUNT))
    assert not Gesprek.objects.filter(follows__isnull=False).exists()


def test_within_the_week_it_needs_a_reason_and_nothing_is_left_half_done(stage, as_):
    by = Actor(stage.saskia, ACCOUNT)
    near = NOW.replace(day=20)
    with pytest.raises(AanvraagRefused) as refused:
        following.follow_up(gesprek=stage.first, ronde=stage.ronde, by=by, now=near)
    assert refused.value.reason == "week"
    assert not Gesprek.objects.filter(ronde=stage.ronde).exists()
    made = following.follow_up(gesprek=stage.first, ronde=stage.ronde, by=by, now=near, reason="Het was niet af")
    assert made.follows == stage.first


def test_without_a_ronde_the_page_leads_to_asking_for_one(cast, as_):
    cast.with_gesprek()
    Soort.objects.filter(pk=cast.gesprek.ronde.soort_id).update(is_optional=True)
    Gesprek.objects.filter(pk=cast.gesprek.pk).update(held_on=NOW.date())
    teacher, url = as_.staff(cast.saskia), reverse("plan_follow_up", args=[cast.gesprek.pk])
    html = teacher.get(url).content.decode()
    assert "staat nu niet open voor deze groep" in html
    ask = f"{reverse('ask_for_pupil', args=[cast.elif_.pk])}?vervolg="
    assert f"{ask}{cast.gesprek.pk}" in html
    form = teacher.get(f"{ask}{cast.gesprek.pk}").context["form"]
    assert form.initial == {"soort": cast.ronde.soort_id, "reason": "Er was meer te bespreken."}
    for wrong in ["", "x", "9" * 30]:
        assert not teacher.get(f"{ask}{wrong}").context["form"].initial
    aanvragen.ask(leerling=cast.elif_, soort=cast.ronde.soort, reason="Geheim", by=Actor(cast.fatma, ACCOUNT), now=NOW)
    html = teacher.get(url).content.decode()
    assert "door Fatma Yılmaz op" in html
    assert "Geheim" not in html


def test_who_does_not_teach_the_child_now_does_not_plan_for_it(stage, as_):
    """Bas was there as a teacher once; the child is in Saskia's group, and his own group is in the ronde too."""
    stage.first.deelnames.create(school=stage.school, person=stage.bas, as_role="leerkracht")
    was_there = as_.staff(stage.bas)
    refused = was_there.post(reverse("plan_follow_up", args=[stage.first.pk]), {"ronde": stage.ronde.pk})
    assert refused.status_code == 422
    assert not Gesprek.objects.filter(follows=stage.first).exists()


@pytest.mark.req("P2", "C2")
def test_what_was_asked_for_because_it_was_too_short_follows_it_and_opens_with_what_was_agreed(cast, as_):
    """Asked while there is no ronde; leadership makes one; granted, and opened: then the family is invited."""
    verslag = cast.with_verslag()
    first = cast.gesprek
    soort = Soort.objects.create(school=cast.school, code="informeel", name="Tussendoor", is_optional=True)
    teacher, leiding = as_.staff(cast.saskia), as_.staff(cast.annemiek)
    url = f"{reverse('ask_for_pupil', args=[cast.elif_.pk])}?vervolg={first.pk}"
    said = teacher.post(url, {"soort": soort.pk, "reason": "Niet af"}, follow=True).content.decode()
    assert "De schoolleiding ziet je aanvraag" in said
    assert f"{cast.gesprek.ronde.name}" in leiding.get("/aanvragen/").content.decode()
    for name in ("gesprek", "plan_follow_up"):
        assert "Het wacht op een ronde" in teacher.get(reverse(name, args=[first.pk])).content.decode()
    ronde = cast.with_ronde(code="informeel", whom="asked", starts_on=date(2026, 11, 24), groepen=[cast.groep5])
    cast.with_times(cast.saskia)
    asked = first.aanvragen.get()
    aanvragen.accept(aanvraag=asked, ronde=ronde, by=Actor(cast.saskia, ACCOUNT), now=NOW)
    assert "zodra deze ronde opengaat" in teacher.get(reverse("gesprek", args=[first.pk])).content.decode()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    made = Gesprek.objects.get(ronde=ronde)
    assert made.follows == first
    page = teacher.get(reverse("talk", args=[made.pk])).content.decode()
    assert "Dit is het vervolg op" in page and verslag.agreements.get().what in page
    assert "Er komt een vervolg" in teacher.get(reverse("gesprek", args=[first.pk])).content.decode()


def test_a_request_follows_only_a_gesprek_about_this_pupil_and_not_with_who_talks_apart():
    together, hers = Gesprek(party=Gesprek.TOGETHER), Gesprek(party="7")
    assert parties.before_party(None, "7") is None
    assert parties.before_party(together, "7") is together
    assert parties.before_party(hers, Gesprek.TOGETHER) is hers
    assert parties.before_party(hers, "7") is hers
    assert parties.before_party(hers, "8") is None


def test_of_another_pupil_or_school_the_request_follows_nothing(cast, next_door, as_):
    cast.with_gesprek()
    first = cast.gesprek
    soort = Soort.objects.create(school=cast.school, code="informeel", name="Tussendoor", is_optional=True)
    next_door.with_gesprek()
    for wrong in [first.pk, next_door.gesprek.pk, "x", "9" * 30]:
        url = f"{reverse('ask_for_pupil', args=[cast.noor.pk])}?vervolg={wrong}"
        as_.staff(cast.saskia).post(url, {"soort": soort.pk, "reason": "Niet af"})
    assert cast.noor.aanvragen.get().follows is None
