"""A drawing made lighter for paper: what only a screen uses is left out, and what a PDF draws slowly is said otherwise.

Everything one sees stays where it stood. The set of a group of twenty-five has two hundred drawings with some forty
words each. The engine makes an object of its own of every word that is not anchored at its start, and lays out every
word twice; here all words of one kind become one, in which every letter has its place.
"""

import re
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
TEXT, RECT = f"{{{SVG}}}text", f"{{{SVG}}}rect"
UNSEEN = {f"{{{SVG}}}title", f"{{{SVG}}}desc"}  # the picture's alternative text stands beside it in the document
# Signs that a name can hold and a drawing cannot.
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
KIND = ("font-size", "font-weight", "fill")
FONT = "DejaVu Sans"  # of our sheets; a list of fonts is looked up again for every word
BOLD = 600
# How wide a letter is, in thousandths of its size: of those that levels, scores and the names of bands are made of.
REGULAR_WIDTHS = {**dict.fromkeys("0123456789", 636), **dict.fromkeys(",.", 318), **dict.fromkeys("<>+", 838)}
REGULAR_WIDTHS |= {"M": 863, "E": 632, "I": 295, "V": 684, "A": 684, "B": 686, "C": 698, "D": 770, "/": 337, "-": 361}
BOLD_WIDTHS = {**dict.fromkeys("0123456789", 696), **dict.fromkeys(",.", 380), **dict.fromkeys("<>+", 838)}
BOLD_WIDTHS |= {"M": 995, "E": 683, "I": 372, "V": 774, "A": 774, "B": 762, "C": 734, "D": 830, "/": 365, "-": 415}
USUAL_WIDTH = 640  # of a letter that is not among them; its word is laid out by the engine


def for_paper(svg):
    """The same drawing for a PDF."""
    root = ElementTree.fromstring(NO_XML.sub("", svg.strip()))
    for name in ("role", "aria-labelledby"):
        root.attrib.pop(name, None)
    root.set("font-family", FONT)
    words = {}
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in UNSEEN:
                parent.remove(child)
            elif child.tag == TEXT and redraw(child, float(root.get("font-size", 16))):
                words.setdefault(tuple(child.get(name) for name in KIND), []).append(child)
                parent.remove(child)
    root.extend(as_one(kind, alike) for kind, alike in words.items())
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def redraw(word, size):
    """Say where the word begins, whatever it was anchored by. The light edge behind a word becomes a light ground: a
    rectangle is drawn at once, an edge letter by letter. Returns whether we know the place of all its letters.
    """
    word.text, size = word.text or "", float(word.get("font-size", size))
    widths = BOLD_WIDTHS if int(word.get("font-weight", 400)) >= BOLD else REGULAR_WIDTHS
    letters = [widths.get(letter, USUAL_WIDTH) * size / 1000 for letter in word.text]
    width = sum(letters)
    x, y = float(word.get("x")), float(word.get("y"))
    x -= {"middle": width / 2, "end": width}.get(word.attrib.pop("text-anchor", "start"), 0)
    if word.get("stroke"):
        colour = word.get("fill")
        around = {"x": f"{x - 1:.1f}", "y": f"{y - size * 0.85:.1f}", "width": f"{width + 2:.1f}", "height": f"{size}"}
        word.clear()
        word.tag, word.attrib = RECT, {**around, "fill": colour}
        return False
    word.set("x", " ".join(f"{x + sum(letters[:number]):.1f}" for number in range(len(letters))) or f"{x:.1f}")
    if all(letter in widths for letter in word.text) and not len(word):
        return True
    word.set("x", f"{x:.1f}")
    return False


def as_one(kind, words):
    """One element with the letters of all these words."""
    one = ElementTree.Element(TEXT, {name: value for name, value in zip(KIND, kind, strict=True) if value})
    one.set("x", " ".join(word.get("x") for word in words))
    one.set("y", " ".join(" ".join([word.get("y")] * len(word.text)) for word in words))
    one.text = "".join(word.text for word in words)
    return one
