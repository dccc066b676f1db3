"""Preparing: what somebody wants to bring to a gesprek, each answer on the table or for the teacher only."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Answer, Deelname, Question, Visibility, Voorbereiding
from gesprekken.permissions import conducts, may_read_back
from gesprekken.preparing.questions import labels_of
from gesprekken.preparing.worries import is_worrying, tell_teachers
from gesprekken.talking.drafts import GesprekClosed, StaleDraft, TextTooLong, guard_length, is_stale
from school import audit
from school.actor import PERSONAL
from school.models import Relatie


@dataclass(frozen=True)
class Given:
    """What somebody typed and tapped at one question. None leaves it alone; `add` puts it beside what was there."""

    question: Question
    text: str | None = None
    visibility: str = ""
    add: bool = False
    chosen: list | None = None


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
    return gesprek.is_ahead


def has_interpreter(gesprek, person):
    """Whether an interpreter is asked for this guardian: known of the relation, or one takes part already."""
    takes_part = gesprek.deelnames.filter(as_role=Deelname.As.TOLK).exists()
    return takes_part or Relatie.objects.filter(person=person, leerling=gesprek.leerling_id, interpreter=True).exists()


def in_words(question, chosen, text):
    """What was tapped and typed as one text, to lay beside another."""
    return "\n".join([*([", ".join(labels_of(question, chosen))] if chosen else []), *([text] if text else [])])


def joined(earlier, added):
    """Both texts, one below the other; adding the same twice (a double click) adds it once."""
    if not added or earlier == added or earlier.endswith("\n\n" + added):
        return earlier
    return f"{earlier}\n\n{added}" if earlier else added


def wanted(given, answer, by):
    """The text, what is tapped and the visibility this answer should have. A bare link may close an answer, never open one.

    What a pupil writes that worries is for her teacher alone, whatever was chosen.
    """
    earlier, tapped = (answer.text, answer.chosen) if answer else ("", [])
    text = earlier if given.text is None else joined(earlier, given.text) if given.add else given.text
    visibility = given.visibility or (answer.visibility if answer else given.question.visibility)
    if answer and answer.visibility == Visibility.TEACHER and not may_read_back(by):
        visibility = Visibility.TEACHER
    if by.is_pupil and is_worrying(text):
        visibility = Visibility.TEACHER
    return text, chosen_codes(given, tapped), visibility


def chosen_codes(given, tapped):
    """The codes that are tapped now, in the order of the question; a code it does not know is left out."""
    if given.chosen is None:
        return tapped
    codes = {*given.chosen, *(tapped if given.add else [])}
    return [choice["code"] for choice in given.question.choices if choice["code"] in codes]


def overwrites(given, answer):
    """Whether saving this would replace words or taps that are stored now."""
    if answer is None or given.add:
        return False
    text, chosen = answer.text, answer.chosen
    return (given.text is not None and bool(text) and given.text != text) or (
        given.chosen is not None and bool(chosen) and set(given.chosen) != set(chosen)
    )


@dataclass(frozen=True)
class Around:
    """What a guardian says beside the questions. None leaves it alone."""

    comes_along: str | None = None
    for_interpreter: str | None = None

    def stored_in(self, row, by):
        """{field: text} of what changes; a bare link adds. Raises TextTooLong."""
        changed = {}
        for name in ("comes_along", "for_interpreter"):
            text, earlier = getattr(self, name), getattr(row, name)
            if text is None:
                continue
            if earlier and not may_read_back(by):
                text = earlier if text in ("", *earlier.split("; ")) else f"{earlier}; {text}"
            if len(text) > Voorbereiding._meta.get_field(name).max_length:
                raise TextTooLong(len(text))
            if text != earlier:
                changed[name] = text
        return changed

    def overwrites(self, row):
        return any(
            getattr(self, name) is not None and getattr(row, name) and getattr(self, name) != getattr(row, name)
            for name in ("comes_along", "for_interpreter")
        )


def stored_words(row, stored):
    """{question pk or name of a field: what stands there}, for who has to see both texts."""
    words = {pk: in_words(answer.question, answer.chosen, answer.text) for pk, answer in stored.items()}
    return words | {name: getattr(row, name) for name in ("comes_along", "for_interpreter") if getattr(row, name)}


def save(
    *, gesprek, by, answers, seen_version, now=None, language="", tab="", around=None, ready=False, wants_to_talk=False
):
    """Keep what `by` prepared. `answers` is a list of Given; `seen_version` is the version the page was made from.

    Raises StaleDraft when words stored since would be replaced, TextTooLong, and GesprekClosed once it was held.
    """
    now, around = now or timezone.now(), around or Around()
    if not is_open(gesprek):
        raise GesprekClosed
    guard_length(*(given.text for given in answers))
    with transaction.atomic():
        row = locked_row(gesprek, by)
        stored = {answer.question_id: answer for answer in row.answers.select_related("question")}
        replaced = any(overwrites(g, stored.get(g.question.pk)) for g in answers)
        if is_stale(row, seen_version, tab) and (replaced or (may_read_back(by) and around.overwrites(row))):
            raise StaleDraft(version=row.version, stored=stored_words(row, stored))
        fields = around.stored_in(row, by)
        changed = [g for g in answers if write(row, g, stored.get(g.question.pk), by, language)]
        if changed or fields:
            fields |= {"version": row.version + 1, "saved_at": now, "saved_from": tab}
        if ready:
            fields["ready_at"] = now
        keep(row, fields)
        if changed and (row.version == 1 or not conducts(by, gesprek)):
            audit.record("prepared", row, by=by, answers=len(changed))
        if by.is_pupil and (wants_to_talk or is_worrying(*(given.text for given in changed))):
            return tell_teachers(gesprek=gesprek, by=by, now=now)
    return row


def locked_row(gesprek, by):
    Voorbereiding.objects.get_or_create(
        gesprek=gesprek,
        person=by.person,
        defaults={"school_id": gesprek.school_id, "audience": audience_of(by, gesprek)},
    )
    return Voorbereiding.objects.select_for_update().get(gesprek=gesprek, person=by.person)


def keep(row, fields):
    for name, value in fields.items():
        setattr(row, name, value)
    if fields:
        row.save(update_fields=list(fields))


def write(row, given, answer, by, language):
    """Store one answer narrowly. Returns whether anything changed."""
    text, chosen, visibility = wanted(given, answer, by)
    language = language or by.person.language
    guard_length(text)
    if answer is None:
        if not text and not chosen:
            return False
        Answer.objects.create(
            school_id=row.school_id,
            voorbereiding=row,
            question=given.question,
            text=text,
            chosen=chosen,
            visibility=visibility,
            language=language,
        )
        return True
    fields = {}
    if text != answer.text:
        fields |= {"text": text, "language": language}
    if chosen != answer.chosen:
        fields["chosen"] = chosen
    if visibility != answer.visibility:
        fields["visibility"] = Visibility(visibility)
    return bool(fields and Answer.objects.filter(pk=answer.pk).update(**fields))
