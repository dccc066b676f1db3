"""Who gives wishes, and who makes a plan of them."""

from gesprekken.models import Deelname, Ronde
from gesprekken.permissions import visible_gesprekken
from planning.models import Plan, PlannedGesprek, Wish
from school.actor import PERSONAL


def visible_wishes(actor, gesprekken):
    """When guardians can, in the rondes of these gesprekken. One's own; staff see those of whom they plan for.

    Never the other parent's: what one wrote is not shown to the other (I3a).
    """
    wishes = Wish.objects.filter(school=actor.school, ronde__in=gesprekken.values("ronde"))
    if not actor.is_staff:
        return wishes.filter(person=actor.person) if actor.person else wishes.none()
    planned = gesprekken.filter(pk__in=visible_gesprekken(actor).values("pk"))
    taking_part = Deelname.objects.filter(gesprek__in=planned, as_role=Deelname.As.OUDER)
    return wishes.filter(person__in=taking_part.values("person"))


def wishing_rondes(actor):
    """The rondes in which this guardian is asked when she can; also after the plan, to look back at what she said."""
    if actor.level not in PERSONAL or not actor.is_guardian:
        return Ronde.objects.none()
    mine = visible_gesprekken(actor).filter(deelnames__person=actor.person, deelnames__as_role=Deelname.As.OUDER)
    return Ronde.objects.filter(school=actor.school, mode=Ronde.Mode.WISHES, gesprekken__in=mine).distinct()


def may_plan_ronde(actor):
    """Making, adjusting and releasing a plan is leadership's; teachers see theirs once it is released."""
    return actor.is_leiding


def visible_plans(actor, ronde):
    plans = Plan.objects.filter(ronde=ronde, school=actor.school)
    return plans if may_plan_ronde(actor) else plans.none()


def visible_planned(actor, plan):
    """The rows of a plan, for who may see the plan."""
    rows = PlannedGesprek.objects.filter(plan=plan, school=actor.school)
    return rows if may_plan_ronde(actor) else rows.none()
