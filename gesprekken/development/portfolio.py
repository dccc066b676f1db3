"""The report and work of a pupil: handed in, checked, and given to all parties at one moment (V4)."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gesprekken.development.files import check
from gesprekken.models import Gesprek, PortfolioItem
from gesprekken.permissions import releasable_portfolio
from gesprekken.talking import recording
from school import audit, outbox
from school.models import Outgoing, School

MESSAGE = "gesprekken.report_released"
FOLDER = "portfolio"
STRAY = timedelta(days=1)  # a file stands a moment before its row does
MAX_ITEMS = 30  # of one pupil in one ronde: a box that is full, not a disk


class TooMany(Exception):
    """There are as many items as one pupil may have in a ronde."""


class AlreadyReleased(Exception):
    """It was given to the parties; take it back first."""


class NothingToRelease(Exception):
    """There is nothing that was not released before."""


def items_of(gesprek):
    """Everything of this pupil in this ronde: where parents talk apart, both see the same."""
    return PortfolioItem.objects.filter(leerling=gesprek.leerling_id, gesprek__ronde=gesprek.ronde_id)


def add(*, gesprek, kind, title, upload, by, now=None):
    """Keep a file that was checked; of a pupil a picture. Raises BadFile or TooMany."""
    checked = check(upload, only_pictures=by.is_pupil)
    name = secrets.token_urlsafe(32)
    item = PortfolioItem(
        school_id=gesprek.school_id,
        leerling_id=gesprek.leerling_id,
        gesprek=gesprek,
        kind=kind,
        title=title,
        secret=name,
        content_type=checked.content_type,
        size=len(checked.content),
        by=by.person,
        created_at=now or timezone.now(),
    )
    item.file.save(name, ContentFile(checked.content), save=False)
    try:
        with transaction.atomic():
            Gesprek.objects.select_for_update().get(pk=gesprek.pk)
            if items_of(gesprek).count() >= MAX_ITEMS:
                raise TooMany
            item.save()
            audit.record("portfolio_added", item, by=by, size=item.size)
    except Exception:
        item.file.storage.delete(item.file.name)
        raise
    return item


def replace(*, item, upload, by):
    """Another file in the place of this one, before anybody was given it."""
    checked = check(upload)
    storage, name = item.file.storage, secrets.token_urlsafe(32)
    kept = PortfolioItem(school_id=item.school_id, secret=name)
    kept.file.save(name, ContentFile(checked.content), save=False)
    try:
        with transaction.atomic():
            before = locked(item)
            PortfolioItem.objects.filter(pk=item.pk).update(
                secret=name, file=kept.file.name, content_type=checked.content_type, size=len(checked.content)
            )
            audit.record("portfolio_replaced", item, by=by, size=len(checked.content))
            transaction.on_commit(lambda: storage.delete(before.file.name))
    except Exception:
        storage.delete(kept.file.name)
        raise


def remove(*, item, by):
    with transaction.atomic():
        before = locked(item)
        storage, name = before.file.storage, before.file.name
        audit.record("portfolio_removed", before, by=by)
        before.delete()
        transaction.on_commit(lambda: storage.delete(name))


def locked(item):
    """The row as it stands now, for who changes it. Raises AlreadyReleased, or DoesNotExist for who came second."""
    row = PortfolioItem.objects.select_for_update().get(pk=item.pk)
    if row.released_at is not None:
        raise AlreadyReleased
    return row


def take_back(*, item, by):
    """It was the wrong one: nobody sees it from now on, and mail that waits is not sent. Returns whether it was out."""
    with transaction.atomic():
        changed = PortfolioItem.objects.filter(pk=item.pk, released_at__isnull=False).update(released_at=None)
        if changed:
            audit.record("portfolio_taken_back", item, by=by)
    return bool(changed)


def release(*, gesprek, items, by, now=None):
    """Give these items of this pupil in this ronde to all parties at one moment, each with a mail of her own.

    `items` are the ids that were on the page: what came later was looked at by nobody, and waits.
    """
    return release_of(Gesprek.objects.filter(pk=gesprek.pk), gesprek.ronde_id, items, gesprek, by, now)


def release_groep(*, ronde, groep, items, by, now=None):
    """The same for a whole group: the last family hears it at the same moment as the first."""
    return release_of(Gesprek.objects.filter(groep=groep), ronde.pk, items, ronde, by, now)


def release_of(gesprekken, ronde_id, items, about, by, now):
    """Returns how many pupils' items became visible. Raises NothingToRelease."""
    now = now or timezone.now()
    with transaction.atomic():
        pupils = gesprekken.filter(ronde=ronde_id, school=by.school).values("leerling")
        mine = releasable_portfolio(by).filter(pk__in=items, leerling__in=pupils, gesprek__ronde=ronde_id)
        waiting = PortfolioItem.objects.filter(pk__in=mine.values("pk"), released_at__isnull=True)
        rows = list(waiting.select_for_update().order_by("pk"))
        if not rows:
            raise NothingToRelease
        PortfolioItem.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=now)
        pupils = {row.leerling_id for row in rows}
        mails = tell(ronde_id, pupils, by, now)
        audit.record("portfolio_released", about, by=by, items=len(rows), pupils=len(pupils), mails=mails)
    return len(pupils)


def tell(ronde_id, pupils, by, now):
    """A mail for every guardian of these pupils who is informed as a matter of course. Returns how many."""
    together = list(Gesprek.objects.filter(ronde=ronde_id, leerling__in=pupils, school=by.school).order_by("pk"))
    before = Outgoing.objects.filter(
        message=MESSAGE, object_type=Gesprek._meta.label_lower, object_id__in=[one.pk for one in together]
    )
    told = dict(before.values_list("object_id").annotate(last=Max("version")))
    count = 0
    for gesprek in together:
        by_mail, _on_paper, _on_request = recording.recipients(gesprek)
        version = told.get(gesprek.pk, 0) + 1
        outbox.put_many(MESSAGE, [(person, gesprek) for person in by_mail], version=version, now=now)
        count += len(by_mail)
    return count


def without_mail(gesprek):
    """Guardians who may see it and whom no mail reaches: they get it on paper."""
    return recording.recipients(gesprek)[1]


def remove_strays(*, now):
    """Remove the files of which the row is gone: with a pupil, a ronde's school year or a whole school. Returns how many.

    A database without any school, and that of a demo, says nothing about the files beside it: then nothing is removed.
    """
    if settings.DEMO or not School.objects.exists():
        return 0
    storage, count = PortfolioItem._meta.get_field("file").storage, 0
    for folder in folders_in(storage, FOLDER):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        kept = set(PortfolioItem.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True))
        for name in names:
            if name not in kept and storage.get_modified_time(name) < now - STRAY:
                storage.delete(name)
                count += 1
    return count


def folders_in(storage, folder):
    return [f"{folder}/{name}" for name in storage.listdir(folder)[0]] if storage.exists(folder) else []
