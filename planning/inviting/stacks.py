"""What letters can be printed of, group by group: a ronde, or another parent activity.

A stack answers what the press asks: how many letters, what they say, that they are on paper, and whether they still hold.
"""

from dataclasses import dataclass

from django.urls import reverse

from gesprekken.models import Activiteit, Ronde
from planning.activities import guests
from planning.activities import letters as for_activities
from planning.inviting import letters, paper
from planning.inviting.reach import to_talk


@dataclass(frozen=True)
class OfRonde:
    ronde: Ronde

    @property
    def school(self):
        return self.ronde.school

    def page(self, job):
        return reverse("printed_letters", args=[self.ronde.pk, job.pk])

    def count(self, groepen):
        return paper.letters_of(self.ronde, groepen)

    def write(self, groep, told):
        return letters.write(ronde=self.ronde, groep=groep, told=told)

    def keep(self, written, *, by):
        letters.keep(written, by=by)

    def pairs(self):
        return set(to_talk(self.ronde).values_list("person", "gesprek"))


@dataclass(frozen=True)
class OfActivity:
    activiteit: Activiteit

    @property
    def school(self):
        return self.activiteit.school

    def page(self, job):
        return reverse("printed_activity_letters", args=[self.activiteit.pk, job.pk])

    def count(self, groepen):
        mine = for_activities.per_groep(self.activiteit)
        return sum(len(mine.get(groep, ())) for groep in groepen)

    def write(self, groep, told):
        return for_activities.write(activiteit=self.activiteit, groep=groep, told=told)

    def keep(self, written, *, by):
        for_activities.keep(written, by=by)

    def pairs(self):
        if self.activiteit.called_off_at:
            return set()
        welcome = guests.welcome(self.activiteit).values_list("person", flat=True)
        says = for_activities.when_and_where(self.activiteit)
        return {(person, self.activiteit.pk, says) for person in welcome}


def find(args):
    """The stack that the args of a job name, or None once it is gone."""
    if "activiteit" in args:
        rows = Activiteit.objects.select_related("school", "jaarplan")
        found = rows.filter(pk=args["activiteit"]).first()
        return found and OfActivity(found)
    found = Ronde.objects.select_related("school", "soort").filter(pk=args["ronde"]).first()
    return found and OfRonde(found)
