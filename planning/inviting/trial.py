"""A trial: the invitation as a family would get it, mailed to who wrote it. Its button opens nobody's page."""

from functools import partial

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from gesprekken.models import Ronde, Soort
from planning.emails import reply_address
from planning.inviting import examples, texts, wording
from planning.permissions import may_edit_invitation, visible_examples
from school import audit, outbox, registry
from school.actor import ACCOUNT, Actor
from school.outbox import Mail


def send_trial(*, about, language, by):
    """Put a trial of the invitation of this Ronde or Soort in the outbox, to the address of who asks for it."""
    row = outbox.put_again(f"planning.trial_{language}", by.person, about)
    audit.record("send_trial", about, by=by, language=language)
    return row


def write_trial(row, *, language):
    """The mail of a trial: only for who works here and still writes invitations, and with a family she may see."""
    about = {"gesprekken.ronde": Ronde, "gesprekken.soort": Soort}[row.object_type]
    about = about.objects.filter(pk=row.object_id, school=row.school).select_related("school").first()
    actor = Actor(row.recipient, ACCOUNT)
    if about is None or not _works_here(row) or not may_edit_invitation(actor):
        return None
    ronde = examples.ronde_for(about)
    family = next(iter(examples.pick(visible_examples(actor, examples.groepen_for(ronde)))), None)
    written = examples.fill_for(ronde, family, *texts.text_for(about, language), language)
    above = _("Dit is een proef van de uitnodiging. De knop opent niemands pagina.")
    if family:
        above += " " + _("Ingevuld voor: %(family)s.") % {"family": wording.harmless(family.person.name)}
    url = f"{settings.BASE_URL}/"
    with override(language):
        button = render_to_string("mail/button.html", {"url": url, "label": wording.button_label(ronde)})
        content = {"school": row.school, "body": written.html(button), "above": above}
        html = render_to_string("mail/invitation.html", content)
    return Mail(
        subject=_("Proef: %(subject)s") % {"subject": written.subject},
        text=f"{above}\n\n{written.text(url)}\n",
        html=html,
        reply_to=reply_address(row.school),
    )


def _works_here(row):
    medewerker = getattr(row.recipient, "medewerker", None)
    return medewerker is not None and medewerker.is_here_on(timezone.localdate(timezone=row.school.zone))


for _language in texts.LANGUAGES:
    registry.mail(f"planning.trial_{_language}")(partial(write_trial, language=_language))
