"""The words of an invitation that are filled in, and the rules for a text: what parents always read (I1), and no tricks.

No template engine: whoever writes an invitation can use the names below and nothing else.
"""

import re
import unicodedata

from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

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
    "tolk": _l("dat er een tolk kan komen, of welke er komt, als zin"),
    "voorbereiden": _l("hoe ouders zich voorbereiden, als zin"),
    "kiezen_vanaf": _l("vanaf welk moment dit gezin kan kiezen, als zin"),
    "kiezen_tot": _l("tot wanneer ouders kunnen kiezen"),
    "hoe_kiezen": _l("hoe de ouder aan een tijd komt: zelf kiezen, of aangeven wanneer het kan"),
    "link": _l("de knop naar de eigen pagina"),
}

# What parents always read (I1). Of several in one row any one will do.
REQUIRED = [
    ("link",), ("hoe_kiezen", "kiezen_tot"), ("duur",), ("vorm",), ("doel",), ("punten",), ("wie",),
    ("leerling_erbij",), ("ontvangst",), ("tolk",), ("voorbereiden",),
]  # fmt: skip
REQUIRED_SHORT = [("link",), ("kind",), ("hoe_kiezen", "kiezen_tot")]

# Said before the button by a text that leaves it out: kept from before it was asked for, or still to open.
ADDED = ["leerling_erbij", "ontvangst", "voorbereiden", "tolk", "hoe_kiezen", "kiezen_vanaf"]

IN_SUBJECT = {"naam", "kind", "school", "ronde", "duur", "periode", "kiezen_tot"}  # what fits on one line
# How many letters each may take in a short message; who fills them keeps to it.
ROOM = {"kind": 40, "hoe_kiezen": 125, "kiezen_tot": 25, "periode": 65, "link": len(settings.BASE_URL) + 6}
MOST_SHORT = 300  # two text messages, and still read on a locked phone

MAX_SUBJECT = 150
MAX_BODY = 6000
MOST_TIMES = 5  # a text that lists the points a thousand times is no invitation
MOST_SENTENCES = 12  # more than this nobody mends at once

NAME = re.compile(r"\{([^{}\n]*)\}")
# Signs that turn the direction of what follows: they make a line read as another one.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e")


def tidy(text):
    """What a browser sends, with plain line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def required(*, short=False):
    """The words that are needed, each by the name to offer first."""
    return [names[0] for names in (REQUIRED_SHORT if short else REQUIRED)]


def allowed(*, short=False):
    """{word: what it becomes} that may stand in such a text."""
    return {name: about for name, about in PLACEHOLDERS.items() if not short or name in ROOM}


def problems(subject, body, *, short=False):
    """What is wrong with this text, as sentences with the line; an empty list when it can be used."""
    if len(body) > MAX_BODY:
        return [_("De tekst is te lang: hoogstens %(n)s letters.") % {"n": MAX_BODY}]
    if len(subject) > MAX_SUBJECT:
        return [_("Het onderwerp is te lang: hoogstens %(n)s letters.") % {"n": MAX_SUBJECT}]
    lines = [(_("regel %(n)s") % {"n": n}, line) for n, line in enumerate(body.split("\n"), 1)]
    found = [] if short else _wrong_in_subject(subject)
    for where, line in lines:
        found += _wrong_in_line(where, line, allowed(short=short))
    found += _missing(body, short=short)
    if short and not found and (length := longest(body)) > MOST_SHORT:
        found.append(
            _("Het bericht is te lang: ingevuld kan het %(n)s letters worden, hoogstens %(most)s passen.")
            % {"n": length, "most": MOST_SHORT}
        )
    return found[:MOST_SENTENCES]


def _wrong_in_subject(subject):
    where = _("onderwerp")
    if not subject.strip():
        return [_("Het onderwerp is leeg.")]
    if "\n" in subject or "\r" in subject:
        return [_("Onderwerp: schrijf het op één regel.")]
    if "{link}" in subject:
        return [_("De link hoort in de tekst, niet in het onderwerp.")]
    long = [name for name in NAME.findall(subject) if name in PLACEHOLDERS and name not in IN_SUBJECT]
    if long:
        return [_("Onderwerp: {%(name)s} is te lang voor één regel.") % {"name": long[0]}]
    return list(_wrong_in_line(where, subject, PLACEHOLDERS))


def _wrong_in_line(where, line, names):
    where = where.capitalize()
    for name in NAME.findall(line):
        if name not in names:
            yield _("%(where)s: {%(name)s} kennen we niet. Kies een van de woorden uit de lijst.") % {
                "where": where,
                "name": shown(name),
            }
    if re.search(r"[{}]", NAME.sub("", line)):
        yield _("%(where)s: er staat een losse accolade.") % {"where": where}
    if any(is_trick(sign) for sign in line):
        yield _("%(where)s: er staat een onzichtbaar teken in. Typ deze regel opnieuw.") % {"where": where}


def _missing(body, *, short):
    used = NAME.findall(body)
    for name in dict.fromkeys(used):
        if name in PLACEHOLDERS and used.count(name) > MOST_TIMES:
            yield _("{%(name)s} staat er %(n)s keer. Hoogstens %(most)s keer kan.") % {
                "name": name,
                "n": used.count(name),
                "most": MOST_TIMES,
            }
    missing = [names[0] for names in (REQUIRED_SHORT if short else REQUIRED) if not set(names) & set(used)]
    if missing:
        names = get_text_list([f"{{{name}}}" for name in missing], _("en"))
        yield _("Er ontbreekt nog: %(names)s. Ouders moeten dit altijd weten.") % {"names": names}


def is_trick(sign):
    """Control signs and half characters: not written by hand, and not for a mail."""
    return sign in TURNS or (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in "\t\n")


def shown(name):
    """What somebody typed, to show it back: short, and without signs that do something."""
    return "".join(sign for sign in name[:40] if not is_trick(sign))


def longest(body):
    """How many letters a short message can take once it is filled in."""
    return len(NAME.sub(lambda match: "x" * ROOM.get(match.group(1), 0), body))


def complete(body):
    """The text with everything parents always read: what it leaves out is said before the line with the button."""
    used = set(NAME.findall(body))
    if "kiezen_tot" in used:
        used.add("hoe_kiezen")
    added = "\n\n".join(f"{{{name}}}" for name in ADDED if name not in used)
    if "link" not in used:
        body = body.rstrip() + "\n\n{link}"
    if not added:
        return body
    before, after = body.split("{link}", 1)
    begin = before.rfind("\n") + 1
    return before[:begin] + added + "\n\n" + before[begin:] + "{link}" + after
