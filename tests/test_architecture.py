"""The house stays the house: the staircase, the order inside a floor, the glossary, one school per row."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from school.models import CacheRow, InSchool, School, User

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["school", "gesprekken", "planning", "kijkwijzer", "config"]  # from the ground up


def modules_of(floor):
    return [path for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts]


def imports_in(path):
    """Every imported top-level package, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_looks_down_never_up(floor):
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    climbing = {str(path.relative_to(ROOT)): above & set(imports_in(path)) for path in modules_of(floor)}
    assert {path: names for path, names in climbing.items() if names} == {}


def test_modules_inside_a_floor_import_to_the_right():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("floor", FLOORS)
def test_views_do_not_query(floor):
    asking = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / floor).glob("views/*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ".objects." in line and floor != "config"
    ]
    assert asking == []


def our_models():
    return [m for m in apps.get_models() if m._meta.app_label in FLOORS]


def test_every_row_but_user_carries_its_school():
    # CacheRow is Django's own table: counts under hashed keys, nothing of a school's
    bare = [m.__name__ for m in our_models() if not issubclass(m, InSchool) and m not in (School, User, CacheRow)]
    throughs = [name for name in bare if "_" in name]  # Django's own tables behind ManyToMany
    assert set(bare) == set(throughs)


def rows_of_two_schools():
    """Pairs of row and foreign row that belong to different schools."""
    for model in our_models():
        if not issubclass(model, InSchool):
            continue
        for link in model._meta.fields:
            if isinstance(link, models.ForeignKey) and issubclass(link.related_model, InSchool):
                clash = model._base_manager.filter(**{f"{link.name}__isnull": False}).exclude(
                    **{f"{link.name}__school": models.F("school")}
                )
                for pk in clash.values_list("pk", flat=True):
                    yield model.__name__, pk, link.name


@pytest.mark.django_db
def test_foreign_keys_agree_on_the_school(cast, next_door):
    cast.with_gesprek()
    next_door.with_gesprek()
    assert list(rows_of_two_schools()) == []
    cast.people["elif"].person.__class__.objects.filter(pk=cast.elif_.person_id).update(school=next_door.school)
    assert list(rows_of_two_schools()) != []  # the question can be answered with no


def glossary():
    lines = (ROOT / "docs" / "glossary.md").read_text().splitlines()
    return [line.split("|")[1].strip() for line in lines if line.startswith("| ") and "---" not in line][1:]


def test_the_glossary_is_closed_and_short():
    words = glossary()
    assert 10 < len(words) <= 30
    dutch = {
        "Schooljaar", "Rol", "Medewerker", "Leerling", "Groep", "Lidmaatschap", "Lesgeven", "Gezin", "Relatie",
        "Toetsresultaat", "Soort", "Jaarplan", "Activiteit", "Ronde", "Gesprek", "Deelname", "Voorbereiding",
        "Verslag", "Terugblik",
    }  # fmt: skip
    assert dutch <= set(words)
    english = {
        "School", "User", "Person", "AccessLink", "SecondStep", "TrustedDevice", "AuditEvent", "Outgoing", "Job",
        "ImportBatch", "Question", "Answer", "Confidential", "WorkingNote", "Agreement", "Availability", "Slot",
        "Booking", "Occupancy", "InvitationText", "Invitation", "WeekException", "CalendarEntry", "Instrument", "Item",
        "Score", "Remark", "CacheRow", "Room", "Wish", "Plan", "Watch", "InterpreterRequest", "Delay", "Bounce",
        "ContactReport", "ContactAttempt", "TimeOffer", "SignUp",
            "Feedback", "FeedbackGiven", "NormBand", "RouteLevel", "ShownChart", "PortfolioItem", "StandardText",
            "Presentation", "Slide", "DraftVersion", "Outcome", "Sitting", "ObserverInvite", "Sharing", "ActivityLetter",
    }  # fmt: skip
    for model in our_models():
        if "_" in model.__name__ or model.__name__ in english:
            continue
        parts = re.findall(r"[A-Z][a-z]+", model.__name__)
        known = {word.lower() for entry in words for word in re.split(r"\W+", entry)}
        assert any(part.lower() in known for part in parts), f"{model.__name__} is not in docs/glossary.md"


@pytest.mark.parametrize("floor", FLOORS)
def test_words_with_two_meanings_are_no_identifiers(floor):
    banned = {"afspraak", "afspraken", "agenda", "kind", "group", "groups", "observatie"} - {"kind"}
    found = []
    for path in modules_of(floor):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "arg", None)
            if isinstance(name, str) and name in banned:
                found.append(f"{path.relative_to(ROOT)}: {name}")
    assert found == []


def test_no_lock_file_holds_an_address():
    files = list((ROOT / "requirements").glob("*.txt"))
    assert len(files) == 2
    assert [path.name for path in files if "://" in path.read_text()] == []


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
