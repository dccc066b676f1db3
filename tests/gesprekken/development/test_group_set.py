"""The charts of a whole group on paper: quick enough to wait for (the promise is ten seconds)."""

import time
from types import SimpleNamespace

import pypdf
import pytest
from django.template.loader import render_to_string

from gesprekken.development import charts
from school.languages import paper_language
from school.pdf import render_pdf
from tests.gesprekken.development.test_stairs import result

PUPILS, VAKKEN = 25, ("begrijpend lezen", "rekenen", "spelling")
MOMENTS = ("M3", "E3", "M4", "E4", "M5", "E5", "M6", "E6", "M7", "E7")
BANDS = {step: [("I", 150, None), ("II", 130, 150), ("III", 110, 130), ("IV", 90, 110), ("V", None, 90)] for step in range(12)}  # fmt: skip


def sheet(number):
    person = SimpleNamespace(first_name="Elif", name=f"Elif van der Langenhoven {number}")
    gesprek = SimpleNamespace(pk=number, leerling=SimpleNamespace(person=person), groep=SimpleNamespace(name="Groep 7"), ronde=SimpleNamespace(name="Voortgang"))  # fmt: skip
    results = []
    for vak in VAKKEN:
        for step, moment in enumerate(MOMENTS):
            one = result(moment, moment if step % 3 else f"{moment}/E7", score=str(80 + 8 * step + number % 7))
            one.vak = vak
            results.append(one)
    return gesprek, charts.drawn(gesprek, results, {}, dict.fromkeys(VAKKEN, BANDS), {})


@pytest.mark.long
@pytest.mark.req("V3")
def test_the_charts_of_twenty_five_pupils_are_on_paper_within_ten_seconds(tmp_path):
    render_pdf("gesprekken/development_pdf.html", {"sheets": [], "school": SimpleNamespace(name="x")})  # fonts are read
    before = time.process_time()  # of this process alone: how busy the machine is, is not the question
    with paper_language():
        sheets = [sheet(number) for number in range(PUPILS)]
        pdf = render_pdf(
            "gesprekken/development_pdf.html", {"sheets": sheets, "school": SimpleNamespace(name="De Linde")}
        )
    took = time.process_time() - before
    print(f"{PUPILS} pupils, {len(VAKKEN)} vakken, {len(MOMENTS)} tests each: {took:.1f} s of a processor")
    (tmp_path / "set.pdf").write_bytes(pdf)
    assert len(pypdf.PdfReader(tmp_path / "set.pdf").pages) >= PUPILS
    assert took < 10


def test_on_paper_a_picture_is_drawn_with_a_handful_of_words():
    _gesprek, (chart, *_others) = sheet(1)
    page = render_to_string("gesprekken/chart.html", {"chart": chart, "on_paper": True})
    assert "OPP-trap begrijpend lezen van Elif. 10 toetsen." in page, "what the picture says, it says in words too"
