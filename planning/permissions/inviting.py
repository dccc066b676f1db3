"""Who opens a ronde and sends its invitations, and who sees that nobody is left out."""

from django.db.models import Exists, OuterRef, Q

from gesprekken.models import Gesprek, Ronde
from gesprekken.permissions import of_conductor, visible_gesprekken
from planning.models import ContactAttempt, Invitation, InvitationText, WeekException
from planning.permissions.times import may_plan_for, reachable_guardians
from school.models import Bounce, Person, Relatie
from school.permissions import visible_groepen, visible_jobs


def may_open_ronde(actor):
    return actor.is_leiding


def groepen_to_print(actor, ronde):
    """The groups of which this colleague prints letters and cards: they hold codes that open personal pages."""
    groepen = visible_groepen(actor).filter(ronde_groepen__ronde=ronde)
    return groepen if may_open_ronde(actor) else groepen.filter(pk__in=actor.groep_ids)


def visible_letters(actor, ronde):
    """The jobs that made letters of this ronde, for who had them made; leadership sees all."""
    return visible_jobs(actor).filter(kind="planning.letters", args__ronde=ronde.pk)


def may_announce(actor, ronde):
    """Who tells families long before to keep the days of a ronde on request free: leadership, while it is a draft."""
    return may_open_ronde(actor) and ronde.is_draft and ronde.whom == Ronde.Whom.ASKED


def visible_invitations(actor, gesprek):
    """A guardian her own."""
    return Invitation.objects.filter(school=actor.school, gesprek=gesprek, person=actor.person)


def gesprekken_to_follow_up(actor):
    """Whose parents this member of staff reaches: leadership and IB all, a teacher her own.

    Of a group that is divided, or where a colleague took over, the gesprekken are whose they are now.
    """
    gesprekken = visible_gesprekken(actor)
    if not actor.is_staff:
        return gesprekken.none()
    if actor.is_leiding or actor.is_ib:
        return gesprekken
    undivided = Q(groep__in=actor.groep_ids, medewerker__isnull=True)
    return gesprekken.filter(undivided | Q(medewerker__person=actor.person))


def may_log_attempt(actor, gesprek):
    """Who notes that the parents were tried: who plans for them, and the intern begeleider."""
    return may_plan_for(actor, gesprek) or (actor.is_ib and gesprek.school_id == actor.school.pk)


def plannable(actor, gesprekken):
    """Of these, the ids of the gesprekken for which this member of staff may plan a time; as may_plan_for, in one go."""
    ids = [gesprek.pk for gesprek in gesprekken]
    if actor.is_leiding or not ids:
        return set(ids)
    return set(Gesprek.objects.filter(of_conductor(actor), pk__in=ids).values_list("pk", flat=True))


def guardians_to_reach(actor, gesprek):
    """The guardians of this gesprek one may note an attempt with: who take part and may be reached."""
    people = Person.objects.filter(school=actor.school)
    if not may_log_attempt(actor, gesprek):
        return people.none()
    return reachable_guardians(people, gesprek)


def guardians_to_mend(actor, gesprek):
    """Of those the ones of whom who plans may write down the address: no mail reaches them, and they sign in nowhere."""
    if not may_plan_for(actor, gesprek):
        return Person.objects.none()
    returned = Exists(Bounce.objects.standing().filter(person=OuterRef("pk")))
    return guardians_to_reach(actor, gesprek).filter(Q(email="") | returned, user=None)


def visible_attempts(actor, gesprek):
    """What was tried to reach the parents: for who tries too."""
    tried = ContactAttempt.objects.filter(school=actor.school, gesprek=gesprek)
    return tried if may_log_attempt(actor, gesprek) else tried.none()


def may_see_shrinking(actor):
    """How the number of families nobody heard from goes down: leadership, and the intern begeleider."""
    return actor.is_leiding or actor.is_ib


def may_edit_invitation(actor):
    return actor.is_leiding


def visible_texts(actor, about):
    """Every version of the invitation of a ronde or a soort, also those sent before: leadership."""
    mine = {"ronde": about} if isinstance(about, Ronde) else {"soort": about}
    texts = InvitationText.objects.filter(**mine, school=actor.school)
    return texts if may_edit_invitation(actor) else texts.none()


def visible_sent(actor, ronde):
    """Which invitation each family got: of the gesprekken one sees, and of guardians whom nothing keeps from the child."""
    reachable = Relatie.objects.reachable().filter(person=OuterRef("person"), leerling=OuterRef("gesprek__leerling"))
    sent = Invitation.objects.filter(Exists(reachable), school=actor.school, gesprek__ronde=ronde)
    return sent.filter(gesprek__in=visible_gesprekken(actor)) if actor.is_staff else sent.none()


def visible_examples(actor, groepen):
    """The guardians of these groups to try an invitation on, by name of the child: for who writes it."""
    talking = Relatie.objects.talking().filter(school=actor.school, leerling__left_on__isnull=True)
    talking = talking.filter(leerling__lidmaatschappen__groep__in=groepen).select_related("person", "leerling__person")
    talking = talking.order_by("leerling__person__first_name", "pk").distinct()
    return talking if may_edit_invitation(actor) else talking.none()


def visible_week_exceptions(actor):
    """Why something was settled within the week, in every ronde: leadership, who sees every gesprek."""
    rows = WeekException.objects.filter(school=actor.school)
    return rows if actor.is_leiding else rows.none()
