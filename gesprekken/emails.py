"""Mail of this floor."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gesprekken.entries import differences, entries_published
from gesprekken.models import JaarplanVersie
from school import registry
from school.emails import in_both_parts
from school.models import Medewerker
from school.outbox import Mail


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
