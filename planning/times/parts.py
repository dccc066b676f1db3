"""Two teachers who each have a part of their group: who is with whom, as long as no time has been chosen."""

from django.db import transaction

from gesprekken.models import Gesprek, RondeGroep
from planning.models import Booking
from school import audit


class PartsRefused(Exception):
    """The pupils were not divided. `names`: the pupils who have a time already; empty where the group is not shared so."""

    def __init__(self, names=()):
        self.names = list(names)
        super().__init__(", ".join(str(len(self.names))))


def is_divided(ronde, groep):
    """Whether each teacher of this group has a part of its pupils in this ronde."""
    return RondeGroep.objects.filter(ronde=ronde, groep=groep, duo=RondeGroep.Duo.PARTS).exists()


def divide(*, ronde, groep, chosen, by):
    """Give gesprekken of one group to its teachers: {gesprek_id: Medewerker}. Returns how many changed.

    All or nothing; a gesprek with a time keeps its teacher, because that is what the parents were told. Nobody is told
    anything: parents see with whom it is when they choose. Raises PartsRefused.
    """
    if not is_divided(ronde, groep):
        raise PartsRefused
    teachers = set(groep.lesgeven.values_list("medewerker_id", flat=True))
    with transaction.atomic():
        rows = (
            Gesprek.objects.select_for_update(of=("self",))
            .filter(ronde=ronde, groep=groep, pk__in=chosen, cancelled_at__isnull=True, held_on__isnull=True)
            .select_related("leerling__person")
            .order_by("pk")
        )
        moved = [row for row in rows if row.medewerker_id != chosen[row.pk].pk and chosen[row.pk].pk in teachers]
        booked = set(Booking.objects.active().filter(gesprek__in=moved).values_list("gesprek", flat=True))
        if booked:
            raise PartsRefused(row.leerling.person.first_name for row in moved if row.pk in booked)
        for row in moved:
            row.medewerker = chosen[row.pk]
        Gesprek.objects.bulk_update(moved, ["medewerker"])
        if moved:
            audit.record("divide", ronde, by=by, groep=groep.pk, gesprekken=len(moved))
    return len(moved)
