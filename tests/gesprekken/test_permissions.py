"""Who reads which words: a canary in every text field, looked for on every page, mail and PDF, before and after release.

The expectations are complete both ways: a canary that is not named for a reader may not be found, and one that is
named must be, so the test cannot pass by looking in the wrong place.
"""

import io
import re

import pypdf
import pytest
from django.urls import reverse

from gesprekken import permissions
from gesprekken.models import Agreement, Answer, Confidential, Deelname, Visibility, WorkingNote
from gesprekken.preparing import preparation
from gesprekken.preparing.questions import questions_for
from gesprekken.talking import agreements, recording
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Lesgeven, Medewerker, Relatie
from tests.cast import TODAY
from tests.conftest import As

CANARY = re.compile(r"KANARIE[a-z]+")
FIELDS = ("who", "what", "when", "how", "why")


def actor(person, level=CONFIRMED):
    return Actor(person=person, level=level)


@pytest.fixture
def nest(cast):
    """Everything that can be written about Elif's gesprek, each text with a canary of its own."""
    cast.with_questions().with_gesprek()
    cast.staff("joke", "Joke", "Koster", key="LK20")  # a second colleague
    cast.staff("duo", "Dunya", "Aziz", groepen=[cast.groep5], key="LK21")  # Saskia's duo partner
    Deelname.objects.create(
        school=cast.school, gesprek=cast.gesprek, person=cast.joke, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    for person, level, audience, name in [
        (cast.fatma, CONFIRMED, "ouder", "fatma"),
        (cast.ali, CONFIRMED, "ouder", "ali"),
        (cast.elif_.person, LINK, "leerling", "elif"),
        (cast.saskia, ACCOUNT, "leerkracht", "saskia"),
        (cast.joke, ACCOUNT, "leerkracht", "joke"),
    ]:
        first, second = questions_for(cast.gesprek, audience)[:2]
        preparation.save(
            gesprek=cast.gesprek,
            by=actor(person, level),
            answers=[
                preparation.Given(first, f"KANARIE{name}tafel", Visibility.TABLE),
                preparation.Given(second, f"KANARIE{name}besloten", Visibility.TEACHER),
            ],
            seen_version=0,
        )
    teacher = actor(cast.saskia, ACCOUNT)
    recording.save_draft(
        gesprek=cast.gesprek,
        by=teacher,
        seen_version=0,
        about_child="KANARIEverslag",
        confidential={cast.fatma: "KANARIEvertrouwdfatma", cast.ali: "KANARIEvertrouwdali"},
    )
    recording.save_note(gesprek=cast.gesprek, by=teacher, seen_version=0, text="KANARIEnotitiesaskia")
    draft = recording.draft_of(cast.gesprek)
    for who, concerns in [("fatma", [cast.fatma]), ("elif", [cast.elif_.person]), ("saskia", [cast.saskia])]:
        fields = {field: f"KANARIE{field}{who}" for field in FIELDS}
        agreements.add(verslag=draft, by=teacher, concerns=concerns, **fields)
    cast.draft = draft
    return cast


def release(cast):
    teacher = actor(cast.saskia, ACCOUNT)
    draft = recording.draft_of(cast.gesprek)
    recording.finalise(gesprek=cast.gesprek, by=teacher, seen_version=draft.version, held_on=TODAY)
    recording.release(gesprek=cast.gesprek, by=teacher)


def every_page(cast):
    pk = cast.gesprek.pk
    for name in [
        "gesprek",
        "prepare",
        "prepare_teacher",
        "gesprek_print",
        "talk",
        "record",
        "record_read",
        "record_pdf",
    ]:
        yield reverse(name, args=[pk])
    yield reverse("gesprek_print", args=[pk]) + "?versie=eigen"
    for person in (cast.fatma, cast.ali):
        yield reverse("record_paper", args=[pk, person.pk])
    for agreement in Agreement.objects.filter(gesprek=pk):
        yield reverse("change_agreement", args=[pk, agreement.pk])


def words(response):
    if response.headers["Content-Type"] == "application/pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    return response.content.decode()


def found_by(client, cast):
    """Every canary this client can find on any page of the gesprek."""
    found = set()
    for url in every_page(cast):
        response = client.get(url)
        if response.status_code == 200:
            found |= set(CANARY.findall(words(response)))
    return found


def agreed(*names):
    return {f"KANARIE{field}{name}" for field in FIELDS for name in names}


def prepared(*names, kinds=("tafel", "besloten")):
    return {f"KANARIE{name}{kind}" for name in names for kind in kinds}


ALL = ("fatma", "ali", "elif", "saskia", "joke")
RECORD = {"KANARIEverslag"}
CONFIDED = {"KANARIEvertrouwdfatma", "KANARIEvertrouwdali"}
AGREED = agreed("fatma", "elif", "saskia")


@pytest.mark.req("I3a", "V2")
def test_before_release_only_who_conducts_the_gesprek_reads_the_draft(nest, as_):
    everything = prepared(*ALL) | RECORD | CONFIDED | AGREED
    assert found_by(as_.staff(nest.saskia), nest) == everything | {"KANARIEnotitiesaskia"}
    assert found_by(as_.staff(nest.duo), nest) == everything
    assert found_by(as_.staff(nest.joke), nest) == (
        prepared(*ALL, kinds=["tafel"]) | {"KANARIEjokebesloten"} | RECORD | AGREED
    )
    assert found_by(as_.staff(nest.pieter), nest) == prepared(*ALL, kinds=["tafel"])
    assert found_by(as_.staff(nest.annemiek), nest) == set()
    assert found_by(as_.staff(nest.ilse), nest) == set()
    assert found_by(as_.link(nest.fatma), nest) == set()
    assert found_by(as_.link(nest.fatma, confirmed=True), nest) == prepared("fatma")
    assert found_by(as_.link(nest.ali, confirmed=True), nest) == prepared("ali")
    assert found_by(as_.pupil(nest.elif_), nest) == set()
    assert found_by(as_.link(nest.elif_.person, confirmed=True), nest) == prepared("elif")
    assert found_by(as_.link(nest.kim, confirmed=True), nest) == set()
    assert found_by(as_(), nest) == set()


@pytest.mark.req("I3a", "G5")
def test_after_release_each_party_reads_the_record_and_only_what_concerns_it(nest, as_):
    release(nest)
    fatma, ali = as_.link(nest.fatma, confirmed=True), as_.link(nest.ali, confirmed=True)
    assert found_by(fatma, nest) == RECORD | {"KANARIEvertrouwdfatma"} | agreed("fatma")
    assert found_by(ali, nest) == RECORD | {"KANARIEvertrouwdali"}
    assert found_by(as_.link(nest.elif_.person, confirmed=True), nest) == agreed("elif")
    assert found_by(as_.link(nest.fatma), nest) == set()
    assert found_by(as_.pupil(nest.elif_), nest) == set()
    everything = prepared(*ALL) | RECORD | CONFIDED | AGREED
    assert found_by(as_.staff(nest.saskia), nest) == everything | {"KANARIEnotitiesaskia"}
    assert found_by(as_.staff(nest.duo), nest) == everything
    assert found_by(as_.staff(nest.joke), nest) == (
        prepared(*ALL, kinds=["tafel"]) | {"KANARIEjokebesloten"} | RECORD | AGREED
    )
    assert found_by(as_.staff(nest.pieter), nest) == prepared(*ALL, kinds=["tafel"]) | RECORD | AGREED
    assert found_by(as_.staff(nest.annemiek), nest) == RECORD | AGREED
    assert found_by(as_.staff(nest.ilse), nest) == set()
    assert found_by(as_.link(nest.kim, confirmed=True), nest) == set()


def test_the_sheet_for_on_the_table_leaves_out_what_is_for_the_teacher_only(nest, as_):
    teacher, url = as_.staff(nest.saskia), reverse("gesprek_print", args=[nest.gesprek.pk])
    assert set(CANARY.findall(words(teacher.get(url)))) == prepared(*ALL, kinds=["tafel"])
    own = words(teacher.get(url + "?versie=eigen"))
    assert set(CANARY.findall(own)) == prepared(*ALL)
    assert own.count("Alleen voor de leerkracht") == len(ALL)


def test_what_lies_open_on_the_talk_page_is_for_the_table(nest, as_):
    """Parents look along: what is for the teacher only, confided or a working note stands in closed folds alone."""
    html = as_.staff(nest.saskia).get(reverse("talk", args=[nest.gesprek.pk])).content.decode()
    html = html.replace('<details class="kaart stap" open>', "<div>")  # a step: in it is what is on the table
    folds = re.compile(r"<details[^>]*>.*?</details>", re.S)
    assert not re.search(r"<details[^>]* open", html)
    lying_open = set(CANARY.findall(folds.sub("", html)))
    assert lying_open == prepared(*ALL, kinds=["tafel"]) | RECORD | AGREED
    assert {"KANARIEfatmabesloten", "KANARIEvertrouwdfatma", "KANARIEnotitiesaskia"} <= set(CANARY.findall(html))


def test_no_mail_no_trace_and_no_log_holds_a_word_about_the_child(nest, deliver, caplog):
    from school.models import AuditEvent, Outgoing

    release(nest)
    sent = deliver()
    assert len(sent) == 2
    for message in sent:
        assert not CANARY.search(message.subject + message.body + str(message.alternatives))
    assert not any(CANARY.search(row.sent_text + row.subject) for row in Outgoing.objects.all())
    assert not any(CANARY.search(str(event.detail)) for event in AuditEvent.objects.all())
    assert AuditEvent.objects.filter(verb="released").exists()
    assert not CANARY.search(caplog.text)


@pytest.mark.req("I3a")
def test_a_restriction_closes_everything_at_once(nest, as_):
    release(nest)
    fatma = as_.link(nest.fatma, confirmed=True)
    assert found_by(fatma, nest)
    Relatie.objects.filter(person=nest.fatma, leerling=nest.elif_).update(restriction=True)
    assert found_by(fatma, nest) == set()
    assert found_by(as_.link(nest.ali, confirmed=True), nest) == RECORD | {"KANARIEvertrouwdali"}


@pytest.mark.req("I3a")
def test_of_a_pair_apart_neither_parent_sees_the_others_gesprek(cast, as_):
    kims = cast.with_gesprek(cast.noor, party=str(cast.kim.pk), guardians=[cast.kim])
    joosts = cast.with_gesprek(cast.noor, party=str(cast.joost.pk), guardians=[cast.joost])
    for gesprek, canary in [(kims, "KANARIEkim"), (joosts, "KANARIEjoost")]:
        cast.with_verslag(gesprek, about_child=canary, released=True)
    for person, own, other in [(cast.kim, kims, joosts), (cast.joost, joosts, kims)]:
        client = as_.link(person, confirmed=True)
        mine = client.get(reverse("record_read", args=[own.pk]))
        assert "KANARIE" in mine.content.decode()
        for name in ("record_read", "record_pdf", "prepare"):
            assert client.get(reverse(name, args=[other.pk])).status_code == 404


def test_a_parent_who_also_works_here_never_reads_her_own_childs_file_as_staff(cast, as_):
    """A hat is a level, not a row: taking part as a guardian opens nothing under the hat of an account."""
    cast.with_questions().with_gesprek()
    cast.with_verslag(released=True)
    cast.fatma.user = cast.ilse.user.__class__.objects.create(email="fatma@wilgenhof.example")
    cast.fatma.save(update_fields=["user"])
    Medewerker.objects.create(school=cast.school, person=cast.fatma, key="LK30")
    hat = actor(cast.fatma, ACCOUNT)
    assert not permissions.conducts(hat, cast.gesprek)
    assert not permissions.visible_verslagen(hat).exists()
    assert not permissions.visible_agreements(hat).exists()
    assert permissions.visible_verslagen(actor(cast.fatma)).exists()
    assert As.staff(cast.fatma).get(reverse("gesprek", args=[cast.gesprek.pk])).status_code == 404


def test_a_teacher_of_another_year_does_not_follow_the_child(nest, as_):
    Lesgeven.objects.filter(medewerker__person=nest.duo).update(groep=nest.groep3)
    assert found_by(as_.staff(nest.duo), nest) == set()


def test_a_bare_link_reads_nothing_back_whatever_is_asked(nest):
    bare = actor(nest.fatma, LINK)
    assert not permissions.visible_answers(bare, nest.gesprek).exists()
    assert not permissions.visible_voorbereidingen(bare, nest.gesprek).exists()
    assert permissions.visible_answers(actor(nest.fatma), nest.gesprek).count() == 2


def test_questions_about_one_gesprek_never_answer_for_another(nest, cast):
    other = cast.with_gesprek(cast.tess)
    assert not permissions.visible_answers(actor(cast.saskia, ACCOUNT), other).exists()
    assert not permissions.visible_answers(actor(cast.fatma), other).exists()


def test_nobody_but_its_author_reads_a_working_note(nest):
    assert WorkingNote.objects.count() == 1
    readers = [nest.saskia, nest.duo, nest.joke, nest.pieter, nest.annemiek]
    seen = [person for person in readers if permissions.visible_working_notes(actor(person, ACCOUNT)).exists()]
    assert seen == [nest.saskia]


def test_the_system_itself_reads_no_confidences(nest):
    system = Actor.system(nest.school)
    assert not permissions.visible_confidential(system).exists()
    assert not permissions.visible_answers(system, nest.gesprek).exists()
    assert Confidential.objects.count() == 2
    assert Answer.objects.count() == 10


@pytest.mark.parametrize("role", ["saskia", "duo", "annemiek"])
def test_a_code_is_handed_over_by_a_teacher_or_leadership(nest, as_, role):
    url = reverse("hand_over_code", args=[nest.gesprek.pk, nest.fatma.pk])
    page = as_.staff(nest.people[role]).post(url)
    code = re.search(r"\b\d{6}\b", page.content.decode()).group()
    parent = as_.link(nest.fatma)
    parent.post("/code-per-mail/", {"code": code})
    assert parent.get(reverse("prepare", args=[nest.gesprek.pk])).content.decode().count("KANARIE") == 2


@pytest.mark.parametrize("role", ["joke", "pieter"])
def test_a_colleague_or_the_ib_hands_over_no_code(nest, as_, role):
    url = reverse("hand_over_code", args=[nest.gesprek.pk, nest.fatma.pk])
    assert as_.staff(nest.people[role]).post(url).status_code == 403


def test_no_code_for_somebody_who_may_not_be_informed_or_takes_no_part(nest, as_):
    teacher = as_.staff(nest.saskia)
    assert teacher.post(reverse("hand_over_code", args=[nest.gesprek.pk, nest.kim.pk])).status_code == 404
    assert teacher.post(reverse("hand_over_code", args=[nest.gesprek.pk, nest.joke.pk])).status_code == 403
    Relatie.objects.filter(person=nest.fatma).update(restriction=True)
    assert teacher.post(reverse("hand_over_code", args=[nest.gesprek.pk, nest.fatma.pk])).status_code == 403
