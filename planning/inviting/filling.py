"""Filling in: every word in its place, once. What is filled in is data: it cannot name a word, a link or a header."""

import re
from dataclasses import dataclass

from django.utils.html import escape, linebreaks
from django.utils.safestring import mark_safe

from planning.inviting.placeholders import NAME, is_trick
from planning.models import InvitationText

SENTENCES = re.compile(r"(?<=[.!?])[ \t]+")
BRACES = str.maketrans("{}", "()")


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
        return mark_safe(button.join(parts))  # noqa: S308 - escaped above


def fill(subject, body, values, *, version=None):
    """The text with every value in its place; `{link}` stays for the writer of the mail or the letter. Returns Written.

    A sentence that would only have said something empty is left out, and a heading that has nothing left under it.
    """
    values = {name: clean(value) for name, value in values.items()}

    def value_of(match):
        name = match.group(1)
        return match.group(0) if name == "link" else values.get(name, match.group(0))

    empty = {name for name, value in values.items() if not value}
    filled = NAME.sub(value_of, without_holes(body, empty))
    filled = re.sub(r"\n[ \t]*\n[ \t]*\n+", "\n\n", filled)
    return Written(subject=" ".join(NAME.sub(value_of, subject).split()), body=filled.strip(), version=version)


def clean(value):
    """A value without braces, so that no name becomes a word to fill in, and without signs that do something."""
    return "".join(sign for sign in str(value) if not is_trick(sign)).translate(BRACES)


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
