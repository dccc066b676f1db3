"""The questions of the preparation forms: versioned data, laid ready for a new school, kept with every answer."""

import functools
import tomllib
from pathlib import Path

from django.db.models import Max
from django.utils.translation import gettext

from gesprekken.models import Question, Visibility
from school import registry

FILE = Path(__file__).parent.parent / "data" / "questions.toml"
DEFAULT = "standaard"  # the set for kinds a school adds itself
AUDIENCES = ("ouder", "leerling", "leerkracht")
KEYS = {"code", "text", "help", "visibility", "about_home", "step"}


class BadQuestions(Exception):
    """The data file cannot be used; says where."""


def check_question(where, question, seen):
    text, help_text = question.get("text", ""), question.get("help", "")
    if unknown := set(question) - KEYS:
        raise BadQuestions(f"{where}: unknown {sorted(unknown)}")
    if not question.get("code") or question["code"] in seen:
        raise BadQuestions(f"{where}: a code is missing or used twice")
    if not text or max(len(text), len(help_text)) > 280:  # room for the child's name
        raise BadQuestions(f"{where} {question['code']}: text missing or too long")
    if question.get("visibility", Visibility.TABLE) not in Visibility.values:
        raise BadQuestions(f"{where} {question['code']}: unknown visibility")
    if question.get("step", 1) not in range(1, 10):
        raise BadQuestions(f"{where} {question['code']}: the guide has nine steps")
    seen.add(question["code"])


def check(data):
    """Raise BadQuestions for the first thing wrong with the file's contents; else return its sets."""
    seen_sets = set()
    for number, one in enumerate(data.get("set", []), 1):
        where = f"set {number}"
        if one.get("audience") not in AUDIENCES or not one.get("soorten") or one.get("version", 0) < 1:
            raise BadQuestions(f"{where}: audience, soorten or version is missing")
        for soort in one["soorten"]:
            key = (soort, one["audience"], one["version"])
            if key in seen_sets:
                raise BadQuestions(f"{where}: {key} is there twice")
            seen_sets.add(key)
        seen = set()
        for question in one.get("question", []):
            check_question(where, question, seen)
        if not seen:
            raise BadQuestions(f"{where}: no questions")
    for audience in AUDIENCES:
        if not any(soort == DEFAULT and who == audience for soort, who, _ in seen_sets):
            raise BadQuestions(f"there is no default set for {audience}")
    return data["set"]


@functools.cache
def read(path=FILE):
    return check(tomllib.loads(path.read_text()))


def visibility_of(question):
    """Home matters are for the teacher only, unless the data or later the writer says otherwise."""
    default = Visibility.TEACHER if question.get("about_home") else Visibility.TABLE
    return question.get("visibility", default)


def rows(school):
    for one in read():
        for soort in one["soorten"]:
            for number, question in enumerate(one["question"], 1):
                yield Question(
                    school=school,
                    soort_code=soort,
                    audience=one["audience"],
                    version=one["version"],
                    code=question["code"],
                    number=number,
                    text=question["text"],
                    help=question.get("help", ""),
                    visibility=visibility_of(question),
                    about_home=question.get("about_home", False),
                    step=question.get("step"),
                )


def load_questions(school):
    """Lay the questions ready for a school; again is harmless, a new version is added beside the old."""
    Question.objects.bulk_create(rows(school), ignore_conflicts=True)


@registry.reaction("school_founded")
def lay_questions_ready(school):
    load_questions(school)


def questions_for(gesprek, audience, voorbereiding=None):
    """The questions of this form, in order: the version that was answered before, else the newest."""
    questions = Question.objects.filter(school=gesprek.school_id, audience=audience)
    answered = voorbereiding.answers.values_list("question_id", flat=True) if voorbereiding else []
    if begun := questions.filter(pk__in=list(answered)).first():
        return list(questions.filter(soort_code=begun.soort_code, version=begun.version))
    for code in (gesprek.ronde.soort.code, DEFAULT):
        newest = questions.filter(soort_code=code).aggregate(newest=Max("version"))["newest"]
        if newest:
            return list(questions.filter(soort_code=code, version=newest))
    return []


def worded(text, gesprek):
    """A sentence of the data with the child's name in it, in the language of the reader where there is one."""
    name = gesprek.leerling.person.first_name or gesprek.leerling.person.name
    return gettext(text).replace("{naam}", name) if text else ""
