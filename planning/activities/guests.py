"""Who is welcome at a parent activity, who comes, and until when one can say so."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.db.models import Sum

from gesprekken.models import Activiteit
from planning.models import SignUp
from planning.permissions import activities_for
from school.models import Groep, Lidmaatschap, Person, Relatie

MOST = 6  # people one guardian brings, herself among them


def groepen_of(activiteit):
    """The groups it is for; every group of the year where none is named."""
    named = activiteit.groepen.filter(gone=False)
    if activiteit.groepen.exists():
        return named
    return Groep.objects.filter(schooljaar=activiteit.jaarplan.schooljaar_id, gone=False)


def welcome(activiteit, groepen=None):
    """The relations by which a guardian is welcome: informed as a matter of course, of a child in these groups."""
    groepen = groepen_of(activiteit) if groepen is None else groepen
    here = Lidmaatschap.objects.filter(groep__in=groepen, leerling__left_on__isnull=True).values("leerling")
    return Relatie.objects.invited().filter(leerling__in=here, school=activiteit.school_id)


def families(relaties):
    """{guardian: [first names of her children among them]}, by name."""
    found = defaultdict(list)
    rows = relaties.select_related("person__user", "leerling__person")
    for relatie in rows.order_by("person__last_name", "person__first_name", "leerling__person__first_name", "pk"):
        found[relatie.person].append(relatie.leerling.person.first_name)
    return dict(found)


def children_of(person, activiteit):
    """The first names of her children who are in its groups, as far as nothing keeps her from them."""
    here = Lidmaatschap.objects.filter(groep__in=groepen_of(activiteit)).values("leerling")
    mine = Relatie.objects.reachable().filter(person=person, leerling__in=here)
    return list(mine.order_by("leerling__person__first_name").values_list("leerling__person__first_name", flat=True))


# --- when ------------------------------------------------------------------------------------------------------------


def begins_at(activiteit):
    """Where no time is known: the beginning of the day."""
    return datetime.combine(activiteit.on, activiteit.starts or time(), tzinfo=activiteit.school.zone)


def ends_at(activiteit):
    """Where no end is known: the end of the day."""
    zone = activiteit.school.zone
    if activiteit.ends is None:
        return datetime.combine(activiteit.on + timedelta(days=1), time(), tzinfo=zone)
    return datetime.combine(activiteit.on, activiteit.ends, tzinfo=zone)


def has_begun(activiteit, now):
    """From the moment it begins; one without a time stays open all day."""
    return now >= (begins_at(activiteit) if activiteit.starts else ends_at(activiteit))


def is_closed(activiteit, now):
    """Whether the last day to sign up is over. Without such a day one can until it begins."""
    until = activiteit.sign_up_until
    return until is not None and now.astimezone(activiteit.school.zone).date() > until


# --- who comes -------------------------------------------------------------------------------------------------------


def coming(activiteit):
    """The sign-ups that stand, by name."""
    rows = SignUp.objects.filter(activiteit=activiteit, cancelled_at__isnull=True).select_related("person")
    return rows.order_by("person__last_name", "person__first_name", "pk")


def places_left(activiteit, *, besides=None):
    """How many people can still sign up; None where there is no limit. `besides`: a guardian whose own count is hers."""
    if activiteit.places is None:
        return None
    taken = coming(activiteit).exclude(person=besides).aggregate(n=Sum("number"))["n"] or 0
    return max(0, activiteit.places - taken)


def sign_up_of(person, activiteit):
    return SignUp.objects.filter(activiteit=activiteit, person=person).select_related("person__user").first()


def for_you_too(actor, *, now):
    """[(activity, her own sign-up or None)] to come, for the personal page."""
    today = now.astimezone(actor.school.zone).date()
    found = list(activities_for(actor).filter(on__gte=today, called_off_at=None).order_by("on", "starts", "pk"))
    if not found:
        return []
    mine = {row.activiteit_id: row for row in signed_up(actor).filter(activiteit__in=found)}
    return [(activiteit, mine.get(activiteit.pk)) for activiteit in found if now < ends_at(activiteit)]


def signed_up(actor):
    """Her sign-ups that stand, for activities she may know of."""
    return SignUp.objects.filter(
        person=actor.person, cancelled_at__isnull=True, activiteit__in=activities_for(actor).values("pk")
    ).select_related("activiteit__school", "person__user")


# --- who came --------------------------------------------------------------------------------------------------------


def who_came(activiteit, groepen):
    """Of the pupils of these groups: (how many had a parent there, how many there are)."""
    pupils = Lidmaatschap.objects.filter(groep__in=groepen, leerling__left_on__isnull=True).values("leerling")
    came = SignUp.objects.filter(activiteit=activiteit, came=True).values("person")
    reached = Relatie.objects.reachable().filter(person__in=came, leerling__in=pupils)
    return reached.values("leerling").distinct().count(), pupils.distinct().count()


def could_come(activiteit, groep):
    """Who can be ticked for one group: the guardians nothing keeps from a child in it."""
    here = Lidmaatschap.objects.filter(groep=groep, leerling__left_on__isnull=True).values("leerling")
    reachable = Relatie.objects.reachable().filter(leerling__in=here, school=activiteit.school_id)
    return Person.objects.filter(pk__in=reachable.values("person")).order_by("last_name", "first_name", "pk")


def locked(pk):
    """The activity, its row locked until the end of the transaction: places are given out one by one."""
    rows = Activiteit.objects.select_for_update(of=("self",)).select_related("school", "jaarplan")
    return rows.get(pk=pk)
