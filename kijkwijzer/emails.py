"""Mail of looking back together: date and kind of a gesprek at most, never about whom, and never a score."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kijkwijzer.models import ObserverInvite, Sharing, Terugblik
from kijkwijzer.permissions import still_here
from planning.around.news import is_overtaken
from planning.emails import link_expiry, reachable_gesprekken, reply_address
from planning.models import Booking
from school import access, registry
from school.discretion import harmless
from school.emails import in_both_parts
from school.models import Outgoing
from school.outbox import Mail
from school.templatetags.house import clock, full_day


def to_colleague(row, *, subject, lines, label, page):
    """A short mail to a member of staff with one link; nothing that is not in `lines`."""
    context = {"school": row.school, "person": row.recipient, "lines": [line for line in lines if line]}
    context |= {"label": label, "url": f"{settings.BASE_URL}{page}"}
    text, html = in_both_parts("between_colleagues", context)
    return Mail(subject=subject, text=text, html=html)


def when(gesprek):
    """The time of this gesprek as a sentence, with its kind; empty where there is no time yet."""
    booking = Booking.objects.active().filter(gesprek=gesprek).first()
    kind = {"kind": gesprek.ronde.soort.name}
    if booking is None:
        return _("Soort gesprek: %(kind)s. Er is nog geen tijd gekozen.") % kind
    day = {"day": full_day(booking.starts_at), "from": clock(booking.starts_at), "until": clock(booking.ends_at)}
    return _("Soort gesprek: %(kind)s. Het is %(day)s, van %(from)s tot %(until)s uur.") % {**kind, **day}


def invite_of(row, *also, **which):
    """The invitation of this row as it is now, or None where it is not like that any more."""
    rows = ObserverInvite.objects.filter(*also, pk=row.object_id, **which)
    return rows.select_related("teacher", "observer", "gesprek__ronde__soort").first()


@registry.mail("kijkwijzer.asked_to_observe", is_private=True)
def asked_to_observe(row):
    """To the colleague. Dropped once she answered, or when it is off."""
    open_still = {"withdrawn_at": None, "accepted": None, "gesprek__cancelled_at": None, "gesprek__held_on": None}
    invite = invite_of(row, still_here("observer__"), **open_still)
    if invite is None or is_overtaken(row):
        return None
    name = {"name": harmless(invite.teacher.name)}
    lines = [
        _("%(name)s vraagt of je een keer wilt meekijken bij een gesprek.") % name,
        when(invite.gesprek),
        _("Je hoort niet over welk kind het gaat. Op de pagina zeg je of het lukt. Nee zeggen mag altijd."),
    ]
    page = reverse("observe", args=[invite.pk])
    return to_colleague(
        row, subject=_("Wil je meekijken bij een gesprek?"), lines=lines, label=_("Bekijk de vraag"), page=page
    )


@registry.mail("kijkwijzer.observer_answered", is_private=True)
def observer_answered(row):
    """To the teacher: yes or no. Of several answers the last is told."""
    invite = invite_of(row, withdrawn_at=None, accepted__isnull=False)
    if invite is None or is_overtaken(row):
        return None
    name = {"name": harmless(invite.observer.name)}
    if invite.accepted:
        lines = [_("%(name)s kijkt mee.") % name, when(invite.gesprek), _("De ouders krijgen hier een mail over.")]
        subject = _("Je collega kijkt mee")
    else:
        lines = [_("%(name)s kan deze keer niet meekijken.") % name, when(invite.gesprek)]
        subject = _("Je collega kan niet meekijken")
    return to_colleague(row, subject=subject, lines=lines, label=_("Naar meekijken"), page=reverse("observers"))


@registry.mail("kijkwijzer.observer_off", is_private=True)
def observer_off(row):
    """To the colleague, who was told before: it is not needed any more. Not to whom the question never reached."""
    invite = invite_of(row, withdrawn_at__isnull=False)
    asked = Outgoing.objects.filter(message="kijkwijzer.asked_to_observe", object_id=row.object_id)
    if invite is None or is_overtaken(row):
        return None
    if invite.answered_at is None and not asked.filter(state=Outgoing.State.SENT).exists():
        return None
    lines = [
        _("%(name)s heeft de vraag om mee te kijken ingetrokken.") % {"name": harmless(invite.teacher.name)},
        when(invite.gesprek),
        _("Je hoeft niets te doen."),
    ]
    return to_colleague(
        row,
        subject=_("Meekijken gaat niet door"),
        lines=lines,
        label=_("Naar de Kijkwijzer"),
        page=reverse("terugblikken"),
    )


@registry.mail("kijkwijzer.observed_changed", is_private=True)
def observed_changed(row):
    """To the colleague who comes, or has still to answer: when it is now. Of several changes the last is told."""
    invite = invite_of(row, withdrawn_at=None, gesprek__cancelled_at=None, gesprek__held_on=None)
    if invite is None or invite.accepted is False or is_overtaken(row):
        return None
    asked = Outgoing.objects.filter(message="kijkwijzer.asked_to_observe", object_id=row.object_id)
    if invite.accepted is None and not asked.filter(state=Outgoing.State.SENT).exists():
        return None  # the question itself says it as it is now
    if Booking.objects.active().filter(gesprek=invite.gesprek, starts_at__lte=timezone.now()).exists():
        return None
    lines = [
        _("Er is iets veranderd aan het gesprek waarbij %(name)s je vroeg om mee te kijken.")
        % {"name": harmless(invite.teacher.name)},
        when(invite.gesprek),
        _("Past het zo niet? Zeg het op de pagina; daar staat ook waar het is."),
    ]
    return to_colleague(
        row,
        subject=_("Het gesprek waarbij je meekijkt is veranderd"),
        lines=lines,
        label=_("Bekijk wanneer en waar"),
        page=reverse("observe", args=[invite.pk]),
    )


@registry.mail("kijkwijzer.observation_given", is_private=True)
def observation_given(row):
    """To the teacher: what the colleague saw is there to read. Without a score."""
    found = Terugblik.objects.filter(pk=row.object_id, about=row.recipient_id, finished_at__isnull=False)
    terugblik = found.select_related("observer").first()
    if terugblik is None:
        return None
    lines = [
        _("%(name)s keek met je mee en schreef op wat er te zien was.") % {"name": harmless(terugblik.observer.name)},
        _("Alleen jullie tweeën kunnen het lezen. Het is om van te leren, niet om te beoordelen."),
    ]
    page = reverse("terugblik", args=[terugblik.pk])
    return to_colleague(row, subject=_("Je collega heeft meegekeken"), lines=lines, label=_("Lees het"), page=page)


@registry.mail("kijkwijzer.terugblik_shared", is_private=True)
def terugblik_shared(row):
    """To whom a look back is shared with; dropped when that is withdrawn. Without a score, and without what it is about."""
    sharing = Sharing.objects.filter(still_here("person__"), pk=row.object_id, withdrawn_at__isnull=True)
    sharing = sharing.select_related("terugblik__about", "terugblik__observer").first()
    if sharing is None:
        return None
    owner = sharing.terugblik.about or sharing.terugblik.observer
    what = (
        _("%(name)s deelt met je wat er in een oefenfilm te zien was.")
        if sharing.terugblik.mode == Terugblik.Mode.FILM
        else _("%(name)s deelt een terugblik op een eigen gesprek met je.")
    )
    lines = [
        what % {"name": harmless(owner.name)},
        _("Je kunt hem lezen zolang hij gedeeld is. Het is om samen van te leren, niet om te beoordelen."),
    ]
    page = reverse("terugblik", args=[sharing.terugblik_id])
    return to_colleague(
        row, subject=_("Een collega deelt een terugblik met je"), lines=lines, label=_("Lees de terugblik"), page=page
    )


@registry.mail("kijkwijzer.observer_comes", named_as=_l("Bericht over wie er bij een gesprek is"))
def observer_comes(row):
    """To one guardian, beforehand: a colleague will be there to look at the teacher, or will not be after all (I1)."""
    gesprek = reachable_gesprekken(row.recipient, pk=row.object_id).first()
    if gesprek is None or is_overtaken(row):
        return None
    booking = Booking.objects.active().filter(gesprek=gesprek).first()
    if booking and booking.ends_at <= timezone.now():
        return None
    standing = ObserverInvite.objects.filter(gesprek=gesprek, accepted=True, withdrawn_at__isnull=True)
    who = [
        harmless(invite.observer.name) for invite in standing.select_related("observer").order_by("answered_at", "pk")
    ]
    told = Outgoing.objects.filter(message=row.message, recipient=row.recipient, object_id=row.object_id)
    if not who and not told.filter(state=Outgoing.State.SENT).exists():
        return None  # she never heard that anybody would come
    context = {
        "school": row.school,
        "person": row.recipient,
        "child": gesprek.leerling.person.first_name,
        "who": who,
        "booking": booking,
        "url": access.personal_url(access.mint_link(row.recipient, expires_at=link_expiry(gesprek.ronde))),
    }
    subject = (
        _("Een collega kijkt mee bij het gesprek over %(name)s")
        if who
        else _("Er kijkt toch niemand mee bij het gesprek over %(name)s")
    )
    return Mail(
        subject=subject % {"name": context["child"]},
        text=render_to_string("mail/observer_comes.txt", context).strip() + "\n",
        html=render_to_string("mail/observer_comes.html", context),
        reply_to=reply_address(row.school, gesprek),
    )
