"""The standard invitation (I1) as leadership writes it: named placeholders and nothing else, checked before it is kept.

No template engine: whoever edits an invitation can use the names below and nothing else. What was sent stays readable:
each change is a version.
"""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from planning.models import InvitationText
from school import audit

PLACEHOLDERS = {
    "naam": _l("de naam van de ouder"),
    "kind": _l("de voornaam van het kind of de kinderen"),
    "school": _l("de naam van de school"),
    "ronde": _l("de naam van de ronde"),
    "doel": _l("waarom we dit gesprek voeren"),
    "punten": _l("waar het over gaat, als lijst"),
    "duur": _l("hoe lang het duurt, bijvoorbeeld: 15 minuten"),
    "vorm": _l("hoe we elkaar spreken, bijvoorbeeld: op school"),
    "periode": _l("de dagen van de gesprekken"),
    "wie": _l("wie erbij zijn"),
    "leerling_erbij": _l("of uw kind meekomt"),
    "ontvangst": _l("hoe de ouders worden ontvangen"),
    "kiezen_vanaf": _l("vanaf welk moment dit gezin kan kiezen, als zin"),
    "kiezen_tot": _l("tot wanneer ouders kunnen kiezen"),
    "hoe_kiezen": _l("hoe de ouder aan een tijd komt: zelf kiezen, of aangeven wanneer het kan"),
    "link": _l("de knop naar de eigen pagina"),
}


# What parents always hear (I1): how to pick a time, duration, form, purpose and content, who joins.
REQUIRED = ["link", "duur", "vorm", "doel", "punten", "wie"]


MAX_BODY = 6000


NAME = re.compile(r"\{([^{}\n]*)\}")


DEFAULTS = {
    "nl": (
        "Uitnodiging: gesprek over {kind}",
        """Beste {naam},

Wij spreken graag met u over {kind}. Samen weten we het meest: u kent uw kind thuis, wij kennen uw kind op school.

Waarom dit gesprek?
{doel}

Waar praten we over?
{punten}

Het gesprek duurt {duur} en is {vorm}. De gesprekken zijn {periode}.
Erbij zijn: {wie}.
{leerling_erbij}
{ontvangst}

{hoe_kiezen}
{kiezen_vanaf}

{link}

Past geen enkele tijd, of belt u liever? Klik op uw pagina op "Bel mij". Dan bellen wij u.

Met vriendelijke groet,
{school}""",
    ),
    "en": (
        "Invitation: a talk about {kind}",
        """Dear {naam},

We would like to talk with you about {kind}. Together we know most: you know your child at home, we know your child at school.

Why this talk?
{doel}

What do we talk about?
{punten}

The talk takes {duur} and is {vorm}. The talks are {periode}.
Present: {wie}.
{leerling_erbij}
{ontvangst}

{hoe_kiezen}
{kiezen_vanaf}

{link}

No time suits you, or you would rather phone? Press "Call me" on your page. We will call you.

Kind regards,
{school}""",
    ),
}


class TextRefused(Exception):
    """The text cannot be used; `sentences` says where and why, ready for the screen."""

    def __init__(self, sentences):
        self.sentences = sentences
        super().__init__("; ".join(sentences))


def problems(subject, body):
    """What is wrong with this text, as sentences with the line; an empty list when it can be used."""
    found = []
    for number, line in enumerate(f"{subject}\n{body}".split("\n")):
        where = _("onderwerp") if number == 0 else _("regel %(n)s") % {"n": number}
        for name in NAME.findall(line):
            if name not in PLACEHOLDERS:
                found.append(
                    _("%(where)s: {%(name)s} kennen we niet. Kies een van de woorden uit de lijst.")
                    % {"where": where.capitalize(), "name": name[:40]}
                )
        if re.search(r"[{}]", NAME.sub("", line)):
            found.append(_("%(where)s: er staat een losse accolade.") % {"where": where.capitalize()})
    missing = [name for name in REQUIRED if f"{{{name}}}" not in body]
    if missing:
        names = get_text_list([f"{{{name}}}" for name in missing], _("en"))
        found.append(_("Er ontbreekt nog: %(names)s. Ouders moeten dit altijd weten.") % {"names": names})
    if "{link}" in subject:
        found.append(_("De link hoort in de tekst, niet in het onderwerp."))
    if len(body) > MAX_BODY:
        found.append(_("De tekst is te lang: hoogstens %(n)s letters.") % {"n": MAX_BODY})
    if not subject.strip():
        found.append(_("Het onderwerp is leeg."))
    return found


def save_text(*, ronde, language, subject, body, by, now=None):
    """Keep a new version of the text; older versions stay, because they were sent. Raises TextRefused."""
    body = body.replace("\r\n", "\n").strip()
    found = problems(subject, body)
    if found:
        raise TextRefused(found)
    with transaction.atomic():
        type(ronde).objects.select_for_update().get(pk=ronde.pk)
        newest = newest_text(ronde, language)
        if newest and (newest.subject, newest.body) == (subject.strip(), body):
            return newest
        text = InvitationText.objects.create(
            school=ronde.school,
            ronde=ronde,
            language=language,
            version=(newest.version if newest else 0) + 1,
            subject=subject.strip(),
            body=body,
            by=by.person,
            created_at=now or timezone.now(),
        )
        audit.record("save_invitation_text", text, by=by, version=text.version)
    return text


def newest_text(ronde, language):
    return InvitationText.objects.filter(ronde=ronde, language=language).order_by("-version").first()


def text_for(ronde, language):
    """(subject, body) for this language: the school's own, else the one that comes with the product, else Dutch."""
    own = newest_text(ronde, language)
    if own:
        return own.subject, own.body
    if language in DEFAULTS:
        return DEFAULTS[language]
    return text_for(ronde, "nl")


def say_when_it_opens(body):
    """A school's own text that does not say from when: then it is said before the link."""
    if "{kiezen_vanaf}" in body:
        return body
    return body.replace("{link}", "{kiezen_vanaf}\n\n{link}", 1)
