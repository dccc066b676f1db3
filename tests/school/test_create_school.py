"""`manage.py create_school`: the first thing anybody types, on a machine with nothing set and an empty database."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from school.models import Outgoing, Person, Rol, School, User

ROOT = Path(__file__).resolve().parents[2]


def bare(tmp_path, *args):
    """The command as a person types it: no environment at all, a database that does not exist yet."""
    env = {"PATH": os.environ["PATH"], "GESPREKKEN_VAR": str(tmp_path)}
    return subprocess.run([sys.executable, "manage.py", *args], cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.mark.long
def test_on_an_empty_machine_it_makes_the_tables_and_refuses_in_one_sentence(tmp_path):
    first = bare(tmp_path, "create_school", "De Linde", "--leader", "a.bos@linde.example", "--print-link")
    assert first.returncode == 0, first.stderr
    assert re.search(r"http://127\.0\.0\.1:8000/account/password/reset/key/\S+/", first.stdout)
    again = bare(tmp_path, "create_school", "De Linde", "--leader", "b.bos@linde.example")
    assert again.returncode == 1
    assert again.stderr.strip().splitlines() == [
        "CommandError: Er is al een school met deze korte naam. Kies een andere met --slug."
    ]


def make(name="De Linde", leader="annie.van.den.bos@linde.example", **options):
    call_command("create_school", name, leader=leader, **options)


@pytest.mark.django_db
def test_the_leader_can_be_invited_and_nothing_prints_a_link_unasked(deliver, capsys):
    make()
    school = School.objects.get(slug="de-linde")
    leader = Person.objects.get(school=school)
    assert leader.name == "Annie Van Den Bos"
    assert leader.rollen.get().soort == Rol.Soort.LEIDING
    assert not leader.user.has_usable_password()
    assert "http" not in capsys.readouterr().out
    [mail] = deliver()
    assert mail.to == ["annie.van.den.bos@linde.example"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "leader", "sentence"),
    [
        ("De Linde", "geen adres", "geen e-mailadres"),
        ("De Wilgenhof", "nieuw@linde.example", "al een school"),
        ("De Linde", "saskia@wilgenhof.example", "al een account"),
        ("De Linde", "SASKIA@wilgenhof.example", "al een account"),
        ("   ", "nieuw@linde.example", "Geef de school een naam"),
        ("x" * 121, "nieuw@linde.example", "hooguit 120"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(name, leader, sentence, cast):
    School.objects.filter(pk=cast.school.pk).update(slug="de-wilgenhof")
    before = (School.objects.count(), User.objects.count(), Outgoing.objects.count())
    with pytest.raises(CommandError, match=sentence):
        make(name, leader)
    assert (School.objects.count(), User.objects.count(), Outgoing.objects.count()) == before
