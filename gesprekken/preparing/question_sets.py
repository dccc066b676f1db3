"""Changing what is asked: of a kind of conversation, or in one ronde. Every change is a new version beside the old."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Max

from gesprekken.models import Question, Ronde, Soort
from gesprekken.preparing import asking
from gesprekken.preparing.questions import SCHOOLS_OWN, current_set
from school import audit


class SetChanged(Exception):
    """Somebody else changed these questions since the page was made."""


def of_soort(soort, audience):
    """The points a new ronde of this kind starts from."""
    return asking.points_of(current_set(soort.school_id, soort.code, audience))


def of_ronde(ronde, audience):
    """The points this ronde asks now."""
    return asking.points_of(current_set(ronde.school_id, ronde.soort.code, audience, ronde))


def offered_to_ronde(ronde, audience):
    """[(Point, whether it is asked)]: those of the kind, and behind them what the ronde added itself."""
    asked, usual = of_ronde(ronde, audience), of_soort(ronde.soort, audience)
    codes, known = {point.code for point in asked}, {point.code for point in usual}
    return [(point, point.code in codes) for point in usual] + [(p, True) for p in asked if p.code not in known]


def version_of(soort, audience, ronde=None):
    """The newest version of its own, 0 where there is none: what a page is made from."""
    return own_sets(soort, audience, ronde).aggregate(newest=Max("version"))["newest"] or 0


def own_sets(soort, audience, ronde=None):
    sets = Question.objects.filter(school=soort.school_id, soort_code=soort.code, audience=audience)
    return sets.filter(ronde=ronde) if ronde else sets.filter(ronde__isnull=True)


def coded(asked, soort, audience):
    """The same points, each with a code: a new one gets a code that nothing here ever had."""
    before = Question.objects.filter(school=soort.school_id, soort_code=soort.code, audience=audience)
    taken = {asking.area_of(code)[0] or code for code in before.values_list("code", flat=True).order_by()}
    taken |= {point.code for point in asked}
    found = []
    for point in asked:
        code = point.code or asking.free_code(point.text, taken)
        taken.add(code)
        found.append(replace(point, code=code))
    return found


def save_set(*, soort, audience, asked, seen_version, by, ronde=None):
    """Ask these points from now on. Who began to answer keeps the questions she began with.

    Returns whether anything changed. Raises asking.BadPoints, and SetChanged where a colleague was first.
    """
    asking.check(asked)
    with transaction.atomic():
        holder = Ronde if ronde else Soort
        holder.objects.select_for_update().get(pk=ronde.pk if ronde else soort.pk)
        present = of_ronde(ronde, audience) if ronde else of_soort(soort, audience)
        if same(present, asked):
            return False
        version = version_of(soort, audience, ronde)
        if version != seen_version:
            raise SetChanged
        version = version + 1 if ronde else max(version + 1, SCHOOLS_OWN)
        its = {"school_id": soort.school_id, "soort_code": soort.code, "audience": audience, "version": version}
        rows = asking.questions_of(coded(asked, soort, audience))
        Question.objects.bulk_create(Question(**its, ronde=ronde, **fields) for fields in rows)
        audit.record("change_questions", ronde or soort, by=by, audience=audience, version=version)
    return True


def same(present, asked):
    """Whether these ask the same; a new point has no code yet and is known by its words (a double click)."""
    if len(present) != len(asked):
        return False
    return all(
        point.code in (other.code, "") and replace(point, code=other.code, step=other.step) == other
        for other, point in zip(present, asked, strict=True)
    )
