"""Charts of what was reached, reports and work."""

from django.db.models import Exists, F, OuterRef, Q

from gesprekken.models import Deelname, NormBand, PortfolioItem, RouteLevel, ShownChart
from gesprekken.permissions.gesprek import conducts, is_teacher_of, of_conductor, readable_gesprekken, visible_with_role
from school.actor import CONFIRMED
from school.models import Leerling, Relatie, Toetsresultaat


def may_edit_norms(actor):
    """The school's own norm bands and the levels of its routes."""
    return actor.is_leiding


def visible_norm_bands(actor):
    """What the school set stands in every chart; by itself it says nothing about anybody."""
    return NormBand.objects.filter(school=actor.school)


def visible_route_levels(actor):
    return RouteLevel.objects.filter(school=actor.school)


def vakken_of(school):
    """The names of the vakken in which there are results, or for which something was set."""
    found = Toetsresultaat.objects.filter(school=school).order_by().values_list("vak", flat=True).distinct()
    bands = NormBand.objects.filter(school=school).order_by().values_list("vak", flat=True).distinct()
    routes = RouteLevel.objects.filter(school=school).order_by().values_list("vak", flat=True).distinct()
    return sorted({*found, *bands, *routes})


def may_choose_charts(actor, gesprek):
    """Which charts are shown, with routes or not, the goals: who conducts."""
    return conducts(actor, gesprek)


def may_see_results(actor, gesprek):
    """All results of this pupil, also what is not shown: who conducts, and the intern begeleider."""
    return conducts(actor, gesprek) or actor.is_ib


def visible_results(actor, gesprek):
    """Staff of the gesprek all of them; guardians and pupil those of the vakken that are shown to them."""
    results = Toetsresultaat.objects.filter(school=actor.school, leerling=gesprek.leerling_id)
    if may_see_results(actor, gesprek):
        return results
    return results.filter(vak__in=visible_shown_charts(actor).filter(gesprek=gesprek).values("vak"))


def visible_results_in(actor, gesprekken):
    """The results of the pupils of many gesprekken (a QuerySet) at once: for who conducts them, and the IB."""
    mine = gesprekken if actor.is_ib else gesprekken.filter(of_conductor(actor))
    return Toetsresultaat.objects.filter(school=actor.school, leerling__in=mine.values("leerling"))


def informed_about(actor):
    """The pupils about whom this guardian is informed as a matter of course; to a pupil she herself."""
    mine = Relatie.objects.invited().filter(person=actor.person).values("leerling")
    return Leerling.objects.filter(Q(pk__in=mine) | Q(person=actor.person), school=actor.school)


def visible_shown_charts(actor):
    """What was chosen to be shown. To guardians and the pupil from that moment, all of them, after the second step."""
    shown = ShownChart.objects.filter(school=actor.school)
    if actor.is_staff:
        return shown if actor.is_ib else shown.filter(of_conductor(actor, "gesprek__"))
    if actor.level != CONFIRMED:
        return shown.none()
    return shown.filter(gesprek__in=readable_gesprekken(actor), gesprek__leerling__in=informed_about(actor))


# --- report and work ---------------------------------------------------------------------------------------------------


def may_add_to_portfolio(actor, gesprek):
    """Who conducts adds the report and work; the pupil her own work, already with the code on her card."""
    if actor.is_staff:
        return conducts(actor, gesprek)
    return actor.is_pupil and visible_with_role(actor).filter(pk=gesprek.pk, own_role=Deelname.As.LEERLING).exists()


def may_release_portfolio(actor, gesprek):
    return is_teacher_of(actor, gesprek)


def may_release_portfolio_of(actor, ronde, groep):
    """For a whole group at one moment: its teachers and leadership."""
    mine = groep.pk in actor.groep_ids or actor.is_leiding
    return mine and ronde.ronde_groepen.filter(groep=groep).exists()


def changeable_portfolio(actor):
    """What may be replaced, taken away or taken back: who conducts the gesprek it belongs to."""
    return PortfolioItem.objects.filter(of_conductor(actor, "gesprek__"), school=actor.school)


def visible_portfolio(actor):
    """Staff of the gesprek and the IB all; leadership what was released.

    Guardians who are informed and the pupil: what was released, after the second step; the pupil her own work too.
    """
    items = PortfolioItem.objects.filter(school=actor.school)
    if actor.is_ib:
        return items
    if actor.is_staff:
        mine = of_conductor(actor, "gesprek__")
        return items.filter(mine | Q(released_at__isnull=False) if actor.is_leiding else mine)
    if actor.level != CONFIRMED:
        return items.none()
    given = items.filter(leerling__in=informed_about(actor))
    return given.filter(Q(released_at__isnull=False) | Q(by=actor.person))


def releasable_portfolio(actor):
    """What waits and this actor may give to the parties: what she sees. Leadership sees none of it, and gives what
    staff added, never what a pupil handed in herself.
    """
    waiting = PortfolioItem.objects.filter(school=actor.school, released_at__isnull=True)
    seen = Q(pk__in=visible_portfolio(actor).values("pk"))
    return waiting.filter(seen | ~Q(by=F("leerling__person")) if actor.is_leiding else seen)


def gesprekken_to_see(actor):
    """Where a chart is shown or a report was released to this guardian or pupil: that it exists, also for a bare link.

    Each with `has_charts` and `has_report`.
    """
    mine = readable_gesprekken(actor).filter(leerling__in=informed_about(actor))
    reports = PortfolioItem.objects.filter(
        leerling=OuterRef("leerling"), gesprek__ronde=OuterRef("ronde"), released_at__isnull=False
    )
    charts = ShownChart.objects.filter(gesprek=OuterRef("pk"))
    seen = mine.annotate(has_charts=Exists(charts), has_report=Exists(reports))
    return seen.filter(Q(has_charts=True) | Q(has_report=True))
