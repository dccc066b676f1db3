"""What people wrote, on paper."""

import re

from django.template.loader import render_to_string


def test_each_line_runs_as_it_was_written_and_an_empty_one_stays():
    page = render_to_string("gesprekken/lines_pdf.html", {"text": "Zij zei: أحب\r\n\nهي تقرأ met <b>\nГарно"})
    assert re.findall(r'dir="(...)"', page) == ["ltr", "ltr", "rtl", "ltr"]
    assert "<b>" not in page
