"""Finds every sentence of the product, without gettext: Babel reads Python, Django turns templates into something like it.

A language that staff do not use (settings.STAFF_LANGUAGES) holds the sentences that parents meet, and no others.

Usage: python -m tests.translations        writes new sentences into locale/*/LC_MESSAGES/django.po, untranslated
"""

import functools
import io
import os
import re
import tomllib
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from tests import for_parents

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["config", "school", "gesprekken", "planning", "kijkwijzer"]
QUESTIONS = "gesprekken/data/questions.toml"
GUIDE = "gesprekken/data/guide.toml"
KINDS = "gesprekken/data/soorten.toml"
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")  # where something is filled in
FOUND = datetime(2026, 11, 23)  # one day for all, so that a run without new sentences changes nothing
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "_l": None, "gettext_noop": None}


def sources():
    """(place, text of Python) of every module and template that may hold a sentence."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text()
    for path in sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]):
        yield str(path.relative_to(ROOT)), templatize(path.read_text(), origin=str(path))
    yield QUESTIONS, as_python(tomllib.loads((ROOT / QUESTIONS).read_text()))
    steps = tomllib.loads((ROOT / GUIDE).read_text())["step"]
    yield GUIDE, "\n".join(f"_({step['title']!r})" for step in steps)  # the screen on the table says them to parents
    kinds = tomllib.loads((ROOT / KINDS).read_text())["soort"]  # invitations and the parents' pages say them
    said = [text for kind in kinds for text in (kind["name"], kind["purpose"], *kind["points"])]
    yield KINDS, "\n".join(f"_({text!r})" for text in said)


def as_python(data):
    """The questions of the preparation as constants per audience, so that they are found as the sentences of a module."""
    lines = []
    for audience in ("ouder", "leerling", "leerkracht"):
        asked = [question for one in data["set"] if one["audience"] == audience for question in one["question"]]
        texts = [text for question in asked for text in (question["text"], question.get("help")) if text]
        tapped = dict.fromkeys(code for question in asked for code in question.get("choices", []))
        texts += [data["choice"][code]["text"] for code in tapped]
        lines += [f"{audience} = [", *(f"    _({text!r})," for text in texts), "]"]
    return "\n".join(lines)


@functools.cache
def sentences():
    """{msgid (a string, or a pair for singular and plural): {place where it stands: whether parents meet it there}}."""
    found = {}
    for place, text in sources():
        for line, message, _comments, _context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            key = tuple(message[:2]) if isinstance(message, tuple) else message
            if key and key != ("", ""):
                places = found.setdefault(key, {})
                places[place] = places.get(place, False) or for_parents.is_met(place, text, line)
    return found


def sentences_in(language):
    """Of those the ones that this language has to hold."""
    if language in settings.STAFF_LANGUAGES:
        return sentences()
    return {key: places for key, places in sentences().items() if any(places.values())}


def dutch_in(text):
    """The product's own Dutch in this text: sentences that are a line of it, and those of several words anywhere."""
    lines = {line.strip() for line in text.split("\n")}
    known = {key for keys in sentences() for key in (keys if isinstance(keys, tuple) else (keys,))}
    return {key for key in known if not PLACE.search(key) and (key in lines or (" " in key and key in text))}


def catalogs():
    for path in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=path.parent.parent.name)


def update(path, catalog):
    """Add new sentences, drop those that are gone, keep every translation."""
    fresh = Catalog(
        locale=catalog.locale,
        project="gesprekken",
        version="1",
        header_comment="# Found by python -m tests.translations, translated by people.",
        last_translator="the contributors",
        language_team="the contributors",
        msgid_bugs_address="see CONTRIBUTING.md",
        creation_date=FOUND,
        revision_date=FOUND,
        fuzzy=False,
    )
    fresh.mime_headers = [("Plural-Forms", catalog.plural_forms)]  # as its translators count: Arabic in six
    for key, places in sorted(sentences_in(path.parent.parent.name).items(), key=lambda item: str(item[0])):
        old = catalog.get(key[0] if isinstance(key, tuple) else key)
        kept = old.string if old and isinstance(old.id, tuple) == isinstance(key, tuple) else None
        fresh.add(key, kept, locations=[(place, 0) for place in sorted(places)])
    with path.open("wb") as file:
        write_po(file, fresh, width=120, include_lineno=False)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    for path, catalog in catalogs():
        update(path, catalog)
