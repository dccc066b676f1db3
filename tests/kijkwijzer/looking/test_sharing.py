"""Sharing is an act: whom it is about shares one look back with one colleague, and takes it back."""

import pytest
from django.contrib.admin.sites import site
from django.urls import reverse

from kijkwijzer.looking import observing, sharing
from kijkwijzer.looking.sharing import SharingRefused
from kijkwijzer.models import Ontwikkelpunt, Remark, Score, Sharing, Terugblik
from kijkwijzer.permissions import readable_terugblikken
from school import outbox
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent, Medewerker, Outgoing
from tests.cast import NOW

CANARY = "kanarie-51cd"


def actor(person):
    return Actor(person=person, level=ACCOUNT)


@pytest.fixture
def terugblik(cast):
    terugblik = cast.with_terugblik(scores={"welkom-toon": 2})
    Remark.objects.create(school=cast.school, terugblik=terugblik, factor=1, text=CANARY)
    return terugblik


@pytest.mark.req("K4")
def test_one_colleague_reads_result_and_pdf_until_it_is_withdrawn(cast, terugblik, as_, mailoutbox):
    saskia, annemiek = as_.staff(cast.saskia), as_.staff(cast.annemiek)
    url, pdf = reverse("terugblik", args=[terugblik.pk]), reverse("terugblik_pdf", args=[terugblik.pk])
    assert annemiek.get(url).status_code == 404
    saskia.post(reverse("share_terugblik", args=[terugblik.pk]), {"person": cast.annemiek.pk})
    outbox.deliver_all(now=NOW)
    [mail] = mailoutbox
    assert mail.to == [cast.annemiek.user.email] and CANARY not in mail.body and "Elif" not in mail.body
    page = annemiek.get(url).content.decode()
    assert CANARY in page and "Saskia Mulder deelt dit met jou" in page and "Elif" not in page
    assert "Kies zelf" not in page and "Deel met een collega" not in page and "Vul verder in" not in page
    assert annemiek.get(pdf).status_code == 200
    assert "Saskia Mulder" in annemiek.get(reverse("terugblikken")).content.decode()
    assert "Annemiek Postma leest mee" in saskia.get(url).content.decode()
    saskia.post(reverse("withdraw_sharing", args=[Sharing.objects.get().pk]))
    assert annemiek.get(url).status_code == 404 and annemiek.get(pdf).status_code == 404
    saskia.post(reverse("share_terugblik", args=[terugblik.pk]), {"person": cast.annemiek.pk})
    assert annemiek.get(url).status_code == 200  # and again


@pytest.mark.req("K4")
def test_a_reader_shares_nothing_on_and_neither_does_the_observer(cast, terugblik, as_):
    sharing.share(terugblik=terugblik, person=cast.annemiek, by=actor(cast.saskia), now=NOW)
    seen = cast.with_observation(scores={"welkom-toon": 4})
    for about, person in ((terugblik, cast.annemiek), (seen, cast.ilse)):
        with pytest.raises(SharingRefused, match="not_yours"):
            sharing.share(terugblik=about, person=cast.bas, by=actor(person), now=NOW)
        assert (
            as_.staff(person).post(reverse("share_terugblik", args=[about.pk]), {"person": cast.bas.pk}).status_code
            == 404
        )
    with pytest.raises(SharingRefused, match="not_yours"):
        sharing.withdraw(sharing=Sharing.objects.get(), by=actor(cast.annemiek), now=NOW)
    sharing.share(terugblik=seen, person=cast.bas, by=actor(cast.saskia), now=NOW)
    assert readable_terugblikken(actor(cast.bas)).get() == seen
    page = as_.staff(cast.bas).get(reverse("terugblik", args=[seen.pk])).content.decode()
    assert "Saskia Mulder deelt dit met jou" in page


@pytest.mark.req("K4")
def test_what_is_not_ready_and_who_is_no_colleague_is_refused(cast, next_door, terugblik):
    saskia = actor(cast.saskia)
    for person in (cast.saskia, next_door.vera, cast.fatma):
        with pytest.raises(SharingRefused, match="colleague"):
            sharing.share(terugblik=terugblik, person=person, by=saskia, now=NOW)
    half = cast.with_observation(finished_at=None)
    with pytest.raises(SharingRefused, match="not_ready"):
        sharing.share(terugblik=half, person=cast.bas, by=saskia, now=NOW)
    once = [sharing.share(terugblik=terugblik, person=cast.bas, by=saskia, now=NOW) for _ in range(2)]
    assert once[0] == once[1] and Outgoing.objects.filter(message=sharing.MESSAGE).count() == 1


@pytest.mark.req("K4")
def test_sharing_leaves_no_trace_that_others_read_and_the_operators_desk_has_no_scores(cast, terugblik):
    sharing.share(terugblik=terugblik, person=cast.bas, by=actor(cast.saskia), now=NOW)
    sharing.withdraw(sharing=Sharing.objects.get(), by=actor(cast.saskia), now=NOW)
    assert not AuditEvent.objects.exists()
    assert not {Terugblik, Score, Remark, Sharing, Ontwikkelpunt} & set(site._registry)
    outbox.deliver_all(now=NOW)
    assert not any(CANARY in str(value) for row in Outgoing.objects.values() for value in row.values())


@pytest.mark.req("K4")
def test_who_has_left_reads_nothing_of_colleagues_any_more_and_gets_no_mail(cast, terugblik, as_, mailoutbox):
    sharing.share(terugblik=terugblik, person=cast.ilse, by=actor(cast.saskia), now=NOW)
    gesprek = cast.with_gesprek(party=str(cast.fatma.pk), guardians=[cast.fatma])
    invite = observing.invite_observer(gesprek=gesprek, observer=cast.ilse, by=actor(cast.saskia), agreed=True, now=NOW)
    urls = [reverse("terugblik", args=[terugblik.pk]), reverse("observe", args=[invite.pk])]
    ilse = as_.staff(cast.ilse)
    assert [ilse.get(url).status_code for url in urls] == [200, 200]
    Medewerker.objects.filter(person=cast.ilse).update(left_on=NOW.date())
    assert [ilse.get(url).status_code for url in urls] == [404, 404]
    page = ilse.get(reverse("terugblikken")).content.decode()
    assert "Met jou gedeeld" not in page and "Aan jou gevraagd" not in page
    outbox.deliver_all(now=NOW)
    assert mailoutbox == []
    assert "Ilse Smit leest mee" in as_.staff(cast.saskia).get(urls[0]).content.decode()  # to withdraw


def test_scores_of_a_film_have_the_same_pages_and_are_shared_as_what_they_are(cast, as_, mailoutbox):
    """Of nobody's gesprek: no page stumbles over that, and the mail does not call it one."""
    saskia, ilse = as_.staff(cast.saskia), as_.staff(cast.ilse)
    form = saskia.post(reverse("film_begin", args=["kennismaking-1"]))["Location"]
    saskia.post(form, {"seen_version": 0, "item-welkom-toon": "2", "remark-1": CANARY})
    film = Terugblik.objects.get()
    urls = [reverse(name, args=[film.pk]) for name in ("terugblik", "terugblik_pdf", "side_by_side")]
    assert [saskia.get(url).status_code for url in urls] == [200, 200, 404]
    assert saskia.post(reverse("choose_practice", args=[film.pk]), {"factor": 1}).status_code == 302
    saskia.post(reverse("share_terugblik", args=[film.pk]), {"person": cast.ilse.pk})
    assert [ilse.get(url).status_code for url in urls] == [200, 200, 404]
    assert cast.saskia.name in ilse.get(reverse("terugblikken")).content.decode()
    assert [ilse.get(form).status_code, as_.staff(cast.annemiek).get(urls[0]).status_code] == [404, 404]
    outbox.deliver_all(now=NOW)
    [mail] = mailoutbox
    assert "oefenfilm" in mail.body and "eigen gesprek" not in mail.body and CANARY not in mail.body
