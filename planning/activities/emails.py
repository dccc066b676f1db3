"""Mail about a parent activity: the invitation, that one comes or not, and that something about it is different."""

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from planning import ical
from planning.activities import asking, guests, items, signing
from planning.inviting.wording import and_list, apart, harmless
from planning.models import SignUp
from planning.permissions import activities_for
from school import access, registry
from school.actor import LINK, Actor
from school.emails import in_both_parts
from school.models import Outgoing
from school.outbox import Mail

LINK_DAYS_AFTER = 14


def activity_of(row, pk):
    """As this guardian may know it now, or None."""
    mine = activities_for(Actor(row.recipient, LINK))
    return mine.select_related("school", "jaarplan").filter(pk=pk).first()


def told_newer(row):
    same = Outgoing.objects.filter(
        message=row.message, recipient=row.recipient, object_type=row.object_type, object_id=row.object_id
    )
    return same.filter(version__gt=row.version).exclude(state=Outgoing.State.DROPPED).exists()


def link_expiry(activiteit):
    """When a personal link or code for this activity stops working, as a moment."""
    day = activiteit.on + timedelta(days=LINK_DAYS_AFTER)
    return datetime.combine(day, time(), tzinfo=activiteit.school.zone)


def words_about(activiteit, person, children):
    """What mail and letters say of it to this guardian of these children."""
    return {
        "school": activiteit.school,
        "person": person,
        "activity": activiteit,
        "name": harmless(activiteit.name),
        "place": harmless(activiteit.place),
        "children": and_list(map(harmless, children)),
    }


def why_of(activiteit):
    """The invitation's own words, a line each; Dutch lines keep their own order where one reads from the right."""
    return [apart(harmless(line)) for line in activiteit.invitation.splitlines() if line.strip()]


def mail_of(row, activiteit, *, template, subject, attachments=(), **about):
    token = access.mint_link(row.recipient, expires_at=link_expiry(activiteit))
    context = {
        **words_about(activiteit, row.recipient, guests.children_of(row.recipient, activiteit)),
        "url": f"{access.personal_url(token)}?next={reverse('my_activity', args=[activiteit.pk])}",
        **about,
    }
    text, html = in_both_parts(template, context)
    return Mail(subject=subject % {"name": activiteit.name}, text=text, html=html, attachments=tuple(attachments))


@registry.mail(asking.INVITATION)
def activity_invitation(row):
    """Dropped when it is off or over by now, or when nothing may be told to her any more."""
    activiteit = activity_of(row, row.object_id)
    if activiteit is None or activiteit.called_off_at or guests.has_begun(activiteit, timezone.now()):
        return None
    return mail_of(row, activiteit, template="activity_invitation", subject=welcome_to(), why=why_of(activiteit))


def welcome_to():
    return _("U bent welkom: %(name)s")


@registry.mail(asking.CHANGED)
def activity_changed(row):
    """Another day, time or place, or called off; who comes gets the calendar item along."""
    activiteit = activity_of(row, row.object_id)
    if activiteit is None or told_newer(row) or timezone.now() >= guests.ends_at(activiteit):
        return None
    mine = own_sign_up(activiteit, row.recipient)
    comes = mine if mine and mine.cancelled_at is None else None
    method = ical.CANCEL if activiteit.called_off_at else ical.REQUEST
    attached = [items.attachment(comes, method=method, now=timezone.now())] if comes else []
    subject = _("Gaat niet door: %(name)s") if activiteit.called_off_at else _("Gewijzigd: %(name)s")
    return mail_of(
        row, activiteit, template="activity_changed", subject=subject, attachments=attached, comes=comes is not None
    )


def own_sign_up(activiteit, person):
    found = guests.sign_up_of(person, activiteit)
    if found is not None:
        found.activiteit = activiteit
    return found


@registry.mail(signing.MESSAGE)
def activity_signed_up(row):
    """That she comes, or does not after all, with the calendar item. Of several steps the last is told."""
    about = SignUp.objects.filter(pk=row.object_id, person=row.recipient).values_list("activiteit", flat=True).first()
    activiteit = activity_of(row, about) if about else None
    if activiteit is None or activiteit.called_off_at or told_newer(row):
        return None
    mine = own_sign_up(activiteit, row.recipient)
    comes = mine.cancelled_at is None
    if not comes and not was_told(row):
        return None
    method = ical.REQUEST if comes else ical.CANCEL
    subject = _("U komt naar: %(name)s") if comes else _("U komt niet naar: %(name)s")
    return mail_of(
        row,
        activiteit,
        template="activity_signed_up",
        subject=subject,
        attachments=[items.attachment(mine, method=method, now=timezone.now())],
        comes=comes,
        how_many=items.with_how_many(mine.number),
    )


def was_told(row):
    """Whether her calendar may hold it: one who changed her mind before any mail went, needs none."""
    earlier = Outgoing.objects.filter(message=row.message, recipient=row.recipient, object_id=row.object_id)
    return earlier.filter(state=Outgoing.State.SENT).exists()
