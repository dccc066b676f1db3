"""Mail about times: one function per message, written by the worker, dropped when it no longer holds."""

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Gesprek, Ronde
from gesprekken.standard_words import as_read
from planning import ical
from planning.inviting import invitations, sending, wording
from planning.inviting.frames import Frames
from planning.models import Booking, CalendarEntry, Watch
from planning.permissions import may_be_reached
from planning.times.choosing import chooses_now, choosing_closes_at
from school import access, outbox, registry
from school.models import Outgoing, Person, Relatie
from school.outbox import Mail
from school.statements import written_once

LINK_DAYS_AFTER = 14  # a link for choosing and preparing lives two weeks longer than its ronde


def link_expiry(ronde):
    """When a personal link of this ronde stops working, as a moment."""
    day = max(ronde.ends_on, timezone.localdate()) + timedelta(days=LINK_DAYS_AFTER)
    return datetime.combine(day, time(), tzinfo=ronde.school.zone)


def choosing_closes_on(ronde):
    """The last local date on which parents choose or swap for themselves."""
    return choosing_closes_at(ronde).date() - timedelta(days=1)


def reachable_gesprekken(person, **which):
    """The gesprekken of this guardian that still hold: she takes part, and nothing keeps her from the child."""
    reachable = Relatie.objects.reachable().filter(person=person).values("leerling")
    return _as_told(
        Gesprek.objects.filter(
            pk__in=Deelname.objects.filter(person=person, as_role=Deelname.As.OUDER).values("gesprek"),
            leerling__in=reachable,
            cancelled_at__isnull=True,
            held_on__isnull=True,
            **which,
        )
    )


def _as_told(gesprekken, *, many=False):
    """With everything that mail and letters say of them, in the order in which they say it.

    Of many the ronde, the school and the groepen are read once and are the same objects, at three questions more.
    """
    shared = ("ronde__school", "groep")
    apart = ("leerling__person", "interpreter_request")
    gesprekken = gesprekken.select_related(*apart) if many else gesprekken.select_related(*shared, *apart)
    return gesprekken.prefetch_related(
        *shared if many else (), "groep__lesgeven__medewerker__person", "deelnames__person"
    ).order_by("leerling__person__first_name", "pk")


def reachable_by_person(people, **which):
    """The same for many guardians: {person id: [Gesprek]}, without those who have none. A fixed number of queries."""
    holding = Gesprek.objects.filter(cancelled_at__isnull=True, held_on__isnull=True, **which)
    pairs = Deelname.objects.filter(
        may_be_reached(), person__in=[person.pk for person in people], as_role=Deelname.As.OUDER, gesprek__in=holding
    ).values_list("person", "gesprek")
    of_person = {}
    for person, gesprek in pairs:
        of_person.setdefault(gesprek, []).append(person)
    found = {}
    for gesprek in _as_told(Gesprek.objects.filter(pk__in=of_person), many=True):
        for person in of_person[gesprek.pk]:
            found.setdefault(person, []).append(gesprek)
    return found


def guardians_told(gesprek):
    """The guardians of this gesprek who may be told about it now, as mail decides when it goes."""
    reachable = Relatie.objects.reachable().filter(leerling=gesprek.leerling_id).values("person")
    return list(
        Person.objects.filter(
            deelnames__in=Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.OUDER), pk__in=reachable
        ).select_related("user")
    )


def told_by_mail(gesprek):
    """Of those guardians the ones who get a mail: not who has no address, nor whose mail came back."""
    guardians = guardians_told(gesprek)
    by_mail = outbox.reached(guardians)
    return [person for person in guardians if person.pk in by_mail]


def reply_address(school, gesprek=None):
    """Where an answer goes: to the teacher, where the school wants that and there is exactly one."""
    if gesprek is not None and school.reply_to_teacher:
        addresses = [les.medewerker.person.email for les in gesprek.groep.lesgeven.all() if les.medewerker.person.email]
        if len(addresses) == 1:
            return addresses[0]
    return school.reply_to


def still_invited(row):
    """What this invitation is about as things stand, and to which address it goes; the gesprekken first. One question."""
    rows = _invited_to_one if row.object_type == sending.GESPREK else _invited_to_ronde
    found = rows(person=row.recipient_id, about=row.object_id, version=row.version)
    return _mark(found[0].person, [deelname.gesprek_id for deelname in found]) if found else None


def _mark(person, gesprekken):
    return outbox.address_of(person), tuple(sorted(gesprekken))


@written_once
def _invited_to_ronde(*, person, about, version):
    return _still_taking_part(person, sending.RONDE, about, version).filter(gesprek__ronde=about)


@written_once
def _invited_to_one(*, person, about, version):
    """By its child: the gesprek itself may have been divided anew since."""
    child = Gesprek.objects.filter(pk=about, ronde=OuterRef("gesprek__ronde"), leerling=OuterRef("gesprek__leerling"))
    return _still_taking_part(person, sending.GESPREK, about, version).filter(Exists(child))


def _still_taking_part(person, object_type, about, version):
    newer = sending.newer(person, object_type, about, version)
    mine = Deelname.objects.filter(
        may_be_reached(),
        ~Exists(newer),
        person__pk=person,
        as_role=Deelname.As.OUDER,
        gesprek__cancelled_at=None,
        gesprek__held_on=None,
        gesprek__ronde__state=Ronde.State.OPEN,
    )
    only = ("gesprek", "person__email", "person__user__email")
    return mine.select_related("person__user").only(*only).order_by("gesprek")


@registry.mail_together("planning.invitation", mark=still_invited)
def invitation(rows):
    """Asks each guardian to choose: for all her children in the ronde at once, or for the one child it is about.

    None for a row that no longer holds, or of which a newer one tells the same.
    """
    about = invited_to(rows)
    rondes, tokens, shared = {}, {}, {}
    for row in rows:
        if about[row.pk]:
            rondes.setdefault(about[row.pk][0].ronde_id, (about[row.pk][0].ronde, {}))[1][row.recipient_id] = (
                row.recipient
            )
    for pk, (ronde, people) in rondes.items():
        shared[pk] = invitations.Shared.of(ronde, people.values())
        invitations.note_versions(ronde, shared[pk].versions_by_mail())
    for pk, (ronde, people) in rondes.items():
        links = access.mint_links(people.values(), expires_at=link_expiry(ronde))
        tokens |= {(pk, person): token for person, token in links.items()}

    frames = Frames()

    def write(row):
        gesprekken = about[row.pk]
        if not gesprekken:
            return None, None
        pk = gesprekken[0].ronde_id
        token = tokens[pk, row.recipient_id]
        mail = ask_to_choose(row, rondes[pk][0], gesprekken, token=token, shared=shared[pk], frames=frames)
        return mail, _mark(row.recipient, [gesprek.pk for gesprek in gesprekken])

    return write


def invited_to(rows):
    """{row id: the gesprekken it is about as things stand now; none once it no longer holds or a newer one tells it}."""
    of_one = [row.object_id for row in rows if row.object_type == sending.GESPREK]
    children = {g.pk: (g.ronde_id, g.leerling_id) for g in Gesprek.objects.filter(pk__in=of_one)} if of_one else {}
    rondes = {ronde for ronde, _leerling in children.values()}
    rondes |= {row.object_id for row in rows if row.object_type == sending.RONDE}
    found = reachable_by_person([row.recipient for row in rows], ronde__in=rondes, ronde__state=Ronde.State.OPEN)
    told_newer = sending.told_newer(rows)

    def of(row):
        if row.pk in told_newer:
            return []
        ronde, child = (
            children.get(row.object_id, (None, None)) if row.object_type == sending.GESPREK else (row.object_id, None)
        )
        mine = [gesprek for gesprek in found.get(row.recipient_id, []) if gesprek.ronde_id == ronde]
        return [gesprek for gesprek in mine if child in (None, gesprek.leerling_id)]

    return {row.pk: of(row) for row in rows}


def ask_to_choose(row, ronde, gesprekken, *, token, shared, frames):
    now, closes_on = timezone.now(), choosing_closes_on(ronde)
    written = invitations.write_for(
        ronde, row.recipient, gesprekken, closes_on=closes_on, now=now, with_link=True, shared=shared
    )
    url = access.personal_url(token)
    opens = shared.opens_for(row.recipient, ronde)
    nothing_yet = (opens and opens > now) or now >= choosing_closes_at(ronde)
    label = wording.button_label(ronde, is_too_early_or_late=nothing_yet)
    button = frames.around("mail/button.html", {"label": label}, url=url)
    return Mail(
        subject=written.subject,
        text=written.text(url) + "\n",
        html=frames.around("mail/invitation.html", {"school": row.school}, body=written.html(button)),
        reply_to=reply_address(row.school, gesprekken[0]),
    )


def about_booking(row, *, states):
    booking = (
        Booking.objects.filter(pk=row.object_id, state__in=states)
        .select_related("gesprek__ronde__school", "gesprek__leerling__person", "medewerker__person", "school")
        .first()
    )
    if booking is None:
        return None
    return booking if reachable_gesprekken(row.recipient, pk=booking.gesprek_id).exists() else None


def appointment_mail(row, booking, *, template, subject, method, **about):
    gesprek = booking.gesprek
    entry = CalendarEntry.objects.select_related("person").get(gesprek=gesprek, person=row.recipient)
    url = access.personal_url(access.mint_link(row.recipient, expires_at=link_expiry(gesprek.ronde)))
    who = wording.who_joins([gesprek], booking, others=registry.who_else([gesprek.pk]))
    context = {
        "school": row.school,
        "person": row.recipient,
        "child": gesprek.leerling.person.first_name,
        "ronde": gesprek.ronde,
        "booking": booking,
        "where": wording.form_in_words(gesprek, with_link=True),
        "who": wording.and_list(map(wording.harmless, who)),
        "url": url,
        "may_choose": chooses_now(row.recipient, gesprek.ronde, now=timezone.now()),
        **about,
    }
    content = ical.appointment(
        entry=entry,
        booking=booking,
        summary=ical.summary_of(gesprek),
        location=location_of(gesprek, with_link=True),
        description=as_read(gesprek.ronde.name),
        method=method,
        now=timezone.now(),
    )
    return Mail(
        subject=subject % {"name": context["child"]},
        text=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
        html=render_to_string(f"mail/{template}.html", context),
        attachments=(ical.attached("gesprek.ics", content, method),),
        reply_to=reply_address(row.school, gesprek),
    )


def location_of(gesprek, *, with_link=False):
    """Where the calendar says it is: on the phone and at home are no place of the school's."""
    form = gesprek.actual_form
    if form in {Ronde.Form.PHONE, Ronde.Form.HOME} or (form == Ronde.Form.VIDEO and not with_link):
        return str(form.label)
    return gesprek.actual_place or gesprek.school.address or gesprek.school.name


TOLD_OF_A_TIME = [
    "planning.booked",
    "planning.moved",
    "planning.place_changed",
    "planning.other_length",
    "planning.other_teacher",
    "planning.day_moved",
    "planning.day_back",
]


def was_told(person, gesprek):
    """Whether this guardian was ever mailed a time of this gesprek, so that her calendar may hold it."""
    bookings = Booking.objects.filter(gesprek=gesprek).values("pk")
    of_gesprek = Q(message__in=TOLD_OF_A_TIME, object_type="planning.booking", object_id__in=bookings)
    of_ronde = Q(message="planning.talks_changed", object_type="gesprekken.ronde", object_id=gesprek.ronde_id)
    went = Q(state=Outgoing.State.SENT)
    on_its_way = Q(state=Outgoing.State.SENDING)  # by another worker, this very moment
    told = Outgoing.objects.filter((of_gesprek & (went | on_its_way)) | (of_ronde & went), recipient=person)
    return told.exists()


@registry.mail("planning.booked")
def booked(row):
    booking = about_booking(row, states=[Booking.State.ACTIVE])
    if booking is None:
        return None
    return appointment_mail(
        row, booking, template="booked", subject=_("Uw gesprek over %(name)s staat vast"), method=ical.REQUEST
    )


@registry.mail("planning.moved")
def moved(row):
    booking = about_booking(row, states=[Booking.State.ACTIVE])
    if booking is None:
        return None
    return appointment_mail(
        row, booking, template="moved", subject=_("Uw gesprek over %(name)s heeft een nieuwe tijd"), method=ical.REQUEST
    )


@registry.mail("planning.place_changed")
def place_changed(row):
    """The time stays, the place or the form does not. Of two changes shortly after each other the last is told."""
    booking = about_booking(row, states=[Booking.State.ACTIVE])
    same = Outgoing.objects.filter(message=row.message, recipient=row.recipient, object_id=row.object_id)
    if booking is None or booking.ends_at <= timezone.now() or same.filter(version__gt=row.version).exists():
        return None
    return appointment_mail(
        row,
        booking,
        template="place_changed",
        subject=_("Uw gesprek over %(name)s is ergens anders"),
        method=ical.REQUEST,
    )


@registry.mail("planning.cancelled")
def cancelled(row):
    """Only where the gesprek has no time again by now, and where this guardian was ever told of the old one."""
    booking = about_booking(row, states=[Booking.State.CANCELLED])
    if booking is None or Booking.objects.filter(gesprek=booking.gesprek, state=Booking.State.ACTIVE).exists():
        return None
    if not was_told(row.recipient, booking.gesprek):
        return None
    return appointment_mail(
        row, booking, template="cancelled", subject=_("Uw gesprek over %(name)s gaat niet door"), method=ical.CANCEL
    )


def about_change(row, **about):
    """Of changes of one kind shortly after each other the last is told; none once the gesprek has been."""
    booking = about_booking(row, states=[Booking.State.ACTIVE])
    same = Outgoing.objects.filter(message=row.message, recipient=row.recipient, object_id=row.object_id)
    if booking is None or booking.ends_at <= timezone.now() or same.filter(version__gt=row.version).exists():
        return None
    return appointment_mail(row, booking, method=ical.REQUEST, **about)


@registry.mail("planning.other_length")
def other_length(row):
    """It begins when it did, and lasts longer or shorter."""
    return about_change(row, template="other_length", subject=_("Uw gesprek over %(name)s duurt anders"))


@registry.mail("planning.other_teacher")
def other_teacher(row):
    """The day and the time stay; somebody takes the place of a colleague."""
    return about_change(row, template="other_teacher", subject=_("Uw gesprek over %(name)s is met iemand anders"))


@registry.mail("planning.came_free")
def came_free(row):
    """A time somebody waited for is free: no promise, first come. Dropped when that is no longer news to act on."""
    now = timezone.now()
    watched = (
        Watch.objects.filter(pk=row.object_id, person=row.recipient, slot__starts_at__gt=now)
        .select_related("slot__medewerker__person", "gesprek__ronde__school")
        .first()
    )
    if watched is None or not can_be_taken(watched.slot, watched.gesprek, now):
        return None
    gesprek = reachable_gesprekken(row.recipient, pk=watched.gesprek_id).first()
    if gesprek is None:
        return None
    child = gesprek.leerling.person.first_name
    context = {
        "school": row.school,
        "person": row.recipient,
        "child": child,
        "slot": watched.slot,
        "url": access.personal_url(access.mint_link(row.recipient, expires_at=link_expiry(gesprek.ronde))),
    }
    return Mail(
        subject=_("Een tijd voor het gesprek over %(name)s is vrijgekomen") % {"name": child},
        text=render_to_string("mail/came_free.txt", context).strip() + "\n",
        html=render_to_string("mail/came_free.html", context),
        reply_to=reply_address(row.school, gesprek),
    )


def can_be_taken(slot, gesprek, now):
    """Whether a parent could choose this slot now: nobody has it, and choosing is open."""
    ronde = gesprek.ronde
    if not ronde.is_open or ronde.is_wishing or now >= choosing_closes_at(ronde):
        return False
    overlapping = Booking.objects.active().filter(
        medewerker=slot.medewerker_id, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
    )
    return not overlapping.exists()
