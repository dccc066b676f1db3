"""An invitation for one guardian: the text with her own words filled in.

What is filled in (names, places) is data of others: it is escaped in html and can never become a link.
"""

import re
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.html import escape, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from planning.inviting import texts, wording
from planning.times.choosing import opens_for
from school.models import Relatie


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


def values_for(
    ronde, *, guardian_name, children, invited, joining, closes_on, gesprekken=(), opens_at=None, with_link=True
):
    """The value of every placeholder for one guardian. `children`, `invited` (of them) and `joining` are names.

    `gesprekken`: whose own length and form count, where they differ from the ronde's. `opens_at`: when choosing begins
    for this guardian, where that is still to come. `with_link`: as wording.form_in_words says.
    """
    lengths = sorted({gesprek.length for gesprek in gesprekken} or {ronde.duration})
    forms = dict.fromkeys(wording.form_in_words(where, with_link=with_link) for where in gesprekken or [ronde])
    names = wording.and_list(wording.harmless(name) for name in children)
    return {
        "naam": wording.harmless(guardian_name),
        "kind": names,
        "school": ronde.school.name,
        "ronde": ronde.name,
        "doel": ronde.purpose.strip(),
        "punten": "\n".join(f"- {point}" for point in ronde.point_list),
        "duur": _("%(n)s minuten") % {"n": wording.either(lengths)},
        "vorm": wording.either(forms),
        "periode": wording.period_in_words(ronde),
        "wie": wording.and_list(wording.harmless(name) for name in joining),
        "leerling_erbij": wording.pupils_in_words(children, invited),
        "ontvangst": ronde.reception.strip(),
        "kiezen_vanaf": wording.opening_in_words(ronde, opens_at),
        "kiezen_tot": formats.date_format(closes_on, "l j F"),
        "hoe_kiezen": wording.how_to_choose(ronde, closes_on),
    }


def fill(subject, body, values):
    """The text with every value in its place; `{link}` stays for the writer of the mail or the letter."""

    def value_of(match):
        name = match.group(1)
        return match.group(0) if name == "link" else str(values.get(name, match.group(0)))

    filled = texts.NAME.sub(value_of, body)
    filled = re.sub(r"\n[ \t]*\n[ \t]*\n+", "\n\n", filled)  # an empty reception leaves no hole
    return Written(subject=texts.NAME.sub(value_of, subject), body=filled.strip())


def write_for(ronde, person, gesprekken, *, closes_on, now=None, with_link=False):
    """The invitation of this guardian for her gesprekken in this ronde, in her language. Returns Written.

    It always says when choosing begins for her, where that is still to come: also a text that does not ask for it.
    `with_link`: it goes to her own address, so the link of a video call may stand in it; a letter travels in a bag.
    """
    opens_at = None if ronde.is_wishing else opens_for(person, ronde)
    language = (
        person.language if person.language in texts.DEFAULTS or texts.newest_text(ronde, person.language) else "nl"
    )
    with override(language if language in texts.DEFAULTS else "nl"):
        subject, body = texts.text_for(ronde, language)
        return fill(
            subject,
            texts.say_when_it_opens(body),
            values_for(
                ronde,
                guardian_name=person.name,
                children=[gesprek.leerling.person.first_name for gesprek in gesprekken],
                invited=[g.leerling.person.first_name for g in gesprekken if ronde.pupil_joins(g.groep.level)],
                joining=wording.who_joins(gesprekken),
                closes_on=closes_on,
                gesprekken=gesprekken,
                opens_at=opens_at if opens_at and opens_at > (now or timezone.now()) else None,
                with_link=with_link,
            ),
        )


def write_times(ronde, person, gesprekken, bookings, *, closes_on):
    """After a plan was released: the times of this guardian's gesprekken, {gesprek id: Booking}. Returns Written."""
    with override(person.language if person.language in texts.DEFAULTS else "nl"):
        planned = [(g.leerling.person.first_name, bookings[g.pk]) for g in gesprekken if g.pk in bookings]
        waiting = [wording.harmless(g.leerling.person.first_name) for g in gesprekken if g.pk not in bookings]
        places = dict.fromkeys(wording.form_in_words(g) for g in gesprekken if g.pk in bookings)
        parts = [
            _("Beste %(name)s,") % {"name": wording.harmless(person.name)},
            _("De planning van de gesprekken is klaar."),
            "\n".join(wording.time_in_words(wording.harmless(name), booking) for name, booking in planned),
            _("Over %(names)s hoort u nog van ons.") % {"names": wording.and_list(waiting)} if waiting else "",
            _("Het gesprek is %(where)s.") % {"where": wording.either(places)},
            ronde.reception.strip(),
            wording.what_if_not(closes_on, ronde),
            "{link}",
            _("Met vriendelijke groet,") + f"\n{ronde.school.name}",
        ]
        names = wording.and_list(wording.harmless(name) for name, _booking in planned)
        return Written(
            subject=_("Uw tijd voor het gesprek over %(names)s") % {"names": names},
            body="\n\n".join(part for part in parts if part),
        )


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
