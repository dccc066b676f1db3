"""Mail about a time the school proposes. What it is about stands inside, never in the subject."""

from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.emails import link_expiry, reachable_gesprekken, reply_address
from planning.inviting import wording
from planning.models import TimeOffer
from school import access, registry
from school.outbox import Mail


@registry.mail("planning.time_offer")
def time_offer(row):
    """Asks one guardian whether a time suits; dropped when that is no longer the question."""
    offers = (
        TimeOffer.objects.open()
        .with_taken()
        .filter(is_taken=False, pk=row.object_id, slot__starts_at__gt=timezone.now())
    )
    offer = offers.select_related("slot__medewerker__person").first()
    gesprek = reachable_gesprekken(row.recipient, pk=offer.gesprek_id).first() if offer else None
    if gesprek is None or not gesprek.ronde.is_open:
        return None
    context = {
        "school": row.school,
        "name": wording.harmless(row.recipient.name),
        "child": wording.harmless(gesprek.leerling.person.first_name),
        "starts_at": offer.slot.starts_at,
        "ends_at": offer.slot.starts_at + timedelta(minutes=gesprek.length),
        "where": wording.form_in_words(gesprek, with_link=True),
        "who": wording.and_list(
            map(wording.harmless, wording.who_joins([gesprek], offer.slot, others=registry.who_else([gesprek.pk])))
        ),
        "url": access.personal_url(access.mint_link(row.recipient, expires_at=link_expiry(gesprek.ronde))),
    }
    return Mail(
        subject=_("Wij stellen u een tijd voor"),
        text=render_to_string("mail/time_offer.txt", context).strip() + "\n",
        html=render_to_string("mail/time_offer.html", context),
        reply_to=reply_address(row.school, gesprek),
    )
