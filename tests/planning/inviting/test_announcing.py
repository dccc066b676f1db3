"""Days that are kept free long before, and gesprekken that are only for some of the pupils (I2, C4)."""

from datetime import date, timedelta

import pytest

from gesprekken import aanvragen, rondes
from gesprekken.models import Aanvraag, Deelname, Gesprek, Ronde, Soort
from planning.inviting import announcing, opening
from planning.models import Invitation, WeekException
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return Actor(cast.annemiek, ACCOUNT)


@pytest.fixture
def march(cast):
    """After the test, for groups 5 and 8, with a second colleague, 23-27 November; nothing was told yet."""
    Soort.objects.create(
        school=cast.school, code="na-doorstroomtoets", name="Gesprek na de doorstroomtoets", is_advice=True
    )
    ronde = cast.with_ronde(
        code="na-doorstroomtoets", whom=Ronde.Whom.ASKED, groepen=[cast.groep5, cast.groep8], name="Na de toets"
    )
    ronde.colleague_pool.add(cast.pieter.medewerker)
    cast.with_times()
    return ronde


def to(mails):
    return sorted(address for mail in mails for address in mail.to)


def announce(ronde, by, now=NOW):
    count = announcing.announce(ronde=ronde, by=by, now=now)
    ronde.refresh_from_db()
    return count


@pytest.mark.req("I2", "C4")
def test_families_hear_of_the_days_once_and_again_only_when_the_days_change(cast, march, by, deliver):
    assert announce(march, by) == 5
    assert announce(march, by, NOW + timedelta(minutes=1)) == 0
    mails = deliver()
    everybody = [f"{name}@ouders.example" for name in ("ali", "fatma", "joost", "kim", "sander")]
    assert to(mails) == sorted(everybody)
    ali = next(mail for mail in mails if mail.to == ["ali@ouders.example"])
    for words in ("Elif en Emre", "hoger advies", "maandag 23 november 2026", "U hoeft nu niets te doen"):
        assert words in ali.body
    rondes.change_ronde(ronde=march, by=by, seen_version=march.version, groepen=[*march.groepen.all(), cast.groep3])
    march.refresh_from_db()
    assert announce(march, by) == 0  # only Daan's mother is new, and she has no address
    assert [person.first_name for person in announcing.reach_of(march).otherwise] == ["Ria"]
    rondes.change_ronde(ronde=march, by=by, seen_version=march.version, ends_on=date(2026, 11, 26))
    march.refresh_from_db()
    assert march.announced_at is None
    assert announce(march, by) == 5
    assert to(deliver()) == sorted(everybody)
    assert AuditEvent.objects.filter(verb="announce_days").count() == 3


@pytest.mark.req("I2")
def test_a_mail_about_days_that_changed_before_it_went_is_dropped(march, by, deliver):
    announce(march, by)
    rondes.change_ronde(ronde=march, by=by, seen_version=march.version, ends_on=date(2026, 11, 26))
    assert deliver() == []


@pytest.mark.req("I2", "C4")
@pytest.mark.parametrize(("days", "forgiven"), [(7, True), (6, False)])
def test_announced_a_week_before_the_first_day_is_soon_enough_to_invite_at_the_last(cast, march, by, days, forgiven):
    told = NOW.replace(day=24) - timedelta(days=days)  # the first time that was given is on the 24th
    announce(march, by, told)
    late = NOW.replace(day=19)
    assert aanvragen.choose(ronde=march, leerlingen=[cast.elif_], among=[cast.elif_, cast.noor], by=by, now=late) == 1
    findings = opening.check(march, now=late)
    assert any(finding.weight == opening.WEEK for finding in findings) != forgiven
    if not forgiven:
        with pytest.raises(opening.OpeningRefused):
            opening.open_ronde(ronde=march, by=by, now=late)
    opening.open_ronde(ronde=march, by=by, now=late, reason="" if forgiven else "uitslag laat")
    assert [g.leerling for g in Gesprek.objects.all()] == [cast.elif_]
    assert {i.person for i in Invitation.objects.all()} == {cast.fatma, cast.ali}

    march.refresh_from_db()
    add = {"ronde": march, "leerlingen": [cast.emre], "among": [cast.emre], "by": by, "now": late}
    if not forgiven:
        with pytest.raises(aanvragen.AanvraagRefused, match="week"):
            aanvragen.choose(**add)
        assert not Aanvraag.objects.filter(leerling=cast.emre).exists()
    assert aanvragen.choose(**add, reason="" if forgiven else "uitslag laat") == 1
    assert aanvragen.choose(**add) == 0  # pressed twice
    assert Gesprek.objects.count() == 2
    assert WeekException.objects.count() == (0 if forgiven else 2)
    assert not Deelname.objects.filter(gesprek__leerling=cast.noor).exists()


@pytest.mark.req("I2")
def test_what_cannot_be_announced_says_why(cast, march, by):
    def refusal():
        with pytest.raises(announcing.AnnounceRefused) as refused:
            announcing.announce(ronde=march, by=by, now=NOW)
        return refused.value.reason

    Ronde.objects.filter(pk=march.pk).update(whom=Ronde.Whom.EVERYBODY)
    assert refusal() == "everybody"
    Ronde.objects.filter(pk=march.pk).update(whom=Ronde.Whom.ASKED, state=Ronde.State.OPEN)
    assert refusal() == "not_draft"
    Ronde.objects.filter(pk=march.pk).update(state=Ronde.State.DRAFT)
    march.ronde_groepen.all().delete()
    assert refusal() == "no_groups"


@pytest.mark.req("C2")
def test_the_checklist_warns_that_nobody_was_asked_and_does_not_stop(cast, march, by):
    weights = {finding.weight for finding in opening.check(march, now=NOW) if "nog niemand gevraagd" in finding.text}
    assert weights == {opening.WARN}
    assert opening.open_ronde(ronde=march, by=by, now=NOW) == 0
    assert opening.add_arrivals(ronde=march, by=by, now=NOW) == 0


@pytest.mark.req("C4")
def test_the_school_chooses_who_has_a_higher_advice_on_one_page(cast, march, as_, by):
    url, client = f"/rondes/{march.pk}/voor-wie/", as_.staff(cast.saskia)
    assert "Emre" not in client.get(url).content.decode()  # of her own group
    assert client.post(url, {"leerlingen": [cast.elif_.pk, cast.noor.pk]}).status_code == 302
    assert client.post(url, {"leerlingen": [cast.noor.pk]}).status_code == 302
    assert client.post(url, {"leerlingen": [cast.emre.pk]}).status_code == 422  # not hers
    assert list(Aanvraag.objects.values_list("leerling", "reason")) == [(cast.noor.pk, "hoger advies")]
    page = as_.staff(cast.annemiek).get(f"/rondes/{march.pk}/").content.decode()
    assert "Laat de gezinnen weten dat we deze dagen vrijhouden" in page
    assert as_.staff(cast.annemiek).post(f"/rondes/{march.pk}/vrijhouden/").status_code == 302
    march.refresh_from_db()
    assert march.announced_at == NOW
