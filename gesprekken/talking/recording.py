"""Recording: the verslag from first draft to release. Final versions never change; a correction is a new version."""

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Agreement, Confidential, Deelname, Gesprek, Verslag, WorkingNote
from gesprekken.permissions import NOT_HOLDING, teachers_of
from gesprekken.talking import seconding, versions
from gesprekken.talking.drafts import ABOUT, GesprekClosed, StaleDraft, guard_length, is_stale
from gesprekken.talking.merging import Clash, holds, merge
from school import audit, outbox
from school.models import Person, Relatie


class NothingRecorded(Exception):
    """There is no text and no agreement: then 'held, nothing further agreed' is meant."""


class SomethingRecorded(Exception):
    """There are notes or agreements: they are finalised, not thrown away by one tap."""


class AlreadyFinal(Exception):
    """The newest version is final; changing it is a correction."""


class NotFinal(Exception):
    """Only a final version can be released or corrected."""


class NotAParty(Exception):
    """This person takes no part, or may not be informed."""


# What an agreement carries over into the next version of its verslag.
COPIED = [
    *("school_id", "gesprek_id", "who", "what", "when", "how", "why", "seen_when", "shares", "evaluate_on"),
    *("created_at", "author_id", "reminded_at", "exported_at"),
]


# Of whom is asked whether they had a turn to speak (G2).
TAKING_TURNS = [Deelname.As.OUDER, Deelname.As.LEERLING]


def newest(gesprek):
    return gesprek.verslagen.order_by("-number").first()


def draft_of(gesprek):
    return gesprek.verslagen.filter(state=Verslag.State.DRAFT).first()


def open_draft(gesprek, by):
    """The draft of this gesprek, locked; made when there is no version at all. Raises AlreadyFinal and GesprekClosed."""
    if gesprek.cancelled_at:
        raise GesprekClosed
    draft = Verslag.objects.select_for_update().filter(gesprek=gesprek, state=Verslag.State.DRAFT).first()
    if draft:
        return draft
    if gesprek.verslagen.exists():
        raise AlreadyFinal
    try:
        with transaction.atomic():
            return Verslag.objects.create(school_id=gesprek.school_id, gesprek=gesprek, author=by.person)
    except IntegrityError:  # a colleague made it this very moment
        return Verslag.objects.select_for_update().get(gesprek=gesprek, state=Verslag.State.DRAFT)


def guardians_of(gesprek, *, afterwards=False):
    """The guardians who take part and may be informed, each with the Relatie that says how; in a fixed order.

    `afterwards`: also those who were not there and hear what was said.
    """
    roles = [Deelname.As.OUDER, Deelname.As.ACHTERAF] if afterwards else [Deelname.As.OUDER]
    taking_part = gesprek.deelnames.filter(as_role__in=roles).values("person")
    return list(
        Relatie.objects.reachable()
        .filter(leerling=gesprek.leerling_id, person__in=taking_part)
        .select_related("person__user")
        .order_by("pk")
    )


def written_about(draft):
    """{guardian's pk: what was confided}"""
    return dict(draft.confidential.values_list("person_id", "text"))


def fingerprint(text):
    """By which a page says from which confided text it was made, without sending that text to and fro."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def save_draft(*, gesprek, by, seen_version, confidential=None, known=None, now=None, tab="", **texts):
    """Keep the notes about the child (fields of ABOUT; a field not given is left alone) and, where given, what each
    guardian confided ({person: text}). `known`: {person: fingerprint of the text her field was made from}.

    Somebody else may have saved since `seen_version`: what both wrote becomes one text, field by field. Raises
    StaleDraft, and nothing is stored, where both changed the same line. The draft that comes back has `page_version`,
    what the page was made from for its next save, and `merged`.
    """
    now, confidential = now or timezone.now(), confidential or {}
    guard_length(*texts.values(), *confidential.values())
    with transaction.atomic():
        draft = open_draft(gesprek, by)
        stored, confided = versions.texts_of(draft), written_about(draft)
        typed = {**stored, **texts}
        current = not is_stale(draft, seen_version, tab)
        base = stored if current else versions.base_of(draft, seen_version)
        try:
            wanted = {name: merge(base and base[name], stored[name], typed[name]) for name in ABOUT}
            told = {
                person: text
                for person, text in confidential.items()
                if text != (there := confided.get(person.pk, ""))
                and (current or supersedes(text, there, (known or {}).get(person)))
            }
        except Clash:
            raise StaleDraft(version=draft.version, stored={**stored, **confided})
        write(draft, typed, wanted, told, by=by, seen_version=seen_version, now=now, tab=tab)
    return draft


def supersedes(text, stored, known):
    """Whether a confided text takes the place of the stored one; no version of it is kept, so in doubt a person says."""
    if known == fingerprint(stored) or holds(text, stored):
        return True
    if holds(stored, text):
        return False
    raise Clash


def write(draft, typed, wanted, told, *, by, seen_version, now, tab):
    """Store the merged texts. The page that was typed on stays what it was: a version before it, for its next save."""
    draft.merged = wanted != typed
    if wanted == versions.texts_of(draft) and not told:
        draft.page_version = seen_version if draft.merged else draft.version
        return
    seconding.forget(draft)
    versions.keep_first(draft)
    last = draft.version if tab and draft.saved_from == tab else None  # this page typed on where it was
    draft.version += 2 if draft.merged else 1
    draft.page_version = draft.version - 1 if draft.merged else draft.version
    draft.saved_at, draft.saved_from = now, "" if draft.merged else tab
    if draft.merged:
        versions.keep(draft, draft.page_version, typed, by=by, now=now)
    versions.keep(draft, draft.version, wanted, by=by, now=now, after=last)
    for name, text in wanted.items():
        setattr(draft, name, text)
    draft.save(update_fields=[*ABOUT, "version", "saved_at", "saved_from"])
    for person, text in told.items():
        Confidential.objects.update_or_create(
            verslag=draft,
            person=person,
            defaults={"text": text},
            create_defaults={"text": text, "school_id": draft.school_id},
        )


def save_note(*, gesprek, by, seen_version, text, now=None, tab=""):
    """The teacher's own note, outside the pupil's file; the same promise about two tabs."""
    now = now or timezone.now()
    guard_length(text)
    with transaction.atomic():
        WorkingNote.objects.get_or_create(gesprek=gesprek, author=by.person, defaults={"school_id": gesprek.school_id})
        note = WorkingNote.objects.select_for_update().get(gesprek=gesprek, author=by.person)
        if text == note.text:
            return note
        if is_stale(note, seen_version, tab):
            raise StaleDraft(version=note.version, stored={"text": note.text})
        note.text, note.version, note.saved_at, note.saved_from = text, note.version + 1, now, tab
        note.save(update_fields=["text", "version", "saved_at", "saved_from"])
    return note


def note_attendance(*, gesprek, by, attended, spoke=None):
    """Who was there: {deelname.pk: True, False or None}, and who of the family had a turn to speak, the same way.

    Unknown keys are ignored.
    """
    with transaction.atomic():
        for deelname in gesprek.deelnames.all():
            there = attended.get(deelname.pk, deelname.attended)
            spoken = (spoke or {}).get(deelname.pk, deelname.spoke) if deelname.as_role in TAKING_TURNS else None
            if there is False:
                spoken = None
            if (there, spoken) != (deelname.attended, deelname.spoke):
                Deelname.objects.filter(pk=deelname.pk).update(attended=there, spoke=spoken)
        audit.record("attendance", gesprek, by=by, present=gesprek.deelnames.filter(attended=True).count())


def held(gesprek, held_on):
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=held_on)
    gesprek.held_on = held_on


def hold_nothing_further(*, gesprek, by, held_on, now=None):
    """One tap: the gesprek took place and nothing further was agreed. A double tap is harmless."""
    now = now or timezone.now()
    with transaction.atomic():
        last = Verslag.objects.select_for_update().filter(gesprek=gesprek).order_by("-number").first()
        if last and last.state == Verslag.State.FINAL:
            if last.nothing_further:
                return last
            raise AlreadyFinal
        draft = open_draft(gesprek, by)
        if is_filled(draft):
            raise SomethingRecorded
        return close(draft, gesprek, by, held_on, now, nothing_further=True)


def is_filled(draft):
    written = any(text.strip() for text in versions.texts_of(draft).values())
    return bool(written or draft.agreements.exists() or draft.confidential.exclude(text="").exists())


def close(draft, gesprek, by, held_on, now, *, nothing_further):
    """Draft becomes final, by a conditional update: of two who try, one does it."""
    done = Verslag.objects.filter(pk=draft.pk, state=Verslag.State.DRAFT).update(
        state=Verslag.State.FINAL, nothing_further=nothing_further, finalised_at=now, author=by.person
    )
    if not done:
        raise AlreadyFinal
    draft.draft_versions.all().delete()  # what was left out of the final text is not kept beside it
    held(gesprek, held_on)
    audit.record("finalised", draft, by=by, number=draft.number, nothing_further=nothing_further)
    draft.refresh_from_db()
    return draft


def finalise(*, gesprek, by, seen_version, held_on, now=None):
    """Close the draft as it was seen. Raises NothingRecorded, AlreadyFinal, StaleDraft when it changed since, and
    SecondNeeded where a second colleague has to agree first.
    """
    now = now or timezone.now()
    with transaction.atomic():
        draft = Verslag.objects.select_for_update().filter(gesprek=gesprek, state=Verslag.State.DRAFT).first()
        if draft is None:
            raise AlreadyFinal if gesprek.verslagen.exists() else NothingRecorded
        if draft.version != seen_version:
            raise StaleDraft(version=draft.version, stored=versions.texts_of(draft))
        if not is_filled(draft):
            raise NothingRecorded
        seconding.guard(draft, by=by)
        return close(draft, gesprek, by, held_on, now, nothing_further=False)


def correct(*, gesprek, by, reason):
    """Begin the next version as a copy of the last; the final one stays as it is and is read until the next is released."""
    with transaction.atomic():
        last = Verslag.objects.select_for_update().filter(gesprek=gesprek).order_by("-number").first()
        if last is None or last.state == Verslag.State.DRAFT:
            raise NotFinal
        draft = Verslag.objects.create(
            school_id=last.school_id,
            gesprek=gesprek,
            number=last.number + 1,
            author=by.person,
            reason=reason,
            **versions.texts_of(last),
        )
        Confidential.objects.bulk_create(
            Confidential(school_id=last.school_id, verslag=draft, person_id=row.person_id, text=row.text)
            for row in last.confidential.all()
        )
        for agreement in last.agreements.prefetch_related("concerns"):
            kept = {name: getattr(agreement, name) for name in COPIED}
            kept["origin_id"] = agreement.origin_id or agreement.pk
            Agreement.objects.create(verslag=draft, **kept).concerns.set(agreement.concerns.all())
        audit.record("corrected", draft, by=by, number=draft.number)
    return draft


# --- release ---------------------------------------------------------------------------------------------------------


def recipients(gesprek):
    """Who gets the record of itself: (guardians by mail, guardians on paper, guardians only on request)."""
    by_mail, on_paper, on_request = [], [], []
    relaties = guardians_of(gesprek, afterwards=True)
    reached = outbox.reached([relatie.person for relatie in relaties])
    for relatie in relaties:
        if relatie.information != Relatie.Information.FULL:
            on_request.append(relatie.person)
        elif relatie.person_id in reached:
            by_mail.append(relatie.person)
        else:
            on_paper.append(relatie.person)
    return by_mail, on_paper, on_request


def left_out(gesprek):
    """Guardians with custody who take part in no gesprek of this ronde about this child: the teacher is told (I3a)."""
    taking_part = Deelname.objects.filter(gesprek__ronde=gesprek.ronde_id, gesprek__leerling=gesprek.leerling_id)
    relaties = Relatie.objects.invited().filter(leerling=gesprek.leerling_id, custody=True)
    missing = relaties.exclude(person__in=taking_part.values("person")).select_related("person")
    return [relatie.person for relatie in missing]


def release(*, gesprek, by, now=None):
    """Give the newest final version to every guardian at the same moment, each with a mail of her own. Again: nothing.

    Whoever has no address is among the readers too, and is listed for paper. Who is informed on request only is not
    (see give_on_request); a restriction always wins.
    """
    now = now or timezone.now()
    with transaction.atomic():
        verslag = Verslag.objects.select_for_update().filter(gesprek=gesprek).order_by("-number").first()
        if verslag is None or verslag.state != Verslag.State.FINAL:
            raise NotFinal
        if not Verslag.objects.filter(pk=verslag.pk, released_at__isnull=True).update(released_at=now):
            return verslag
        by_mail, on_paper, _on_request = recipients(gesprek)
        verslag.released_to.set(by_mail + on_paper)
        outbox.put_many("gesprekken.record_released", [(person, verslag) for person in by_mail], now=now)
        audit.record("released", verslag, by=by, number=verslag.number, mail=len(by_mail), paper=len(on_paper))
        verslag.refresh_from_db()
    return verslag


def give_on_request(*, verslag, person, by):
    """A guardian who is informed on request (art. 1:377c BW) asked for it: now this version is hers to read too."""
    with transaction.atomic():
        _mail, _paper, on_request = recipients(verslag.gesprek)
        if verslag.released_at is None:
            raise NotFinal
        if person not in on_request:
            raise NotAParty
        verslag.released_to.add(person)
        if outbox.reaches(person):
            outbox.put("gesprekken.record_released", person, verslag)
        audit.record("given_on_request", verslag, by=by, person=person.pk)


def card_readers(verslag):
    """Of the family, who has something on the card with agreements: who may be informed, and the pupil."""
    informed = {relatie.person_id for relatie in guardians_of(verslag.gesprek, afterwards=True)}
    concerned = Person.objects.filter(agreements__verslag=verslag).distinct().order_by("pk")
    return list(concerned.filter(pk__in=informed | {verslag.gesprek.leerling.person_id}))


# --- for agreements --------------------------------------------------------------------------------------------------


def ensure_draft(*, gesprek, by):
    """The draft an agreement can be added to; made when this is the first thing written down."""
    with transaction.atomic():
        return open_draft(gesprek, by)


def people_of(gesprek):
    """Whom an agreement can concern: everybody who takes part or hears of it, except who may not be informed."""
    informed = [relatie.person_id for relatie in guardians_of(gesprek, afterwards=True)]
    family = Q(pk__in=informed) | Q(pk=gesprek.leerling.person_id)
    colleagues = gesprek.deelnames.exclude(as_role__in=NOT_HOLDING).values("person")
    staff = Q(pk__in=colleagues) | Q(pk__in=teachers_of(gesprek).values("pk"))
    return Person.objects.filter(family & Q(deelnames__gesprek=gesprek) | staff).distinct()


def usually_concerned(gesprek):
    """What is ticked beforehand: the guardians who are informed as a matter of course, the pupil, the teachers."""
    full = [r.person_id for r in guardians_of(gesprek, afterwards=True) if r.information == Relatie.Information.FULL]
    pupil = gesprek.deelnames.filter(as_role=Deelname.As.LEERLING).values_list("person_id", flat=True)
    return full + list(pupil) + list(teachers_of(gesprek).values_list("pk", flat=True))
