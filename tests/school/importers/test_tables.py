"""Tables from CSV and Excel are read as text; a wrong encoding or damage by Excel is refused, with the line."""

import pytest

from school.importers import guardians, results, tables
from school.importers.columns import MissingColumns, known_keys
from school.importers.remarks import Remarks, Unreadable
from tests.cast import TODAY
from tests.school.importers import files

KNOWN = known_keys(guardians.COLUMNS)


def read(data, known=KNOWN):
    remarks = Remarks().about("ouders.csv")
    return tables.read(data, remarks, known), remarks


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_any_delimiter_in_any_encoding_gives_the_same_cells(delimiter, encoding):
    text = f"leerling_key{delimiter}achternaam\r\nL1{delimiter}Ismaël\r\n"
    table, remarks = read(text.encode(encoding))
    assert table.headers == ["leerling_key", "achternaam"]
    assert table.rows == [(2, ["L1", "Ismaël"])]
    assert bool(remarks.warnings) == (encoding == "cp1252")


def test_a_comma_in_a_name_does_not_fool_the_delimiter():
    table, _ = read(b"leerling_key;achternaam\nL1;Jong, de\nL2;Vries, de, van, der\n")
    assert table.rows[1] == (3, ["L2", "Vries, de, van, der"])


def test_excels_own_first_line_and_empty_lines_are_passed_by_and_lines_still_count():
    table, _ = read(b'sep=;\r\nleerling_key;achternaam\r\n\r\nL1;"Jong\r\nmeer"\r\n;\r\nL2;Bos\r\n')
    assert table.rows == [(4, ["L1", "Jong meer"]), (7, ["L2", "Bos"])]


REFUSED = {
    "UTF-16": ("leerling_key;achternaam\nL1;Bos".encode("utf-16"), "UTF-16", None),
    "UTF-16 without a mark": ("leerling_key;achternaam\nL1;Bos".encode("utf-16-le"), "UTF-16", None),
    "DOS letters": ("leerling_key;achternaam\nL1;Bos\nL2;Asméla\n".encode("cp850"), "CSV UTF-8", 3),
    "letters of a Mac": ("leerling_key;achternaam\nL1;Isméla\n".encode("mac-roman"), "CSV UTF-8", 2),
    "not Windows either": (b"leerling_key;achternaam\nL1;\x81\x8d\n", "CSV UTF-8", 2),
    "control characters": (b"leerling_key;achternaam\nL1;Bo\x07s\n", "onleesbare", 2),
    "a late NUL": (b"leerling_key;achternaam\n" + b"L1;Bos\n" * 900 + b"L2;\x00\n", "onleesbare", 902),
    "no columns": (b"hallo\nwereld\n", "kopregel", 1),
    "a header alone": (b"leerling_key;achternaam\n", "niets", 1),
    "an open quote": (b'leerling_key;achternaam\nL1;"Bos\nL2;Jong\n', "aanhalingsteken", 2),
    "ten megabytes of delimiters": (b";" * 10_000_000, "kopregel", 1),
    "ten megabytes of empty lines": (b"leerling_key;achternaam\n" + b";\n" * 4_900_000, "te veel regels", 200_001),
    "more lines than a school": (b"leerling_key;achternaam\n" + b"L1;Bos\n" * 110_000, "te veel regels", 100_002),
    "one endless header": (b"x" * 10_000_000, "kopregel", 1),
    "one endless cell": (b"leerling_key;achternaam\nL1;" + b"x" * 9_000_000, "te veel tekst", 2),
    "nothing but quotes": (b"leerling_key;achternaam\n" + b'"' * 9_001, "aanhalingsteken", 2),
    "a strange delimiter": (b'sep="\nleerling_key"achternaam\nL1"Bos', "kopregel", 1),
    "a web page": (b"<html><table><tr><td>leerling</td></tr></table></html>", "webpagina", None),
    "a PDF": (b"%PDF-1.7 ...", "PDF", None),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, ".xls", None),
    "half an Excel file": (files.xlsx(["leerling_key", "achternaam"], ["L1", "Bos"])[:600], "Excel", None),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_cannot_be_read_is_refused_in_one_sentence(case):
    data, word, line = REFUSED[case]
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert word in refusal.value.message and refusal.value.line == line


def test_a_zip_that_is_no_excel_file_is_refused(tmp_path):
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (tables.MAX_UNZIPPED + 1))
    with pytest.raises(Unreadable, match="te groot"):
        read(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(Unreadable, match="kunnen we niet openen"):
        read(out.getvalue())


def test_excel_cells_become_the_text_a_person_sees():
    from datetime import datetime

    table, _ = read(
        files.xlsx(["leerling_key", "achternaam", "x", "y", "z"], [12345.0, "Bos", datetime(2026, 2, 3), True, 1.5])
    )
    assert table.rows == [(2, ["12345", "Bos", "2026-02-03", "ja", "1.5"])]


def test_a_formula_in_excel_is_an_error_with_its_line():
    _, remarks = read(files.xlsx(["leerling_key", "achternaam"], ["L1", "Bos"], ["L2", "=HYPERLINK(A1)"]))
    assert [(e.line, "formule" in e.message) for e in remarks.errors] == [(3, True)]


def test_a_row_with_too_many_cells_is_an_error_with_its_line():
    _, remarks = read(b"leerling_key;achternaam\nL1;Bos\nL2;Jong;de\nL3\n")
    assert [e.line for e in remarks.errors] == [3, 4]


@pytest.mark.parametrize(
    "text", ["=1+1", "+31", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "\ufeff=1"]
)
def test_whatever_a_spreadsheet_takes_for_a_formula_is_recognised(text):
    assert tables.is_formula(text)


@pytest.mark.parametrize("text", ["", "-", "'t Hof", "Jong-de Vries", "M6/E6", "<M3"])
def test_ordinary_text_is_no_formula(text):
    assert not tables.is_formula(text)


@pytest.mark.parametrize("text", ["YÄ±lmaz", "RenÃ©", "van â€™t Hof"])
def test_letters_that_were_converted_once_too_often_are_recognised(text):
    assert tables.is_mangled(text)


@pytest.mark.parametrize("text", ["Yılmaz", "René", "Çağlar Öztürk", "van ’t Hof", "Ångström", "Łukasz"])
def test_real_names_are_not_mangled(text):
    assert not tables.is_mangled(text)


# --- what guardians and results make of it ---------------------------------------------------------------------------


def read_guardians(*rows, header=files.HEADER, encoding=None):
    remarks = Remarks().about("ouders.csv")
    data = files.guardians(*rows, header=header)
    rows, _ = guardians.read(data, remarks)
    return rows, remarks


def test_a_guardian_becomes_a_plain_row_without_a_postcode():
    rows, remarks = read_guardians()
    assert rows[0]["gezag"] is True and rows[0]["contact"] is True and rows[0]["informatie"] == "volledig"
    assert "1234AB" not in repr(rows) and remarks.errors == []


def test_other_headers_and_another_order_are_recognised():
    rows, remarks = read_guardians(
        "Bos;Jan;L1;06 12 34 56 78;JA", header="Achternaam;Voornaam;Leerlingnummer;Mobiel;Gezag"
    )
    assert rows == [
        {
            "line": 2,
            "leerling_key": "L1",
            "achternaam": "Bos",
            "roepnaam": "Jan",
            "telefoon": "06 12 34 56 78",
            "gezag": True,
        }
    ]


def test_headers_nobody_knows_are_asked_about():
    with pytest.raises(MissingColumns) as missing:
        read_guardians("L1;Bos", header="kolom A;kolom B")
    assert [c.name for c in missing.value.missing] == ["leerling_key", "achternaam"]


def test_two_columns_for_one_thing_are_an_error():
    _, remarks = read_guardians("L1;Bos;a@b.nl;c@d.nl", header="leerling_key;achternaam;email;e-mailadres")
    assert "twee kolommen" in remarks.errors[0].message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"telefoon": "3,16E+10"}, "Excel"),
        ({"telefoon": "3.16E+10"}, "Excel"),
        ({"telefoon": "612345678"}, "nul vooraan"),
        ({"telefoon": "########"}, "foutcode"),
        ({"pupil": "1E+05"}, "Excel"),
        ({"last": "#N/B"}, "foutcode"),
        ({"last": "#NAAM?"}, "foutcode"),
        ({"last": "=cmd|' /C calc'!A0"}, "formule"),
        ({"first": "@SUM(1)"}, "formule"),
        ({"last": "YÄ±lmaz"}, "verkeerd omgezet"),
        ({"last": "Y\ufffdlmaz"}, "verloren"),
        ({"last": ""}, "ontbreekt"),
        ({"pupil": ""}, "ontbreekt"),
        ({"gezag": "misschien"}, "ja of nee"),
        ({"contact": "2"}, "ja of nee"),
        ({"informatie": "soms"}, "volledig"),
        ({"last": "x" * 200}, "te lang"),
        ({"key": "x" * 60}, "te lang"),
    ],
)
def test_damage_and_nonsense_in_a_row_are_errors_with_the_line(change, word):
    rows, remarks = read_guardians(
        files.guardian(), files.guardian("L2", **change) if "pupil" not in change else files.guardian(**change)
    )
    assert [(e.line, word in e.message) for e in remarks.errors] == [(3, True)]
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"emailadres": "geen adres"}, "e-mailadres"),
        ({"telefoon": "bel mij"}, "telefoonnummer"),
        ({"taal": "klingonees?"}, "taal"),
        ({"relatie": "buurman"}, "relatie"),
        ({"last": "Y?lmaz"}, "letter weg"),
    ],
)
def test_what_can_be_left_out_is_a_warning_with_the_line(change, word):
    rows, remarks = read_guardians(files.guardian(**change))
    assert [(w.line, word in w.message) for w in remarks.warnings] == [(2, True)]
    assert len(rows) == 1 and remarks.errors == []


@pytest.mark.parametrize("phone", ["0612345678", "+31 6 12345678", "010-1234567", "+32 470 12 34 56", "31612345678"])
def test_phone_numbers_as_people_write_them_are_fine(phone):
    rows, remarks = read_guardians(files.guardian(telefoon=phone))
    assert rows[0]["telefoon"] == phone and remarks.errors + remarks.warnings == []


def read_results(*rows):
    remarks = Remarks().about("lvs.csv")
    rows, _ = results.read(files.results(*rows), remarks, today=TODAY)
    return rows, remarks


@pytest.mark.parametrize(
    ("day", "score"),
    [("2026-02-03", "51,5"), ("3-2-2026", "51.5"), ("03/02/2026", "51,50"), ("2026-02-03 00:00:00", "51,5")],
)
def test_dates_and_scores_are_read_in_the_ways_people_write_them(day, score):
    rows, remarks = read_results(files.result(day=day, score=score))
    assert (rows[0]["afname"], rows[0]["vaardigheidsscore"]) == ("2026-02-03", "51.50")
    assert remarks.errors == []


@pytest.mark.parametrize(
    "change",
    [
        {"day": "31-2-2026"}, {"day": "45325"}, {"day": "3-2-26"}, {"day": ""}, {"day": "1026-02-03"},
        {"score": "1.234"}, {"score": "veel"}, {"score": "1,5E+10"}, {"score": "1-mrt"}, {"score": "12345678"},
        {"pupil": ""}, {"vak": ""}, {"toets": ""}, {"vak": "=1+1"}, {"niveau": "veel te lang"}, {"level": "#VERW!"},
    ],
)  # fmt: skip
def test_results_that_cannot_be_trusted_are_errors_with_the_line(change):
    rows, remarks = read_results(files.result(), files.result(**{"pupil": "L2", **change}))
    assert [e.line for e in remarks.errors] == [3] and len(rows) == 1


def test_no_score_is_no_fault_and_an_unknown_niveau_is_kept_with_a_warning():
    rows, remarks = read_results(
        files.result(score=""), files.result("L2", niveau="1F"), files.result("L3", niveau="iii")
    )
    assert [(r["vaardigheidsscore"], r["niveau"]) for r in rows] == [(None, "II"), ("122.00", "1F"), ("122.00", "III")]
    assert [w.line for w in remarks.warnings] == [3]
