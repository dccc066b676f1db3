"""Whose words are used: the ronde's own, else the soort's, else the product's; per language and way of sending."""

import pytest

from planning.emails import reachable_gesprekken
from planning.inviting import invitations, opening, standard, texts
from planning.models import InterpreterRequest, Invitation, InvitationText
from school.actor import ACCOUNT, Actor
from tests.cast import NOW

SUBJECT, BODY = standard.DEFAULTS["nl"]


@pytest.fixture
def by(cast):
    return Actor(cast.annemiek, ACCOUNT)


def write(about, line, by, **which):
    which = {"language": "nl", "subject": SUBJECT} | which
    return texts.save_text(about=about, body=f"{line}\n\n{BODY}", by=by, **which)


def first_line(about, language="nl", channel=texts.MAIL):
    return texts.text_for(about, language, channel)[1].splitlines()[0]


@pytest.mark.req("I1")
def test_the_ronde_goes_before_its_soort_and_the_soort_before_the_product(cast, by):
    ronde = cast.with_ronde()
    assert first_line(ronde) == "Beste {naam},"
    write(ronde.soort, "Van de soort", by)
    assert first_line(ronde) == "Van de soort"
    write(ronde, "Van de ronde", by)
    assert (first_line(ronde), first_line(ronde.soort)) == ("Van de ronde", "Van de soort")
    assert first_line(ronde, channel=texts.LETTER) == "Van de ronde"  # a letter says what the mail says
    write(ronde.soort, "De brief", by, channel=texts.LETTER)
    assert first_line(ronde, channel=texts.LETTER) == "De brief"
    assert first_line(ronde, "en") == "Dear {naam},"
    texts.use_standard_again(about=ronde, language="nl", by=by)
    texts.use_standard_again(about=ronde, language="nl", by=by)
    assert first_line(ronde) == "Van de soort"
    assert [row.body == "" for row in InvitationText.objects.filter(ronde=ronde)] == [True, False]


def test_each_change_is_a_version_and_words_that_are_used_already_are_none(cast, by):
    ronde = cast.with_ronde()
    assert texts.save_text(about=ronde, language="nl", subject=SUBJECT, body=BODY, by=by) is None
    for line in ["Een", "Een", "Twee"]:
        write(ronde, line, by)
    assert list(InvitationText.objects.values_list("version", "by__first_name")) == [(2, "Annemiek"), (1, "Annemiek")]


def test_a_refused_text_says_every_problem_and_stores_nothing(cast, by):
    with pytest.raises(texts.TextRefused) as refusal:
        texts.save_text(about=cast.with_ronde(), language="nl", subject="", body="{x}", by=by)
    assert len(refusal.value.sentences) == 3
    assert not InvitationText.objects.exists()


@pytest.mark.req("I1")
def test_each_family_keeps_the_version_of_its_own_language_and_way(cast, by, deliver, as_):
    cast.fatma.language = "en"
    cast.fatma.save()
    ronde = cast.with_ronde()
    cast.with_times()
    dutch, english = write(ronde.soort, "Mail", by), write(ronde.soort, "English", by, language="en")
    letter = write(ronde, "Brief", by, channel=texts.LETTER)
    opening.open_ronde(ronde=ronde, by=by, now=NOW)
    got = {row.person: row.text for row in Invitation.objects.select_related("text", "person")}
    assert (got[cast.sander], got[cast.fatma], got[cast.ria]) == (dutch, english, letter)
    newer = write(ronde, "Toch anders", by)  # before the worker came: what is sent is what is noted
    assert "Toch anders" in {mail.to[0]: mail.body for mail in deliver()}["sander@ouders.example"]
    assert Invitation.objects.get(person=cast.sander).text == newer
    again = write(ronde, "Nieuwe brief", by, channel=texts.LETTER)
    as_.staff(cast.annemiek).post(f"/rondes/{ronde.pk}/groep/{cast.groep3.pk}/brieven/")
    assert Invitation.objects.get(person=cast.ria).text == again


@pytest.mark.req("I1", "I5")
def test_a_text_from_before_tells_parents_everything_all_the_same(cast, deliver):
    ronde = cast.with_ronde(reception="Koffie in de hal.")
    cast.with_times()
    body = "Beste {naam},\n{doel} {punten} {duur} {vorm} {wie}\n\n{link}"
    InvitationText.objects.create(school=cast.school, ronde=ronde, subject="Kom", body=body)
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    mails = {mail.to[0]: mail.body for mail in deliver()}
    for sentence in [
        "Koffie in de hal.", "Kies zelf een tijd", "Tess mag erbij zijn.", "Bedenk samen met Tess wat goed gaat",
        "Wilt u een tolk bij het gesprek?", "Uw kind hoeft niet te tolken.",
    ]:  # fmt: skip
        assert sentence in mails["sander@ouders.example"]
    assert "Wij zoeken een tolk voor u." in mails["fatma@ouders.example"]
    InterpreterRequest.objects.filter(gesprek=cast.gesprek_of(cast.elif_)).update(state="confirmed", language="tr")
    gesprekken = reachable_gesprekken(cast.fatma, ronde=ronde)
    letter = invitations.write_for(ronde, cast.fatma, gesprekken, closes_on=ronde.starts_on, channel=texts.LETTER)
    assert "Er komt een tolk mee (Turks)." in letter.body
