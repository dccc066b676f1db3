"""How this floor reacts to what happens below it."""

from gesprekken.models import Ronde
from planning.opening import add_arrivals
from school import registry


@registry.reaction("imported")
def pupils_arrived(*, school, by, now):
    """Pupils who came in with an import join the rondes that are open (I3)."""
    for ronde in Ronde.objects.filter(school=school, state=Ronde.State.OPEN):
        add_arrivals(ronde=ronde, by=by, now=now)
