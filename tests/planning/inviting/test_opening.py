"""Opening a ronde: what is missing is said, and then everybody is invited at once."""

from datetime import date, time

import pytest

from gesprekken.models import Deelname, Gesprek
from gesprekken.parties import split
from planning.inviting import opening
from planning.models import Invitation, WeekException
from school import registry
from school.actor import ACCOUNT, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW


def leiding(cast):
    return Actor(cast.annemiek, ACCOUNT)


def texts(ronde, weight):
    return [finding.text for finding in opening.check(ronde, now=NOW) if finding.weight == weight]


@pytest.mark.req("I1", "I3")
def test_opening_makes_a_gesprek_per_pupil_and_invites_every_guardian(cast):
    ronde = cast.with_open_ronde()
    assert ronde.is_open
    per_pupil = {
        leerling: Gesprek.objects.filter(ronde=ronde, leerling=leerling).count()
        for leerling in (cast.elif_, cast.emre, cast.noor, cast.daan, cast.tess)
    }
    assert list(per_pupil.values()) == [1, 1, 2, 1, 1]  # Noor's parents talk apart
    invited = set(Invitation.objects.values_list("person__first_name", "channel"))
    assert invited == {
        ("Fatma", "mail"), ("Ali", "mail"), ("Kim", "mail"), ("Joost", "mail"), ("Ria", "letter"), ("Sander", "mail"),
    }  # fmt: skip
    mails = Outgoing.objects.filter(message="planning.invitation")
    assert mails.count() == 5  # one for Fatma, though she has two children; none for Ria, who gets a letter


def test_a_guardian_with_a_restriction_is_not_invited_and_never_mentioned(cast):
    cast.with_open_ronde()
    assert not Invitation.objects.filter(person=cast.rob).exists()
    assert not Deelname.objects.filter(person=cast.rob).exists()


@pytest.mark.req("I3")
def test_pupils_join_from_the_level_the_school_chose(cast):
    cast.with_open_ronde(pupils_from=5)
    joining = set(Deelname.objects.filter(as_role="leerling").values_list("person__first_name", flat=True))
    assert joining == {"Elif", "Emre", "Noor", "Tess"}  # Daan is in group 3


def test_opening_twice_invites_once(cast):
    ronde = cast.with_open_ronde()
    before = Gesprek.objects.count(), Outgoing.objects.count()
    assert opening.open_ronde(ronde=ronde, by=leiding(cast), now=NOW) == 0
    assert (Gesprek.objects.count(), Outgoing.objects.count()) == before


def test_a_teacher_without_times_is_named_and_the_ronde_stays_closed(cast):
    ronde = cast.with_ronde()
    cast.with_times(cast.saskia, cast.ilse)
    assert texts(ronde, opening.STOP) == ["De leerkracht van Groep 8 heeft nog geen tijden gegeven."]
    with pytest.raises(opening.OpeningRefused):
        opening.open_ronde(ronde=ronde, by=leiding(cast), now=NOW)
    assert Gesprek.objects.count() == 0


def test_too_few_times_are_counted_with_parents_apart_counting_twice(cast):
    ronde = cast.with_ronde()
    cast.with_times(cast.bas, cast.ilse)
    cast.with_times(cast.saskia, ends=time(15, 30))
    assert (
        "Saskia Mulder heeft 2 tijden voor 4 gesprekken: niet iedereen kan een tijd krijgen. "
        "Vraag om meer tijd, nog zeker 3 erbij."
    ) in texts(ronde, opening.WARN)


@pytest.mark.req("C4")
def test_an_advice_conversation_cannot_open_without_a_second_colleague(cast):
    ronde = cast.with_ronde(groepen=[cast.groep8])
    ronde.soort.is_advice = True
    ronde.soort.save()
    cast.with_times()
    assert any("tweede collega" in text for text in texts(ronde, opening.STOP))
    ronde.ronde_groepen.update(tweede_collega=cast.pieter.medewerker)
    assert texts(ronde, opening.STOP) == []


@pytest.mark.req("I2")
def test_inside_the_week_opening_needs_a_reason_that_is_kept(cast):
    ronde = cast.with_ronde(starts_on=date(2026, 11, 12), ends_on=date(2026, 11, 20), booking_closes_days=1)
    cast.with_times(on=date(2026, 11, 16))
    assert len(texts(ronde, opening.WEEK)) == 1
    with pytest.raises(opening.OpeningRefused):
        opening.open_ronde(ronde=ronde, by=leiding(cast), now=NOW, reason="   ")
    opening.open_ronde(ronde=ronde, by=leiding(cast), now=NOW, reason="De verbouwing liep uit")
    kept = WeekException.objects.get()
    assert (kept.reason, kept.by) == ("De verbouwing liep uit", cast.annemiek)
    assert (kept.what, kept.on) == (WeekException.What.OPENED, date(2026, 11, 16))


@pytest.mark.req("I2")
def test_exactly_a_week_ahead_needs_no_reason(cast):
    ronde = cast.with_ronde(starts_on=date(2026, 11, 17), ends_on=date(2026, 11, 20), booking_closes_days=1)
    cast.with_times(on=date(2026, 11, 17))
    assert texts(ronde, opening.WEEK) == []


def test_what_parents_read_must_be_written(cast):
    ronde = cast.with_ronde(purpose=" ", points="\n")
    cast.with_times()
    assert len(texts(ronde, opening.STOP)) == 2


@pytest.mark.req("I3")
def test_a_pupil_who_arrives_in_the_middle_is_added_and_invited(cast):
    cast.with_open_ronde()
    late = cast.pupil("sem", "Sem", "Kok", cast.groep5)
    cast.guardian("eva", "Eva", "Kok", [late])
    registry.tell("imported", school=cast.school, by=Actor.system(cast.school), now=NOW)
    registry.tell("imported", school=cast.school, by=Actor.system(cast.school), now=NOW)
    assert Gesprek.objects.filter(leerling=late).count() == 1
    assert Outgoing.objects.filter(message="planning.invitation", recipient=cast.eva).count() == 1


def test_a_brother_who_arrives_later_is_told_to_parents_who_were_invited_before(cast):
    cast.with_open_ronde()
    for n in range(2):
        child = cast.pupil(f"baby{n}", f"Baby{n}", "Yılmaz", cast.groep3)
        Relatie.objects.create(school=cast.school, person=cast.fatma, leerling=child)
        registry.tell("imported", school=cast.school, by=Actor.system(cast.school), now=NOW)
    assert Outgoing.objects.filter(message="planning.invitation", recipient=cast.fatma).count() == 3


def test_opening_a_school_costs_the_same_number_of_statements(cast, django_assert_max_num_queries):
    """Two hundred pupils more, not one statement more."""
    ronde = cast.with_ronde()
    cast.with_times()
    for n in range(60):
        child = cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5)
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Extra", [child])
    with django_assert_max_num_queries(60):
        opening.open_ronde(ronde=ronde, by=leiding(cast), now=NOW)


def relatie(pk, apart=False):
    return Relatie(person_id=pk, apart=apart)


def test_who_sits_together():
    assert set(split([])) == {"samen"}
    assert set(split([relatie(1, apart=True)])) == {"samen"}
    assert set(split([relatie(1), relatie(2)])) == {"samen"}
    assert set(split([relatie(1, apart=True), relatie(2, apart=True)])) == {"1", "2"}
    assert set(split([relatie(1, apart=True), relatie(2), relatie(3)])) == {"1", "samen"}


def test_closing_keeps_what_is_planned_and_can_be_undone(cast):
    ronde = cast.with_open_ronde()
    opening.close_ronde(ronde=ronde, by=leiding(cast))
    ronde.refresh_from_db()
    assert not ronde.is_open
    opening.reopen_ronde(ronde=ronde, by=leiding(cast))
    ronde.refresh_from_db()
    assert ronde.is_open


@pytest.mark.req("I3")
def test_a_pupil_nobody_can_be_invited_for_is_named_before_opening(cast, as_):
    ronde = cast.with_ronde()
    assert not [text for text in texts(ronde, opening.WARN) if "geen ouder" in text]
    Relatie.objects.filter(leerling=cast.daan).update(restriction=True)
    assert "Bij 1 leerling is er geen ouder die we kunnen uitnodigen: Daan Bos." in texts(ronde, opening.WARN)
    assert 'href="/mensen/ouders/"' in as_.staff(cast.annemiek).get(f"/rondes/{ronde.pk}/").content.decode()
