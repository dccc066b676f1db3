"""What a teacher takes along from the last gesprek: open agreements first, then what was prepared for it.

Nothing here is wider than what she may read anyway: visible_agreements and visible_answers of the earlier gesprek.
"""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from gesprekken.models import Agreement, Deelname, Gesprek, Visibility
from gesprekken.permissions import visible_agreements, visible_answers, visible_gesprekken
from gesprekken.preparing.offers import Offer

TO_ASK = "vragen"  # the question under which one asks how an agreement went


def earlier_gesprekken(gesprek):
    """The gesprekken about this pupil that were held, with the same party or with everybody together; newest first."""
    parties = {gesprek.party, Gesprek.TOGETHER}
    held = Gesprek.objects.filter(leerling=gesprek.leerling_id, party__in=parties, held_on__isnull=False)
    return held.exclude(pk=gesprek.pk).order_by("-held_on", "-pk")


def open_agreements_before(gesprek):
    """What was agreed earlier and is not reached yet, as the newest verslagen say it.

    An agreement with one guardian alone is not laid before another who comes now.
    """
    guardians = Deelname.objects.filter(as_role=Deelname.As.OUDER, person__agreements=OuterRef("pk"))
    there, here = guardians.filter(gesprek=OuterRef("gesprek")), guardians.filter(gesprek=gesprek)
    agreements = Agreement.objects.filter(
        Exists(here) | ~Exists(there), gesprek__in=earlier_gesprekken(gesprek).values("pk")
    )
    return agreements.still_open().annotate(said_on=F("gesprek__held_on")).order_by("-said_on", "pk")


def agreements_for(actor, gesprek):
    """Those of them this teacher may read."""
    mine = open_agreements_before(gesprek).filter(pk__in=visible_agreements(actor).values("pk"))
    return list(mine.prefetch_related("concerns"))


def at_the_table(gesprek):
    """The guardians and the pupil who take part: before their eyes comes what is on the table."""
    there = gesprek.deelnames.filter(as_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING])
    return set(there.values_list("person", flat=True))


def prepared_before(actor, gesprek):
    """What she prepared for the last gesprek, and of a colleague what was on the table. In the order of the questions."""
    last = visible_gesprekken(actor).filter(pk__in=earlier_gesprekken(gesprek).values("pk"))
    last = last.order_by("-held_on", "-pk").first()
    if last is None:
        return []
    hers = Q(voorbereiding__person=actor.person) | Q(visibility=Visibility.TABLE)
    answers = visible_answers(actor, last).filter(hers, voorbereiding__audience="leerkracht").exclude(text="")
    answers = answers.select_related("question", "voorbereiding__person")
    return list(answers.annotate(said_on=F("voorbereiding__gesprek__held_on")).order_by("question__number", "pk"))


def place_for(code, questions):
    """The question under which something is offered: the one with this code, else the first."""
    return next((question for question in questions if question.code == code), questions[0])


def offers(actor, gesprek, questions):
    """{question pk: [Offer]}: open agreements first, each under the question where it is of use."""
    found = {}
    if not questions:
        return found
    present = at_the_table(gesprek)
    for agreement in agreements_for(actor, gesprek):
        closed = not present <= {person.pk for person in agreement.concerns.all()}
        sentence = _("Afgesproken: %(who)s - %(what)s. Hoe ging dat?") % {"who": agreement.who, "what": agreement.what}
        offer = Offer(f"afgesproken{agreement.pk}", agreement.what, sentence, closed, agreement.said_on)
        found.setdefault(place_for(TO_ASK, questions).pk, []).append(offer)
    for answer in prepared_before(actor, gesprek):
        own = answer.voorbereiding.person_id == actor.person.pk
        label = answer.text if own else f"{answer.voorbereiding.person.name}: {answer.text}"
        closed = answer.visibility == Visibility.TEACHER
        offer = Offer(f"antwoord{answer.pk}", label, answer.text, closed, answer.said_on)
        found.setdefault(place_for(answer.question.code, questions).pk, []).append(offer)
    return found
