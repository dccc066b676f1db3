"""One pupil across the years, and a month of all: conversations, open agreements, what works at home."""

import calendar
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from gesprekken.models import Verslag
from gesprekken.permissions import visible_agreements, visible_gesprekken, visible_overdrachten, visible_verslagen


def still_open(agreements):
    """Of these agreements those nobody said are done, by the day on which they are looked back on."""
    return agreements.still_open().order_by("evaluate_on", "pk")


def said_at_home(verslagen):
    """The final ones, newest of each gesprek, in which something was said to talk about at home."""
    newer = Verslag.objects.final().filter(gesprek=OuterRef("gesprek"), number__gt=OuterRef("number"))
    rows = verslagen.final().filter(~Exists(newer)).exclude(at_home="")
    return rows.select_related("gesprek__ronde").order_by("-finalised_at", "-pk")


@dataclass(frozen=True)
class PupilLine:
    gesprekken: list
    agreements: list
    at_home: list  # (words, said where)


def line_of(actor, leerling):
    """A pupil's years in one line, as far as this actor may read them."""
    gesprekken = visible_gesprekken(actor).filter(leerling=leerling, cancelled_at=None)
    gesprekken = gesprekken.select_related("ronde__soort", "ronde__schooljaar", "groep").order_by(
        Coalesce("held_on", "ronde__starts_on").desc(), "-pk"
    )
    agreements = still_open(visible_agreements(actor).filter(gesprek__leerling=leerling))
    verslagen = said_at_home(visible_verslagen(actor).filter(gesprek__leerling=leerling))
    told = visible_overdrachten(actor).filter(leerling=leerling).exclude(works_at_home="")
    at_home = [(row.works_at_home, str(row.schooljaar)) for row in told.select_related("schooljaar")]
    at_home += [(verslag.at_home, verslag.gesprek.ronde.name) for verslag in verslagen]
    return PupilLine(list(gesprekken), list(agreements.select_related("gesprek__ronde")), at_home)


# --- a month ---------------------------------------------------------------------------------------------------------


@dataclass
class Month:
    gesprekken: list  # this month, of pupils with an open agreement, or in which the actor takes part
    without_time: list  # gesprekken of open rondes of this month for which there is no time


def days_of(today):
    last = calendar.monthrange(today.year, today.month)[1]
    return date(today.year, today.month, 1), date(today.year, today.month, last)


def month_of(actor, today):
    first, last = days_of(today)
    gesprekken = visible_gesprekken(actor).filter(cancelled_at=None)
    now = gesprekken.filter(
        Q(held_on__range=(first, last))
        | Q(held_on=None, ronde__state="open", ronde__starts_on__lte=last, ronde__ends_on__gte=first)
    )
    now = list(
        now.select_related("ronde__soort", "leerling__person", "groep")
        .prefetch_related("bookings", "deelnames")
        .order_by("leerling__person__first_name", "pk")
    )
    open_of = {}
    pupils = [gesprek.leerling_id for gesprek in now]
    for agreement in still_open(visible_agreements(actor).filter(gesprek__leerling__in=pupils)).select_related(
        "gesprek"
    ):
        open_of.setdefault(agreement.gesprek.leerling_id, []).append(agreement)
    for gesprek in now:
        gesprek.open_agreements = open_of.get(gesprek.leerling_id, [])
        gesprek.with_me = any(row.person_id == actor.person.pk for row in gesprek.deelnames.all())
        gesprek.at = next((b.starts_at for b in gesprek.bookings.all() if b.state == "active"), None)
    return Month(
        [gesprek for gesprek in now if gesprek.open_agreements or gesprek.with_me],
        [gesprek for gesprek in now if gesprek.at is None and not gesprek.is_held],
    )


def pupils_found(leerlingen, words):
    """Of these pupils those whose name holds these words; few enough to choose from."""
    for word in words.replace("\x00", "").split()[:4]:
        leerlingen = leerlingen.filter(Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word))
    return list(leerlingen.select_related("person").order_by("person__first_name", "person__last_name")[:30])
