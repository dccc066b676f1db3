"""What becomes of it: the second colleague, open agreements, feedback, the advice, the hand-over."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gesprekken.models import Advies, Agreement, Deelname, Feedback, Overdracht
from gesprekken.permissions.asking import groepen_now
from gesprekken.permissions.gesprek import conducts, visible_gesprekken, visible_with_role
from gesprekken.permissions.talking import visible_agreements
from school.actor import CONFIRMED, PERSONAL
from school.models import Groep, Leerling, Lidmaatschap, Person, Relatie

FEEDBACK_DAYS = 14  # so many days after the last day of a ronde people can say what they found of it


def second_colleagues(gesprek):
    """Who reads along: everybody who takes part as the second colleague, unless she was not there."""
    there = gesprek.deelnames.filter(as_role=Deelname.As.TWEEDE_COLLEGA).exclude(attended=False)
    return Person.objects.filter(pk__in=there.values("person"), medewerker__left_on__isnull=True).order_by("pk")


def may_second(actor, gesprek):
    """Agreeing with the text is the second colleague's, and hers alone."""
    return actor.is_staff and not actor.is_system and second_colleagues(gesprek).filter(pk=actor.person.pk).exists()


def visible_open_agreements(actor):
    """What may still have to be looked back on: the agreements of the version that counts now.

    To guardians and pupils what they may read anyway. To staff those of the newest final version; also to who teaches
    the pupil now, whoever she made it with last year (docs/decisions/0089): the agreement, not the verslag around it.
    """
    if not actor.is_staff:
        return visible_agreements(actor)
    final = Agreement.objects.filter(school=actor.school).newest()
    taught_now = Lidmaatschap.objects.filter(groep__in=groepen_now(actor)).values("leerling")
    seen = Q(pk__in=visible_agreements(actor).values("pk"))
    return final.filter(seen | Q(gesprek__leerling__in=taught_now))


def may_say_outcome(actor, agreement):
    """Whom it concerns says what became of it, after the second step: one has to have read it (docs/decisions/0089)."""
    return actor.level == CONFIRMED and visible_agreements(actor).filter(pk=agreement.pk).exists()


def may_export_lvs(actor, groep):
    """What goes into the LVS is the work of the group's teachers and the intern begeleider."""
    return actor.is_ib or (actor.is_staff and groep.pk in actor.groep_ids)


def may_see_advice_talks(actor):
    """Who was there at the advice conversations (C4): leadership and the intern begeleider."""
    return actor.is_leiding or actor.is_ib


# --- after the gesprek -------------------------------------------------------------------------------------------------


def answerable_gesprekken(actor):
    """About which this guardian or pupil may say what she found of it: held, and asked not too long ago."""
    today = timezone.localdate()
    return visible_with_role(actor).filter(
        own_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING],
        held_on__lte=today,
        ronde__ends_on__gte=today - timedelta(days=FEEDBACK_DAYS),
    )


def visible_feedback(actor, *, whole_school=False):
    """To count, never to show a row: a teacher of her own groups, leadership the whole school."""
    rows = Feedback.objects.filter(school=actor.school)
    if whole_school:
        return rows if may_see_school_feedback(actor) else rows.none()
    return rows.filter(groep__in=actor.groep_ids) if actor.is_staff else rows.none()


def may_see_school_feedback(actor):
    return actor.is_leiding


def may_answer_gains(actor):
    """A guardian whom the school may reach about a child of hers that is still here."""
    mine = Relatie.objects.invited().filter(person=actor.person, leerling__left_on__isnull=True)
    return actor.level in PERSONAL and mine.exists()


def may_ask_gains(actor):
    return actor.is_leiding


def advice_leerlingen(actor):
    """The pupils whose way to the advice one works on: leadership and IB all, a teacher those of her present groups."""
    here = Leerling.objects.filter(school=actor.school, left_on__isnull=True).select_related("person", "school")
    if actor.is_leiding or actor.is_ib:
        return here
    if actor.is_staff:
        return here.filter(lidmaatschappen__groep__in=groepen_now(actor)).distinct()
    return here.none()


def visible_adviezen(actor):
    """Staff: of the pupils whose way they work on. Guardians and the pupil: once it is shared, after the second step."""
    adviezen = Advies.objects.filter(school=actor.school)
    if actor.is_staff:
        return adviezen.filter(leerling__in=advice_leerlingen(actor))
    return _shared_adviezen(actor) if actor.level == CONFIRMED else adviezen.none()


def leerlingen_with_advice(actor):
    """Of whom an advice was shared with this guardian or pupil: that it exists, also for a bare link, not what it is."""
    shared = _shared_adviezen(actor).values("leerling")
    return Leerling.objects.filter(pk__in=shared).select_related("person").order_by("person__first_name", "pk")


def _shared_adviezen(actor):
    shared = Advies.objects.filter(school=actor.school, released_at__isnull=False)
    if actor.is_staff or actor.person is None:
        return shared.none()
    mine = Relatie.objects.invited().filter(person=actor.person).values("leerling")
    return shared.filter(Q(leerling__in=mine) | Q(leerling__person=actor.person))


def may_read_contribution(actor, gesprek):
    """Who reads what the pupil brought in herself, and writes down what she says: who conducts, and the IB."""
    return conducts(actor, gesprek) or (actor.is_ib and visible_gesprekken(actor).filter(pk=gesprek.pk).exists())


def may_follow_pupils(actor):
    """The month and the years of every pupil: the intern begeleider."""
    return actor.is_ib


def followed_leerlingen(actor):
    return Leerling.objects.filter(school=actor.school) if may_follow_pupils(actor) else Leerling.objects.none()


def handing_over_groepen(actor, schooljaar):
    """The groups of which a member of staff sees who is handed over: leadership and IB all, a teacher her own."""
    groepen = Groep.objects.filter(school=actor.school, schooljaar=schooljaar, gone=False, soort=Groep.Soort.STAM)
    if actor.is_leiding or actor.is_ib:
        return groepen
    return groepen.filter(pk__in=actor.groep_ids)


def may_hand_over(actor, groep):
    return groep.pk in actor.groep_ids


def leerlingen_to_hand_over(actor, schooljaar):
    """About whom this teacher writes: the pupils of her groups in this year."""
    mine = Lidmaatschap.objects.filter(groep__in=actor.groep_ids, groep__schooljaar=schooljaar)
    return Leerling.objects.filter(school=actor.school, pk__in=mine.values("leerling"), left_on__isnull=True)


def visible_overdrachten(actor):
    """Who wrote it: the teachers of that year. Once it is handed over also the IB, and the teachers of a later year.

    Guardians and pupils do not read it here (docs/decisions/0091-advice-and-handing-over.md).
    """
    rows = Overdracht.objects.filter(school=actor.school)
    if not actor.is_staff or actor.is_system:
        return rows.none()
    mine = Lidmaatschap.objects.filter(groep__in=actor.groep_ids, leerling=OuterRef("leerling"))
    writes = Exists(mine.filter(groep__schooljaar=OuterRef("schooljaar")))
    later = mine.filter(groep__schooljaar__starts_on__gt=OuterRef("schooljaar__starts_on"))
    reads = Q(Exists(later)) | (Q(pk__isnull=False) if actor.is_ib else Q(pk__in=[]))
    return rows.filter(writes | (Q(handed_over_at__isnull=False) & reads))


def overdrachten_to_read(actor):
    """Handed over about the pupils this teacher has now, written in an earlier year by whoever had them then."""
    mine = Lidmaatschap.objects.filter(groep__in=groepen_now(actor), leerling=OuterRef("leerling"))
    later = mine.filter(groep__schooljaar__starts_on__gt=OuterRef("schooljaar__starts_on"))
    return visible_overdrachten(actor).filter(Exists(later), handed_over_at__isnull=False)
