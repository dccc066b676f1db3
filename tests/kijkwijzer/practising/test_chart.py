"""The picture of one or two versions reads without colour, and stays on the paper with the longest names."""

import re
import xml.etree.ElementTree as ET

from kijkwijzer.practising import chart

NAMES = [(0, "liever niet zo"), (1, "zo kan het ook")]


def test_marks_differ_in_shape_bands_in_width_and_nothing_falls_outside():
    rows = [
        (("Welkom",), [(1.0, "wide"), (5.0, "close")]),
        (("Een naam van 20 let.", "en nog zo een regel.", "en nog een derde <b>"), [(3.2, "some"), None]),
        (("Leeg",), [None, None]),
    ]
    picture = str(chart.beside("x", rows, NAMES, title="T", desc="D"))
    root = ET.fromstring(picture)
    wide = float(root.attrib["width"])
    for each in root.iter():
        for name in ("x", "cx", "x1", "x2"):
            assert 0 <= float(each.attrib.get(name, 0)) <= wide
        if each.tag.endswith("rect"):
            assert float(each.attrib["x"]) + float(each.attrib["width"]) <= wide
    assert "<circle" in picture and "<b>" not in picture and "style" not in picture
    assert len(re.findall(r'height="12"', picture)) == 3  # a band for each mean that stands there
