"""What really happened at a gesprek, as far as the school's own tables tell: prepared, attended, recorded, planned.

Never a Kijkwijzer score, never a tick somebody sets for herself alone. Of what was prepared only what lies on the table
counts; of the record only a final version, and never what was confided or noted for oneself. No word that was written
comes along: only that it was there. Set-based: the number of queries is the same for one gesprek and for a school year.
"""

import functools
import operator
from dataclasses import dataclass, field

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q

from gesprekken.models import (
    Agreement,
    Answer,
    Bespreekpunt,
    Deelname,
    Gesprek,
    Question,
    Ronde,
    Slide,
    Verslag,
    Visibility,
)
from planning.models import Booking, InterpreterRequest, Invitation, Wish
from school.models import Groep, Lesgeven, Relatie

OUDER, LEERLING, LEERKRACHT = Deelname.As.OUDER, Deelname.As.LEERLING, Deelname.As.LEERKRACHT
START = "startgesprek"
DEFAULT = "standaard"  # the set of questions for kinds a school adds itself

# Codes of the questions that ask for something, per audience (gesprekken/data/questions.toml); a code that begins with
# "--" is a part of a subject, such as "rekenen--ouders".
ASKING = {
    "told_about_child": {
        "ouder": {"sterk", "gaat-goed", "interesses", "verwachting", "aanpak-thuis", "nieuws-thuis", "thuis"}
    },
    "help_prepared": {"leerkracht": {"steun-schoolwerk", "wie-kan-wat", "--ouders"}},
    "good_news": {"leerkracht": {"goed-nieuws"}},
    "strengths": {
        "ouder": {"sterk", "gaat-goed"},
        "leerling": {"gaat-goed", "leuk", "vooruit"},
        "leerkracht": {"--goed"},
    },
    "future": {"ouder": {"interesses"}, "leerling": {"leuk", "later"}},
}
ASKED = {
    "told_about_child": "asks_about_child",
    "help_prepared": "asks_help",
    "good_news": "asks_good_news",
    "strengths": "asks_strengths",
    "future": "asks_future",
}


@dataclass(frozen=True)
class Facts:
    """What is known about one gesprek. Hashable, so that gesprekken of which the same is known are weighed once."""

    booked: bool = False
    by_guardian: bool = False  # a guardian tapped this time herself
    wished: bool = False  # a guardian said beforehand when she can, in a ronde with wishes
    at_school: bool = True
    has_reception: bool = False
    interpreter_asked: bool = False
    interpreter_found: bool = False

    is_start: bool = False
    met_before: bool = False  # earlier this school year, with the same party
    asks_about_child: bool = False  # whether parents are asked it beforehand at all
    told_about_child: bool = False

    guardians: int = 0
    uninvited: int = 0
    guardian_there: bool = False
    released: bool = False
    uninformed: int = 0

    pupil_expected: bool = False
    pupil_invited: bool = False
    pupil_prepared: bool = False
    pupil_there: bool = False
    pupil_spoke: bool = False

    guardian_prepared: bool = False
    points: int = 0
    points_open: int = 0
    guardian_spoke: bool = False

    at_home: bool = False
    asks_help: bool = False
    help_prepared: bool = False

    asks_good_news: bool = False
    good_news: bool = False
    asks_strengths: bool = False
    strengths: bool = False

    interests: bool = False
    asks_future: bool = False
    future: bool = False

    agreements: int = 0
    shares: frozenset = field(default_factory=frozenset)
    has_date: bool = False

    disappointment: bool = False
    perspective: bool = False


def filled(name):
    """Whether there is anything but blanks in a text of a row, as a condition for the database."""
    return Q(**{f"{name}__regex": r"\S"})


def facts_of(gesprekken, *, verslagen=None, agreements=None):
    """{gesprek.pk: Facts} of these gesprekken.

    `verslagen` and `agreements`: those that count, the newest final ones unless said otherwise. For a reader from outside
    the school the ones she may read herself.
    """
    these = {"gesprek__in": gesprekken.order_by().values("pk")}
    known = _around(gesprekken)
    verslagen = newest_final() if verslagen is None else verslagen
    agreements = Agreement.objects.newest() if agreements is None else agreements
    for add in (_people, _times, _invited, _answers, _points_and_slides):
        add(known, these)
    _recorded(known, verslagen.filter(**these))
    _informed(known, these)
    _agreed(known, agreements.filter(**these))
    return {pk: Facts(**values) for pk, values in known.items()}


def newest_final():
    """Of each gesprek the version that counts now."""
    newer = Verslag.objects.final().filter(gesprek=OuterRef("gesprek"), number__gt=OuterRef("number"))
    return Verslag.objects.final().filter(~Exists(newer))


# --- each part: a query or two, into {gesprek.pk: {name: value}} -----------------------------------------------------


def _around(gesprekken):
    """What is known from the gesprek itself, its ronde and its group."""
    earlier = Gesprek.objects.filter(
        Q(party=OuterRef("party")) | Q(party=Gesprek.TOGETHER),
        leerling=OuterRef("leerling"),
        ronde__schooljaar=OuterRef("ronde__schooljaar"),
        held_on__lt=OuterRef("held_on"),
        cancelled_at=None,
    )
    rows = list(
        gesprekken.order_by()
        .annotate(met=Exists(earlier))
        .values_list("pk", "ronde", "groep", "form", "met")
        .distinct()
    )
    rondes = Ronde.objects.select_related("soort").in_bulk({row[1] for row in rows})
    groepen = Groep.objects.in_bulk({row[2] for row in rows})
    asked = _asked(rondes.values())
    known = {}
    for pk, ronde_pk, groep_pk, form, met in rows:
        ronde = rondes[ronde_pk]
        known[pk] = {
            "at_school": (form or ronde.form) == Ronde.Form.SCHOOL,
            "has_reception": bool(ronde.reception.strip()),
            "is_start": ronde.soort.code == START,
            "met_before": met,
            "pupil_expected": ronde.pupil_joins(groepen[groep_pk].level),
            **asked[ronde_pk],
        }
    return known


def _asked(rondes):
    """{ronde.pk: {name: bool}}: whether its questions ask for this at all. What nobody is asked, nobody left out."""
    rondes = list(rondes)
    rows = Question.objects.filter(
        Q(ronde__in=[ronde.pk for ronde in rondes]) | Q(ronde=None), school__in={ronde.school_id for ronde in rondes}
    ).order_by()
    sets = {}
    for ronde, soort, *row, code in rows.values_list("ronde", "soort_code", "audience", "version", "code"):
        sets.setdefault((ronde or soort, row[0]), {}).setdefault(row[1], set()).add(code)

    def asks(ronde, audience, wanted):
        keys = [ronde.pk, ronde.soort.code, DEFAULT]
        versions = next((sets[key, audience] for key in keys if (key, audience) in sets), {0: ()})
        return any(code in wanted or "--" + code.rpartition("--")[2] in wanted for code in versions[max(versions)])

    return {
        ronde.pk: {
            ASKED[name]: any(asks(ronde, audience, wanted) for audience, wanted in ASKING[name].items())
            for name in ASKING
        }
        for ronde in rondes
    }


def _count(condition):
    return Count("pk", filter=condition)


def _people(known, these):
    as_guardian, as_pupil, there = Q(as_role=OUDER), Q(as_role=LEERLING), Q(attended=True)
    rows = (
        Deelname.objects.filter(**these)
        .order_by()
        .values("gesprek")
        .annotate(
            guardians=_count(as_guardian),
            guardian_there=_count(as_guardian & there),
            guardian_spoke=_count(as_guardian & there & Q(spoke=True)),
            pupil_invited=_count(as_pupil),
            pupil_there=_count(as_pupil & there),
            pupil_spoke=_count(as_pupil & there & Q(spoke=True)),
            interpreter_found=_count(Q(as_role=Deelname.As.TOLK)),
        )
    )
    for row in rows:
        pk, guardians = row.pop("gesprek"), row.pop("guardians")
        known[pk] |= {name: bool(number) for name, number in row.items()} | {"guardians": guardians}


def _times(known, these):
    for pk, chosen in Booking.objects.active().filter(**these).order_by().values_list("gesprek", "chosen_by_guardian"):
        known[pk] |= {"booked": True, "by_guardian": chosen}
    can = Wish.objects.filter(ronde=OuterRef("gesprek__ronde"), person=OuterRef("person")).exclude(can=Wish.Can.NO)
    wishing = Deelname.objects.filter(**these, as_role=OUDER, gesprek__ronde__mode=Ronde.Mode.WISHES)
    for pk in wishing.filter(Exists(can)).order_by().values_list("gesprek", flat=True):
        known[pk]["wished"] = True
    for pk, state in InterpreterRequest.objects.filter(**these).values_list("gesprek", "state"):
        known[pk]["interpreter_asked"] = True
        if state == InterpreterRequest.State.CONFIRMED:
            known[pk]["interpreter_found"] = True


def _invited(known, these):
    """How many of the guardians who take part got no invitation of their own."""
    own = Invitation.objects.filter(gesprek=OuterRef("gesprek"), person=OuterRef("person"))
    rows = Deelname.objects.filter(~Exists(own), **these, as_role=OUDER).order_by().values("gesprek")
    for row in rows.annotate(number=Count("pk")):
        known[row["gesprek"]]["uninvited"] = row["number"]


def _answering(name):
    """The condition that an answer is one to a question that asks for this."""
    found = Q()
    for audience, codes in ASKING[name].items():
        whole = Q(question__code__in=[code for code in codes if not code.startswith("--")])
        parts = [Q(question__code__endswith=code) for code in codes if code.startswith("--")]
        found |= Q(voorbereiding__audience=audience) & functools.reduce(operator.or_, parts, whole)
    return found


def _answers(known, these):
    """What somebody prepared and laid on the table: by whom, and to which kind of question."""
    given = Answer.objects.filter(visibility=Visibility.TABLE, voorbereiding__gesprek__in=these["gesprek__in"])
    rows = (
        given.exclude(text="", chosen=[])
        .order_by()
        .values("voorbereiding__gesprek")
        .annotate(
            guardian_prepared=_count(Q(voorbereiding__audience="ouder")),
            pupil_prepared=_count(Q(voorbereiding__audience="leerling")),
            **{name: _count(_answering(name)) for name in ASKING},
        )
    )
    for row in rows:
        pk = row.pop("voorbereiding__gesprek")
        known[pk] |= {name: bool(number) for name, number in row.items()}


def _points_and_slides(known, these):
    """Points of guardians on the table and how many were not talked about; a pupil's points and slides prepare too."""
    rows = Bespreekpunt.objects.filter(**these, visibility=Visibility.TABLE).order_by()
    of_pupil = Q(person=F("gesprek__leerling__person"))
    rows = rows.values("gesprek").annotate(
        by_pupil=_count(of_pupil),
        points=_count(~of_pupil),
        points_open=_count(~of_pupil & (Q(discussed=None) | Q(discussed=False))),
    )
    for row in rows:
        values = known[row["gesprek"]]
        values |= {"points": row["points"], "points_open": row["points_open"]}
        values["guardian_prepared"] = values.get("guardian_prepared", False) or row["points"] > 0
        values["pupil_prepared"] = values.get("pupil_prepared", False) or row["by_pupil"] > 0
    slides = Slide.objects.filter(presentation__gesprek__in=these["gesprek__in"]).order_by()
    for pk in slides.values_list("presentation__gesprek", flat=True).distinct():
        known[pk]["pupil_prepared"] = True


def _recorded(known, verslagen):
    names = ("at_home", "interests", "disappointment", "perspective")
    rows = verslagen.order_by().annotate(**{f"has_{name}": _is(filled(name)) for name in names})
    for pk, released_at, *values in rows.values_list("gesprek", "released_at", *(f"has_{name}" for name in names)):
        known[pk] |= dict(zip(names, map(bool, values), strict=True)) | {"released": released_at is not None}


def _is(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


def _informed(known, these):
    """How many guardians of the gesprek, also who hears afterwards, should be given the record and were not."""
    given = newest_final().filter(gesprek=OuterRef("gesprek"), released_to=OuterRef("person"))
    informed = Relatie.objects.invited().filter(person=OuterRef("person"), leerling=OuterRef("gesprek__leerling"))
    rows = Deelname.objects.filter(Exists(informed), ~Exists(given), **these)
    rows = rows.filter(as_role__in=[OUDER, Deelname.As.ACHTERAF]).order_by().values("gesprek")
    for row in rows.annotate(number=Count("pk")):
        known[row["gesprek"]]["uninformed"] = row["number"]


def _agreed(known, agreements):
    for pk, shares, day in agreements.order_by().values_list("gesprek", "shares", "evaluate_on"):
        values = known[pk]
        values["agreements"] = values.get("agreements", 0) + 1
        values["shares"] = values.get("shares", frozenset()) | frozenset(shares)
        values["has_date"] = values.get("has_date", False) or day is not None


# --- whose gesprekken they are ---------------------------------------------------------------------------------------


def teachers_of(gesprekken):
    """{gesprek.pk: frozenset of the persons who held it as teacher}, else the teachers of the group; maybe nobody."""
    these = gesprekken.order_by().values("pk")
    found = {}
    for pk, person in Deelname.objects.filter(gesprek__in=these, as_role=LEERKRACHT).values_list("gesprek", "person"):
        found.setdefault(pk, set()).add(person)
    of_groep = {}
    teaching = Lesgeven.objects.filter(groep__gesprekken__in=these).values_list("groep", "medewerker__person")
    for groep, person in teaching.distinct():
        of_groep.setdefault(groep, set()).add(person)
    rows = gesprekken.order_by().values_list("pk", "groep").distinct()
    return {pk: frozenset(found.get(pk) or of_groep.get(groep, ())) for pk, groep in rows}
