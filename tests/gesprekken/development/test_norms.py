"""What leadership pastes: every line that cannot be read is said in one sentence, and nothing is stored before all can."""

from decimal import Decimal

import pytest
from django.urls import reverse

from gesprekken.development.lines import StaleLines
from gesprekken.development.norms import as_text, bands_of, read_norms, seen, set_norms
from gesprekken.development.routes import as_text as routes_as_text
from gesprekken.development.routes import read_routes, set_routes, table_of
from gesprekken.development.routes import seen as routes_seen
from gesprekken.models import NormBand
from school.actor import ACCOUNT, Actor

NORMS = "moment;band;van;tot\nM5\tI\t150\t\nM5\tII\t130,5\t150\nE5; V; ; 110\n"
ROUTES = "route;M6;E6;M7\nvmbo-kader;M5;E5;M6\nhavo;M6;;M7/E7\n"


@pytest.mark.req("V3")
def test_bands_come_from_a_spreadsheet_or_from_the_keyboard():
    assert read_norms(NORMS).wrong == []
    assert read_norms(NORMS).rows == [
        ("M5", "I", Decimal(150), None),
        ("M5", "II", Decimal("130.5"), Decimal(150)),
        ("E5", "V", None, Decimal(110)),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("M9; I; 1; 2", '"M9" is geen toetsmoment. Kies M3 tot en met E8.'),
        ("M5; ; 1; 2", "Geef de band een naam van hoogstens 20 tekens, zoals I of A."),
        ("M5; I; veel; 2", "Schrijf van en tot als getal met hoogstens twee cijfers achter de komma."),
        ("M5; I", "Vul bij van of bij tot een getal in."),
        ("M5; I; 9; 3", "Van moet lager zijn dan tot."),
        ("M5; I; 1; 2; 3", "Hier staan meer dan vier waarden. Schrijf: moment; band; van; tot."),
        ('=HYPERLINK("x"); I; 1; 2', "Hier staat iets dat Excel als formule leest. Plak alleen de waarden."),
        ("M4; A; 1; 2\nM4; A; 3; 4", "M4 A staat ook op regel 2."),
        ("M4; A; 1; 5\nM4; B; 3; 9", "Bij M4 lopen A en B door elkaar."),
    ],
)
def test_a_line_that_cannot_be_read_is_said_with_its_number(line, says):
    pasted = read_norms(f"M3; I; 10; 20\n{line}")
    assert [sentence for _number, sentence in pasted.wrong] == [says]
    assert pasted.wrong[0][0] == len(line.split("\n")) + 1


def test_far_too_many_lines_are_refused_at_once():
    assert [number for number, _sentence in read_norms("M3; I; 1; 2\n" * 501).wrong] == [None]


def test_what_is_set_replaces_the_bands_of_one_vak_and_comes_back_as_it_was_pasted(cast):
    by = Actor(cast.annemiek, ACCOUNT)
    for vak in ("rekenen", "spelling"):
        set_norms(vak=vak, rows=read_norms(NORMS).rows, by=by)
    set_norms(vak="rekenen", rows=read_norms("M3; I; 10; 20").rows, by=by)
    assert NormBand.objects.filter(vak="rekenen").count() == 1 and NormBand.objects.filter(vak="spelling").count() == 3
    text = as_text(bands_of(cast.school, "spelling"))
    assert text == "M5; I; 150\nM5; II; 130,5; 150\nE5; V; ; 110"
    assert read_norms(text).rows == read_norms(NORMS).rows


@pytest.mark.req("V3")
def test_routes_are_a_table_of_moments(cast):
    pasted = read_routes(ROUTES)
    assert pasted.wrong == []
    set_routes(vak="rekenen", rows=pasted.rows, by=Actor(cast.annemiek, ACCOUNT))
    moments, lines = table_of(cast.school, "rekenen")
    assert moments == ["M6", "E6", "M7"]
    assert lines == [("vmbo-kader", ["M5", "E5", "M6"]), ("havo", ["M6", "", "M7/E7"])]
    assert read_routes(routes_as_text(moments, lines)).rows == pasted.rows


@pytest.mark.parametrize(
    ("text", "number", "says"),
    [
        ("havo; M6", 1, "Zet boven de tabel eerst de momenten, zoals: route; M6; E6; M7; E7; M8; E8."),
        ("route; M6\nhavo; M9", 2, 'Bij havo, M6 staat "M9". Dat is geen niveau; kies M3 tot en met E8.'),
        ("route; M6\nhavo; M6\nHavo; M7", 3, "Havo staat ook op regel 2."),
        ("route; M6\nhavo; M6; M7", 2, "Deze regel heeft meer waarden dan er momenten boven de tabel staan."),
        ("route; M6\nhavo", 2, "Bij havo staat nog geen niveau."),
        ("route; M6\n; M6", 2, "Begin de regel met de naam van de route, van hoogstens 40 tekens."),
    ],
)
def test_a_table_that_cannot_be_read_is_said(text, number, says):
    wrong = read_routes(text).wrong
    assert (number, says) in wrong


# --- two people set them ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("norm_bands", "M5; I; 150", "M5; A; 140"),
        ("route_levels", "route; M6\nhavo; M6", "route; M6\nvwo; M7"),
    ],
)
def test_a_page_of_yesterday_says_so_and_keeps_both_versions(cast, as_, name, first, second):
    leader, url = as_.staff(cast.annemiek), reverse(name, query={"vak": "rekenen"})
    mark = leader.get(url).context["mark"]
    assert leader.post(url, {"lines": first, "seen": mark}).status_code == 302
    again = leader.post(url, {"lines": first, "seen": mark})
    assert again.status_code == 302, "a double click is no quarrel"
    late = leader.post(url, {"lines": second, "seen": mark})
    page = late.content.decode()
    assert late.status_code == 409 and "Nog niet bewaard." in page
    assert second in page, "what was typed stands in the field"
    assert first.split("; ")[1].split("\n")[0] in page.split('id="nu"')[1], "and below it what holds now"
    wrong = leader.post(url, {"lines": "=1+1", "seen": mark})
    assert wrong.status_code == 422 and wrong.context["mark"] == mark, "a mistake does not make a stale page new"
    assert leader.post(url, {"lines": second, "seen": late.context["mark"]}).status_code == 302
    assert leader.get(url).context["form"]["lines"].value() == second


def test_a_verb_with_a_mark_of_before_changes_nothing(cast):
    by = Actor(cast.annemiek, ACCOUNT)
    bands, table = seen(cast.school, "rekenen"), routes_seen(cast.school, "rekenen")
    set_norms(vak="rekenen", rows=read_norms(NORMS).rows, by=by, seen_mark=bands)
    set_routes(vak="rekenen", rows=read_routes(ROUTES).rows, by=by, seen_mark=table)
    with pytest.raises(StaleLines):
        set_norms(vak="rekenen", rows=[], by=by, seen_mark=bands)
    with pytest.raises(StaleLines):
        set_routes(vak="rekenen", rows=[], by=by, seen_mark=table)
    assert NormBand.objects.filter(vak="rekenen").count() == 3
