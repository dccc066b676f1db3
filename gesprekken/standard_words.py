"""The words of the kinds that come with the product (C2), and those words in the language of who reads them.

A school may change every one of them. What it left as it came is known, so it is said in the reader's language; what it
wrote itself stays as it wrote it. Only parents and pupils read it so: colleagues see what is in the field.
"""

import functools
import tomllib
from pathlib import Path

from django.utils.translation import gettext

FILE = Path(__file__).parent / "data" / "soorten.toml"


@functools.cache
def of_the_sources():
    """The kinds as field values, read once."""
    with FILE.open("rb") as file:
        kinds = tomllib.load(file)["soort"]
    return [{**kind, "points": "\n".join(kind["points"])} for kind in kinds]


@functools.cache
def shipped():
    """Every name, purpose and point of them."""
    return frozenset(
        text for kind in of_the_sources() for text in (kind["name"], kind["purpose"], *kind["points"].split("\n"))
    )


def as_read(text):
    """This name, purpose or point as the reader of now reads it. Any other text comes back as it is."""
    return gettext(text.strip()) if text.strip() in shipped() else text
