"""Asking again (I4): one kind mail per guardian for all that is still open, by day, and never after a reaction."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Gesprek, Ronde
from planning.emails import choosing_closes_on, link_expiry, reachable_gesprekken, reply_address
from planning.inviting import followup, waiting, wording
from planning.models import Invitation
from planning.times.choosing import chooses_now, choosing_closes_at
from school import access, audit, bounces, outbox, registry
from school.actor import Actor
from school.daytime import next_moment
from school.models import Outgoing, School, VrijeDag
from school.outbox import Mail, address_of
from school.templatetags.house import day

MESSAGE = "planning.reminder"


def remind(*, now=None):
    """Put a reminder in the outbox for every guardian whose turn it is. Returns how many.

    Run daily; a second run on the same day does nothing. On a day without school nothing is put: the run before the
    next school day does it.
    """
    now = now or timezone.now()
    count = 0
    for school in School.objects.filter(pk__in=Ronde.objects.filter(state=Ronde.State.OPEN).values("school")):
        at = next_moment(now, zone=school.zone, free=_free_days(school, now))
        if at - now < timedelta(days=1):
            count += _remind_school(school, at)
    return count


def _free_days(school, now):
    today = now.astimezone(school.zone).date()
    return list(VrijeDag.objects.filter(school=school, ends_on__gte=today).values_list("starts_on", "ends_on"))


def _remind_school(school, at):
    open_now = Gesprek.objects.filter(school=school, ronde__state=Ronde.State.OPEN)
    theirs = defaultdict(list)  # one human being reads one mail, whatever the children and the rondes
    for person, invitation, ronde in unanswered(open_now, at):
        theirs[person].append((invitation, ronde))
    count = 0
    for person, rows in theirs.items():
        if not _is_turn(rows, at):
            continue
        along = [row for row in rows if _days_since(*row, at) >= settings.REMINDER_REST_DAYS and _is_left(*row)]
        count += _put(person, [invitation for invitation, _ronde in along], at)
    if count:
        audit.record("remind", by=Actor.system(school), guardians=count)
    return count


def unanswered(gesprekken, at):
    """[(guardian, invitation, ronde)] of whom nothing was heard in these gesprekken, who can still react, and to whom
    mail goes. Of parents who talk together the reaction of one is that of both.
    """
    rows = [row for row in followup.standings(gesprekken) if row.state == followup.SILENT]
    tried = waiting.attempts_of(rows)
    rows = [row for row in rows if not waiting.has_spoken(tried[row.gesprek.pk])]
    people = {person.pk: person for row in rows for person in row.guardians}
    bounced = bounces.came_back(people.values())
    return [
        (people[invitation.person_id], invitation, row.gesprek.ronde)
        for row in rows
        for invitation in row.invitations
        if invitation.person_id in {person.pk for person in row.guardians} - bounced
        and address_of(people[invitation.person_id])
        and can_react(people[invitation.person_id], row.gesprek.ronde, at)
    ]


def can_react(person, ronde, at):
    """Whether this guardian can choose, or say when she can, at this moment."""
    if ronde.is_wishing:
        return ronde.is_open and at < choosing_closes_at(ronde)
    return chooses_now(person, ronde, now=at)


def _is_turn(rows, at):
    """Whether one of these is due, and she was not asked only just now about another."""
    last = max((invitation.reminded_at for invitation, _ronde in rows if invitation.reminded_at), default=None)
    if last and waiting.days_between(last, at, rows[0][1].school.zone) < settings.REMINDER_REST_DAYS:
        return False
    return any(_is_due(invitation, ronde, at) for invitation, ronde in rows)


def _is_left(invitation, ronde):
    return invitation.reminders < len(ronde.reminder_days)


def _is_due(invitation, ronde, at):
    return _is_left(invitation, ronde) and (
        _days_since(invitation, ronde, at) >= sorted(ronde.reminder_days)[invitation.reminders]
    )


def _days_since(invitation, ronde, at):
    """Local days since the invitation, or since choosing began where that was later."""
    opens = None if ronde.is_wishing else ronde.choosing_opens_at
    since = max(invitation.created_at, opens) if opens else invitation.created_at
    return waiting.days_between(since, at, ronde.school.zone)


def _put(person, invitations, at):
    """One mail for these; nothing where another run counted them meanwhile."""
    as_read = Q(pk__in=[])
    for invitation in invitations:
        as_read |= Q(pk=invitation.pk, reminders=invitation.reminders)
    with transaction.atomic():
        if not Invitation.objects.filter(as_read).update(reminders=F("reminders") + 1, reminded_at=at):
            return 0
        outbox.put_again(MESSAGE, person, person, due_at=at)
    return 1


@registry.mail(MESSAGE)
def reminder(row):
    """What is still open now. Dropped when she reacted meanwhile, or can react no more, or was written to again."""
    person = row.recipient
    later = Outgoing.objects.filter(message=MESSAGE, recipient=person, version__gt=row.version)
    if later.exists():
        return None
    reachable = reachable_gesprekken(person, ronde__state=Ronde.State.OPEN)
    mine = [
        invitation
        for who, invitation, _ronde in unanswered(reachable, timezone.now())
        if who.pk == person.pk and invitation.reminders
    ]
    gesprekken = list(reachable.filter(invitations__in=mine))
    if not gesprekken:
        return None
    rondes = {gesprek.ronde_id: gesprek.ronde for gesprek in gesprekken}
    expires_at = max(link_expiry(ronde) for ronde in rondes.values())
    context = {
        "school": row.school,
        "name": wording.harmless(person.name),
        "sentences": [_open_in_words(ronde, gesprekken) for ronde in rondes.values()],
        "url": access.personal_url(access.mint_link(person, expires_at=expires_at)),
        "label": wording.button_label(next(iter(rondes.values())), is_too_early_or_late=len(rondes) > 1),
    }
    return Mail(
        subject=_("Het gesprek over %(names)s: welke tijd past u?") % {"names": _names(gesprekken)},
        text=render_to_string("mail/reminder.txt", context).strip() + "\n",
        html=render_to_string("mail/reminder.html", context),
        reply_to=reply_address(row.school, gesprekken[0]),
    )


def _names(gesprekken):
    names = dict.fromkeys(gesprek.leerling.person.first_name for gesprek in gesprekken)
    return wording.and_list(wording.harmless(name) for name in names)


def _open_in_words(ronde, gesprekken):
    sentence = (
        _("Wij weten nog niet wanneer u kunt voor het gesprek over %(names)s. Doorgeven kan tot en met %(until)s.")
        if ronde.is_wishing
        else _("U heeft nog geen tijd gekozen voor het gesprek over %(names)s. Kiezen kan tot en met %(until)s.")
    )
    mine = [gesprek for gesprek in gesprekken if gesprek.ronde_id == ronde.pk]
    return sentence % {"names": _names(mine), "until": day(choosing_closes_on(ronde))}
