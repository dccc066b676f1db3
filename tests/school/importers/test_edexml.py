"""EDEXML of every version and both countries is read; what is hostile or broken is refused in one sentence."""

from datetime import date

import pytest

from school.importers import edexml
from school.importers.remarks import Remarks, Unreadable
from tests.school.importers import files

TODAY = date(2026, 11, 10)


def read(data):
    remarks = Remarks().about("EDEX.XML")
    return edexml.read(data, remarks, today=TODAY), remarks


def said(remarks):
    return [(r.line, r.message) for r in remarks]


def test_groups_pupils_and_staff_become_plain_rows():
    rows, remarks = read(files.edexml())
    assert [g["name"] for g in rows["groups"]] == ["Groep 5"]
    assert [(p["first_name"], p["prefix"], p["last_name"], p["born_on"]) for p in rows["pupils"]] == [
        ("Levi", "de", "Jong", "2017-03-02"),
        ("Noor", "de", "Vries", "2017-03-02"),
    ]
    assert rows["staff"][0]["groepen"] == [{"groep": "G1", "taak": "LRK", "line": 12}]
    assert remarks.errors == []


def test_a_school_year_the_schema_does_not_know_is_read_with_a_warning():
    rows, remarks = read(files.edexml(year="2031-2032"))
    assert rows["schooljaar"] == 2031
    assert "2031-2032" in remarks.warnings[0].message and remarks.warnings[0].line == 3


def test_an_old_school_year_is_read_without_a_word():
    rows, remarks = read(files.edexml(year="2014-2015"))
    assert rows["schooljaar"] == 2014 and remarks.warnings == []


@pytest.mark.parametrize("year", ["", "2026", "2026-2028", "onzin"])
def test_a_school_year_that_makes_no_sense_is_refused_unless_a_date_tells(year):
    with pytest.raises(Unreadable, match="schooljaar"):
        read(files.edexml(year=year))
    rows, remarks = read(files.edexml(year=year, school="<peildatum>2026-02-01</peildatum>"))
    assert rows["schooljaar"] == 2025
    assert "2025-2026" in remarks.warnings[0].message


def test_flemish_files_carry_another_school_number_and_the_year_level_on_the_group_only():
    rows, remarks = read(
        files.edexml([files.leerling("L1", jaargroep="")], school="<instellingsnummer>12345</instellingsnummer>")
    )
    assert rows["brin"] == "12345"
    assert rows["pupils"][0]["jaargroep"] == "" and rows["groups"][0]["jaargroep"] == "5"
    assert remarks.errors == []


@pytest.mark.parametrize("code", ["B", "D", "0", "1", "8", "11", "16", "S", "V", "C", "N"])
def test_every_year_level_of_the_standard_is_known(code):
    rows, remarks = read(files.edexml([files.leerling("L1", jaargroep=code)], groepen=[files.groep(jaargroep=code)]))
    assert rows["groups"][0]["jaargroep"] == code
    assert [w for w in remarks.warnings if "jaargroep" in w.message] == []


def test_an_unknown_year_level_is_warned_about():
    rows, remarks = read(files.edexml(groepen=[files.groep(jaargroep="99")]))
    assert rows["groups"][0]["jaargroep"] == ""
    assert (5, "De jaargroep 99 kennen we niet; hij blijft leeg.") in said(remarks.warnings)


@pytest.mark.parametrize(
    "former",
    [
        files.leerling("L9", jaargroep="H", groep="weg"),
        files.leerling("L9", more="<uitstroomdatum>2026-07-18</uitstroomdatum>", groep="weg"),
    ],
)
def test_a_former_pupil_is_reported_and_left_out(former):
    rows, remarks = read(files.edexml([files.leerling("L1"), former]))
    assert [p["key"] for p in rows["pupils"]] == ["L1"] and rows["former"][0]["key"] == "L9"
    assert [w.line for w in remarks.warnings if "van school" in w.message] == [9]


def test_a_pupil_who_will_leave_is_still_there():
    rows, _ = read(files.edexml([files.leerling("L1", more="<uitstroomdatum>2027-07-18</uitstroomdatum>")]))
    assert [p["key"] for p in rows["pupils"]] == ["L1"]


def test_without_roepnaam_the_first_names_or_initials_are_used():
    pupils = [
        '<leerling key="L1"><achternaam>Assati</achternaam><voornamen>Ismaël Hassan</voornamen></leerling>',
        '<leerling key="L2"><achternaam>Assati</achternaam><voorletters-1>IH</voorletters-1></leerling>',
        '<leerling key="L3"><roepnaam>Cher</roepnaam></leerling>',
    ]
    rows, remarks = read(files.edexml(pupils))
    assert [p["first_name"] for p in rows["pupils"]] == ["Ismaël Hassan", "I.H.", "Cher"]
    assert any("geen achternaam" in w.message for w in remarks.warnings)


def test_no_birth_date_and_no_group_are_warnings():
    rows, remarks = read(files.edexml([files.leerling("L1", born="", groep="")]))
    assert rows["pupils"][0]["born_on"] is None
    assert len([w for w in remarks.warnings if w.line == 8]) == 2


def test_blocks_of_vendors_and_unknown_elements_are_passed_by_with_one_warning_each():
    block = (
        '<toevoegingen><blok xsi:type="GeheimType"><code>x</code><opmerking>CANARY</opmerking></blok></toevoegingen>'
    )
    pupils = [files.leerling(f"L{n}", more=block + "<lievelingskleur>CANARY</lievelingskleur>") for n in (1, 2)]
    data = files.edexml(pupils).replace(b"<EDEX>", b'<EDEX xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">')
    rows, remarks = read(data)
    assert "CANARY" not in repr(rows)
    assert [w.line for w in remarks.warnings if "GeheimType" in w.message] == [8]
    assert [w.line for w in remarks.warnings if "lievelingskleur" in w.message] == [8]


def test_what_we_do_not_need_is_not_even_read():
    more = (
        "<bsn>133456785</bsn><gewicht>0,3</gewicht><etniciteit>CANARY</etniciteit><postcodenl>6971VB</postcodenl>"
        "<fotourl>CANARY</fotourl><land_moeder>CANARY</land_moeder><gebruikersnaam>CANARY</gebruikersnaam>"
    )
    pupil = files.leerling("L1", more=more).replace('key="L1"', 'key="L1" eckid="https://id.school/CANARY"')
    rows, remarks = read(files.edexml([pupil]))
    for canary in ("CANARY", "133456785", "6971VB", "0,3"):
        assert canary not in repr(rows) + repr(remarks)
    assert "Levi" in repr(rows)  # the question can be answered with yes


def test_names_of_functions_come_from_roles_and_descriptions():
    staff = [
        files.leerkracht("A", inside="<rol>DIR</rol>"),
        files.leerkracht("B", inside="<rolomschrijving>Intern begeleider</rolomschrijving>"),
    ]
    rows, _ = read(files.edexml(staff=staff))
    assert [s["function"] for s in rows["staff"]] == ["Directeur", "Intern begeleider"]


@pytest.mark.parametrize(
    ("pupils", "groepen", "staff", "line", "message"),
    [
        ([files.leerling("L1"), files.leerling("L1")], None, None, 9, "twee keer"),
        ([files.leerling("")], None, None, 8, "ontbreekt"),
        (['<leerling key="L1"/>'], None, None, 8, "geen naam"),
        ([files.leerling("L1", "=1+1")], None, None, 8, "formule"),
        ([files.leerling("L1", last="x" * 400)], None, None, 8, "te lang"),
        (None, [files.groep(), files.groep(name="Andere")], None, 6, "twee keer"),
        (None, None, [files.leerkracht(), files.leerkracht()], 13, "twee keer"),
    ],
)
def test_faults_in_a_row_name_the_line(pupils, groepen, staff, line, message):
    _, remarks = read(files.edexml(pupils, groepen=groepen, staff=staff))
    assert [(e.line, True) for e in remarks.errors if message in e.message] == [(line, True)]


BOMB = '<!DOCTYPE EDEX [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HOSTILE = {
    "a DTD": (files.edexml(head='<?xml version="1.0"?><!DOCTYPE EDEX SYSTEM "x.dtd">'), "DTD"),
    "an entity bomb": (files.edexml([files.leerling("L1", "&b;")], head=BOMB), "DTD"),
    "an external entity": (
        files.edexml([files.leerling("L1", "&x;")], head='<!DOCTYPE EDEX [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "DTD",
    ),
    "200,000 levels": (b"<EDEX>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</EDEX>", "diep"),
    "far too many elements": (b"<EDEX>" + b"<a/>" * 500_000 + b"</EDEX>", "te veel onderdelen"),
    "another root": (b"<html><body>Inloggen</body></html>", "<html>"),
    "UWLR around it": (b'<s:Envelope xmlns:s="x"><EDEX/></s:Envelope>', "geen EDEXML"),
    "half a file": (files.edexml()[:300], "beschadigd"),
    "no XML at all": (b"leerling_key;achternaam\n1;Jong\n", "geen XML-bestand"),
    "an unknown encoding": (files.edexml(head='<?xml version="1.0" encoding="klingon"?>'), ""),
    "Windows letters that claim to be UTF-8": (
        files.edexml([files.leerling("L1", "X")]).replace(b">X<", b">Ren\xe9<"),
        "beschadigd",
    ),
    "no school": (b"<EDEX><leerlingen/></EDEX>", "school"),
    "no pupils": (files.edexml([]), "geen leerlingen"),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_hostile_and_broken_files_are_refused_in_one_sentence(case):
    data, word = HOSTILE[case]
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert word in refusal.value.message
    assert 20 < len(refusal.value.message) < 160 and "\n" not in refusal.value.message


def test_windows_text_that_says_so_is_read():
    data = files.edexml([files.leerling("L1", "René")], head='<?xml version="1.0" encoding="windows-1252"?>')
    rows, _ = read(data.decode().encode("cp1252"))
    assert rows["pupils"][0]["first_name"] == "René"


def test_keys_with_a_hash_are_announced():
    _, remarks = read(files.edexml([files.leerling("#1")]))
    assert any("#" in w.message for w in remarks.warnings)
