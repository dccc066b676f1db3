"""The whole life of appointments, played at random: whatever happens, and in whatever order mail arrives, the calendar of
every guardian ends with exactly the real appointments, at the right time on the wall.

Usage: python -m tests.proof.lives EXAMPLES, in the environment of a house. Every life plays inside one transaction that
is rolled back. Two rondes: around the night the clock goes back, and around the night it goes forward.
"""

import logging
import os
import sys
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.proof.settings")

import django  # noqa: E402

django.setup()

import time_machine  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.core import mail  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from gesprekken.models import Deelname, Gesprek  # noqa: E402
from gesprekken.rondes import RondeRefused, change_ronde  # noqa: E402
from planning.around import families, joining, meeting, substitute  # noqa: E402
from planning.day import absence  # noqa: E402
from planning.inviting import opening  # noqa: E402
from planning.models import Booking, CalendarEntry  # noqa: E402
from planning.times import booking, lengths  # noqa: E402
from school import outbox, people  # noqa: E402
from school.actor import ACCOUNT, Actor  # noqa: E402
from school.models import Outgoing, Relatie  # noqa: E402
from tests.cast import Cast  # noqa: E402
from tests.proof.receiver import Receiver  # noqa: E402

BEGIN = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
NIGHTS = {date(2026, 10, 23): date(2026, 10, 26), date(2027, 3, 26): date(2027, 3, 29)}  # Friday before, Monday after


class Nothing(Exception):
    """There is nothing to do this to."""


REFUSALS = (
    Nothing,
    booking.BookingRefused,
    lengths.LengthRefused,
    meeting.MeetingRefused,
    joining.JoiningRefused,
    families.FamilyRefused,
    substitute.SubstituteRefused,
    absence.AbsenceRefused,
    people.NobodyTalks,
    RondeRefused,
)
PAUSE = timedelta(minutes=2)
WALL = ZoneInfo("Europe/Amsterdam")


def build():
    """Elif and Emre and their parents, Noor whose parents talk apart; a Friday and a Monday on both sides of a night.

    Everybody but Tess has a time, and was told.
    """
    cast = Cast.build()
    for friday, monday in NIGHTS.items():
        ronde = cast.with_ronde(
            name=f"Ronde van {friday:%B}", starts_on=friday, ends_on=monday, groepen=[cast.groep5, cast.groep8]
        )
        for on in (friday, monday):
            cast.with_times(cast.saskia, cast.bas, on=on, starts=time(19), ends=time(20), ronde=ronde)
        opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=BEGIN)
    outbox.deliver_all(now=BEGIN)
    Outgoing.objects.all().delete()
    mail.outbox = []
    by = Actor(cast.annemiek, ACCOUNT)
    for gesprek in Gesprek.objects.select_related("ronde__soort", "ronde__school").exclude(leerling=cast.tess):
        slot = booking.free_slots(gesprek, now=BEGIN)[0]
        booking.book(slot=slot, gesprek=gesprek, by=by, now=BEGIN, agreed=True)
    outbox.deliver_all(now=BEGIN)
    Life.before = sorted_by_reader(mail.outbox)
    return cast


def sorted_by_reader(messages):
    """{address: [mail as bytes, as it would travel]}."""
    found = defaultdict(list)
    for message in messages:
        found[message.to[0]].append(message.message().as_bytes(linesep="\r\n"))
    return found


class Life:
    """One life. Its methods that begin with `may_` are what can happen; each takes a gesprek and a number."""

    before: ClassVar = {}  # {address: [mail]} that everybody had when it began
    done: ClassVar = Counter()  # what happened in all lives together and was not refused

    def __init__(self, cast, clock):
        self.cast, self.clock = cast, clock
        self.leader = Actor(cast.annemiek, ACCOUNT)
        self.let_go, self.days, self.taken = [], [], []
        self.unsure = {}  # (person, child): what was told before contact stopped, {uid: sequence}

    def step(self, what, which, number):
        gesprekken = list(Gesprek.objects.filter(cancelled_at=None).order_by("pk").values_list("pk", flat=True))
        gesprek = self.load(gesprekken[which % len(gesprekken)])
        self.clock.shift(PAUSE)
        try:
            with transaction.atomic():
                getattr(self, what)(gesprek, number)
        except REFUSALS:
            return
        self.done[what] += 1

    def load(self, pk):
        return Gesprek.objects.select_related("ronde__school", "ronde__soort", "leerling__person", "groep").get(pk=pk)

    @property
    def now(self):
        return datetime.now(UTC)

    def slot(self, gesprek, number):
        free = booking.free_slots(gesprek, now=self.now)
        if not free:
            raise booking.BookingRefused("taken")
        return free[number % len(free)]

    def has_time(self, gesprek):
        return Booking.objects.active().filter(gesprek=gesprek).exists()

    # --- what can happen ---------------------------------------------------------------------------------------------

    def may_book_or_move(self, gesprek, number):
        verb = booking.move if self.has_time(gesprek) else booking.book
        verb(slot=self.slot(gesprek, number), gesprek=gesprek, by=self.leader, now=self.now, agreed=True)

    def may_cancel(self, gesprek, number):
        self.let_go.append(booking.cancel(gesprek=gesprek, by=self.leader, now=self.now).pk)

    def may_take_it_back(self, gesprek, number):
        if not self.let_go:
            raise Nothing
        gone = Booking.objects.select_related("slot", "gesprek__ronde").get(pk=self.let_go[number % len(self.let_go)])
        booking.undo_cancel(booking=gone, by=self.leader, now=self.now)

    def may_be_elsewhere(self, gesprek, number):
        form, place = [("", "Lokaal 3"), ("phone", "010 555"), ("video", "https://video.example/a"), ("", "")][
            number % 4
        ]
        meeting.set_form(gesprek=gesprek, form=form, place=place, by=self.leader, now=self.now, agreed=True)

    def may_all_be_elsewhere(self, gesprek, number):
        ronde = gesprek.ronde
        change_ronde(
            ronde=ronde, by=self.leader, seen_version=ronde.version, reason="verbouwing", place=f"Zaal {number % 3}"
        )

    def may_be_longer(self, gesprek, number):
        minutes = [10, 20, 30][number % 3]
        lengths.set_length(gesprek=gesprek, minutes=minutes, by=self.leader, now=self.now, agreed=True)

    def may_have_an_expert(self, gesprek, number):
        expert = self.cast.pieter
        if gesprek.deelnames.filter(person=expert).exists():
            joining.remove_expert(gesprek=gesprek, person=expert, by=self.leader, now=self.now, agreed=True)
        else:
            joining.add_expert(gesprek=gesprek, person=expert, by=self.leader, now=self.now, agreed=True, told=True)

    def may_have_another_colleague(self, gesprek, number):
        colleague = [self.cast.ilse, self.cast.maarten][number % 2].medewerker
        joining.replace_colleague(
            gesprek=gesprek, medewerker=colleague, by=self.leader, now=self.now, agreed=True, told=True
        )

    def may_lose_its_day(self, gesprek, number):
        teacher = [self.cast.saskia, self.cast.bas][number % 2].medewerker
        friday, monday = list(NIGHTS.items())[number // 2 % 2]
        about = {"medewerker": teacher, "on": friday, "by": self.leader, "reason": "ziek", "now": self.now}
        event = absence.call_off_day(**about) if number % 3 == 0 else absence.move_day(**about, to=monday)
        self.days.append(event)

    def may_get_its_day_back(self, gesprek, number):
        if not self.days:
            raise Nothing
        absence.undo_change(event=self.days[-1], by=self.leader, now=self.now)

    def may_have_another_teacher(self, gesprek, number):
        pair = [self.cast.saskia.medewerker, self.cast.ilse.medewerker]
        absent, replacement = pair[:: 1 if number % 2 else -1]
        substitute.take_over(absent=absent, replacement=replacement, by=self.leader, now=self.now, reason="ziek")

    def may_be_with_other_parents(self, gesprek, number):
        guardians = list(Relatie.objects.invited().filter(leerling=gesprek.leerling))
        if not guardians:
            raise Nothing
        ways = list(Relatie.Talks)
        wanted = {relatie.person_id: ways[(number // 3**n) % 3] for n, relatie in enumerate(guardians)}
        families.rearrange(leerling=gesprek.leerling, ways=wanted, by=self.leader, now=self.now, reason="afgesproken")

    def may_keep_a_parent_away(self, gesprek, number):
        rows = list(Relatie.objects.filter(leerling=gesprek.leerling, restriction=False).order_by("pk"))
        if not rows:
            raise Nothing
        relatie = rows[number % len(rows)]
        self.unsure[relatie.person_id, relatie.leerling_id] = None
        people.restrict(relatie=relatie, by=self.leader, now=self.now)

    def may_let_a_parent_return(self, gesprek, number):
        """What changed meanwhile she hears with the next change, or finds on her page and in her feed."""
        rows = list(Relatie.objects.filter(restriction=True, person__email__gt="").exclude(person=self.cast.rob))
        if not rows:
            raise Nothing
        relatie = rows[number % len(rows)]
        people.lift_restriction(relatie=relatie, by=self.leader)
        mine = CalendarEntry.objects.filter(person=relatie.person_id, gesprek__leerling=relatie.leerling_id)
        self.unsure[relatie.person_id, relatie.leerling_id] = dict(mine.values_list("uid", "sequence"))

    def may_close_or_open(self, gesprek, number):
        if gesprek.ronde.is_open:
            opening.close_ronde(ronde=gesprek.ronde, by=self.leader, now=self.now)
        else:
            opening.reopen_ronde(ronde=gesprek.ronde, by=self.leader)

    def may_be_mailed_now(self, gesprek, number):
        outbox.deliver_all(now=self.now)

    # --- how it ends -------------------------------------------------------------------------------------------------

    def letters(self):
        """{address: [mail as bytes]} of everything that was sent."""
        outbox.deliver_all(now=self.now + timedelta(minutes=10))
        assert not Outgoing.objects.filter(state=Outgoing.State.FAILED).exists()
        found = sorted_by_reader(mail.outbox)
        return {to: [*self.before.get(to, []), *found.get(to, [])] for to in {*self.before, *found}}

    def real(self, person):
        """{uid: ((start, end) on the wall and as a moment)} of what this guardian has, from the tables alone."""
        mine = Deelname.objects.filter(person=person, as_role=Deelname.As.OUDER).values("gesprek")
        rows = Booking.objects.active().filter(gesprek__in=mine, gesprek__cancelled_at=None)
        uids = dict(CalendarEntry.objects.filter(person=person).values_list("gesprek", "uid"))
        return {uids[row.gesprek_id]: (clock_face(row.starts_at), clock_face(row.ends_at)) for row in rows}

    def is_sure(self, entry, receiver):
        """Whether this guardian was told everything about this gesprek: not while contact was stopped."""
        key = (entry.person_id, entry.gesprek.leerling_id)
        if key not in self.unsure:
            return True
        told = self.unsure[key]
        item = receiver.items.get(entry.uid)
        if told is None or Relatie.objects.filter(person=key[0], leerling=key[1], restriction=True).exists():
            return False
        return item is not None and item.newness[0] > told.get(entry.uid, -1)


def clock_face(moment):
    """As on the wall in Amsterdam by the zone file, without the product's own file."""
    return moment.astimezone(WALL).replace(tzinfo=None), moment.astimezone(UTC)


MAY = sorted(name for name in vars(Life) if name.startswith("may_"))
# what moves times happens more often than what turns a family upside down
OFTEN = (
    MAY
    + ["may_book_or_move"] * 6
    + ["may_cancel", "may_let_a_parent_return", "may_get_its_day_back"] * 2
    + ["may_be_mailed_now"] * 4
)
STEPS = st.lists(st.tuples(st.sampled_from(OFTEN), st.integers(0, 15), st.integers(0, 99)), min_size=4, max_size=14)


def live(cast, steps, chance):
    """One life, and every guardian's mail in an order of its own, some of it twice."""
    mail.outbox = []
    with time_machine.travel(BEGIN + timedelta(minutes=1), tick=False) as clock:
        life = Life(cast, clock)
        for step in steps:
            life.step(*step)
        letters = life.letters()
        for person in [cast.fatma, cast.ali, cast.kim, cast.joost, cast.sander]:
            receiver = Receiver(person.email)
            mine = letters.pop(person.email, [])
            pile = mine + [letter for letter in mine if chance.random() < 0.3]
            chance.shuffle(pile)
            for letter in pile:
                receiver.receive(letter)
            entries = CalendarEntry.objects.filter(person=person).select_related("gesprek")
            sure = {entry.uid for entry in entries if life.is_sure(entry, receiver)}
            shown = {uid: when for uid, when in receiver.shown().items() if uid in sure}
            real = {uid: when for uid, when in life.real(person).items() if uid in sure}
            assert shown == real, f"{person}: shows {shown}, has {real}"
        assert set(letters) <= {cast.rob.email, *staff_addresses(cast)}


def staff_addresses(cast):
    return {cast.people[name].email for name in ("annemiek", "pieter", "saskia", "bas", "ilse", "maarten")}


def main(examples):
    call_command("migrate", run_syncdb=True, verbosity=0)
    logging.getLogger("gesprekken").setLevel(logging.ERROR)
    django_settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(BEGIN, tick=False):
        cast = build()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(STEPS, st.randoms(use_true_random=False))
    def every_life_ends_well(steps, chance):
        with transaction.atomic():
            live(cast, steps, chance)
            transaction.set_rollback(True)

    every_life_ends_well()
    print(", ".join(f"{name.removeprefix('may_')} {count}" for name, count in sorted(Life.done.items())))
    never = set(MAY) - set(Life.done)
    assert examples < 100 or not never, f"never happened: {never}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
