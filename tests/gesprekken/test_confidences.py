"""What was told in confidence, looked for everywhere: every page, file and export of the house, mail, traces and log.

Every address of the access matrix is asked by everybody who could come. A confidence is found by whom it is for, on the
pages that are named here, and nowhere else; it has to be found there, so that the search cannot pass by looking at
nothing. The backup is the one place that holds everything.
"""

import io
import re
import zipfile

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gesprekken.afterwards import outcomes
from gesprekken.models import Agreement, Deelname, Verslag, Visibility
from gesprekken.preparing import points, preparation
from gesprekken.preparing.questions import questions_for
from gesprekken.talking import agreements, recording, versions
from gesprekken.talking.drafts import GesprekClosed
from school.actor import ACCOUNT, CONFIRMED, Actor
from school.models import AuditEvent, Outgoing
from tests.cast import TODAY
from tests.conftest import As
from tests.test_access_matrix import ROWS, our_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.req("I3a", "G5")]

CANARY = re.compile(r"KANARIE([a-z]+)")
READERS = {  # who comes, and as whom in the matrix, which proves who is let in (None: asks everything)
    "teacher": ("teacher", lambda cast: As.staff(cast.saskia)),
    "second": (None, lambda cast: As.staff(cast.joke)),
    "other_teacher": ("other_teacher", lambda cast: As.staff(cast.ilse)),
    "ib": ("ib", lambda cast: As.staff(cast.pieter)),
    "leiding": ("leiding", lambda cast: As.staff(cast.annemiek)),
    "mother": ("guardian_confirmed", lambda cast: As.link(cast.fatma, confirmed=True)),
    "mother_bare": ("guardian", lambda cast: As.link(cast.fatma)),
    "father": (None, lambda cast: As.link(cast.ali, confirmed=True)),
    "pupil": ("pupil", lambda cast: As.pupil(cast.elif_)),
    "pupil_confirmed": (None, lambda cast: As.link(cast.elif_.person, confirmed=True)),
    "other_parent": ("other_guardian", lambda cast: As.link(cast.kim, confirmed=True)),
}


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
    return cast


def share(cast):
    """Closed and released; the mother says what became of what was agreed with her alone."""
    by, draft = actor(cast.saskia, ACCOUNT), recording.draft_of(cast.gesprek)
    recording.finalise(gesprek=cast.gesprek, by=by, seen_version=draft.version, held_on=TODAY)
    recording.release(gesprek=cast.gesprek, by=by)
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
        verslag = Verslag.objects.get(gesprek=cast.gesprek)
        version = verslag.draft_versions.first()
        own = {
            "pk": cast.gesprek.pk,
            "person_pk": cast.fatma.pk,
            "agreement_pk": Agreement.objects.get().pk,
            "version_pk": version.pk if version else 0,
        }
        return {name: own[name] for name in needed}


def words(response):
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-32:]:  # an upload of a test is none
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


def found_everywhere(cast):
    """{reader: {confidence: the pages on which it was found}}, after asking for everything there is."""
    clients = {name: (role, enter(cast)) for name, (role, enter) in READERS.items()}
    needed = {pattern.name: list(pattern.pattern.converters) for _path, pattern in our_patterns()}
    found, asked = {}, 0
    files = {name for name, _data in FILES}
    for row in [row for row in ROWS.values() if row.get or row.name in files]:
        with transaction.atomic():
            kwargs = kwargs_of(row, cast, needed[row.name])
            people = [kwargs | {"person_pk": person.pk} for person in (cast.fatma, cast.ali)]
            for one in people if "person_pk" in kwargs else [kwargs]:
                url = reverse(row.name, kwargs=one)
                for reader, (role, client) in clients.items():
                    if role and role not in f"{row.get} {row.post}".split():
                        continue
                    answers = [client.get(url + more) for more in ["", *ALSO.get(row.name, [])] if row.get]
                    answers += [client.post(url, data) for name, data in FILES if name == row.name]
                    for response in answers:
                        asked += response.status_code == 200
                        for confidence in CANARY.findall(words(response)) if response.status_code == 200 else ():
                            found.setdefault(reader, {}).setdefault(confidence, set()).add(row.name)
            transaction.set_rollback(True)
    assert asked > 200
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
        ),
        "second": pages(afspraak="talk record gesprek change_agreement"),
        "mother": pages(beslotenmoeder="prepare", puntmoeder="prepare"),
        "pupil_confirmed": pages(beslotenleerling="prepare"),
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
        ),
        "second": pages(afspraak="record gesprek change_agreement"),
        "ib": pages(afspraak="record gesprek lvs pupil_line"),
        "leiding": pages(afspraak="record gesprek"),
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
