"""Days kept free long before (I2): in January families hear of days in March, on which only some of them are invited."""

from dataclasses import dataclass, field

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Ronde
from gesprekken.parties import leerlingen_in_groepen
from gesprekken.standard_words import as_read
from planning.emails import reply_address
from planning.inviting import wording
from planning.inviting.checklist import first_day
from school import audit, bounces, outbox, registry
from school.models import AuditEvent, Outgoing, Person, Relatie
from school.outbox import Mail

MESSAGE = "planning.days_announced"
VERB = "announce_days"


class AnnounceRefused(Exception):
    """These days cannot be announced. `reason` is one of REASONS."""

    REASONS = (
        "not_draft",  # it is open or closed: families are invited
        "everybody",  # everybody is invited anyway
        "no_groups",  # there is nobody to tell
        "past",  # the days are over
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


@dataclass
class Announced:
    """How many guardians are mailed, and who has to hear it otherwise."""

    by_mail: int = 0
    otherwise: list[Person] = field(default_factory=list)


def guardians_of(ronde):
    """[Person]: who is informed about a pupil in the groups of this ronde, each once, by name."""
    pupils = [leerling for leerling, _groep in leerlingen_in_groepen(ronde)]
    mine = Relatie.objects.invited().filter(leerling__in=pupils)
    people = Person.objects.filter(pk__in=mine.values("person")).select_related("user")
    return list(people.order_by("last_name", "first_name", "pk"))


def reach_of(ronde):
    """The Announced it would be; by letter or by word of mouth goes who has no address, or whose mail comes back."""
    people = guardians_of(ronde)
    back = bounces.came_back(people)
    otherwise = [person for person in people if person.pk in back or not outbox.address_of(person)]
    return Announced(by_mail=len(people) - len(otherwise), otherwise=otherwise)


def announce(*, ronde, by, now=None):
    """Tell every guardian of the groups once to keep these days free. Returns how many were mailed.

    The second time tells who was not told yet; after the days were changed it tells everybody the new ones.
    """
    now = now or timezone.now()
    with transaction.atomic():
        current = Ronde.objects.select_for_update().select_related("school").get(pk=ronde.pk)
        _refuse(current, now)
        if current.announced_at:
            return 0
        version = _version(current)
        to_tell = reach_of(current)
        unreached = {person.pk for person in to_tell.otherwise}
        pairs = [(person, current) for person in guardians_of(current) if person.pk not in unreached]
        told = set(_rows(current).filter(version=version).values_list("recipient", flat=True))
        new = [pair for pair in pairs if pair[0].pk not in told]
        outbox.put_many(MESSAGE, new, version=version, now=now)
        Ronde.objects.filter(pk=current.pk).update(announced_at=now)
        audit.record(VERB, current, by=by, mails=len(new), version=version, days=_days(current))
    return len(new)


def expire(*, ronde):
    """What families were told of this ronde is not so any more; inside the caller's transaction."""
    Ronde.objects.filter(pk=ronde.pk).update(announced_at=None)


def _refuse(ronde, now):
    if not ronde.is_draft:
        raise AnnounceRefused("not_draft")
    if ronde.whom != Ronde.Whom.ASKED:
        raise AnnounceRefused("everybody")
    if first_day(ronde) <= now.astimezone(ronde.school.zone).date():
        raise AnnounceRefused("past")
    if not ronde.groepen.exists():
        raise AnnounceRefused("no_groups")


def _days(ronde):
    return f"{ronde.starts_on}/{ronde.ends_on}"


def _version(ronde):
    """Another number for other days than those that were told last."""
    last = AuditEvent.objects.filter(
        school=ronde.school_id, verb=VERB, object_type=ronde._meta.label_lower, object_id=ronde.pk
    ).order_by("-pk")
    told = last.values_list("detail", flat=True).first()
    return told["version"] + (told["days"] != _days(ronde)) if told else 1


def _rows(ronde):
    return Outgoing.objects.filter(
        message=MESSAGE, object_type=ronde._meta.label_lower, object_id=ronde.pk, school=ronde.school_id
    )


@registry.mail(MESSAGE)
def days_announced(row):
    """Dropped when the days changed or are over, when she was invited meanwhile, or hears no more about any child."""
    ronde = Ronde.objects.filter(pk=row.object_id).select_related("school", "soort").first()
    if ronde is None or not ronde.is_draft or ronde.announced_at is None or row.version != _version(ronde):
        return None
    pupils = [leerling for leerling, _groep in leerlingen_in_groepen(ronde)]
    mine = Relatie.objects.invited().filter(person=row.recipient, leerling__in=pupils)
    names = list(mine.order_by("leerling__person__first_name").values_list("leerling__person__first_name", flat=True))
    if not names or ronde.ends_on < timezone.localdate(timezone=ronde.school.zone):
        return None
    context = {
        "school": row.school,
        "person": row.recipient,
        "children": wording.and_list(wording.harmless(name) for name in dict.fromkeys(names)),
        "ronde": ronde,
        "purpose": wording.harmless(as_read(ronde.purpose)),
        "is_one_day": ronde.starts_on == ronde.ends_on,
    }
    return Mail(
        subject=_("Houd deze dagen vrij: %(name)s") % {"name": wording.harmless(as_read(ronde.name))},
        text=render_to_string("mail/days_announced.txt", context).strip() + "\n",
        html=render_to_string("mail/days_announced.html", context),
        reply_to=reply_address(row.school),
    )
