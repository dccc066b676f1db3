"""Finds every sentence of the product, without gettext: Babel reads Python, Django turns templates into something like it.

Usage: python -m tests.translations        writes new sentences into locale/*/LC_MESSAGES/django.po, untranslated
"""

import functools
import io
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["config", "school", "gesprekken", "planning", "kijkwijzer"]
FOUND = datetime(2026, 11, 23)  # one day for all, so that a run without new sentences changes nothing
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "_l": None, "gettext_noop": None}


def sources():
    """(place, text of Python) of every module and template that may hold a sentence."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text()
    for path in sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]):
        yield str(path.relative_to(ROOT)), templatize(path.read_text(), origin=str(path))


@functools.cache
def sentences():
    """Every msgid (a string, or a pair for singular and plural) and the places where it stands."""
    found = {}
    for place, text in sources():
        for _line, message, _comments, _context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            key = tuple(message[:2]) if isinstance(message, tuple) else message
            if key and key != ("", ""):
                found.setdefault(key, set()).add(place)
    return found


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
    for key, places in sorted(sentences().items(), key=lambda item: str(item[0])):
        old = catalog.get(key[0] if isinstance(key, tuple) else key)
        kept = old.string if old and isinstance(old.id, tuple) == isinstance(key, tuple) else None
        fresh.add(key, kept, locations=[(place, 0) for place in sorted(places)])
    with path.open("wb") as file:
        write_po(file, fresh, width=120, include_lineno=False)


if __name__ == "__main__":
    for path, catalog in catalogs():
        update(path, catalog)
