"""`manage.py import_school`: one object on standard output, all or nothing, twice the same changes nothing."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test.utils import CaptureQueriesContext

from school import access, registry
from school.importers.remarks import KINDS
from school.models import (
    AuditEvent,
    Gezin,
    Groep,
    Leerling,
    Lesgeven,
    Lidmaatschap,
    Medewerker,
    Person,
    Relatie,
    Rol,
    School,
    Schooljaar,
    Toetsresultaat,
    TrustedDevice,
    User,
)
from tests.cast import NOW
from tests.school.importers.files import (
    edexml,
    groep,
    guardian,
    guardians,
    leerkracht,
    leerling,
    result,
    results,
    run,
    words,
    xlsx,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def read_in(tmp_path, capsys):
    return lambda school="nieuw", **options: run(tmp_path, capsys, school, **options)


ALL = {
    "edexml": edexml(),
    "guardians": guardians(guardian(), guardian("L2", "P2", "Vries")),
    "results": results(result(), result("L2")),
}


def of(report, kind):
    counts = report[kind]
    return counts["new"], counts["changed"], counts["gone"], counts["unchanged"]


# --- the command's own promises --------------------------------------------------------------------------------------


def test_a_new_school_is_made_and_filled(read_in):
    code, report = read_in(**ALL)
    assert code == 0 and report["errors"] == []
    assert {kind: of(report, kind) for kind in KINDS} == {
        "groups": (1, 0, 0, 0), "pupils": (2, 0, 0, 0), "staff": (1, 0, 0, 0), "guardians": (2, 0, 0, 0),
        "guardianships": (2, 0, 0, 0), "results": (2, 0, 0, 0),
    }  # fmt: skip
    school = School.objects.get(slug="nieuw")
    assert school.brin == "99XX"
    assert str(Schooljaar.objects.get(school=school)) == "2026-2027"
    assert Lidmaatschap.objects.count() == 2 and Lesgeven.objects.get().taak == "LRK"
    assert Toetsresultaat.objects.first().score == 122
    assert not User.objects.exists() and not Rol.objects.exists()  # an import hands out neither logins nor rights


def rows_of_the_database():
    tables = [m for m in apps.get_models() if m._meta.app_label in ("school", "gesprekken", "planning", "kijkwijzer")]
    return {m.__name__: sorted(map(str, m._base_manager.values_list())) for m in tables}


def test_twice_the_same_files_changes_nothing_and_writes_nothing(read_in):
    read_in(**ALL)
    before = rows_of_the_database()
    code, report = read_in(**ALL)
    assert code == 0
    assert {of(report, kind)[:3] for kind in KINDS} == {(0, 0, 0)}
    assert [of(report, kind)[3] for kind in KINDS] == [1, 2, 1, 2, 2, 2]
    assert rows_of_the_database() == before


@pytest.mark.parametrize("what", sorted(ALL))
def test_any_one_file_suffices(read_in, what):
    if what != "edexml":
        read_in(edexml=ALL["edexml"])
    code, report = read_in(**{what: ALL[what]})
    assert code == 0 and sum(report[kind]["new"] for kind in KINDS) > 1


def test_a_dry_run_tells_the_same_and_stores_nothing(read_in):
    before = rows_of_the_database()
    code, report = read_in(dry_run=True, **ALL)
    assert code == 0 and report["pupils"]["new"] == 2
    assert rows_of_the_database() == before


def test_with_an_error_nothing_at_all_is_stored(read_in):
    before = rows_of_the_database()
    code, report = read_in(**{**ALL, "results": results(result(), result("L2", day="gisteren"))})
    assert code == 1
    assert report["errors"] == [
        {"file": "results.csv", "line": 3, "message": report["errors"][0]["message"]}
    ] and "gisteren" in report["errors"][0]["message"]  # fmt: skip
    assert rows_of_the_database() == before


@pytest.mark.parametrize("case", ["missing", "folder", "empty", "too big", "no files", "no name"])
def test_what_cannot_be_opened_is_an_error_in_the_same_shape(case, tmp_path, capsys):
    path, school = tmp_path / "EDEX.XML", "nieuw"
    if case == "folder":
        path.mkdir()
    elif case == "empty":
        path.write_bytes(b" \n")
    elif case == "too big":
        path.write_bytes(b"<EDEX>" + b" " * (10 * 1024 * 1024))
    elif case == "no name":
        path.write_bytes(ALL["edexml"])
        school = "!!!"
    options = {} if case == "no files" else {"edexml": str(path)}
    with pytest.raises(SystemExit) as stop:
        call_command("import_school", school, json=True, **options)
    report = json.loads(capsys.readouterr().out)
    assert stop.value.code == 1
    assert set(report) == {*KINDS, "errors", "warnings"}
    assert len(report["errors"]) == 1 and set(report["errors"][0]) == {"file", "line", "message"}
    assert not School.objects.exists()


def test_without_json_people_read_a_summary(tmp_path, capsys):
    path = tmp_path / "EDEX.XML"
    path.write_bytes(edexml([leerling("L1", born="")]))
    call_command("import_school", "nieuw", edexml=str(path))
    out = capsys.readouterr().out
    assert "leerlingen" in out and "Let op: EDEX.XML, regel 8:" in out and out.strip().endswith("Klaar.")


def test_headers_that_nobody_knows_are_named(read_in):
    read_in(edexml=ALL["edexml"])
    code, report = read_in(guardians=guardians("L1;Bos", header="kolom A;kolom B"))
    assert code == 1 and "leerling_key, achternaam" in report["errors"][0]["message"]


@pytest.mark.long
def test_it_works_with_an_empty_environment_and_no_database_yet(tmp_path):
    path = tmp_path / "EDEX.XML"
    path.write_bytes(ALL["edexml"])
    environment = {"PATH": os.environ["PATH"], "GESPREKKEN_VAR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "import_school", "demo", "--edexml", str(path), "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pupils"]["new"] == 2


def test_a_school_of_220_pupils_needs_a_bounded_number_of_queries(tmp_path, capsys, django_assert_max_num_queries):
    """Not one query per row: four times the rows cost a few more statements, because they go in by the hundred."""
    from django.db import connection

    def queries(count, school):
        pupils = [leerling(f"L{n}", f"Kind{n}") for n in range(count)]
        rows = [guardian(f"L{n}", f"P{n}-{m}", first=f"O{m}", gezin=f"F{n}") for n in range(count) for m in (1, 2)]
        marks = [result(f"L{n}", toets=f"M{t}") for n in range(count) for t in range(3, 8)]
        given = {"edexml": edexml(pupils), "guardians": guardians(*rows), "results": results(*marks)}
        with CaptureQueriesContext(connection) as first:
            assert run(tmp_path, capsys, school, **given)[0] == 0
        with CaptureQueriesContext(connection) as again:
            run(tmp_path, capsys, school, **given)
        return len(first), len(again)

    few, few_again = queries(10, "klein")
    many, many_again = queries(200, "groot")
    assert many < few + 80
    assert many_again == few_again < 40


# --- what is never stored --------------------------------------------------------------------------------------------


def test_bsn_postcode_eckid_and_the_like_are_nowhere_in_the_database(read_in):
    more = (
        "<bsn>133456785</bsn><gewicht>0,3</gewicht><etniciteit>CANARIE</etniciteit><postcodenl>6971VB</postcodenl>"
        "<fotourl>https://foto/CANARIE</fotourl><land>CANARIE</land>"
    )
    pupil = leerling("L1", more=more).replace('key="L1"', 'key="L1" eckid="https://id.school/CANARIE"')
    code, _ = read_in(edexml=edexml([pupil]), guardians=guardians(guardian(postcode="6971VB")))
    assert code == 0
    everything = repr(rows_of_the_database())
    assert "Levi" in everything and "0612345678" in everything  # what is stored can be found this way
    for canary in ("133456785", "CANARIE", "6971VB", "0,3"):
        assert canary not in everything


# --- groups, pupils, staff -------------------------------------------------------------------------------------------


@pytest.mark.req("C1")
def test_next_years_file_leaves_this_years_groups_alone(read_in):
    read_in(edexml=edexml())
    code, report = read_in(
        edexml=edexml(
            [leerling("L1", groep="G1", jaargroep="6")],
            groepen=[groep(name="Groep 6", jaargroep="6")],
            year="2027-2028",
        )
    )
    assert code == 0 and of(report, "groups") == (1, 0, 0, 0)
    assert list(
        Groep.objects.order_by("schooljaar")
        .values_list("name", "schooljaar__starts_on__year")
        .order_by("schooljaar__starts_on")
    ) == [
        ("Groep 5", 2026),
        ("Groep 6", 2027),
    ]
    assert Lidmaatschap.objects.filter(leerling__key="L1").count() == 2


def test_an_older_file_does_not_call_anybody_gone(read_in):
    read_in(edexml=edexml())
    code, report = read_in(edexml=edexml([leerling("L1")], year="2025-2026"))
    assert code == 0 and report["pupils"]["gone"] == 0
    assert "ouder schooljaar" in words(report["warnings"])


def test_a_pupil_who_is_gone_is_counted_and_left_alone(read_in):
    read_in(edexml=edexml())
    code, report = read_in(edexml=edexml([leerling("L1")]))
    assert code == 0 and of(report, "pupils") == (0, 0, 1, 1)
    assert "Noor de Vries" in words(report["warnings"])
    assert Leerling.objects.get(key="L2").left_on is None
    assert Lidmaatschap.objects.count() == 2


def test_a_pupil_who_comes_back_is_a_pupil_again(read_in):
    read_in(edexml=edexml())
    Leerling.objects.filter(key="L2").update(left_on=date(2026, 9, 1))
    _, report = read_in(edexml=edexml())
    assert of(report, "pupils") == (0, 1, 0, 1)
    assert Leerling.objects.get(key="L2").left_on is None


def test_a_pupil_who_moves_to_another_group_has_one_membership(read_in):
    groepen = [groep(), groep("G2", "Groep 6", "6")]
    read_in(edexml=edexml([leerling("L1"), leerling("L2")], groepen=groepen))
    _, report = read_in(edexml=edexml([leerling("L1", groep="G2", jaargroep="6"), leerling("L2")], groepen=groepen))
    assert of(report, "pupils") == (0, 1, 0, 1)
    assert [m.groep.name for m in Lidmaatschap.objects.filter(leerling__key="L1")] == ["Groep 6"]
    assert [m.groep.name for m in Lidmaatschap.objects.filter(leerling__key="L2")] == ["Groep 5"]


def test_in_a_combined_group_the_year_level_is_the_pupils_own(read_in):
    assembled = "<samengestelde_groepen><samengestelde_groep key='S1'/></samengestelde_groepen>"
    read_in(
        edexml=edexml(
            [leerling("L1", jaargroep="7", more=assembled), leerling("L2", jaargroep="")],
            groepen=[groep(jaargroep="C"), "<samengestelde_groep key='S1'><naam>Plus</naam></samengestelde_groep>"],
        )
    )
    own = {
        (m.groep.name, m.leerling.key): m.jaargroep for m in Lidmaatschap.objects.select_related("groep", "leerling")
    }
    assert own == {("Groep 5", "L1"): "7", ("Plus", "L1"): "7", ("Groep 5", "L2"): ""}
    assert Groep.objects.get(key="S1").soort == "samengesteld"


def test_a_pupil_in_an_unknown_group_is_an_error_and_a_teacher_of_one_a_warning(read_in):
    code, report = read_in(edexml=edexml([leerling("L1", groep="GX")]))
    assert code == 1 and report["errors"][0]["line"] == 8 and "GX" in report["errors"][0]["message"]
    code, report = read_in(edexml=edexml(staff=[leerkracht(inside='<groepen><groep key="GX"/></groepen>')]))
    assert code == 0 and any("GX" in w["message"] and w["line"] == 12 for w in report["warnings"])


def test_changes_in_names_and_dates_are_written(read_in):
    read_in(edexml=edexml())
    _, report = read_in(
        edexml=edexml(
            [leerling("L1", "Lévi", born="2017-03-03"), leerling("L2", "Noor", "Vries")],
            groepen=[groep(name="De Vlinders")],
            staff=[leerkracht(first="Juul", email="juul@school.example", inside="<rol>DIR</rol>")],
        )
    )
    assert [of(report, kind) for kind in ("groups", "pupils", "staff")] == [(0, 1, 0, 0), (0, 1, 0, 1), (0, 1, 0, 0)]
    levi = Leerling.objects.get(key="L1")
    assert (levi.person.first_name, levi.born_on) == ("Lévi", date(2017, 3, 3))
    juul = Medewerker.objects.get()
    assert (juul.person.email, juul.function) == ("juul@school.example", "Directeur")
    assert not Lesgeven.objects.exists() and not Rol.objects.exists()


def test_an_absent_address_or_birth_date_takes_nothing_away(read_in):
    read_in(edexml=edexml())
    _, report = read_in(
        edexml=edexml([leerling("L1", born=""), leerling("L2", "Noor", "Vries")], staff=[leerkracht(email="")])
    )
    assert of(report, "pupils")[1] == of(report, "staff")[1] == 0
    assert Leerling.objects.get(key="L1").born_on and Medewerker.objects.get().person.email


def test_a_colleague_who_was_invited_before_the_first_import_is_recognised_by_work_address(read_in, cast):
    Medewerker.objects.filter(person=cast.annemiek).update(key="")
    before = Medewerker.objects.count()
    staff = [leerkracht("LK99", "Annemiek", "Postma", email=cast.annemiek.email.upper(), inside="")]
    _, report = read_in("wilgenhof", edexml=edexml(staff=staff))
    assert of(report, "staff")[:2] == (0, 1) and Medewerker.objects.count() == before
    assert Medewerker.objects.get(person=cast.annemiek).key == "LK99"
    assert Rol.objects.filter(person=cast.annemiek).exists()


def test_keys_with_a_hash_are_not_trusted_from_file_to_file(read_in):
    read_in(edexml=edexml([leerling("#1", "Levi"), leerling("#2", "Noor")]))
    _, report = read_in(edexml=edexml([leerling("#2", "Levi"), leerling("#1", "Noor")]))
    assert of(report, "pupils") == (0, 0, 0, 2)
    code, report = read_in(guardians=guardians(guardian("#1")))
    assert code == 1 and "#1" in words(report["errors"])


def test_a_file_of_another_school_number_is_warned_about(read_in):
    read_in(edexml=edexml())
    code, report = read_in(edexml=edexml(school="<brincode>11AA</brincode>"))
    assert code == 0 and "11AA" in words(report["warnings"])
    assert School.objects.get().brin == "99XX"


# --- guardians -------------------------------------------------------------------------------------------------------


@pytest.mark.req("I3")
def test_two_parents_may_share_an_address_and_stay_two(read_in):
    rows = [guardian(emailadres="thuis@x.nl"), guardian(key="P2", first="Ilse", emailadres="thuis@x.nl")]
    read_in(edexml=ALL["edexml"], guardians=guardians(*rows))
    assert Person.objects.exclude(guardian_key="").count() == 2


def test_one_parent_of_two_children_is_one_person(read_in):
    read_in(edexml=ALL["edexml"], guardians=guardians(guardian(), guardian("L2")))
    person = Person.objects.get(guardian_key="P1")
    assert person.relaties.count() == 2 and Gezin.objects.get().relaties.count() == 2


NO_KEYS = "leerling_key;gezin;achternaam;roepnaam;emailadres"


def test_without_keys_the_name_within_the_family_decides(read_in):
    rows = ["L1;F1;Jong;Jeroen;a@x.nl", "L2;F1;Jong;Jeroen;a@x.nl"]
    read_in(edexml=ALL["edexml"], guardians=guardians(*rows, header=NO_KEYS))
    assert Person.objects.filter(last_name="Jong", first_name="Jeroen").count() == 1
    _, report = read_in(guardians=guardians(*rows, header=NO_KEYS))
    assert of(report, "guardians") == (0, 0, 0, 1)


def test_the_same_name_in_another_family_is_another_person(read_in):
    rows = ["L1;F1;Jong;Jeroen;a@x.nl", "L2;F2;Jong;Jeroen;a@x.nl"]
    _, report = read_in(edexml=ALL["edexml"], guardians=guardians(*rows, header=NO_KEYS))
    assert of(report, "guardians")[0] == 2 and "meer kinderen" not in words(report["warnings"])


def test_without_key_and_family_the_same_name_is_not_guessed_to_be_one(read_in):
    header, rows = "leerling_key;achternaam;roepnaam;emailadres", ["L1;Jong;Jeroen;a@x.nl", "L2;Jong;Jeroen;a@x.nl"]
    code, report = read_in(edexml=ALL["edexml"], guardians=guardians(*rows, header=header))
    assert code == 0 and of(report, "guardians")[0] == 2
    assert "Jeroen Jong staat bij meer kinderen" in words(report["warnings"])
    _, report = read_in(guardians=guardians(*rows, header=header))
    assert of(report, "guardians") == (0, 0, 0, 2) and of(report, "guardianships") == (0, 0, 0, 2)


def test_an_excel_file_is_read_like_a_csv_and_numbers_that_lost_a_zero_are_refused(read_in):
    header = ["Leerlingnummer", "Ouder key", "Achternaam", "Roepnaam", "Telefoon", "Gezag"]
    good = xlsx(header, ["L1", "P1", "Yılmaz", "Fatma", "0612345678", "Ja"])
    code, report = read_in(edexml=ALL["edexml"], guardians=good)
    assert code == 0 and Person.objects.get(guardian_key="P1").phone == "0612345678"
    code, report = read_in(guardians=xlsx(header, ["L1", "P1", "Yılmaz", "Fatma", 612345678, True]))
    assert code == 1 and report["errors"][0]["line"] == 2 and "nul vooraan" in report["errors"][0]["message"]
    csv = b"leerling_key;ouder_key;achternaam;roepnaam\r\nL1;P1;Y\x131maz;Fatma\r\n"
    assert read_in(guardians=csv)[0] == 1


def test_a_guardian_read_in_without_a_key_gets_it_later(read_in):
    read_in(edexml=ALL["edexml"], guardians=guardians("L1;F1;Jong;Jeroen;a@x.nl", header=NO_KEYS))
    header = "leerling_key;ouder_key;achternaam;roepnaam"
    _, report = read_in(guardians=guardians("L1;P7;Jong;Jeroen", header=header))
    assert of(report, "guardians") == (0, 1, 0, 0)
    person = Person.objects.get(guardian_key="P7")
    assert person.email == "a@x.nl" and person.relaties.get().gezin.key == "F1"  # absent columns leave things alone


@pytest.mark.parametrize(
    ("rows", "line", "word"),
    [
        ([guardian(), guardian("L2", "P1", "Heel", "Anders")], 3, "heet hier anders"),
        ([guardian(), guardian("LX", "P2")], 3, "kennen we niet"),
        ([guardian(), guardian(gezag="nee")], 3, "andere gegevens"),
    ],
)
def test_contradictions_are_errors_with_the_line(read_in, rows, line, word):
    code, report = read_in(edexml=ALL["edexml"], guardians=guardians(*rows))
    assert code == 1
    assert [(e["line"], word in e["message"]) for e in report["errors"]] == [(line, True)]
    assert not School.objects.exists()


def test_a_row_without_a_key_joins_the_row_that_has_one(read_in):
    rows = [guardian("L1", "P1"), guardian("L2", "", first="Jeroen", emailadres="p1@ouders.example")]
    _, report = read_in(edexml=ALL["edexml"], guardians=guardians(*rows))
    assert of(report, "guardians") == (1, 0, 0, 0) and of(report, "guardianships") == (2, 0, 0, 0)
    _, report = read_in(guardians=guardians(*rows))
    assert of(report, "guardians") == (0, 0, 0, 1) and of(report, "guardianships") == (0, 0, 0, 2)
    code, report = read_in(guardians=guardians(guardian("L1", "P1"), guardian("L1", "", first="Jeroen", gezag="nee")))
    assert code == 1 and "regel 2" in words(report["errors"])


def test_an_address_of_staff_that_cannot_be_one_is_left_out(read_in):
    code, report = read_in(edexml=edexml(staff=[leerkracht(email="x" * 250 + "@school.example")]))
    assert code == 0 and Medewerker.objects.get().person.email == "" and "e-mailadres" in words(report["warnings"])


def test_a_wholly_wrong_file_does_not_repeat_itself_for_ever(read_in):
    code, report = read_in(edexml=edexml([leerling(f"L{n}", groep="GX") for n in range(700)]))
    assert code == 1 and len(report["errors"]) == 501 and "nog meer" in report["errors"][-1]["message"]


def test_without_a_list_of_groups_the_known_groups_of_that_year_count(read_in):
    read_in(edexml=edexml([leerling("L1", jaargroep="5")]))
    code, report = read_in(edexml=edexml([leerling("L1", jaargroep="5")], groepen=[]))
    assert code == 0 and of(report, "pupils") == (0, 0, 0, 1) and of(report, "groups") == (0, 0, 0, 0)


def test_two_guardians_of_one_name_at_one_child_need_keys(read_in):
    header = "leerling_key;achternaam;roepnaam;telefoon"
    rows = ["L1;Jong;Jan;0611111111", "L1;Jong;Jan;0622222222"]
    code, report = read_in(edexml=ALL["edexml"], guardians=guardians(*rows, header=header))
    assert code == 1 and "ouder_key" in words(report["errors"])
    rows = [guardian(key="P1"), guardian(key="P2")]
    assert read_in(edexml=ALL["edexml"], guardians=guardians(*rows))[0] == 0


def test_the_same_row_twice_counts_once(read_in):
    code, report = read_in(edexml=ALL["edexml"], guardians=guardians(guardian(), guardian()))
    assert code == 0 and of(report, "guardianships")[0] == 1
    assert [w["line"] for w in report["warnings"] if "ook op regel 2" in w["message"]] == [3]


def test_lost_leading_zeros_are_recognised_and_refused(read_in):
    read_in(edexml=edexml([leerling("00012")]))
    code, report = read_in(guardians=guardians(guardian("12")))
    assert code == 1 and "00012" in words(report["errors"])
    code, report = read_in(results=results(result("12")))
    assert code == 1 and "00012" in words(report["errors"])


def test_guardians_of_a_former_pupil_are_passed_by(read_in):
    pupils = [leerling("L1"), leerling("L9", jaargroep="H", groep="")]
    code, report = read_in(edexml=edexml(pupils), guardians=guardians(guardian(), guardian("L9", "P9")))
    assert code == 0 and of(report, "guardians")[0] == 1
    assert any(w["line"] == 3 and "van school" in w["message"] for w in report["warnings"])


@pytest.mark.req("I3a")
def test_what_the_file_leaves_out_about_custody_is_filled_in_carefully(read_in):
    header = "leerling_key;achternaam;relatie"
    read_in(edexml=ALL["edexml"], guardians=guardians("L1;Jong;vader", "L1;Bos;oma", header=header))
    kept = {r.person.last_name: (r.soort, r.custody, r.information) for r in Relatie.objects.select_related("person")}
    assert kept == {"Jong": ("ouder", True, "volledig"), "Bos": ("grootouder", False, "op verzoek")}


def test_a_restriction_works_at_once_and_every_floor_is_told(read_in, monkeypatch, as_):
    read_in(**ALL)
    relatie = Relatie.objects.get(leerling__key="L1")
    page = as_.link(relatie.person)
    assert page.get("/code-per-mail/").status_code == 200
    told = []
    monkeypatch.setitem(registry.reactions, "restricted", [lambda **about: told.append(about["relatie"].pk)])
    code, report = read_in(guardians=guardians(guardian(contact="nee"), guardian("L2", "P2", "Vries")))
    assert code == 0 and of(report, "guardianships") == (0, 1, 0, 1)
    assert told == [relatie.pk]
    relatie.refresh_from_db()
    assert relatie.restriction
    assert page.get("/code-per-mail/").status_code == 302  # the open page is closed
    told.clear()
    read_in(guardians=guardians(guardian(contact="nee"), guardian("L2", "P2", "Vries")))
    assert told == []


def test_a_file_never_lifts_a_restriction_by_itself(read_in):
    read_in(**ALL)
    Relatie.objects.filter(leerling__key="L1").update(restriction=True)
    code, report = read_in(guardians=ALL["guardians"])
    assert code == 0 and of(report, "guardianships")[1] == 0
    assert "beperking blijft staan" in words(report["warnings"])
    assert Relatie.objects.get(leerling__key="L1").restriction


def test_a_file_never_undoes_how_a_guardian_was_chosen_to_take_part(read_in):
    read_in(**ALL)
    relaties = Relatie.objects.filter(leerling__key="L1")
    for chosen in ({"apart": True, "talks_chosen_at": NOW}, {"apart": False, "afterwards": True}):
        relaties.update(**chosen)
        says = "nee" if chosen["apart"] else "ja"
        code, report = read_in(guardians=guardians(guardian(apart=says), guardian("L2", "P2", "Vries")))
        assert code == 0
        assert "hier is gekozen" in words(report["warnings"])
        assert {name: getattr(relaties.get(), name) for name in chosen} == chosen
    relaties.update(apart=False, afterwards=False, talks_chosen_at=None)
    read_in(guardians=guardians(guardian(apart="ja"), guardian("L2", "P2", "Vries")))
    assert relaties.get().apart  # where nothing was chosen the file counts


def test_guardians_who_are_gone_are_counted_and_left_alone(read_in):
    read_in(**ALL)
    code, report = read_in(guardians=guardians(guardian()))
    assert code == 0
    assert of(report, "guardians") == (0, 0, 1, 1) and of(report, "guardianships") == (0, 0, 1, 1)
    assert not Relatie.objects.filter(gone=True).exists()


def test_an_empty_cell_takes_no_address_away(read_in):
    read_in(**ALL)
    _, report = read_in(guardians=guardians(guardian(emailadres="", telefoon=""), guardian("L2", "P2", "Vries")))
    assert of(report, "guardians") == (0, 0, 0, 2)
    assert Person.objects.get(guardian_key="P1").email == "p1@ouders.example"


# --- results ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("V3")
def test_a_corrected_result_is_changed_and_a_new_one_added(read_in):
    read_in(**ALL)
    _, report = read_in(results=results(result(score="125,5"), result("L2"), result("L2", toets="E5", day="12-6-2026")))
    assert of(report, "results") == (1, 1, 0, 1)
    assert float(Toetsresultaat.objects.get(leerling__key="L1").score) == 125.5


def test_results_missing_from_a_moment_in_the_file_are_counted_and_kept(read_in):
    read_in(**ALL)
    _, report = read_in(results=results(result()))
    assert of(report, "results") == (0, 0, 1, 1) and Toetsresultaat.objects.count() == 2
    _, report = read_in(results=results(result(toets="E5")))
    assert of(report, "results") == (1, 0, 0, 0)  # another moment says nothing about this one


def test_results_of_pupils_nobody_knows_are_left_out_unless_it_is_everybody(read_in):
    code, report = read_in(edexml=ALL["edexml"], results=results(result(), result("LX"), result("LX", toets="E5")))
    assert code == 0 and of(report, "results")[0] == 1
    assert [(w["line"], "2 resultaten" in w["message"]) for w in report["warnings"] if "LX" in w["message"]] == [
        (3, True)
    ]
    code, report = read_in(results=results(result("LX")))
    assert code == 1 and "Geen enkele leerling" in words(report["errors"])


def test_double_results_count_once_and_contradicting_ones_are_errors(read_in):
    read_in(edexml=ALL["edexml"])
    code, report = read_in(results=results(result(), result(score="122,00")))
    assert code == 0 and of(report, "results")[0] == 1
    code, report = read_in(results=results(result(), result(score="99")))
    assert code == 1 and report["errors"][0]["line"] == 3


# --- consequences ----------------------------------------------------------------------------------------------------


def test_the_other_floors_are_told_once_inside_the_transaction(read_in, monkeypatch):
    told = []
    monkeypatch.setitem(registry.reactions, "imported", [lambda **about: told.append(sorted(about))])
    read_in(**ALL)
    read_in(**ALL)  # nothing changed: nothing to tell
    assert told == [["by", "now", "school"]]
    event = AuditEvent.objects.get(verb="import")
    assert event.detail["pupils"]["new"] == 2 and "Levi" not in repr(event.detail)


def test_when_a_floor_above_fails_nothing_is_stored(read_in, monkeypatch):
    def fail(**about):
        raise RuntimeError

    monkeypatch.setitem(registry.reactions, "imported", [fail])
    with pytest.raises(RuntimeError):
        read_in(**ALL)
    assert not Person.objects.exists()


def test_a_new_address_in_the_file_ends_what_was_proven_with_the_old_one(read_in):
    read_in(**ALL)
    for person in Person.objects.filter(guardian_key__in=["P1", "P2"]):
        access.trust_device(person)
    read_in(guardians=guardians(guardian(emailadres="nieuw@ouders.example"), guardian("L2", "P2", "Vries")))
    assert Person.objects.get(guardian_key="P1").email == "nieuw@ouders.example"
    assert [device.person.guardian_key for device in TrustedDevice.objects.all()] == ["P2"]
