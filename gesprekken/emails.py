"""Mail of this floor. It says that there is something to read and where; never anything about a child."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Aanvraag, Gesprek, Jaarplan, JaarplanVersie, Verslag, Voorbereiding
from gesprekken.permissions import (
    own_groepen,
    readable_gesprekken,
    second_colleagues,
    teachers_of,
    visible_aanvragen,
    visible_portfolio,
    visible_verslagen,
)
from gesprekken.standard_words import as_read
from gesprekken.year.entries import concerning, differences, entries_published, told_to_families
from school import access, registry
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.emails import in_both_parts
from school.models import Medewerker, Outgoing
from school.outbox import Mail

LINK_DAYS = 60  # a link in a release mail: long enough for a summer holiday


@registry.mail("gesprekken.year_published")
def year_published(row):
    """To a member of staff: the year is shared, or what changed in it. Nothing once somebody has left."""
    editions = JaarplanVersie.objects.select_related("jaarplan__schooljaar")
    edition = editions.filter(jaarplan=row.object_id, version=row.version).first()
    if edition is None or not Medewerker.objects.filter(person=row.recipient, left_on__isnull=True).exists():
        return None
    plan = edition.jaarplan
    changes = []
    if edition.version > 1:
        changes = differences(entries_published(plan, edition.version - 1), entries_published(plan, edition.version))
    context = {
        "school": row.school,
        "person": row.recipient,
        "schooljaar": plan.schooljaar,
        "changes": changes,
        "url": f"{settings.BASE_URL}{reverse('year')}?jaar={plan.schooljaar_id}",
    }
    text, html = in_both_parts("year_published", context)
    subject = _("Gewijzigd: het gesprekkenjaar %(year)s") if changes else _("Het gesprekkenjaar %(year)s staat klaar")
    return Mail(subject=subject % {"year": plan.schooljaar}, text=text, html=html)


@registry.mail("gesprekken.year_changed_family")
def year_changed_family(row):
    """To a guardian: what is different for the groups of her children since she was last told; nothing where that is
    nothing. Of several publications before one morning the last tells it all.
    """
    plan = Jaarplan.objects.filter(pk=row.object_id).select_related("schooljaar").first()
    about = Outgoing.objects.filter(message=row.message, recipient=row.recipient, object_id=row.object_id)
    if plan is None or about.filter(version__gt=row.version).exists():
        return None
    mine = list(own_groepen(row.recipient).filter(schooljaar=plan.schooljaar))
    known = as_told(entries_published(plan, last_told(plan, about)))
    changes = told_to_families(differences(known, as_told(entries_published(plan))), timezone.localdate())
    changes = [change for change in changes if mine and concerning(change.sides, mine)]
    if not changes:
        return None
    token = access.mint_link(row.recipient, expires_at=timezone.now() + timedelta(days=LINK_DAYS))
    context = {
        "school": row.school,
        "person": row.recipient,
        "schooljaar": plan.schooljaar,
        "changes": changes,
        "url": f"{access.personal_url(token)}?next={reverse('year_shared')}",
    }
    text, html = in_both_parts("year_changed_family", context)
    return Mail(subject=_("Gewijzigd in het schooljaar %(year)s") % {"year": plan.schooljaar}, text=text, html=html)


def as_told(entries):
    """The same moments with the names of standard kinds in the reader's language."""
    return [replace(entry, name=as_read(entry.name)) for entry in entries]


def last_told(plan, about):
    """The version this guardian knows: what stood when she was last mailed, else the one before the first change."""
    last = about.filter(state=Outgoing.State.SENT).order_by("-sent_at").first()
    if last is not None:
        return plan.versies.filter(published_at__lte=last.sent_at).aggregate(last=Max("version"))["last"]
    return about.aggregate(first=Min("version"))["first"] - 1


def readable_until(verslag, now):
    """Through the last evaluation date that was agreed, and for sixty days at the least."""
    days = [day for day in verslag.agreements.values_list("evaluate_on", flat=True) if day]
    soonest = now + timedelta(days=LINK_DAYS)
    if not days:
        return soonest
    return max(soonest, datetime.combine(max(days), time(23, 59), tzinfo=verslag.school.zone))


@registry.mail("gesprekken.record_released")
def record_released(row):
    """Asked again at the moment of sending: a restriction, a newer version or a relation that ended stops it."""
    reader = Actor(person=row.recipient, level=CONFIRMED)
    verslag = (
        visible_verslagen(reader)
        .filter(pk=row.object_id)
        .select_related("gesprek__leerling__person", "gesprek__ronde", "school")
        .first()
    )
    if verslag is None:
        return None
    now = timezone.now()
    expires_at = readable_until(verslag, now)
    token = access.mint_link(row.recipient, expires_at=expires_at)
    context = {
        "school": row.school,
        "child": verslag.gesprek.leerling.person.first_name,
        "url": access.personal_url(token) + f"?next={reverse('record_read', args=[verslag.gesprek_id])}",
        "until": expires_at,
        "corrected": verslag.number > 1
        and Verslag.objects.filter(
            gesprek=verslag.gesprek_id, number__lt=verslag.number, released_to=row.recipient
        ).exists(),
    }
    text, html = in_both_parts("record_released", context)
    subject = _("Het verslag van het gesprek over %(child)s staat klaar") % context
    return Mail(subject=subject, text=text, html=html)


@registry.mail("gesprekken.report_released")
def report_released(row):
    """Asked again at the moment of sending: what was taken back, or may not be seen any more, is not told."""
    reader = Actor(person=row.recipient, level=CONFIRMED)
    found = readable_gesprekken(reader).filter(pk=row.object_id)
    gesprek = Gesprek.objects.filter(pk__in=found.values("pk")).select_related("leerling__person", "school").first()
    if gesprek is None:
        return None
    released = visible_portfolio(reader).filter(leerling=gesprek.leerling_id, gesprek__ronde=gesprek.ronde_id)
    if not released.exists():
        return None
    expires_at = timezone.now() + timedelta(days=LINK_DAYS)
    token = access.mint_link(row.recipient, expires_at=expires_at)
    context = {
        "school": row.school,
        "child": gesprek.leerling.person.first_name,
        "url": access.personal_url(token) + f"?next={reverse('report_read', args=[gesprek.pk])}",
        "until": expires_at,
    }
    text, html = in_both_parts("report_released", context)
    return Mail(subject=_("Het rapport van %(child)s staat klaar") % context, text=text, html=html)


@registry.mail("gesprekken.please_read_along")
def please_read_along(row):
    """To the second colleague: there is a draft to read. Nothing once somebody agreed, or she takes no part any more."""
    draft = Verslag.objects.filter(pk=row.object_id, state=Verslag.State.DRAFT, seconded_at__isnull=True)
    draft = draft.select_related("gesprek").first()
    if draft is None or row.recipient not in second_colleagues(draft.gesprek):
        return None
    context = {
        "school": row.school,
        "person": row.recipient,
        "url": f"{settings.BASE_URL}{reverse('record', args=[draft.gesprek_id])}",
    }
    text, html = in_both_parts("please_read_along", context)
    return Mail(subject=_("Wil je een verslag meelezen?"), text=text, html=html)


@registry.mail("gesprekken.aanvraag_declined")
def aanvraag_declined(row):
    """A gesprek somebody asked for does not come now. Never why, nor what she wrote."""
    mine = visible_aanvragen(Actor(person=row.recipient, level=LINK))
    aanvraag = mine.filter(pk=row.object_id, answer=Aanvraag.Answer.DECLINED).first()
    if aanvraag is None:
        return None
    expires_at = timezone.now() + timedelta(days=LINK_DAYS)
    context = {
        "school": row.school,
        "person": row.recipient,
        "child": aanvraag.leerling.person.first_name,
        "url": access.personal_url(access.mint_link(row.recipient, expires_at=expires_at)),
    }
    text, html = in_both_parts("aanvraag_declined", context)
    return Mail(subject=_("Het gesprek over %(child)s dat u vroeg") % context, text=text, html=html)


@registry.mail("gesprekken.aanvraag_declined_staff")
def aanvraag_declined_staff(row):
    """To the colleague who asked: there is an answer. About whom stands behind the sign-in, where she still may look."""
    seen = visible_aanvragen(Actor(person=row.recipient, level=ACCOUNT))
    if not seen.filter(pk=row.object_id, answer=Aanvraag.Answer.DECLINED).exists():
        return None
    context = {"school": row.school, "person": row.recipient, "url": f"{settings.BASE_URL}{reverse('aanvragen')}"}
    text, html = in_both_parts("aanvraag_declined_staff", context)
    return Mail(subject=_("Er is geantwoord op je aanvraag"), text=text, html=html)


@registry.mail("gesprekken.pupil_wants_to_talk")
def pupil_wants_to_talk(row):
    """To a teacher: a pupil wants to talk today. Who and why stands behind the sign-in; nothing once somebody saw it."""
    wish = Voorbereiding.objects.filter(pk=row.object_id, worried_seen_at=None, worried_at__isnull=False).first()
    if wish is None or row.recipient not in teachers_of(wish.gesprek):
        return None
    context = {
        "school": row.school,
        "person": row.recipient,
        "url": f"{settings.BASE_URL}{reverse('gesprek', args=[wish.gesprek_id])}",
    }
    text, html = in_both_parts("pupil_wants_to_talk", context)
    return Mail(subject=_("Een leerling wil vandaag met je praten"), text=text, html=html)
