"""Who sees the other parent activities, and who invites to them."""

from django.db.models import Q

from gesprekken.models import Activiteit
from gesprekken.permissions import own_groepen
from school.permissions import visible_jobs


def visible_activity_letters(actor, activiteit):
    """The jobs that made letters about this activity, for who had them made; leadership sees all."""
    return visible_jobs(actor).filter(kind="planning.letters", args__activiteit=activiteit.pk)


def activities_for(actor):
    """The parent activities a guardian was invited to: for the groups of children nothing keeps her from (C6)."""
    activiteiten = Activiteit.objects.filter(school=actor.school, invited_at__isnull=False)
    if not actor.is_guardian:
        return activiteiten.none()
    mine = own_groepen(actor.person)
    of_all = Activiteit.objects.filter(groepen=None, jaarplan__schooljaar__in=mine.values("schooljaar"))
    of_mine = Activiteit.objects.filter(groepen__in=mine)  # not joined: one with three groups would come three times
    return activiteiten.filter(Q(pk__in=of_mine.values("pk")) | Q(pk__in=of_all.values("pk")))


def may_invite_to_activities(actor):
    return actor.is_leiding


def groepen_to_tick(actor, groepen):
    """Of these groups, those of which this member of staff notes who came and prints letters: leadership all, a teacher
    her own.
    """
    if actor.is_leiding:
        return groepen
    return groepen.filter(pk__in=actor.groep_ids) if actor.is_staff else groepen.none()
