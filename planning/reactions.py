"""How this floor reacts to what happens below it."""

from django.utils.translation import gettext as _

from gesprekken.aanvragen import AanvraagRefused
from gesprekken.models import Ronde
from gesprekken.year.cycle import YearRefused
from planning import week
from planning.activities import asking
from planning.around import meeting
from planning.inviting import announcing, wrong_addresses
from planning.inviting.opening import add_arrivals, invite_granted
from planning.times import windows
from school import registry


@registry.reaction("imported")
def pupils_arrived(*, school, by, now):
    """Pupils who came in with an import join the rondes that are open (I3)."""
    for ronde in Ronde.objects.filter(school=school, state=Ronde.State.OPEN):
        add_arrivals(ronde=ronde, by=by, now=now)


@registry.reaction("address_changed")
def invited_again(*, person, by, now):
    """Who could not be reached, or is reached elsewhere from now on, is asked once more where she did not react (I4)."""
    wrong_addresses.invite_again(person=person, by=by, now=now)


@registry.reaction("ronde_changed")
def place_changed(*, ronde, changed, by, now, reason):
    """Who has a time already hears of another place or form, and the calendars follow (I6)."""
    if ronde.is_open and changed & {"place", "form"}:
        meeting.tell_new_place(ronde=ronde, by=by, now=now, reason=reason)


@registry.reaction("ronde_changed")
def times_follow(*, ronde, changed, by, now, reason):
    """Another duration or pause before opening, with rooms or without: the given windows are laid out anew."""
    if changed & {"duration", "buffer", "has_rooms"}:
        windows.sync_ronde(ronde)


@registry.reaction("activity_changed")
def guests_hear_of_it(*, activiteit, was, by, now, reason):
    """Families who were invited to an activity hear that it is another day or place, or off (C6)."""
    try:
        asking.tell_changed(activiteit=activiteit, was=was, by=by, now=now, reason=reason)
    except week.ReasonNeeded:
        raise YearRefused(
            _(
                "Het is al binnen een week, en ouders rekenen op wat ze weten. "
                "Schrijf op waarom het toch verandert; er is nog niets gewijzigd."
            ),
            "reason",
        ) from None


@registry.reaction("ronde_changed")
def days_moved(*, ronde, changed, by, now, reason):
    """Families who keep days free are told anew once the days or the groups are others (I2)."""
    if changed & {"starts_on", "ends_on", "groepen", "whom"}:
        announcing.expire(ronde=ronde)


@registry.reaction("gesprekken_granted")
def invited_on_request(*, ronde, by, now, reason):
    """In a ronde that is open who was granted a gesprek is invited at once; in a draft with everybody else (C2)."""
    if not ronde.is_open:
        return
    try:
        invite_granted(ronde=ronde, by=by, now=now, reason=reason)
    except week.ReasonNeeded:
        raise AanvraagRefused("week") from None
