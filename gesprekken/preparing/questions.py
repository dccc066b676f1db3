"""The questions of the preparation forms: versioned data, laid ready for a new school, kept with every answer."""

import functools
import tomllib
from pathlib import Path

from django.db.models import Max, Q
from django.utils.translation import gettext

from gesprekken.models import Question, Visibility
from gesprekken.preparing import asking
from gesprekken.preparing.pictures import pictures
from school import registry

FILE = Path(__file__).parent.parent / "data" / "questions.toml"
DEFAULT = "standaard"  # the set for kinds a school adds itself
AUDIENCES = ("ouder", "leerling", "leerkracht")
KEYS = {"code", "text", "help", "visibility", "about_home", "step", "area", "kind", "choices"}
SCHOOLS_OWN = 100  # versions from here on a school wrote itself; a newer file of ours never goes before them


class BadQuestions(Exception):
    """The data file cannot be used; says where."""


def check_question(where, question, seen, choices=()):
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
    check_choices(f"{where} {question['code']}", question, choices)
    seen.add(question["code"])


def check_choices(where, question, choices):
    """A question with something to tap names at least two of the choices, each once; another names none."""
    named = question.get("choices", [])
    if question.get("kind", Question.Kind.TEXT) not in Question.Kind.values:
        raise BadQuestions(f"{where}: unknown kind")
    if (question.get("kind") == Question.Kind.CHOICE) != bool(named) or len(named) == 1:
        raise BadQuestions(f"{where}: choices belong to a question of that kind, two or more")
    if len(set(named)) != len(named) or set(named) - set(choices):
        raise BadQuestions(f"{where}: a choice is unknown or there twice")


def check_choice(code, choice):
    text = choice.get("text", "")
    if set(choice) != {"text", "picture"} or not text or len(text) > 60:
        raise BadQuestions(f"choice {code}: a text of at most 60 characters and a picture")
    if choice["picture"] not in pictures():
        raise BadQuestions(f"choice {code}: there is no such picture")


def check(data):
    """Raise BadQuestions for the first thing wrong with the file's contents; else return its sets."""
    seen_sets, choices = set(), data.get("choice", {})
    for code, choice in choices.items():
        check_choice(code, choice)
    for number, one in enumerate(data.get("set", []), 1):
        where = f"set {number}"
        version = one.get("version", 0)
        if one.get("audience") not in AUDIENCES or not one.get("soorten") or not 0 < version < SCHOOLS_OWN:
            raise BadQuestions(f"{where}: audience, soorten or version is missing")
        for soort in one["soorten"]:
            key = (soort, one["audience"], one["version"])
            if key in seen_sets:
                raise BadQuestions(f"{where}: {key} is there twice")
            seen_sets.add(key)
        seen = set()
        for question in one.get("question", []):
            check_question(where, question, seen, choices)
        if not seen:
            raise BadQuestions(f"{where}: no questions")
    for audience in AUDIENCES:
        if not any(soort == DEFAULT and who == audience for soort, who, _ in seen_sets):
            raise BadQuestions(f"there is no default set for {audience}")
    return data["set"]


@functools.cache
def contents(path=FILE):
    data = tomllib.loads(path.read_text())
    check(data)
    return data


def read(path=FILE):
    return contents(path)["set"]


def choices_of(question):
    """What can be tapped at this question of the file, as it is stored: [{code, text, picture}]."""
    known = contents().get("choice", {})
    return [{"code": code, **known[code]} for code in question.get("choices", [])]


def visibility_of(question):
    """Home matters are for the teacher only, unless the data or later the writer says otherwise."""
    default = Visibility.TEACHER if question.get("about_home") else Visibility.TABLE
    return question.get("visibility", default)


def point_of(question):
    """A question of the file as a point."""
    return asking.Point(
        text=question["text"],
        code=question["code"],
        help=question.get("help", ""),
        visibility=visibility_of(question),
        kind=asking.AREA if question.get("area") else question.get("kind", Question.Kind.TEXT.value),
        choices=tuple(choices_of(question)),
        about_home=question.get("about_home", False),
        step=question.get("step"),
    )


def rows(school):
    """Every question of the file, of the sets this school does not have yet."""
    sets = Question.objects.filter(school=school, ronde=None)
    present = set(sets.values_list("soort_code", "audience", "version").distinct().order_by())
    for one in read():
        asked = asking.questions_of(point_of(question) for question in one["question"])
        for soort in one["soorten"]:
            its = {"soort_code": soort, "audience": one["audience"], "version": one["version"]}
            if tuple(its.values()) not in present:
                yield from (Question(school=school, **its, **fields) for fields in asked)


def load_questions(school):
    """Lay the questions ready for a school; again is harmless, a new version is added beside the old."""
    Question.objects.bulk_create(rows(school), ignore_conflicts=True)


@registry.reaction("school_founded")
def lay_questions_ready(school):
    load_questions(school)


def current_set(school_id, soort_code, audience, ronde=None):
    """What is asked now: the ronde's own set, else the newest of the kind, else the default. In order."""
    asked = Question.objects.filter(school=school_id, audience=audience)
    wanted = Q(ronde=None, soort_code__in=[soort_code, DEFAULT])
    sets = asked.filter(wanted | Q(ronde=ronde) if ronde else wanted).values("ronde", "soort_code").order_by()
    best = max(
        sets.annotate(newest=Max("version")),
        key=lambda one: (one["ronde"] is not None, one["soort_code"] == soort_code),
        default=None,
    )
    return list(set_with(asked, best["ronde"], best["soort_code"], best["newest"])) if best else []


def set_with(questions, ronde_pk, soort_code, version):
    of_ronde = {"ronde": ronde_pk} if ronde_pk else {"ronde__isnull": True}
    return questions.filter(soort_code=soort_code, version=version, **of_ronde)


def questions_for(gesprek, audience, voorbereiding=None):
    """The questions of this form, in order: those one began to answer, else what is asked now."""
    answered = voorbereiding.answers.values_list("question_id", flat=True) if voorbereiding else []
    questions = Question.objects.filter(school=gesprek.school_id, audience=audience)
    if begun := questions.filter(pk__in=list(answered)).first():
        return list(set_with(questions, begun.ronde_id, begun.soort_code, begun.version))
    return current_set(gesprek.school_id, gesprek.ronde.soort.code, audience, gesprek.ronde)


def labels_of(question, chosen):
    """The words of what was tapped, in the order of the question and the language of the reader."""
    words = {choice["code"]: choice["text"] for choice in question.choices}
    return [gettext(text) for code, text in words.items() if code in chosen]


def worded(text, gesprek):
    """A sentence of the data with the child's name in it, in the language of the reader where there is one."""
    name = gesprek.leerling.person.first_name or gesprek.leerling.person.name
    area, asked = asking.in_words(text)
    words = f"{gettext(area)}: {gettext(asked)}" if area else gettext(text) if text else ""
    return words.replace("{naam}", name)
