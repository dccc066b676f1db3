"""What was told in confidence, looked for everywhere: every page, file and export of the house, mail, traces and log.

Every address of the access matrix is asked by everybody its doors let in. A confidence is found by whom it is for, on
the pages that are named here, and nowhere else; it has to be found there, so that the search cannot pass by looking at
nothing. The backup is the one place that holds everything.

A PDF is searched as the page it is laid out from: there is no word on the paper that does not stand in it.
"""

import io
import re
import zipfile
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gesprekken.afterwards import outcomes
from gesprekken.models import Advies, Agreement, Deelname, Feedback, Verslag, Visibility
from gesprekken.preparing import points, preparation
from gesprekken.preparing.questions import questions_for
from gesprekken.talking import agreements, recording, versions
from gesprekken.talking.drafts import GesprekClosed
from school.actor import ACCOUNT, CONFIRMED, Actor
from school.models import AuditEvent, Outgoing, Relatie
from tests.cast import NOW, TODAY
from tests.conftest import As
from tests.test_access_matrix import ROWS, our_patterns, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.req("I3a", "G5")]

CANARY = re.compile(r"KANARIE([a-z]+)")
READERS = {  # who comes, and the roles of the matrix whose doors such a person may pass
    "teacher": ("teacher", lambda cast: As.staff(cast.saskia)),
    "second": ("teacher other_teacher", lambda cast: As.staff(cast.joke)),
    "other_teacher": ("other_teacher", lambda cast: As.staff(cast.ilse)),
    "ib": ("ib", lambda cast: As.staff(cast.pieter)),
    "leiding": ("leiding", lambda cast: As.staff(cast.annemiek)),
    "mother": ("guardian_confirmed", lambda cast: As.link(cast.fatma, confirmed=True)),
    "mother_bare": ("guardian", lambda cast: As.link(cast.fatma)),
    "father": ("guardian_confirmed", lambda cast: As.link(cast.ali, confirmed=True)),
    "pupil": ("pupil guardian_confirmed", lambda cast: As.link(cast.elif_.person, confirmed=True)),
    "other_parent": ("other_guardian", lambda cast: As.link(cast.kim, confirmed=True)),
}


@pytest.fixture(autouse=True)
def only_the_words(monkeypatch):
    """No layout of paper and no dressed page of refusal: neither adds a word to what was asked for."""
    monkeypatch.setattr("school.pdf.lay_out", Laid)
    for status in (403, 404):
        monkeypatch.setattr(f"config.urls.handler{status}", partial(refusal, status=status))


class Laid:
    """The words of a document, where its pages would be."""

    def __init__(self, html):
        self.html, self.pages = html, []

    def write_pdf(self, **options):
        return self.html.encode()


def actor(person, level=CONFIRMED):
    return Actor(person=person, level=level)


@pytest.fixture
def told(cast):
    """Each in confidence: to the teacher, to one parent, to oneself."""
    cast.with_questions().with_gesprek()
    cast.staff("joke", "Joke", "Koster", key="LK20")
    cast.gesprek.deelnames.create(school=cast.school, person=cast.joke, as_role=Deelname.As.TWEEDE_COLLEGA)
    teacher = actor(cast.saskia, ACCOUNT)
    for by, audience, name in [
        (actor(cast.fatma), "ouder", "moeder"),
        (actor(cast.elif_.person), "leerling", "leerling"),
        (teacher, "leerkracht", "leerkracht"),
    ]:
        asked = questions_for(cast.gesprek, audience)[0]
        given = [preparation.Given(asked, f"KANARIEbesloten{name}", Visibility.TEACHER)]
        preparation.save(gesprek=cast.gesprek, by=by, answers=given, seen_version=0)
    points.add(gesprek=cast.gesprek, by=actor(cast.fatma), text="KANARIEpuntmoeder", visibility=Visibility.TEACHER)
    confided = {cast.fatma: "KANARIEvertrouwdmoeder", cast.ali: "KANARIEvertrouwdvader"}
    recording.save_draft(gesprek=cast.gesprek, by=teacher, seen_version=0, about_child="Goed", confidential=confided)
    recording.save_note(gesprek=cast.gesprek, by=teacher, seen_version=0, text="KANARIEaantekening")
    draft = recording.draft_of(cast.gesprek)
    versions.keep_first(draft)
    agreements.add(verslag=draft, by=teacher, concerns=[cast.fatma, cast.saskia], who="Fatma", what="KANARIEafspraak")
    cast.groep5.jaargroep = "8"  # she is old enough for an advice that stays, with the reason why
    cast.groep5.save(update_fields=["jaargroep"])
    about = {"school": cast.school, "schooljaar": cast.year}
    Advies.objects.create(
        **about, leerling=cast.elif_, stage="preliminary", level="havo", test_level="vwo", reconsidered="kept",
        reason="KANARIEredenadvies", decided_on=TODAY,
    )  # fmt: skip
    in_ronde = {**about, "ronde": cast.ronde, "groep": cast.groep5}
    for _person in range(5):  # enough to be counted; a row is never shown
        Feedback.objects.create(**in_ronde, about="gesprek", as_role="ouder", answers={"pleasant": 3, "KANARIEgaf": 1})
    return cast


def share(cast):
    """Closed and released; the mother says what became of what was agreed with her alone."""
    by, draft = actor(cast.saskia, ACCOUNT), recording.draft_of(cast.gesprek)
    recording.finalise(gesprek=cast.gesprek, by=by, seen_version=draft.version, held_on=TODAY)
    recording.release(gesprek=cast.gesprek, by=by)
    Advies.objects.update(released_at=NOW)
    hers = Agreement.objects.select_related("verslag").get()
    outcomes.say(agreement=hers, by=actor(cast.fatma), state="not_done", word="KANARIEwoordmoeder")


# --- everywhere ------------------------------------------------------------------------------------------------------

ALSO = {"gesprek_print": ["?versie=eigen"], "lvs": ["?versie=alles", "?apart=ja", "?apart=ja&versie=alles"]}
FILES = [("lvs_file", {"vorm": form, "alles": "1"}) for form in ("csv", "xlsx")]


def kwargs_of(row, cast, needed):
    """What the address wants. Where the matrix makes a verslag of its own: what this gesprek has already."""
    try:
        with transaction.atomic():
            return row.kwargs(cast)
    except (IntegrityError, GesprekClosed):
        verslag = Verslag.objects.filter(gesprek=cast.gesprek).latest("number")
        version = verslag.draft_versions.first()
        own = {
            "pk": cast.gesprek.pk,
            "person_pk": cast.fatma.pk,
            "agreement_pk": Agreement.objects.latest("pk").pk,
            "version_pk": version.pk if version else 0,
            "leerling_pk": cast.elif_.pk,
            "stage": "voorlopig",
        }
        return {name: own[name] for name in needed}


def words(response):
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


def found_everywhere(cast, readers=READERS, least=200):
    """{reader: {confidence: the pages on which it was found}}, after asking for everything there is."""
    clients = {name: (set(READERS[name][0].split()), READERS[name][1](cast)) for name in readers}
    needed = {pattern.name: list(pattern.pattern.converters) for _path, pattern in our_patterns()}
    found, asked = {}, 0
    files = {name for name, _data in FILES}
    for row in [row for row in ROWS.values() if row.get or row.name in files]:
        with transaction.atomic():
            kwargs = kwargs_of(row, cast, needed[row.name])
            people = [kwargs | {"person_pk": person.pk} for person in (cast.fatma, cast.ali)]
            for one in people if "person_pk" in kwargs else [kwargs]:
                url = reverse(row.name, kwargs=one)
                for reader, (roles, client) in clients.items():
                    if roles.isdisjoint(f"{row.get} {row.post}".split()):
                        continue
                    answers = [client.get(url + more) for more in ["", *ALSO.get(row.name, [])] if row.get]
                    answers += [client.post(url, data) for name, data in FILES if name == row.name]
                    for response in answers:
                        asked += response.status_code == 200
                        for confidence in CANARY.findall(words(response)) if response.status_code == 200 else ():
                            found.setdefault(reader, {}).setdefault(confidence, set()).add(row.name)
            transaction.set_rollback(True)
    assert asked > least
    return found


def pages(**found):
    return {confidence: set(names.split()) for confidence, names in found.items()}


NOT_ON_THE_TABLE = dict.fromkeys(["beslotenmoeder", "beslotenleerling", "puntmoeder"], "gesprek gesprek_print talk")


@pytest.mark.long
def test_before_it_is_shared_a_confidence_is_where_it_was_told_and_nowhere_else(told):
    assert found_everywhere(told) == {
        "teacher": pages(
            **NOT_ON_THE_TABLE,
            beslotenleerkracht="gesprek gesprek_print talk prepare_teacher prepare_in_groep",
            vertrouwdmoeder="talk record",
            vertrouwdvader="talk record",
            aantekening="talk record",
            afspraak="talk record gesprek change_agreement",
            redenadvies="advies",
        ),
        "second": pages(afspraak="talk record gesprek change_agreement"),
        "ib": pages(redenadvies="advies"),
        "leiding": pages(redenadvies="advies"),
        "mother": pages(beslotenmoeder="prepare", puntmoeder="prepare"),
        "pupil": pages(beslotenleerling="prepare"),
    }


@pytest.mark.long
def test_once_it_is_shared_each_parent_finds_what_was_confided_to_the_school_by_that_parent(told, deliver, caplog):
    share(told)
    held = dict.fromkeys([*NOT_ON_THE_TABLE, "beslotenleerkracht"], "gesprek gesprek_print")
    assert found_everywhere(told) == {
        "teacher": pages(
            **held,
            vertrouwdmoeder="record record_paper",
            vertrouwdvader="record record_paper",
            aantekening="record",
            afspraak="record record_paper gesprek change_agreement agreements_card_print lvs",
            redenadvies="advies",
        ),
        "second": pages(afspraak="record gesprek change_agreement"),
        "ib": pages(afspraak="record gesprek lvs pupil_line", redenadvies="advies"),
        "leiding": pages(afspraak="record gesprek", redenadvies="advies"),
        "mother": pages(
            vertrouwdmoeder="record_read record_pdf",
            afspraak="record_read record_pdf agreements_card my_page pupil_page",
            woordmoeder="record_read",
        ),
        "father": pages(vertrouwdvader="record_read record_pdf"),
    }
    sent = deliver()
    assert len(sent) == 2
    traces = [message.subject + message.body + str(message.alternatives) for message in sent]
    traces += [row.subject + row.sent_text for row in Outgoing.objects.all()]
    traces += [str(event.detail) for event in AuditEvent.objects.all()]
    assert not CANARY.search(" ".join([*traces, caplog.text]))


@pytest.mark.long
def test_who_may_not_be_told_any_more_finds_nothing_of_it_from_that_moment(told):
    share(told)
    Relatie.objects.filter(person=told.fatma).update(restriction=True)
    assert found_everywhere(told, ["mother", "mother_bare"], least=10) == {}


@pytest.mark.long
def test_what_was_corrected_is_not_read_any_more_once_the_correction_is_shared(told):
    share(told)
    by = actor(told.saskia, ACCOUNT)
    draft = recording.correct(gesprek=told.gesprek, by=by, reason="Naam klopte niet")
    confided = {told.ali: "Anders gezegd"}
    recording.save_draft(gesprek=told.gesprek, by=by, seen_version=draft.version, confidential=confided)
    assert found_everywhere(told, ["father"], least=10) == {"father": pages(vertrouwdvader="record_read record_pdf")}
    draft.refresh_from_db()
    recording.finalise(gesprek=told.gesprek, by=by, seen_version=draft.version, held_on=TODAY)
    recording.release(gesprek=told.gesprek, by=by)
    assert found_everywhere(told, ["father"], least=10) == {}
