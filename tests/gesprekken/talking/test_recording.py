"""Recording: drafts that never overwrite, finals that never change, a release to everybody at one moment."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gesprekken.models import Agreement, Confidential, Deelname, Gesprek, Verslag, WorkingNote
from gesprekken.talking import agreements, recording
from gesprekken.talking.drafts import MAX_TEXT, GesprekClosed, StaleDraft, TextTooLong
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent, Outgoing, Relatie
from tests.cast import NOW, TODAY


@pytest.fixture
def stage(cast):
    cast.with_gesprek()
    return cast


def by(stage, person=None):
    return Actor(person=person or stage.saskia, level=ACCOUNT)


def note(stage, text="Elif leest graag", *, seen=0, **rest):
    return recording.save_draft(gesprek=stage.gesprek, by=by(stage), seen_version=seen, about_child=text, **rest)


def finalise(stage, **rest):
    seen = rest.pop("seen_version", None)
    draft = recording.draft_of(stage.gesprek)
    seen = (draft.version if draft else 0) if seen is None else seen
    return recording.finalise(gesprek=stage.gesprek, by=by(stage), seen_version=seen, held_on=TODAY, **rest)


def release(stage):
    return recording.release(gesprek=stage.gesprek, by=by(stage))


# --- drafts ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("G5")
def test_notes_are_kept_in_three_parts(stage):
    draft = note(stage, confidential={stage.fatma: "Zorgen om opa"})
    recording.save_note(gesprek=stage.gesprek, by=by(stage), seen_version=0, text="Nabellen")
    assert (draft.about_child, draft.version, draft.saved_at) == ("Elif leest graag", 1, NOW)
    assert Confidential.objects.get().person == stage.fatma
    assert WorkingNote.objects.get().author == stage.saskia


@pytest.mark.parametrize("second, both", [("een andere tekst", "de eerste\neen andere tekst"), ("", "de eerste")])
def test_an_older_draft_never_overwrites_a_newer(stage, second, both):
    note(stage, "de eerste", tab="a")
    assert note(stage, second, tab="b").about_child == both


def test_two_who_change_the_same_line_are_shown_both_texts(stage):
    note(stage, "Elif leest", tab="a")
    note(stage, "Elif leest graag", seen=1, tab="c")
    with pytest.raises(StaleDraft) as stale:
        note(stage, "Elif rekent", seen=1, tab="b")
    assert stale.value.stored["about_child"] == "Elif leest graag"
    assert note(stage, "Elif rekent", seen=stale.value.version, tab="b").about_child == "Elif rekent"


def test_what_was_confided_is_guarded_like_the_rest(stage):
    known = {stage.fatma: recording.fingerprint("in vertrouwen")}
    note(stage, confidential={stage.fatma: "in vertrouwen"}, tab="a")
    note(stage, confidential={stage.fatma: ""}, tab="b")  # her page did not have those words yet
    assert Confidential.objects.get().text == "in vertrouwen"
    with pytest.raises(StaleDraft) as stale:
        note(stage, confidential={stage.fatma: "heel iets anders"}, tab="b")
    assert stale.value.stored[stage.fatma.pk] == "in vertrouwen"
    note(stage, "meer", confidential={stage.fatma: "toch anders"}, tab="b", known=known)
    assert Confidential.objects.get().text == "toch anders"


def test_a_colleague_without_the_confidential_fields_leaves_them_alone(stage):
    note(stage, confidential={stage.fatma: "in vertrouwen"})
    recording.save_draft(gesprek=stage.gesprek, by=by(stage), seen_version=1, about_child="meer")
    assert Confidential.objects.get().text == "in vertrouwen"


def test_a_working_note_of_two_windows(stage):
    def write(text, tab, seen=0):
        return recording.save_note(gesprek=stage.gesprek, by=by(stage), seen_version=seen, text=text, tab=tab)

    write("een", "a")
    with pytest.raises(StaleDraft):
        write("twee", "b")
    write("twee", "b", seen=1)
    assert WorkingNote.objects.get().text == "twee"


def test_too_long_is_refused_before_anything_is_stored(stage):
    with pytest.raises(TextTooLong):
        note(stage, "x" * (MAX_TEXT + 1))
    assert not Verslag.objects.exists()


def test_a_cancelled_gesprek_is_not_recorded(stage):
    stage.gesprek.cancelled_at = NOW
    with pytest.raises(GesprekClosed):
        note(stage)
    with pytest.raises(GesprekClosed):
        recording.hold_nothing_further(gesprek=stage.gesprek, by=by(stage), held_on=TODAY)


def test_the_database_knows_one_draft_and_no_release_of_a_draft(stage):
    note(stage)
    school, gesprek = stage.school, stage.gesprek
    with pytest.raises(IntegrityError), transaction.atomic():
        Verslag.objects.create(school=school, gesprek=gesprek, number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verslag.objects.update(released_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verslag.objects.update(state="final")  # without its moment


# --- one tap ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("G5", "C7")
def test_one_tap_says_held_and_nothing_further(stage):
    for _double_tap in range(2):
        verslag = recording.hold_nothing_further(gesprek=stage.gesprek, by=by(stage), held_on=TODAY)
    assert (verslag.nothing_further, verslag.state, verslag.number) == (True, "final", 1)
    assert Gesprek.objects.get(pk=stage.gesprek.pk).held_on == TODAY
    assert Verslag.objects.count() == 1
    assert not Outgoing.objects.exists()


def test_one_tap_throws_no_notes_away(stage):
    note(stage)
    with pytest.raises(recording.SomethingRecorded):
        recording.hold_nothing_further(gesprek=stage.gesprek, by=by(stage), held_on=TODAY)
    finalise(stage)
    with pytest.raises(recording.AlreadyFinal):
        recording.hold_nothing_further(gesprek=stage.gesprek, by=by(stage), held_on=TODAY)
    assert Verslag.objects.get().about_child == "Elif leest graag"


# --- final -----------------------------------------------------------------------------------------------------------


def test_final_is_final(stage):
    note(stage)
    verslag = finalise(stage)
    assert (verslag.state, verslag.finalised_at, verslag.author) == ("final", NOW, stage.saskia)
    for attempt in [lambda: note(stage, "toch anders", seen=1), lambda: finalise(stage)]:
        with pytest.raises(recording.AlreadyFinal):
            attempt()
    assert Verslag.objects.get().about_child == "Elif leest graag"


def test_what_changed_since_it_was_read_is_read_again_first(stage):
    note(stage)
    with pytest.raises(StaleDraft):
        finalise(stage, seen_version=0)
    assert recording.draft_of(stage.gesprek)


def test_nothing_written_is_nothing_to_finalise(stage):
    with pytest.raises(recording.NothingRecorded):
        finalise(stage)
    note(stage, "x")
    note(stage, "  ", seen=1)
    with pytest.raises(recording.NothingRecorded):
        finalise(stage)


def test_a_correction_is_a_new_version_with_copies_of_its_own(stage):
    note(stage, confidential={stage.fatma: "in vertrouwen"})
    first = recording.draft_of(stage.gesprek)
    agreements.add(verslag=first, by=by(stage), concerns=[stage.fatma], who="Fatma", what="lezen")
    finalise(stage)
    release(stage)
    second = recording.correct(gesprek=stage.gesprek, by=by(stage), reason="Verkeerde naam")
    assert (second.number, second.about_child, second.state) == (2, "Elif leest graag", "draft")
    assert second.confidential.get().text == "in vertrouwen"
    copy = second.agreements.get()
    assert list(copy.concerns.all()) == [stage.fatma]
    agreements.change(agreement=copy, by=by(stage), concerns=[stage.ali], who="Ali", what="rekenen")
    kept = first.agreements.get()
    assert (kept.who, kept.what, list(kept.concerns.all())) == ("Fatma", "lezen", [stage.fatma])
    with pytest.raises(recording.NotFinal):
        recording.correct(gesprek=stage.gesprek, by=by(stage), reason="nog eens")


def test_parents_read_the_released_version_until_the_correction_is_released(stage, as_):
    note(stage, "eerste versie")
    finalise(stage)
    release(stage)
    parent, url = as_.link(stage.fatma, confirmed=True), reverse("record_read", args=[stage.gesprek.pk])
    recording.correct(gesprek=stage.gesprek, by=by(stage), reason="Verkeerde naam")
    note(stage, "tweede versie", seen=0)
    assert "eerste versie" in parent.get(url).content.decode()
    finalise(stage)
    assert "tweede versie" not in parent.get(url).content.decode()
    release(stage)
    page = parent.get(url).content.decode()
    assert "tweede versie" in page
    assert "eerste versie" not in page
    assert "Verkeerde naam" not in page


# --- release ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("I3a")
def test_everybody_gets_it_at_the_same_moment_and_once(stage):
    note(stage)
    finalise(stage)
    for _double_click in range(2):
        verslag = release(stage)
    assert verslag.released_at == NOW
    assert set(verslag.released_to.all()) == {stage.fatma, stage.ali}
    rows = Outgoing.objects.filter(message="gesprekken.record_released")
    assert {row.recipient for row in rows} == {stage.fatma, stage.ali}
    assert len({row.due_at for row in rows}) == 1
    assert AuditEvent.objects.filter(verb="released").count() == 1


def test_a_draft_is_not_released(stage):
    for make in [lambda: None, lambda: note(stage)]:
        make()
        with pytest.raises(recording.NotFinal):
            release(stage)
    assert not Outgoing.objects.exists()


def test_whoever_has_no_address_is_listed_for_paper(cast, as_):
    cast.with_gesprek(cast.daan)
    cast.with_verslag(cast.gesprek)
    verslag = recording.release(gesprek=cast.gesprek, by=by(cast, cast.ilse))
    assert list(verslag.released_to.all()) == [cast.ria]
    assert not Outgoing.objects.exists()
    teacher = as_.staff(cast.ilse)
    assert "Print voor Ria Bos" in teacher.get(reverse("record", args=[cast.gesprek.pk])).content.decode()
    paper = teacher.get(reverse("record_paper", args=[cast.gesprek.pk, cast.ria.pk]))
    assert paper["Content-Type"] == "application/pdf"


@pytest.mark.req("I3a")
def test_who_is_informed_on_request_gets_it_only_when_asked_for(stage):
    Relatie.objects.filter(person=stage.ali).update(information=Relatie.Information.ON_REQUEST, custody=False)
    note(stage)
    finalise(stage)
    verslag = release(stage)
    assert list(verslag.released_to.all()) == [stage.fatma]
    recording.give_on_request(verslag=verslag, person=stage.ali, by=by(stage))
    assert set(verslag.released_to.all()) == {stage.fatma, stage.ali}
    assert AuditEvent.objects.get(verb="given_on_request").detail == {"person": stage.ali.pk}
    with pytest.raises(recording.NotAParty):
        recording.give_on_request(verslag=verslag, person=stage.kim, by=by(stage))


@pytest.mark.req("I3a")
@pytest.mark.parametrize("cut", [{"restriction": True}, {"information": "geen"}, {"gone": True}])
def test_who_may_not_be_informed_gets_nothing(stage, cut):
    Relatie.objects.filter(person=stage.ali).update(**cut)
    note(stage)
    finalise(stage)
    assert list(release(stage).released_to.all()) == [stage.fatma]
    assert [row.recipient for row in Outgoing.objects.all()] == [stage.fatma]


def test_release_stores_everything_or_nothing(stage, monkeypatch):
    note(stage)
    finalise(stage)
    monkeypatch.setattr(recording.audit, "record", lambda *args, **rest: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        release(stage)
    assert not Verslag.objects.filter(released_at__isnull=False).exists()
    assert not Outgoing.objects.exists()


# --- attendance and the pages ----------------------------------------------------------------------------------------


@pytest.mark.req("G2")
def test_attendance_is_noted_per_participant(stage, as_):
    rows = {row.person_id: row for row in stage.gesprek.deelnames.all()}
    data = {f"d{rows[stage.fatma.pk].pk}": "ja", f"d{rows[stage.ali.pk].pk}": "nee", "d999": "ja", "rommel": "x"}
    as_.staff(stage.saskia).post(reverse("save_attendance", args=[stage.gesprek.pk]), data)
    attended = dict(Deelname.objects.filter(gesprek=stage.gesprek).values_list("person_id", "attended"))
    assert attended[stage.fatma.pk] is True
    assert attended[stage.ali.pk] is False
    assert attended[stage.elif_.person_id] is None


def test_without_script_the_buttons_save_and_a_stale_page_shows_both_texts(stage, as_):
    teacher, url = as_.staff(stage.saskia), reverse("talk", args=[stage.gesprek.pk])
    for text, seen in (("begin", 0), ("eerste", 1)):
        answer = teacher.post(url, {"about_child": text, "seen_version": seen, "tab": "a"})
        assert answer.status_code == 302
    page = teacher.post(url, {"about_child": "tweede", "seen_version": 1, "tab": "b"})
    html = page.content.decode()
    assert page.status_code == 409
    assert "eerste" in html
    assert "tweede" in html
    assert 'name="replace" value="2"' in html
    teacher.post(url, {"about_child": "tweede", "seen_version": 1, "tab": "b", "replace": "2"})
    assert Verslag.objects.get().about_child == "tweede"


def test_notes_that_arrive_after_the_record_was_closed_come_back_whole(stage, as_):
    note(stage)
    finalise(stage)
    page = as_.staff(stage.saskia).post(
        reverse("talk", args=[stage.gesprek.pk]), {"about_child": "nog iets", "seen_version": 1}
    )
    assert page.status_code == 409
    assert "nog iets" in page.content.decode()
    assert "al definitief" in page.content.decode()


@pytest.mark.parametrize("day", ["2026-11-11", "geen datum", ""])
def test_a_day_that_cannot_be_is_refused_in_one_sentence(stage, as_, day):
    note(stage)
    page = as_.staff(stage.saskia).post(
        reverse("finalise_record", args=[stage.gesprek.pk]), {"held_on": day, "seen_version": 1}
    )
    assert page.status_code == 422
    assert recording.draft_of(stage.gesprek)


def test_a_second_colleague_writes_along_but_does_not_close_or_release(stage, as_):
    stage.gesprek.deelnames.create(school=stage.school, person=stage.pieter, as_role=Deelname.As.TWEEDE_COLLEGA)
    colleague, pk = as_.staff(stage.pieter), stage.gesprek.pk
    assert colleague.post(reverse("talk", args=[pk]), {"about_child": "samen", "seen_version": 0}).status_code == 302
    data = {"held_on": "2026-11-10", "seen_version": 1}
    assert colleague.post(reverse("finalise_record", args=[pk]), data).status_code == 403
    assert as_.staff(stage.saskia).post(reverse("finalise_record", args=[pk]), data).status_code == 302
    assert colleague.post(reverse("release_record", args=[pk])).status_code == 403
    assert colleague.post(reverse("hold", args=[pk])).status_code == 403


@pytest.mark.req("G3")
def test_the_parent_takes_a_question_home_and_reads_what_was_agreed(stage, as_):
    stage.with_verslag(released=True)
    page = as_.link(stage.fatma, confirmed=True).get(reverse("record_read", args=[stage.gesprek.pk])).content.decode()
    assert "Om thuis over te praten" in page
    assert "Elke avond tien minuten lezen" in page


def test_before_anything_is_shared_the_page_says_so(stage, as_):
    stage.with_verslag()
    page = as_.link(stage.fatma, confirmed=True).get(reverse("record_read", args=[stage.gesprek.pk]))
    assert "nog niets om te lezen" in page.content.decode()
    assert as_.link(stage.fatma, confirmed=True).get(reverse("record_pdf", args=[stage.gesprek.pk])).status_code == 404
    assert Agreement.objects.exists()


def test_a_record_of_fifty_thousand_characters_prints(stage, as_):
    stage.with_verslag(released=True, about_child="woord " * 8_300)
    answer = as_.link(stage.fatma, confirmed=True).get(reverse("record_pdf", args=[stage.gesprek.pk]))
    assert answer.content.startswith(b"%PDF")


@pytest.mark.req("I3a")
def test_a_parent_with_custody_who_takes_part_nowhere_is_pointed_out(cast, as_):
    cast.with_verslag(cast.with_gesprek(cast.elif_, guardians=[cast.fatma]))
    assert recording.left_out(cast.gesprek) == [cast.ali]
    page = as_.staff(cast.saskia).get(reverse("record", args=[cast.gesprek.pk])).content.decode()
    assert "Ali Yılmaz heeft ook gezag" in page
    Relatie.objects.filter(person=cast.ali).update(restriction=True)
    assert recording.left_out(cast.gesprek) == []


def test_parents_apart_are_not_left_out(cast):
    kims = cast.with_gesprek(cast.noor, party=str(cast.kim.pk), guardians=[cast.kim])
    cast.with_gesprek(cast.noor, party=str(cast.joost.pk), guardians=[cast.joost])
    assert recording.left_out(kims) == []


@pytest.mark.req("G5")
def test_a_gesprek_without_agreements_is_told_kindly(stage, as_):
    recording.hold_nothing_further(gesprek=stage.gesprek, by=by(stage), held_on=TODAY)
    release(stage)
    parent = as_.link(stage.fatma, confirmed=True)
    page = parent.get(reverse("record_read", args=[stage.gesprek.pk])).content.decode()
    assert "Het gesprek is geweest." in page
    assert "verder niets afgesproken" in page
    assert "niets opgeschreven" not in page
