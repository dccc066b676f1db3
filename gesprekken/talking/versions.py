"""Earlier versions of a draft: what was typed about the child can be read and put back. Never what was confided."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gesprekken.models import DraftVersion, Verslag
from gesprekken.talking import seconding
from gesprekken.talking.drafts import ABOUT
from gesprekken.talking.merging import holds
from school import audit

TOGETHER = timedelta(minutes=1)  # saves of one person this close together are one version, as long as no word went


class NoDraft(Exception):
    """There is no draft any more to put it back into."""


def texts_of(draft):
    return {name: getattr(draft, name) for name in ABOUT}


def keep_first(draft):
    """How the draft read before versions were kept of it."""
    if not draft.draft_versions.exists():
        _row(draft, draft.version, texts_of(draft), None, draft.saved_at or timezone.now())


def keep(draft, version, texts, *, by, now, after=None):
    """Keep these texts as this version.

    `after`: what the same page saved just before. It goes where all its words are in these and no minute went by;
    what another page saved never does, as that page is made from it.
    """
    before = draft.draft_versions.filter(version=after, by=by.person, saved_at__gt=now - TOGETHER).first()
    if before and all(holds(texts[name], before.texts.get(name, "")) for name in ABOUT):
        before.delete()
    _row(draft, version, texts, by.person.pk, now)


def _row(draft, version, texts, person_pk, now):
    DraftVersion.objects.create(
        school_id=draft.school_id, verslag=draft, version=version, texts=texts, saved_at=now, by_id=person_pk
    )


def base_of(draft, seen_version):
    """{field: text} of the page that was made from this version; None where that is not known any more."""
    row = draft.draft_versions.filter(version=seen_version).first() if seen_version >= 0 else None
    return row and {name: row.texts.get(name, "") for name in ABOUT}


def put_back(*, version, by, now=None):
    """Let the draft read as it did then. How it read just now is a version too, so this is undone the same way."""
    now = now or timezone.now()
    with transaction.atomic():
        draft = Verslag.objects.select_for_update().filter(pk=version.verslag_id, state=Verslag.State.DRAFT).first()
        if draft is None:
            raise NoDraft
        texts = {name: version.texts.get(name, "") for name in ABOUT}
        if texts == texts_of(draft):
            return draft
        seconding.forget(draft)
        for name, text in texts.items():
            setattr(draft, name, text)
        draft.version, draft.saved_at, draft.saved_from = draft.version + 1, now, ""
        draft.save(update_fields=[*ABOUT, "version", "saved_at", "saved_from"])
        _row(draft, draft.version, texts, by.person.pk, now)
        audit.record("put_back", draft, by=by, version=version.version)
    return draft
