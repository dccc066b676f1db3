"""Preparing: what somebody wants to bring to a gesprek, each answer on the table or for the teacher only."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Answer, Question, Visibility, Voorbereiding
from gesprekken.permissions import conducts, may_read_back
from gesprekken.talking.drafts import GesprekClosed, StaleDraft, guard_length, is_stale
from school import audit
from school.actor import PERSONAL


@dataclass(frozen=True)
class Given:
    """What somebody typed at one question. `text` None leaves the words alone; `add` puts them below the earlier ones."""

    question: Question
    text: str | None = None
    visibility: str = ""
    add: bool = False


def audience_of(actor, gesprek):
    if actor.is_pupil:
        return "leerling"
    return "ouder" if actor.level in PERSONAL else "leerkracht"


def own_voorbereiding(actor, gesprek):
    """The row of who is asking, without its words; or None. Also for a bare link: it holds no text."""
    return Voorbereiding.objects.filter(gesprek=gesprek, person=actor.person).first()


def answers_of(row):
    """{question pk: Answer} of one's own preparation; the page decides whether the words may be shown."""
    return {answer.question_id: answer for answer in row.answers.all()} if row else {}


def is_open(gesprek):
    return gesprek.held_on is None and gesprek.cancelled_at is None


def joined(earlier, added):
    """Both texts, one below the other; adding the same twice (a double click) adds it once."""
    if not added or earlier == added or earlier.endswith("\n\n" + added):
        return earlier
    return f"{earlier}\n\n{added}" if earlier else added


def wanted(given, answer, by):
    """The text and the visibility this answer should have. A bare link may close an answer, never open one."""
    earlier = answer.text if answer else ""
    text = earlier if given.text is None else joined(earlier, given.text) if given.add else given.text
    visibility = given.visibility or (answer.visibility if answer else given.question.visibility)
    if answer and answer.visibility == Visibility.TEACHER and not may_read_back(by):
        visibility = Visibility.TEACHER
    return text, visibility


def overwrites(given, answer):
    """Whether saving this would replace words that are stored now."""
    earlier = answer.text if answer else ""
    return given.text is not None and not given.add and bool(earlier) and given.text != earlier


def save(*, gesprek, by, answers, seen_version, now=None, language="", tab=""):
    """Keep what `by` prepared. `answers` is a list of Given; `seen_version` is the version the page was made from.

    Raises StaleDraft when words stored since would be replaced, TextTooLong, and GesprekClosed once it was held.
    """
    now = now or timezone.now()
    if not is_open(gesprek):
        raise GesprekClosed
    guard_length(*(given.text for given in answers))
    with transaction.atomic():
        Voorbereiding.objects.get_or_create(
            gesprek=gesprek,
            person=by.person,
            defaults={"school_id": gesprek.school_id, "audience": audience_of(by, gesprek)},
        )
        row = Voorbereiding.objects.select_for_update().get(gesprek=gesprek, person=by.person)
        stored = {answer.question_id: answer for answer in row.answers.all()}
        if is_stale(row, seen_version, tab) and any(overwrites(g, stored.get(g.question.pk)) for g in answers):
            raise StaleDraft(version=row.version, stored={pk: answer.text for pk, answer in stored.items()})
        changed = [g for g in answers if write(row, g, stored.get(g.question.pk), by, language)]
        if changed:
            row.version, row.saved_at, row.saved_from = row.version + 1, now, tab
            row.save(update_fields=["version", "saved_at", "saved_from"])
        if changed and (row.version == 1 or not conducts(by, gesprek)):
            audit.record("prepared", row, by=by, answers=len(changed))
    return row


def write(row, given, answer, by, language):
    """Store one answer narrowly. Returns whether anything changed."""
    text, visibility = wanted(given, answer, by)
    language = language or by.person.language
    guard_length(text)
    if answer is None:
        if not text:
            return False
        Answer.objects.create(
            school_id=row.school_id,
            voorbereiding=row,
            question=given.question,
            text=text,
            visibility=visibility,
            language=language,
        )
        return True
    fields = {}
    if text != answer.text:
        fields |= {"text": text, "language": language}
    if visibility != answer.visibility:
        fields["visibility"] = Visibility(visibility)
    return bool(fields and Answer.objects.filter(pk=answer.pk).update(**fields))
