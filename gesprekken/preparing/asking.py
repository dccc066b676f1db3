"""What is asked, as a school sees it: points, in order. A subject or area is one point of five short questions."""

import re
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from gesprekken.models import Question, Visibility

AREA = "area"  # beside the kinds of Question: where it goes well, where it can improve, who can do what
PARTS = {
    "goed": gettext_noop("wat gaat goed?"),
    "beter": gettext_noop("wat kan beter?"),
    "school": gettext_noop("wat kan school doen?"),
    "ouders": gettext_noop("wat kunnen de ouders doen?"),
    "leerling": gettext_noop("wat kan {naam} doen?"),
}
WHO = ("school", "ouders", "leerling")  # their part belongs to a later step of the guide
AREA_STEP, WHO_STEP = 3, 6

MOST = 15  # points in one set: more is no preparation of three minutes
LONGEST, LONGEST_AREA, LONGEST_CHOICE = 300, 60, 80
FEWEST_CHOICES, MOST_CHOICES = 2, 12
BRACES = re.compile(r"\{[^{}]*\}|[{}]")


@dataclass(frozen=True)
class Point:
    text: str
    code: str = ""  # empty: it has none yet
    help: str = ""
    visibility: str = Visibility.TABLE.value
    kind: str = Question.Kind.TEXT.value  # or AREA
    choices: tuple = ()  # of dicts {code, text, picture}
    about_home: bool = False
    step: int | None = None


class BadPoints(Exception):
    """These points cannot be asked. `number` (from 0) and `field` say where, or None where it is about all of them."""

    def __init__(self, sentence, number=None, field=None):
        self.sentence, self.number, self.field = sentence, number, field
        super().__init__(sentence)


def area_of(code):
    """("lezen", "goed") for a question of an area, ("", "") for any other."""
    area, found, part = code.rpartition("--")
    return (area, part) if found and part in PARTS else ("", "")


def in_words(text):
    """The name of an area and what is asked of it: ("Lezen", "wat gaat goed?"); ("", text) for any other question."""
    area, found, part = text.rpartition(": ")
    return (area, part) if found and part in PARTS.values() else ("", text)


def points_of(questions):
    """The points these questions are made of."""
    points, areas = [], set()
    for question in questions:
        area, _part = area_of(question.code)
        if area in areas:
            continue
        if area:
            areas.add(area)
            name = in_words(question.text)[0]
            points.append(Point(name, area, question.help, question.visibility, AREA, about_home=question.about_home))
        else:
            points.append(
                Point(
                    question.text, question.code, question.help, question.visibility, question.kind,
                    tuple(question.choices), question.about_home, question.step,
                )
            )  # fmt: skip
    return points


def questions_of(points):
    """The fields of the questions that ask these points, numbered."""
    rows = []
    for point in points:
        fields = {"visibility": point.visibility, "about_home": point.about_home}
        if point.kind != AREA:
            own = {"kind": point.kind, "choices": list(point.choices), "step": point.step, "help": point.help}
            rows.append({"code": point.code, "text": point.text, **fields, **own})
            continue
        for part, words in PARTS.items():
            step = WHO_STEP if part in WHO else AREA_STEP
            help_text = point.help if part == "goed" else ""
            rows.append(
                {"code": f"{point.code}--{part}", "text": f"{point.text}: {words}", **fields}
                | {"step": step, "help": help_text}
            )
    return [{**row, "number": number} for number, row in enumerate(rows, 1)]


def check(points):
    """Raise BadPoints, in one sentence, for the first thing that is wrong."""
    if not points:
        raise BadPoints(_("Er moet ten minste één vraag blijven."))
    if len(points) > MOST:
        raise BadPoints(
            _("Dit zijn %(n)s vragen. Er passen er %(most)s: haal er iets uit.") % {"n": len(points), "most": MOST}
        )
    seen = set()
    for number, point in enumerate(points):
        check_text(number, "text", point.text, LONGEST_AREA if point.kind == AREA else LONGEST)
        if not point.text:
            raise BadPoints(_("Vul in wat je vraagt, of kies ‘Laat weg’."), number, "text")
        if point.text.casefold() in seen:
            raise BadPoints(_("Deze vraag staat er al."), number, "text")
        seen.add(point.text.casefold())
        check_text(number, "help", point.help, LONGEST)
        if point.kind == Question.Kind.CHOICE:
            check_choices(number, point.choices)


def check_text(number, field, text, limit):
    if len(text) > limit:
        sentence = _("Dit is te lang: %(n)s tekens, er passen er %(limit)s.") % {"n": len(text), "limit": limit}
        raise BadPoints(sentence, number, field)
    for found in BRACES.findall(text):
        if found != "{naam}":
            sentence = _("‘%(found)s’ kennen we niet. Alleen {naam} wordt de naam van het kind.") % {
                "found": found[:40]
            }
            raise BadPoints(sentence, number, field)


def check_choices(number, choices):
    texts = [choice["text"].casefold() for choice in choices]
    if not FEWEST_CHOICES <= len(texts) <= MOST_CHOICES:
        sentence = _("Geef %(few)s tot %(most)s antwoorden om uit te kiezen, elk op een eigen regel.")
        raise BadPoints(sentence % {"few": FEWEST_CHOICES, "most": MOST_CHOICES}, number, "choices")
    if len(set(texts)) < len(texts):
        raise BadPoints(_("Een van de antwoorden staat er twee keer."), number, "choices")
    for choice in choices:
        check_text(number, "choices", choice["text"], LONGEST_CHOICE)


def free_code(text, taken, stem="vraag"):
    """A code for something new, made of its words, that was never used for anything else."""
    start = slugify(text.replace("{naam}", ""))[:40].strip("-") or stem
    return next(c for c in [start, *(f"{start}-{n}" for n in range(2, 1000))] if c not in taken)


def choices_from(lines, before):
    """The choices as dicts: what was there keeps its code and picture, by its words or else by its place."""
    kept = {choice["text"]: choice for choice in before}
    same_number = len(lines) == len(before)
    found, taken = [], {choice["code"] for choice in before}
    for number, line in enumerate(lines):
        earlier = kept.get(line)
        if earlier is None and same_number and before[number]["text"] not in lines:
            earlier = before[number]
        if earlier is None:
            earlier = {"code": free_code(line, taken, "antwoord"), "picture": ""}
            taken.add(earlier["code"])
        found.append({**earlier, "text": line})
    return tuple(found)
