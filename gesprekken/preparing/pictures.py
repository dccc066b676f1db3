"""The pictures beside what can be tapped: one small file of our own. A picture never stands without its word."""

import base64
import functools
import re
from pathlib import Path

FILE = Path(__file__).parents[2] / "static" / "img" / "plaatjes.svg"
SYMBOL = re.compile(r'<symbol id="([\w-]+)" (viewBox="[^"]+")>(.*?)</symbol>', re.S)
ON_PAPER = (
    '<svg xmlns="http://www.w3.org/2000/svg" {box} fill="none" stroke="#17565a" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round">{lines}</svg>'
)


@functools.cache
def pictures():
    """{name: (its view box, its lines)} of every picture there is."""
    return {name: (box, lines) for name, box, lines in SYMBOL.findall(FILE.read_text())}


@functools.cache
def as_data(name):
    """The address of one picture for paper, which may open no file; empty for a picture that is gone."""
    if name not in pictures():
        return ""
    box, lines = pictures()[name]
    drawn = ON_PAPER.format(box=box, lines=lines).encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"
