"""Whom have we not reached? Per group, as this is about reaching and not about how well a gesprek went."""

from collections import Counter

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Deelname, Ronde
from kijkwijzer.insight import counting
from kijkwijzer.insight.answer import Answer, Column, Table
from kijkwijzer.insight.bars import Bar, bars
from kijkwijzer.insight.reach import ASKED
from planning.models import Booking, Invitation, Wish

SLUG = "bereik"
HELD, TIME, REACTED, SILENT, UNINVITED = "held", "time", "reacted", "silent", "uninvited"
REACHED = (HELD, TIME, REACTED)


def question():
    return _("Wie hebben we nog niet bereikt?")


def held_in(schooljaar):
    """{group: how many of its gesprekken were held}: of those nothing more is asked."""
    rows = counting.gesprekken_of(schooljaar).filter(counting.held()).order_by()
    return dict(rows.values_list("groep_id").annotate(n=Count("pk")))


def states(schooljaar):
    """[(group, pupil, state)] of every gesprek of the year that was not held yet, in six queries.

    Each asks for keys alone: as one question with a condition per row, PostgreSQL reads the invitations of every school.
    """
    to_come = counting.of_year(schooljaar, "gesprek__") & Q(gesprek__held_on__isnull=True)
    booked = set(Booking.objects.active().filter(to_come).order_by().values_list("gesprek_id", flat=True))
    invited = set(Invitation.objects.filter(to_come).values_list("gesprek_id", flat=True))
    reacted = set(Invitation.objects.filter(to_come & ASKED).values_list("gesprek_id", flat=True))
    reacted |= wished_in(schooljaar, to_come)

    def state(gesprek):
        if gesprek in booked:
            return TIME
        if gesprek in reacted:
            return REACTED
        return SILENT if gesprek in invited else UNINVITED

    rows = counting.gesprekken_of(schooljaar).filter(held_on__isnull=True).order_by()
    rows = rows.values_list("groep_id", "leerling_id", "pk")
    return [(groep, leerling, state(gesprek)) for groep, leerling, gesprek in rows]


def wished_in(schooljaar, to_come):
    """The gesprekken of which a guardian said when she can, in rondes that ask for it."""
    wishes = Wish.objects.filter(ronde__schooljaar=schooljaar, ronde__mode=Ronde.Mode.WISHES).order_by()
    given = set(wishes.values_list("ronde_id", "person_id").distinct())
    guardians = Deelname.objects.filter(to_come, as_role=Deelname.As.OUDER, gesprek__ronde__mode=Ronde.Mode.WISHES)
    rows = guardians.values_list("gesprek_id", "gesprek__ronde_id", "person_id")
    return {gesprek for gesprek, ronde, person in rows if (ronde, person) in given}


def answer(*, school, schooljaar, now):
    rows, held = states(schooljaar), held_in(schooljaar)
    if not rows and not held:
        return Answer(
            SLUG,
            question(),
            _("In dit schooljaar is nog geen ronde geopend, dus we hebben nog niemand uitgenodigd."),
            steps=counting.lay_down_the_year(),
        )
    groepen = counting.groepen_of(schooljaar)
    per_groep = {pk: Counter({HELD: held.get(pk, 0)}) for pk in groepen}
    for groep, _leerling, state in rows:
        per_groep[groep][state] += 1
    per_groep = {pk: counts for pk, counts in per_groep.items() if counts.total()}
    total = sum(per_groep.values(), Counter())
    missed = total[SILENT] + total[UNINVITED]
    also = who(rows, groepen)
    return Answer(
        SLUG,
        question(),
        said(total.total(), missed, len(also.rows)),
        columns=(
            Column(_("Groep")),
            Column(_("Gesprekken"), number=True),
            Column(_("Gehouden"), number=True),
            Column(_("Tijd gekozen"), number=True),
            Column(_("Andere reactie"), number=True),
            Column(_("Nog geen reactie"), number=True),
            Column(_("Niet uitgenodigd"), number=True),
        ),
        rows=(
            *(line(groepen[pk].name, counts) for pk, counts in per_groep.items()),
            line(_("Samen"), total),
        ),
        picture=picture(groepen, per_groep, total),
        steps=steps(missed),
        note=_(
            "Een andere reactie is: ouders vroegen om contact, er past geen tijd, of zij gaven aan wanneer zij kunnen."
        ),
        also=also if also.rows else None,
    )


def line(name, counts):
    return (name, counts.total(), *(counts[state] for state in (HELD, TIME, REACTED, SILENT, UNINVITED)))


def said(total, missed, children):
    if not missed:
        return ngettext(
            "Bij het enige gesprek van dit jaar is er contact met de ouders.",
            "Bij alle %(total)s gesprekken van dit jaar is er contact met de ouders.",
            total,
        ) % {"total": total}
    return ngettext(
        "Bij %(reached)s van de %(total)s gesprekken is er contact; van %(children)s kind hoorden we de ouders nog niet.",
        "Bij %(reached)s van de %(total)s gesprekken is er contact; van %(children)s kinderen hoorden we de ouders nog niet.",
        children,
    ) % {"reached": total - missed, "total": total, "children": children}


def who(rows, groepen):
    """The children with a gesprek about which their parents were not heard yet."""
    silent, uninvited = Counter(), Counter()
    for groep, leerling, state in rows:
        if state == SILENT:
            silent[groep, leerling] += 1
        elif state == UNINVITED:
            uninvited[groep, leerling] += 1
    names = counting.names_of({leerling for _groep, leerling in {*silent, *uninvited}})
    order = {pk: number for number, pk in enumerate(groepen)}
    found = sorted({*silent, *uninvited}, key=lambda key: (order[key[0]], names[key[1]], key[1]))
    return Table(
        _("Van deze kinderen hoorden we de ouders nog niet"),
        (
            Column(_("Groep")),
            Column(_("Leerling")),
            Column(_("Nog geen reactie"), number=True),
            Column(_("Niet uitgenodigd"), number=True),
        ),
        tuple((groepen[key[0]].name, names[key[1]], silent[key], uninvited[key]) for key in found),
    )


def picture(groepen, per_groep, total):
    def drawn(name, counts):
        reached = sum(counts[state] for state in REACHED)
        parts = (counts[HELD], counts[TIME] + counts[REACTED], counts[UNINVITED], counts[SILENT])
        return Bar(name, parts, counts.total(), counting.of(reached, counts.total()))

    lines = [drawn(groepen[pk].name, counts) for pk, counts in per_groep.items()]
    legend = (_("gehouden"), _("tijd of reactie"), _("niet uitgenodigd"), _("geen reactie"))
    return bars(SLUG, [*lines, drawn(_("Samen"), total)], legend=legend, title=_("Bij wie er contact is, per groep"))


def steps(missed):
    look = counting.step(_("Bekijk het per ronde"), "overview")
    return (counting.step(_("Bel of schrijf deze ouders"), "follow_up"), look) if missed else (look,)
