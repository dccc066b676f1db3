"""Mail about a day that fell out. It says that the teacher is not there that day, never why."""

from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from planning import ical
from planning.around.relocating import is_undone
from planning.emails import about_booking, appointment_mail
from planning.models import Booking, Invitation
from school import registry
from school.models import AuditEvent, Medewerker, Outgoing
from school.outbox import Mail


def was(booking):
    """The time this gesprek had just before, or None."""
    before = Booking.objects.filter(gesprek=booking.gesprek_id, cancelled_at=booking.created_at)
    return before.order_by("-pk").select_related("medewerker__person").first()


@registry.mail("planning.day_moved")
def day_moved(row):
    booking = about_booking(row, states=[Booking.State.ACTIVE])
    if booking is None:
        return None
    return appointment_mail(
        row,
        booking,
        template="day_moved",
        subject=_("Uw gesprek over %(name)s is verplaatst"),
        method=ical.REQUEST,
        was=was(booking),
    )


@registry.mail("planning.day_cancelled")
def day_cancelled(row):
    """Only where the gesprek has no time again by now; of two that fell out shortly after each other, the last."""
    booking = about_booking(row, states=[Booking.State.CANCELLED])
    if (
        booking is None
        or Booking.objects.filter(gesprek=booking.gesprek_id, created_at__gt=booking.created_at).exists()
    ):
        return None
    called = Invitation.objects.filter(gesprek=booking.gesprek_id, person=row.recipient, call_me_at__isnull=False)
    return appointment_mail(
        row,
        booking,
        template="day_cancelled",
        subject=_("Uw gesprek over %(name)s gaat niet door"),
        method=ical.CANCEL,
        is_called=called.exists(),
    )


@registry.mail("planning.day_back")
def day_back(row):
    """Never mind: only to who had already been told that this time was lost; an earlier loss is another story."""
    booking = about_booking(row, states=[Booking.State.ACTIVE])
    told = Outgoing.objects.filter(
        recipient=row.recipient, state__in=[Outgoing.State.SENT, Outgoing.State.SENDING], **told_of_loss(booking)
    )
    if booking is None or not told.exists():
        return None
    return appointment_mail(
        row, booking, template="day_back", subject=_("Uw gesprek over %(name)s gaat toch door"), method=ical.REQUEST
    )


def told_of_loss(booking):
    """Which message told of the change that this booking undid. A moved one is let go of by the undoing itself."""
    if booking is None:
        return {}
    before = Booking.objects.filter(gesprek=booking.gesprek_id, pk__lt=booking.pk).latest("pk")
    message = "planning.day_moved" if before.cancelled_at == booking.created_at else "planning.day_cancelled"
    return {"message": message, "object_type": "planning.booking", "object_id": before.pk}


@registry.mail("planning.day_changed")
def day_changed(row):
    """To a colleague: that a day changed, and where to look. No names of pupils."""
    event = AuditEvent.objects.filter(pk=row.object_id, school=row.school).first()
    return None if event is None or is_undone(event) else to_colleague(row, event)


@registry.mail("planning.day_restored")
def day_restored(row):
    """Never mind: only to the colleague who had been told."""
    told = Outgoing.objects.filter(
        message="planning.day_changed",
        recipient=row.recipient,
        object_type=row.object_type,
        object_id=row.object_id,
        state__in=[Outgoing.State.SENT, Outgoing.State.SENDING],
    )
    event = AuditEvent.objects.filter(pk=row.object_id, school=row.school).first()
    return to_colleague(row, event, is_back=True) if event and told.exists() else None


def to_colleague(row, event, *, is_back=False):
    on, to = (date.fromisoformat(text) if text else None for text in (event.detail["on"], event.detail["to"]))
    teacher = Medewerker.objects.select_related("person").get(pk=event.object_id).person
    context = {
        "school": row.school,
        "person": row.recipient,
        "teacher": teacher,
        "on": on,
        "to": to,
        "is_back": is_back,
        "url": f"{settings.BASE_URL}{reverse('who_is_where')}?op={on if is_back or not to else to}",
    }
    subject = _("Gesprekken van %(name)s gaan toch door") if is_back else _("Gesprekken van %(name)s zijn veranderd")
    return Mail(
        subject=subject % {"name": teacher.name},
        text=render_to_string("mail/day_changed.txt", context).strip() + "\n",
        html=render_to_string("mail/day_changed.html", context),
    )
