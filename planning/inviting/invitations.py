"""The standard invitation (I1): text with named placeholders, filled in by our own substitution.

No template engine: whoever edits an invitation can use the names below and nothing else. What is filled in (names,
places) is data of others: it is escaped in html and can never become a link.
"""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import formats, timezone
from django.utils.html import escape, linebreaks
from django.utils.safestring import mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext, override

from gesprekken.models import Ronde
from planning.around.languages import language_name
from planning.models import InvitationText
from planning.times.choosing import opens_for
from school import audit
from school.models import Relatie

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


@dataclass(frozen=True)
class Written:
    """One invitation for one guardian: subject, text with `{link}` still in it, and the link's own place."""

    subject: str
    body: str

    def text(self, url):
        return self.body.replace("{link}", url)

    def html(self, button):
        """Paragraphs with the button where the link stands. Everything that was filled in is escaped."""
        parts = [linebreaks(escape(part.strip())) for part in self.body.split("{link}")]
        return mark_safe(button.join(parts))  # noqa: S308 - escaped above


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


def harmless(value):
    """Somebody's own words, so that no mail program makes a link of them: 'kijk.op.nl' becomes 'kijk. op. nl'."""
    return re.sub(r"(?<=\w)\.(?=\w)", ". ", " ".join(str(value).replace("://", " ").replace("@", " ").split()))


def and_list(words):
    return get_text_list(list(words), _("en"))


def values_for(
    ronde, *, guardian_name, children, invited, joining, closes_on, gesprekken=(), opens_at=None, with_link=True
):
    """The value of every placeholder for one guardian. `children`, `invited` (of them) and `joining` are names.

    `gesprekken`: whose own length and form count, where they differ from the ronde's. `opens_at`: when choosing begins
    for this guardian, where that is still to come. `with_link`: as form_in_words says.
    """
    lengths = sorted({gesprek.length for gesprek in gesprekken} or {ronde.duration})
    forms = dict.fromkeys(form_in_words(where, with_link=with_link) for where in gesprekken or [ronde])
    names = and_list(harmless(name) for name in children)
    return {
        "naam": harmless(guardian_name),
        "kind": names,
        "school": ronde.school.name,
        "ronde": ronde.name,
        "doel": ronde.purpose.strip(),
        "punten": "\n".join(f"- {point}" for point in ronde.point_list),
        "duur": _("%(n)s minuten") % {"n": either(lengths)},
        "vorm": either(forms),
        "periode": period_in_words(ronde),
        "wie": and_list(harmless(name) for name in joining),
        "leerling_erbij": pupils_in_words(children, invited),
        "ontvangst": ronde.reception.strip(),
        "kiezen_vanaf": opening_in_words(ronde, opens_at),
        "kiezen_tot": formats.date_format(closes_on, "l j F"),
        "hoe_kiezen": how_to_choose(ronde, closes_on),
    }


def how_to_choose(ronde, closes_on):
    """How this ronde's parents get a time, and until when they can say so; who comes late hears what can be done then."""
    if closes_on < timezone.localdate(timezone=ronde.school.zone):
        if ronde.is_wishing:
            return _("Wij maken nu de planning. U hoort uw tijd zodra die klaar is.")
        return _("Zelf kiezen kan niet meer. Klik op uw pagina op 'Bel mij'. Dan zoekt de leerkracht met u een tijd.")
    sentence = (
        _("Geef aan wanneer u kunt. Dat kan tot en met %(until)s. Daarna maken wij een planning en hoort u uw tijd.")
        if ronde.is_wishing
        else _("Kies zelf een tijd die u past. Dat kan tot en met %(until)s.")
    )
    return sentence % {"until": formats.date_format(closes_on, "l j F")}


def button_label(ronde, *, is_too_early_or_late=False):
    """What the button to the parent's own page says."""
    if is_too_early_or_late:
        return _("Naar uw pagina")
    return _("Geef aan wanneer u kunt") if ronde.is_wishing else _("Kies een tijd")


def either(words):
    """'15', '15 of 30': of brothers and sisters one gesprek may be longer, or elsewhere."""
    words = [str(word) for word in words]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s of %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def opening_in_words(ronde, opens_at):
    """From when this family chooses, as a sentence; empty where that is no longer to come."""
    if opens_at is None:
        return ""
    opens_at = opens_at.astimezone(ronde.school.zone)
    return _("Kiezen kan vanaf %(day)s om %(time)s uur. Eerder staan er nog geen tijden op uw pagina.") % {
        "day": formats.date_format(opens_at, "l j F"),
        "time": opens_at.strftime("%H:%M"),
    }


def say_when_it_opens(body):
    """A school's own text that does not say from when: then it is said before the link."""
    if "{kiezen_vanaf}" in body:
        return body
    return body.replace("{link}", "{kiezen_vanaf}\n\n{link}", 1)


def pupils_in_words(children, invited):
    """Which of the children come along; of brothers and sisters one may and another need not."""
    staying = [name for name in children if name not in invited]
    sentences = []
    if invited:
        sentence = ngettext("%(names)s mag erbij zijn.", "%(names)s mogen erbij zijn.", len(invited))
        sentences.append(sentence % {"names": and_list(map(harmless, invited))})
    if staying:
        sentence = ngettext("%(names)s hoeft niet mee.", "%(names)s hoeven niet mee.", len(staying))
        sentences.append(sentence % {"names": and_list(map(harmless, staying))})
    return " ".join(sentences)


def form_in_words(where, *, with_link=False):
    """How and where one speaks, of a gesprek or of a whole ronde: 'op school (lokaal 5)'.

    `with_link`: also the link of a video call, which lets whoever has it into the room. Only for what goes to the
    guardian's own address, and for who passed the second step. A number to call is for the school alone.
    """
    form, words = where.actual_form, str(where.actual_form.label)
    shown = form != Ronde.Form.PHONE and (with_link or form != Ronde.Form.VIDEO)
    return f"{words} ({where.actual_place})" if where.actual_place and shown else words


def period_in_words(ronde):
    if ronde.starts_on == ronde.ends_on:
        return _("op %(day)s") % {"day": formats.date_format(ronde.starts_on, "l j F")}
    return _("van %(first)s tot en met %(last)s") % {
        "first": formats.date_format(ronde.starts_on, "l j F"),
        "last": formats.date_format(ronde.ends_on, "l j F"),
    }


def fill(subject, body, values):
    """The text with every value in its place; `{link}` stays for the writer of the mail or the letter."""

    def value_of(match):
        name = match.group(1)
        return match.group(0) if name == "link" else str(values.get(name, match.group(0)))

    filled = NAME.sub(value_of, body)
    filled = re.sub(r"\n[ \t]*\n[ \t]*\n+", "\n\n", filled)  # an empty reception leaves no hole
    return Written(subject=NAME.sub(value_of, subject), body=filled.strip())


def write_for(ronde, person, gesprekken, *, closes_on, now=None, with_link=False):
    """The invitation of this guardian for her gesprekken in this ronde, in her language. Returns Written.

    It always says when choosing begins for her, where that is still to come: also a text that does not ask for it.
    `with_link`: it goes to her own address, so the link of a video call may stand in it; a letter travels in a bag.
    """
    opens_at = None if ronde.is_wishing else opens_for(person, ronde)
    language = person.language if person.language in DEFAULTS or newest_text(ronde, person.language) else "nl"
    with override(language if language in DEFAULTS else "nl"):
        subject, body = text_for(ronde, language)
        return fill(
            subject,
            say_when_it_opens(body),
            values_for(
                ronde,
                guardian_name=person.name,
                children=[gesprek.leerling.person.first_name for gesprek in gesprekken],
                invited=[g.leerling.person.first_name for g in gesprekken if ronde.pupil_joins(g.groep.level)],
                joining=who_joins(gesprekken),
                closes_on=closes_on,
                gesprekken=gesprekken,
                opens_at=opens_at if opens_at and opens_at > (now or timezone.now()) else None,
                with_link=with_link,
            ),
        )


def write_times(ronde, person, gesprekken, bookings, *, closes_on):
    """After a plan was released: the times of this guardian's gesprekken, {gesprek id: Booking}. Returns Written."""
    with override(person.language if person.language in DEFAULTS else "nl"):
        planned = [(g.leerling.person.first_name, bookings[g.pk]) for g in gesprekken if g.pk in bookings]
        waiting = [harmless(g.leerling.person.first_name) for g in gesprekken if g.pk not in bookings]
        places = dict.fromkeys(form_in_words(g) for g in gesprekken if g.pk in bookings)
        parts = [
            _("Beste %(name)s,") % {"name": harmless(person.name)},
            _("De planning van de gesprekken is klaar."),
            "\n".join(time_in_words(harmless(name), booking) for name, booking in planned),
            _("Over %(names)s hoort u nog van ons.") % {"names": and_list(waiting)} if waiting else "",
            _("Het gesprek is %(where)s.") % {"where": either(places)},
            ronde.reception.strip(),
            what_if_not(closes_on, ronde),
            "{link}",
            _("Met vriendelijke groet,") + f"\n{ronde.school.name}",
        ]
        names = and_list(harmless(name) for name, _booking in planned)
        return Written(
            subject=_("Uw tijd voor het gesprek over %(names)s") % {"names": names},
            body="\n\n".join(part for part in parts if part),
        )


def what_if_not(closes_on, ronde):
    """What somebody does whom the planned time does not suit."""
    if closes_on < timezone.localdate(timezone=ronde.school.zone):
        return _("Past de tijd niet? Bel ons. Dan zoeken wij samen een andere tijd.")
    return _("Past de tijd niet? Kies tot en met %(until)s een tijd die nog vrij is, of bel ons.") % {
        "until": formats.date_format(closes_on, "l j F")
    }


def time_in_words(name, booking):
    starts, ends = (timezone.localtime(at, booking.school.zone) for at in (booking.starts_at, booking.ends_at))
    return _("%(name)s: %(day)s van %(from)s tot %(until)s uur, met %(teacher)s.") % {
        "name": name,
        "day": formats.date_format(starts.date(), "l j F"),
        "from": starts.strftime("%H:%M"),
        "until": ends.strftime("%H:%M"),
        "teacher": harmless(booking.medewerker.person.name),
    }


def who_joins(gesprekken, booking=None):
    """Teachers and colleagues by name, as parents know them; always told beforehand (I1). With `booking`: whose time it
    is; else all teachers of the group. An interpreter is named by her language, once she is confirmed.
    """
    names = {}
    for gesprek in gesprekken:
        teachers = [booking.medewerker] if booking else [les.medewerker for les in gesprek.groep.lesgeven.all()]
        names |= dict.fromkeys(teacher.person.name for teacher in teachers)
        for deelname in gesprek.deelnames.all():
            if deelname.as_role in ("tweede_collega", "expert"):
                names[deelname.person.name + (f" ({deelname.what})" if deelname.what else "")] = None
        request = getattr(gesprek, "interpreter_request", None)
        if request and request.state == request.State.CONFIRMED:
            names[_("een tolk (%(language)s)") % {"language": language_name(request.language)}] = None
    return list(names) or [_("de leerkracht")]


def example_family(ronde):
    """A real family of this ronde to show the text with: the first pupil by name and one of her guardians."""
    row = (
        Relatie.objects.talking()
        .filter(leerling__lidmaatschappen__groep__ronde_groepen__ronde=ronde, leerling__left_on__isnull=True)
        .select_related("person", "leerling__person")
        .order_by("leerling__person__first_name", "pk")
        .first()
    )
    groep = ronde.groepen.first()
    teachers = (
        [les.medewerker.person.name for les in groep.lesgeven.select_related("medewerker__person")] if groep else []
    )
    child = row.leerling.person.first_name if row else _("Sam")
    return {
        "guardian_name": row.person.name if row else _("mevrouw Jansen"),
        "children": [child],
        "invited": [child] if ronde.pupil_joins(groep.level if groep else None) else [],
        "joining": teachers or [_("de leerkracht")],
    }
