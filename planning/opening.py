"""Opening a ronde: what is missing is said first, then everybody is invited in one transaction."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Ronde
from gesprekken.parties import create_gesprekken, leerlingen_of, split
from planning import invitations
from planning.booking import choosing_closes_at
from planning.models import Invitation, Slot, WeekException
from school import audit, outbox
from school.models import Outgoing, Relatie, VrijeDag

STOP, WEEK, WARN, FINE = "stop", "week", "warn", "fine"


@dataclass(frozen=True)
class Finding:
    """One line of the checklist. `weight`: STOP forbids opening, WEEK needs a reason, WARN and FINE inform.

    `page` is the URL name where it can be mended, or empty.
    """

    weight: str
    text: str
    page: str = ""


class OpeningRefused(Exception):
    """The ronde cannot be opened as it stands; `findings` are those that forbid it."""

    def __init__(self, findings):
        self.findings = findings
        super().__init__(str(len(findings)))


def first_day(ronde):
    """The local date of the first conversation that can be chosen, or the first day of the period."""
    slot = Slot.objects.filter(ronde=ronde).order_by("starts_at").first()
    return slot.starts_at.astimezone(ronde.school.zone).date() if slot else ronde.starts_on


def check(ronde, *, now=None):
    """The checklist before opening, most serious first. A fixed number of queries per ronde and group."""
    now = now or timezone.now()
    today = now.astimezone(ronde.school.zone).date()
    found = [*_check_settings(ronde, now, today), *_check_groups(ronde)]
    order = [STOP, WEEK, WARN, FINE]
    return sorted(found, key=lambda finding: order.index(finding.weight))


def _check_settings(ronde, now, today):
    if not ronde.purpose.strip():
        yield Finding(
            STOP, _("Schrijf op waarom jullie dit gesprek voeren. Ouders lezen dat in de uitnodiging."), "ronde_edit"
        )
    if not ronde.point_list:
        yield Finding(STOP, _("Schrijf op waar het gesprek over gaat, elk punt op een eigen regel."), "ronde_edit")
    if ronde.ends_on < today:
        yield Finding(STOP, _("De periode van deze ronde is voorbij. Kies een nieuwe periode."), "ronde_edit")
    if ronde.availabilities.filter(Q(on__lt=ronde.starts_on) | Q(on__gt=ronde.ends_on)).exists():
        yield Finding(
            STOP,
            _("Er zijn tijden gegeven buiten de periode van de ronde. Haal ze weg, of pas de periode aan."),
            "windows",
        )
    days = (first_day(ronde) - today).days
    if 0 <= days < settings.WEEK_AHEAD_DAYS:
        yield Finding(
            WEEK,
            _("Het eerste gesprek is al over %(days)s dagen. Ouders horen het een week vooraf te weten.")
            % {"days": days},
            "ronde_edit",
        )
    closes = choosing_closes_at(ronde)
    if now >= closes and ronde.ends_on >= today:
        yield Finding(
            WARN,
            _(
                "Ouders kunnen zelf geen tijd meer kiezen: dat sluit %(days)s dagen voor de eerste dag. Zet dit getal lager of plan zelf."
            )
            % {"days": ronde.booking_closes_days},
            "ronde_edit",
        )
    elif closes - now < timedelta(days=3):
        yield Finding(WARN, _("Ouders hebben minder dan drie dagen om te kiezen."), "ronde_edit")
    if not ronde.reception.strip():
        yield Finding(WARN, _("Er staat nog niet hoe de ouders worden ontvangen."), "ronde_edit")
    if ronde.lead == Ronde.Lead.LEERLING and len(ronde.lead_checks) < 3:
        yield Finding(
            WARN,
            _("De leerling leidt het gesprek: kijk of team, leerlingen en ouders daarop zijn voorbereid."),
            "ronde_edit",
        )
    subject, body = invitations.text_for(ronde, "nl")
    for sentence in invitations.problems(subject, body):
        yield Finding(STOP, _("De uitnodiging: %(sentence)s") % {"sentence": sentence}, "invitation_text")
    for free in VrijeDag.objects.filter(
        schooljaar=ronde.schooljaar, starts_on__lte=ronde.ends_on, ends_on__gte=ronde.starts_on
    ):
        yield Finding(WARN, _("In deze periode valt %(name)s.") % {"name": free.name}, "year")


def _check_groups(ronde):
    rows = list(ronde.ronde_groepen.select_related("groep").prefetch_related("groep__lesgeven"))
    if not rows:
        yield Finding(STOP, _("Kies voor welke groepen deze ronde is."), "ronde_edit")
        return
    counts = gesprekken_needed(ronde)
    offered = dict(Slot.objects.filter(ronde=ronde).values_list("medewerker").annotate(n=Count("pk")))
    for row in rows:
        name = row.groep.name
        needed = counts[row.groep_id]
        teachers = [les.medewerker_id for les in row.groep.lesgeven.all()]
        slots = sum(offered.get(pk, 0) for pk in teachers)
        if not needed:
            yield Finding(WARN, _("In %(name)s zitten geen leerlingen.") % {"name": name})
        elif not teachers:
            yield Finding(
                STOP, _("%(name)s heeft geen leerkracht. Koppel er een bij Mensen.") % {"name": name}, "people"
            )
        elif slots == 0:
            yield Finding(
                STOP, _("De leerkracht van %(name)s heeft nog geen tijden gegeven.") % {"name": name}, "windows"
            )
        elif slots < needed:
            yield Finding(
                WARN,
                _("%(name)s heeft %(slots)s tijden voor %(needed)s gesprekken. Vraag de leerkracht om meer tijd.")
                % {"name": name, "slots": slots, "needed": needed},
                "windows",
            )
        else:
            yield Finding(
                FINE,
                _("%(name)s: %(slots)s tijden voor %(needed)s gesprekken.")
                % {"name": name, "slots": slots, "needed": needed},
            )
        if ronde.soort.is_advice and not row.tweede_collega_id:
            yield Finding(
                STOP,
                _("Bij een adviesgesprek is altijd een tweede collega. Kies er een voor %(name)s.") % {"name": name},
                "ronde_edit",
            )
    alone = nobody_to_invite(ronde)
    if alone:
        names = ", ".join(leerling.person.name for leerling in alone[:3]) + (" …" if len(alone) > 3 else "")
        yield Finding(
            WARN,
            ngettext(
                "Bij %(n)s leerling is er geen ouder die we kunnen uitnodigen: %(names)s.",
                "Bij %(n)s leerlingen is er geen ouder die we kunnen uitnodigen: %(names)s.",
                len(alone),
            )
            % {"n": len(alone), "names": names},
            "guardians",
        )
    letters = guardians_without_address(ronde)
    if letters:
        yield Finding(
            FINE,
            ngettext(
                "%(n)s ouder heeft geen e-mailadres en krijgt een brief.",
                "%(n)s ouders hebben geen e-mailadres en krijgen een brief.",
                letters,
            )
            % {"n": letters},
        )


def gesprekken_needed(ronde):
    """{groep_id: number of gesprekken}, counting two where parents talk apart."""
    pairs = leerlingen_of(ronde)
    relaties = defaultdict(list)
    for relatie in Relatie.objects.invited().filter(leerling__in=[leerling for leerling, _groep in pairs]):
        relaties[relatie.leerling_id].append(relatie)
    counts = defaultdict(int)
    for leerling, groep in pairs:
        counts[groep.pk] += len(split(relaties[leerling.pk]))
    return counts


def nobody_to_invite(ronde):
    """The pupils of this ronde no guardian of whom may be invited, or is known at all (I3)."""
    pupils = [leerling for leerling, _groep in leerlingen_of(ronde)]
    invited = set(Relatie.objects.invited().filter(leerling__in=pupils).values_list("leerling", flat=True))
    return [leerling for leerling in pupils if leerling.pk not in invited]


def guardians_without_address(ronde):
    pupils = [leerling for leerling, _groep in leerlingen_of(ronde)]
    return (
        Relatie.objects.invited()
        .filter(leerling__in=pupils, person__email="", person__user__isnull=True)
        .values("person")
        .distinct()
        .count()
    )


def open_ronde(*, ronde, by, now=None, reason=""):
    """Make the gesprekken, invite every guardian, put the mail in the outbox: all of it or nothing.

    Returns the number of gesprekken. Opening twice does nothing the second time. Raises OpeningRefused.
    """
    now = now or timezone.now()
    findings = check(ronde, now=now)
    forbidding = [f for f in findings if f.weight == STOP or (f.weight == WEEK and not reason.strip())]
    if forbidding:
        raise OpeningRefused(forbidding)
    with transaction.atomic():
        if not Ronde.objects.filter(pk=ronde.pk, state=Ronde.State.DRAFT).update(state=Ronde.State.OPEN, opened_at=now):
            return 0
        ronde.refresh_from_db(fields=["state", "opened_at"])
        if any(f.weight == WEEK for f in findings):
            WeekException.objects.create(
                school=ronde.school, ronde=ronde, reason=reason.strip()[:300], by=by.person, created_at=now
            )
        count = _invite(ronde, leerlingen_of(ronde), now=now)
        audit.record("open_ronde", ronde, by=by, gesprekken=count, exception=bool(reason.strip()))
    return count


def add_arrivals(*, ronde, by, now=None):
    """Pupils who arrived in the groups of an open ronde get their gesprek and invitation. Returns how many."""
    now = now or timezone.now()
    with transaction.atomic():
        if not Ronde.objects.select_for_update().filter(pk=ronde.pk, state=Ronde.State.OPEN).exists():
            return 0
        count = _invite(ronde, leerlingen_of(ronde), now=now)
        if count:
            audit.record("add_arrivals", ronde, by=by, gesprekken=count)
    return count


def close_ronde(*, ronde, by, now=None):
    """No more choosing; what is planned stays. Closing twice does nothing the second time."""
    with transaction.atomic():
        if Ronde.objects.filter(pk=ronde.pk, state=Ronde.State.OPEN).update(
            state=Ronde.State.CLOSED, closed_at=now or timezone.now()
        ):
            audit.record("close_ronde", ronde, by=by)


def reopen_ronde(*, ronde, by):
    """Undo closing."""
    with transaction.atomic():
        if Ronde.objects.filter(pk=ronde.pk, state=Ronde.State.CLOSED).update(state=Ronde.State.OPEN, closed_at=None):
            audit.record("reopen_ronde", ronde, by=by)


def _invite(ronde, pairs, *, now):
    planned = create_gesprekken(ronde, pairs)
    text = invitations.newest_text(ronde, "nl")
    rows, mailed = [], {}
    for gesprek, guardians in planned:
        for relatie in guardians:
            by_mail = bool(outbox.address_of(relatie.person))
            rows.append(
                Invitation(
                    school_id=ronde.school_id,
                    gesprek=gesprek,
                    person=relatie.person,
                    text=text,
                    channel=Invitation.Channel.MAIL if by_mail else Invitation.Channel.LETTER,
                    created_at=now,
                )
            )
            if by_mail:
                mailed[relatie.person_id] = relatie.person
    Invitation.objects.bulk_create(rows)
    # Somebody who was invited for one child before hears of the other child too: a next version of the message.
    told = Outgoing.objects.filter(message="planning.invitation", object_type="gesprekken.ronde", object_id=ronde.pk)
    version = (told.aggregate(Max("version"))["version__max"] or 0) + 1
    outbox.put_many("planning.invitation", [(person, ronde) for person in mailed.values()], version=version, now=now)
    return len(planned)
