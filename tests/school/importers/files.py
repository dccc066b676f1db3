"""Small files as a school would hand them over, made for these tests."""

import io
import json

import openpyxl
from django.core.management import call_command

HEADER = (
    "leerling_key;ouder_key;gezin;achternaam;voorvoegsel;roepnaam;relatie;gezag;informatie;contact;apart;"
    "emailadres;telefoon;postcode;taal;tolk"
)
RESULTS_HEADER = "leerling_key;vak;toets;afname;vaardigheidsscore;niveau;functioneringsniveau"


def leerling(key, first="Levi", last="Jong", *, groep="G1", jaargroep="5", born="2017-03-02", more="", prefix="de"):
    return (
        f'<leerling key="{key}"><achternaam>{last}</achternaam>'
        + (f"<voorvoegsel>{prefix}</voorvoegsel>" if prefix else "")
        + f"<voorletters-1>L</voorletters-1><roepnaam>{first}</roepnaam>"
        + (f"<geboortedatum>{born}</geboortedatum>" if born else "")
        + "<geslacht>2</geslacht>"
        + (f"<jaargroep>{jaargroep}</jaargroep>" if jaargroep else "")
        + (f'<groep key="{groep}"/>' if groep else "")
        + f"{more}</leerling>"
    )


def groep(key="G1", name="Groep 5", jaargroep="5"):
    return f'<groep key="{key}"><naam>{name}</naam><jaargroep>{jaargroep}</jaargroep></groep>'


def leerkracht(key="LK1", first="Julia", last="Bemmel", *, email="julia@school.example", inside=None):
    inside = '<groepen><groep key="G1"><rol>LRK</rol></groep></groepen>' if inside is None else inside
    address = f"<emailadres>{email}</emailadres>" if email else ""
    return f'<leerkracht key="{key}"><achternaam>{last}</achternaam><roepnaam>{first}</roepnaam>{address}{inside}</leerkracht>'


def edexml(
    pupils=None, *, groepen=None, staff=None, year="2026-2027", school="", head='<?xml version="1.0" encoding="UTF-8"?>'
):
    """One line per element of the second level, so that line numbers can be counted."""
    lines = [
        head,
        "<EDEX>",
        f"<school><schooljaar>{year}</schooljaar>{school or '<brincode>99XX</brincode>'}</school>",
        "<groepen>",
        *([groep()] if groepen is None else groepen),
        "</groepen>",
        "<leerlingen>",
        *([leerling("L1"), leerling("L2", "Noor", "Vries")] if pupils is None else pupils),
        "</leerlingen>",
        "<leerkrachten>",
        *([leerkracht()] if staff is None else staff),
        "</leerkrachten>",
        "</EDEX>",
    ]
    return "\n".join(lines).encode()


def guardian(pupil="L1", key="P1", last="Jong", first="Jeroen", **more):
    row = {
        "leerling_key": pupil, "ouder_key": key, "gezin": "F1", "achternaam": last, "voorvoegsel": "de",
        "roepnaam": first, "relatie": "ouder", "gezag": "ja", "informatie": "volledig", "contact": "ja", "apart": "nee",
        "emailadres": f"{key or first}@ouders.example".lower(), "telefoon": "0612345678", "postcode": "1234AB",
        "taal": "nl", "tolk": "nee", **more,
    }  # fmt: skip
    return ";".join(row.values())


def guardians(*rows, header=HEADER):
    return ("\ufeff" + "\r\n".join([header, *(rows or [guardian()])]) + "\r\n").encode()


def result(pupil="L1", vak="rekenen", toets="M5", day="2026-02-03", score="122", niveau="II", level="M5"):
    return ";".join([pupil, vak, toets, day, score, niveau, level])


def results(*rows, header=RESULTS_HEADER):
    return "\r\n".join([header, *(rows or [result()])]).encode()


def xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run(tmp_path, capsys, school="wilgenhof", *, dry_run=False, **files):
    """`manage.py import_school ... --json` with these bytes as files: (exit code, the one object)."""
    options = {}
    for what, data in files.items():
        path = tmp_path / f"{what}.{'xml' if what == 'edexml' else 'csv'}"
        path.write_bytes(data)
        options[what] = str(path)
    code = 0
    capsys.readouterr()
    try:
        call_command("import_school", school, json=True, dry_run=dry_run, **options)
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


def words(remarks):
    return " | ".join(f"{r['line']}: {r['message']}" for r in remarks)
