"""Filling in: every word in its place, once. What is filled in is data: it cannot name a word, a link or a header."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_bidi

from planning.inviting import wording
from planning.inviting.placeholders import NAME, is_trick
from planning.models import InvitationText

SENTENCES = re.compile(r"(?<=[.!?])[ \t]+")
BRACES = str.maketrans("{}", "()")
APART = "\u2068\u2069"  # what wording.apart puts around a word of another script


@dataclass(frozen=True)
class Written:
    """One invitation for one guardian: subject, text with `{link}` still in it, and the version it was made of.

    `version` is None for the text that comes with the product.
    """

    subject: str
    body: str
    version: InvitationText | None = None

    def text(self, url):
        return self.body.replace("{link}", url)

    def html(self, button):
        """Paragraphs with the button where the link stands. Everything that was filled in is escaped."""
        parts = [linebreaks(escape(part.strip())) for part in self.body.split("{link}")]
        if get_language_bidi():  # a line of the school's own Dutch among Arabic ones reads from its own side
            parts = [part.replace("<p>", '<p dir="auto" style="unicode-bidi:plaintext">') for part in parts]
        return mark_safe(button.join(parts))  # noqa: S308 - escaped above


def fill(subject, body, values, *, version=None):
    """The text with every value in its place; `{link}` stays for the writer of the mail or the letter. Returns Written.

    From right to left a value within a line stands apart, so that its numbers and Latin names keep their own order.
    A sentence that would only have said something empty is left out, and a heading that has nothing left under it.
    """
    values = {name: clean(value) for name, value in values.items()}
    from_the_right = get_language_bidi()

    def value_of(match):
        name = match.group(1)
        if name == "link":
            return match.group(0)
        value = values.get(name, match.group(0))
        if not from_the_right:
            return value
        line = match.string[: match.start()].rpartition("\n")[2] + match.string[match.end() :].partition("\n")[0]
        return wording.apart(value) if line.strip() else value

    empty = frozenset(name for name, value in values.items() if not value)
    filled = NAME.sub(value_of, without_holes(body, empty))
    filled = re.sub(r"\n[ \t]*\n[ \t]*\n+", "\n\n", filled)
    return Written(subject=" ".join(NAME.sub(value_of, subject).split()), body=filled.strip(), version=version)


def clean(value):
    """A value without braces, so that no name becomes a word to fill in, and without signs that do something."""
    if (value := str(value)).replace("\n", "").isprintable():  # as nearly all are: looking at each sign takes long
        return value.translate(BRACES)
    kept = APART if value.count(APART[0]) == value.count(APART[1]) else ""
    return "".join(sign for sign in value if sign in kept or not is_trick(sign)).translate(BRACES)


@lru_cache(maxsize=256)
def without_holes(body, empty):
    """The text without the sentences that only hold words with nothing to say."""
    if not empty:
        return body
    kept = []
    for paragraph in re.split(r"\n[ \t]*\n", body):
        lines = [(line, _kept(line, empty)) for line in paragraph.split("\n")]
        for number, (line, _rest) in enumerate(lines):
            under = [left for below, left in lines[number + 1 :] if below.strip()]
            if line.rstrip().endswith(("?", ":")) and under and not any(under):
                lines[number] = (line, "")
        kept.append("\n".join(rest for line, rest in lines if rest or not line.strip()))
    return "\n\n".join(kept)


def _kept(line, empty):
    sentences = SENTENCES.split(line)
    says = [s for s in sentences if not (names := set(NAME.findall(s))) or not names <= empty]
    return line if len(says) == len(sentences) else " ".join(says)
