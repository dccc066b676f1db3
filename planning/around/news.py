"""Mail about who sits around a gesprek: how a family takes part, and who joins."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Ronde
from gesprekken.standard_words import as_read
from planning import ical
from planning.emails import choosing_closes_on, link_expiry, location_of, reachable_gesprekken, reply_address, was_told
from planning.inviting import wording
from planning.models import Booking, CalendarEntry
from planning.permissions import hears_afterwards
from planning.times.choosing import opens_for
from school import access, registry
from school.models import Outgoing
from school.outbox import Mail


def is_overtaken(row):
    """Of several changes shortly after each other the last is told."""
    same = Outgoing.objects.filter(
        message=row.message, recipient=row.recipient, object_type=row.object_type, object_id=row.object_id
    )
    return same.filter(version__gt=row.version).exists()


@registry.mail("planning.talks_changed")
def talks_changed(row):
    """To one guardian: how she takes part now, with the times that are hers. No word about another guardian."""
    ronde = Ronde.objects.select_related("school").exclude(state=Ronde.State.DRAFT).filter(pk=row.object_id).first()
    if ronde is None or is_overtaken(row):
        return None
    gesprekken = list(reachable_gesprekken(row.recipient, ronde=ronde))
    later = hears_afterwards(row.recipient, gesprek__ronde=ronde)
    if not gesprekken and not later:
        return None
    bookings = {
        booking.gesprek_id: booking
        for booking in Booking.objects.active().filter(gesprek__in=gesprekken).select_related("medewerker__person")
    }
    context = {
        "school": row.school,
        "person": row.recipient,
        "ronde": ronde,
        "talks": [(gesprek, bookings.get(gesprek.pk)) for gesprek in gesprekken],
        "later": later,
        "how": how_in_words(ronde, row.recipient),
        "url": access.personal_url(access.mint_link(row.recipient, expires_at=link_expiry(ronde))),
    }
    names = wording.and_list(dict.fromkeys([g.leerling.person.first_name for g in gesprekken] + later))
    return Mail(
        subject=_("Hoe u meedoet met het gesprek over %(name)s") % {"name": names},
        text=render_to_string("mail/talks_changed.txt", context).strip() + "\n",
        html=render_to_string("mail/talks_changed.html", context),
        attachments=tuple(_calendar_changes(row, bookings)),
        reply_to=reply_address(row.school, gesprekken[0]) if gesprekken else row.school.reply_to,
    )


def how_in_words(ronde, person):
    """How this guardian gets a time that is not there yet, and from when."""
    if not ronde.is_open:
        return _("Voor dit gesprek wordt geen tijd meer gezocht. Bel de school als u nog iets wilt.")
    opens = None if ronde.is_wishing else opens_for(person, ronde)
    sentences = [
        wording.how_to_choose(ronde, choosing_closes_on(ronde)),
        wording.opening_in_words(ronde, opens if opens and opens > timezone.now() else None),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _calendar_changes(row, bookings):
    """What stands now, and the end of what she was told before and is no longer hers."""
    entries = CalendarEntry.objects.filter(person=row.recipient, gesprek__ronde=row.object_id).select_related(
        "person", "school", "gesprek__ronde__school", "gesprek__leerling__person", "gesprek__school"
    )
    for number, entry in enumerate(entries.order_by("pk"), start=1):
        gesprek, now = entry.gesprek, timezone.now()
        about = {"entry": entry, "summary": ical.summary_of(gesprek), "now": now}
        if gesprek.pk in bookings:
            method = ical.REQUEST
            content = ical.appointment(
                booking=bookings[gesprek.pk],
                location=location_of(gesprek, with_link=True),
                description=as_read(gesprek.ronde.name),
                method=method,
                **about,
            )
        elif was_told(row.recipient, gesprek):
            method, content = ical.CANCEL, ical.withdrawn(**about)
        else:
            continue
        yield ical.attached(f"gesprek-{number}.ics", content, method)


@registry.mail("planning.expert_joins")
def expert_joins(row):
    """To one guardian: who will be there from the school's side, beforehand, whenever that changes (I1)."""
    gesprek = reachable_gesprekken(row.recipient, pk=row.object_id).first()
    if gesprek is None or is_overtaken(row):
        return None
    booking = Booking.objects.active().filter(gesprek=gesprek).select_related("medewerker__person").first()
    if booking and booking.ends_at <= timezone.now():
        return None
    who = wording.who_joins([gesprek], booking, others=registry.who_else([gesprek.pk]))
    context = {
        "school": row.school,
        "person": row.recipient,
        "child": gesprek.leerling.person.first_name,
        "who": [wording.harmless(name) for name in who],
        "booking": booking,
        "url": access.personal_url(access.mint_link(row.recipient, expires_at=link_expiry(gesprek.ronde))),
    }
    return Mail(
        subject=_("Wie er bij het gesprek over %(name)s zijn") % {"name": context["child"]},
        text=render_to_string("mail/expert_joins.txt", context).strip() + "\n",
        html=render_to_string("mail/expert_joins.html", context),
        reply_to=reply_address(row.school, gesprek),
    )
