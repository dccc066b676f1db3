"""An evening of choosing, played at random: whatever happens in whatever order, some things always hold.

Usage: python -m tests.proof.evening EXAMPLES STEPS, in the environment of a house. Every example plays inside one
transaction that is rolled back, so that the school is built once.
"""

import json
import logging
import os
import re
import sys
from collections import Counter, defaultdict
from datetime import date, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.proof.settings")

import django  # noqa: E402

django.setup()

import time_machine  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.core import mail  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.utils import timezone  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from hypothesis.stateful import (  # noqa: E402
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gesprekken.models import Deelname, Gesprek, Ronde, RondeGroep, Soort  # noqa: E402
from planning.around import substitute  # noqa: E402
from planning.day import absence  # noqa: E402
from planning.inviting import opening  # noqa: E402
from planning.models import (  # noqa: E402
    Availability,
    Booking,
    CalendarEntry,
    InterpreterRequest,
    Invitation,
    Occupancy,
    Plan,
    PlannedGesprek,
    Room,
    Slot,
)
from planning.plan import releasing  # noqa: E402
from planning.plan.plans import PlanRefused  # noqa: E402
from planning.times import booking, windows  # noqa: E402
from school import jobs, outbox, people, registry  # noqa: E402
from school.actor import ACCOUNT, LINK, Actor  # noqa: E402
from school.models import AuditEvent, Job, Lesgeven, Medewerker, Outgoing, Relatie  # noqa: E402
from tests.cast import NOW, Cast  # noqa: E402

ON, GRAIN = date(2026, 11, 24), timedelta(minutes=5)
DAYS = [ON, ON + timedelta(days=1), ON + timedelta(days=2)]
ZONE = ZoneInfo("Europe/Amsterdam")
CALENDAR = re.compile(rb"UID:(\S+).*?SEQUENCE:(\d+)|SEQUENCE:(\d+).*?UID:(\S+)", re.S)
ANY = st.integers(0, 10_000)
HELD_BACK = timedelta(minutes=absence.HELD_BACK_MINUTES)
REFUSALS = (booking.BookingRefused, absence.AbsenceRefused, substitute.SubstituteRefused, PlanRefused)
AT_THE_TABLE = [Deelname.As.LEERKRACHT, Deelname.As.TWEEDE_COLLEGA, Deelname.As.EXPERT]
# What a refused attempt may not change.
EVERYTHING = (
    *(Booking, Occupancy, Slot, Availability, CalendarEntry, Outgoing, AuditEvent, Invitation, InterpreterRequest),
    *(Gesprek, Deelname, RondeGroep, Lesgeven, Plan, Job),
)


def build():
    """Two rondes in one week: of everybody, with a duo together, rooms, pauses and walking time; and advice with a pool.

    Bas teaches group 8 and is Tess's father. Few times, so that people meet.
    """
    cast = Cast.build()
    cast.sander.linked_to = cast.bas
    cast.sander.save()
    cast.with_ronde(buffer=5, walking=10, has_rooms=True)
    RondeGroep.objects.filter(groep=cast.groep3).update(duo=RondeGroep.Duo.TOGETHER)
    rooms = [Room.objects.create(school=cast.school, name=name) for name in ("Lokaal 1", "Lokaal 2")]
    times = {cast.saskia: time(15), cast.bas: time(15, 40), cast.ilse: time(15, 20), cast.maarten: time(15)}
    by = Actor.system(cast.school)
    everybody = cast.ronde
    for teacher, starts in times.items():
        windows.give_window(
            ronde=everybody, medewerker=teacher.medewerker, on=ON, starts=starts, ends=time(16, 20), by=by
        )
    advice = Soort.objects.create(school=cast.school, code="advies", name="Advies", is_advice=True)
    second = cast.with_ronde(groepen=[cast.groep8], name="Adviesgesprekken")
    second.colleague_pool.set([cast.pieter.medewerker, cast.saskia.medewerker])
    windows.give_window(ronde=second, medewerker=cast.bas.medewerker, on=ON, starts=time(15), ends=time(15, 40), by=by)
    for n, slot in enumerate(Slot.objects.filter(ronde=everybody)):
        Slot.objects.filter(pk=slot.pk).update(room=rooms[n % 2] if n % 3 else None)
    for ronde in (everybody, second):
        opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    Ronde.objects.filter(pk=second.pk).update(soort=advice)
    outbox.deliver_all(now=NOW)
    return cast


class Evening(RuleBasedStateMachine):
    cast = clock = None  # made once, by main
    done, refused = Counter(), Counter()  # of all examples together: a rule that is always refused shows nothing

    def __init__(self):
        super().__init__()
        self.clock.move_to(NOW, tick=False)
        self.frame = transaction.atomic()
        self.frame.__enter__()
        mail.outbox = []
        self.leader = Actor(self.cast.annemiek, ACCOUNT)
        self.gone, self.arrived, self.restricted = [], 0, 0
        self.days, self.handed_over = [], []  # AuditEvents, to undo
        self.sequences, self.sent_sequences = {}, defaultdict(lambda: -1)

    def teardown(self):
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    # --- what is asked of the product --------------------------------------------------------------------------------

    def gesprek(self, number):
        rows = list(Gesprek.objects.order_by("pk").values_list("pk", flat=True))
        return self.load(rows[number % len(rows)])

    def with_time(self, number):
        """Mostly one that has a time, sometimes any."""
        rows = list(self.active().order_by("pk"))
        gesprek = self.gesprek(number)
        return self.load(rows[number % len(rows)].gesprek_id) if rows and number % 5 else gesprek

    def load(self, pk):
        return Gesprek.objects.select_related("ronde__school", "ronde__soort", "leerling", "groep").get(pk=pk)

    def slot(self, number, gesprek):
        """Mostly one that is free, sometimes any of the ronde, sometimes any at all; None when all days fell out."""
        free = booking.free_slots(gesprek, now=timezone.now()) if number % 4 else []
        slots = Slot.objects.all() if number % 8 == 0 else Slot.objects.filter(ronde=gesprek.ronde)
        slots = free or list(slots.order_by("pk"))
        return slots[number % len(slots)] if slots else None

    def teacher(self, number):
        """Mostly one whose time was chosen, sometimes any of the staff."""
        rows = list(self.active().order_by("pk"))
        staff = list(Medewerker.objects.select_related("person", "school").order_by("pk"))
        return rows[number % len(rows)].medewerker if rows and number % 4 else staff[number % len(staff)]

    def with_at_the_table(self, medewerker, **about):
        """The gesprekken with a time in which this is one of the staff."""
        joins = Deelname.objects.filter(person=medewerker.person, as_role__in=AT_THE_TABLE).values("gesprek")
        return self.gesprekken_of(self.active().filter(Q(medewerker=medewerker) | Q(gesprek__in=joins), **about))

    def gesprekken_of(self, bookings):
        return [self.load(pk) for pk in bookings.order_by("pk").values_list("gesprek", flat=True)]

    def somebody(self, number, gesprek):
        """A guardian of this gesprek who may still come in, or leadership on the phone."""
        guardians = self.may_be_told(gesprek)
        return Actor(guardians[number % len(guardians)], LINK) if guardians and number % 4 else self.leader

    def may_be_told(self, gesprek):
        reachable = Relatie.objects.reachable().filter(leerling=gesprek.leerling_id).values("person")
        rows = Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.OUDER, person__in=reachable)
        return [row.person for row in rows.select_related("person").order_by("pk")]

    def attempt(self, verb, changed, staff=(), **about):
        """Do it. A refusal leaves everything as it was; else every one of `changed` was told once. Returns the answer.

        `staff`: the people of the school who hear that something about a day is different.
        """
        self.clock.shift(60)
        before = self.everything()
        try:
            answer = verb(now=timezone.now(), **about)
        except REFUSALS as refusal:
            assert self.everything() == before, refusal.reason
            self.refused[verb.__name__] += 1
            return None
        self.done[verb.__name__] += 1
        self.see_that_calendars_rose(changed)
        self.assert_told({gesprek: self.addresses(gesprek) for gesprek in changed}, staff)
        return answer or True

    def everything(self):
        return [list(model.objects.order_by("pk").values_list()) for model in EVERYTHING]

    def see_that_calendars_rose(self, changed):
        for entry in CalendarEntry.objects.filter(gesprek__in=changed):
            assert entry.sequence > self.sequences.get(entry.pk, -1), "a change that calendars do not see"

    def addresses(self, gesprek):
        return Counter(person.email for person in self.may_be_told(gesprek) if person.email)

    def assert_told(self, expected, staff=()):
        """Deliver, and see that exactly these addresses heard of exactly these gesprekken, each once."""
        start = len(mail.outbox)
        outbox.deliver_all(now=timezone.now() + HELD_BACK)
        assert not Outgoing.objects.filter(state=Outgoing.State.FAILED).exists()
        heard, colleagues = defaultdict(Counter), Counter()
        for message in mail.outbox[start:]:
            if not message.attachments:
                colleagues[message.to[0]] += 1
                continue
            entry, sequence = self.appointment_in(message)
            heard[entry.gesprek_id][message.to[0]] += 1
            assert sequence > self.sent_sequences[entry.uid], "a calendar would not take this for news"
            self.sent_sequences[entry.uid] = sequence
        expected = {gesprek.pk: to for gesprek, to in expected.items() if to}
        assert heard == expected, (heard, expected)
        expected = Counter({person.email for person in staff})
        assert colleagues == expected, (colleagues, expected)

    def appointment_in(self, message):
        (attachment,) = message.attachments
        found = CALENDAR.search(self.unfolded(attachment))
        uid, sequence = (found[1], found[2]) if found[1] else (found[4], found[3])
        return CalendarEntry.objects.get(uid=uid.decode()), int(sequence)

    @staticmethod
    def unfolded(attachment):
        content = attachment[1]
        return (content.encode() if isinstance(content, str) else content).replace(b"\r\n ", b"")

    # --- what happens ------------------------------------------------------------------------------------------------

    @initialize(numbers=st.lists(ANY, max_size=6))
    def some_have_chosen(self, numbers):
        for number in numbers:
            self.book(number, 4 * number + 1, number)

    @rule(which=ANY, where=ANY, who=ANY)
    def book(self, which, where, who):
        gesprek = self.gesprek(which)
        slot = self.slot(where, gesprek)
        if slot is None:
            return
        offered = slot in booking.free_slots(gesprek, now=timezone.now())
        had = self.has_time(gesprek)
        made = self.attempt(booking.book, [gesprek], slot=slot, gesprek=gesprek, by=self.somebody(who, gesprek))
        if gesprek.ronde.is_open and not had:
            assert bool(made) == offered, "what is offered can be had, and nothing else"

    @rule(which=st.tuples(ANY, ANY), where=st.tuples(ANY, ANY))
    def book_two_at_once(self, which, where):
        gesprekken = [self.gesprek(number) for number in which]
        choices = [(self.slot(number, gesprek), gesprek) for number, gesprek in zip(where, gesprekken, strict=True)]
        if all(slot for slot, _gesprek in choices):
            self.attempt(booking.book_all, gesprekken, choices=choices, by=self.leader)

    @rule(which=ANY, where=ANY, who=ANY)
    def move(self, which, where, who):
        gesprek = self.with_time(which)
        slot = self.slot(where, gesprek)
        if slot:
            self.attempt(booking.move, [gesprek], slot=slot, gesprek=gesprek, by=self.somebody(who, gesprek))

    @rule(which=ANY, who=ANY)
    def cancel(self, which, who):
        gesprek = self.with_time(which)
        gone = self.attempt(booking.cancel, [gesprek], gesprek=gesprek, by=self.somebody(who, gesprek))
        if gone:
            self.gone.append(gone.pk)

    @precondition(lambda self: self.gone)
    @rule(which=ANY, who=ANY)
    def think_better_of_it(self, which, who):
        gone = Booking.objects.select_related("slot", "gesprek__ronde").get(pk=self.gone[which % len(self.gone)])
        by = self.somebody(who, gone.gesprek)
        self.attempt(booking.undo_cancel, [gone.gesprek], booking=gone, by=by)

    @rule(which=ANY)
    def close_or_reopen(self, which):
        ronde = self.gesprek(which).ronde
        if ronde.is_open and which % 3 == 0:
            opening.close_ronde(ronde=ronde, by=self.leader, now=timezone.now())
        elif not ronde.is_open:
            opening.reopen_ronde(ronde=ronde, by=self.leader)
        self.assert_told({})

    @rule(who=st.sampled_from(["fatma", "sander", "new"]))
    def a_child_arrives(self, who):
        self.arrived += 1
        child = self.cast.pupil(f"nieuw{self.arrived}", "Nieuw", str(self.arrived), self.cast.groep5)
        if who == "new":
            self.cast.guardian(f"thuis{self.arrived}", "Thuis", str(self.arrived), [child])
        else:
            Relatie.objects.create(school=self.cast.school, person=self.cast.people[who], leerling=child)
        registry.tell("imported", school=self.cast.school, by=self.leader, now=timezone.now())
        for ronde in Ronde.objects.filter(state=Ronde.State.OPEN, groepen=self.cast.groep5):
            assert not self.cast.groep5.leerlingen.exclude(gesprekken__ronde=ronde).exists()
        Outgoing.objects.filter(message="planning.invitation", state="waiting").delete()  # another test's subject

    @precondition(lambda self: self.restricted < 3)  # or soon there is nobody left to choose
    @rule(which=ANY)
    def restrict(self, which):
        self.restricted += 1
        rows = list(Relatie.objects.filter(restriction=False).order_by("pk"))
        people.restrict(relatie=rows[which % len(rows)], by=self.leader, now=timezone.now())
        self.assert_told({})  # nobody can see from a mail that something changed

    @rule(who=ANY, how=ANY, to=st.sampled_from([None, None, *DAYS]), shift=st.sampled_from([0, 0, 20, -20, 60]))
    def a_teacher_is_ill(self, who, how, to, shift):
        """Her day falls out, or goes to another date as far as it can; now and then somebody says never mind at once."""
        absent = self.teacher(who)
        booked = self.active().filter(medewerker=absent).order_by("starts_at").first()
        on = booked.starts_at.astimezone(ZONE).date() if booked and how % 4 else DAYS[how % len(DAYS)]
        changed = self.gesprekken_of(self.active().filter(medewerker=absent, starts_at__date=on))
        about = {"medewerker": absent, "on": on, "reason": "", "by": self.leader}
        about |= {"to": to, "shift_minutes": shift} if to else {}
        verb = absence.move_day if to else absence.call_off_day
        if how % 3 == 0:
            self.attempt(self.never_mind_at_once, [], change=verb, **about)
            return
        event = self.attempt(verb, changed, self.colleagues_in(changed, absent), **about)
        if event:
            self.days.append(event)
            assert len(changed) == len(event.detail["moved"]) + len(event.detail["called_off"])

    def never_mind_at_once(self, *, change, now, by, **about):
        """Nobody hears anything, and everybody who had a time has it."""
        before = self.who_is_when()
        event = change(now=now, by=by, **about)
        self.clock.shift(1)
        absence.undo_change(event=event, by=by, now=timezone.now())
        assert self.who_is_when() == before

    def colleagues_in(self, gesprekken, absent):
        rows = Deelname.objects.filter(gesprek__in=gesprekken, as_role__in=AT_THE_TABLE).select_related("person")
        herself = {absent.person} - {self.leader.person}  # who does it needs no mail about it
        return herself | {row.person for row in rows if row.person != absent.person}

    @precondition(lambda self: self.days)
    @rule(which=ANY)
    def she_is_better(self, which):
        event = self.days[which % len(self.days)]
        keys = [old for old, _new in event.detail["moved"]] + event.detail["called_off"]
        changed = self.gesprekken_of(Booking.objects.filter(pk__in=keys))
        told = Outgoing.objects.filter(message="planning.day_changed", object_id=event.pk, state=Outgoing.State.SENT)
        staff = [row.recipient for row in told.select_related("recipient")]
        self.attempt(absence.undo_change, changed, staff, event=event, by=self.leader)

    @rule(absent=ANY, replacement=ANY)
    def somebody_takes_over(self, absent, replacement):
        absent, replacement = self.teacher(absent), self.teacher(4 * replacement)
        changed = self.with_at_the_table(absent, gesprek__ronde__state=Ronde.State.OPEN)
        if self.attempt(substitute.take_over, changed, absent=absent, replacement=replacement, by=self.leader):
            assert self.with_at_the_table(absent, gesprek__ronde__state=Ronde.State.OPEN) == []
            self.handed_over.append(AuditEvent.objects.filter(verb="take_over").latest("pk"))

    @precondition(lambda self: self.handed_over)
    @rule(which=ANY)
    def and_gives_back(self, which):
        event = self.handed_over[which % len(self.handed_over)]
        stand_in = Medewerker.objects.select_related("person").get(pk=event.detail["to"])
        changed = self.with_at_the_table(stand_in, gesprek__in=event.detail["gesprekken"])
        self.attempt(substitute.give_back, changed, event=event, by=self.leader)

    @rule(which=ANY, where=st.lists(ANY, min_size=3, max_size=6))
    def a_plan_is_made(self, which, where):
        """By nobody who thinks: a time for each that seems free now, the same one twice perhaps. Released later."""
        ronde = self.gesprek(which).ronde
        plan = Plan.objects.create(school=self.cast.school, ronde=ronde, state=Plan.State.READY)
        waiting = Gesprek.objects.filter(ronde=ronde).exclude(pk__in=self.active().values("gesprek")).order_by("pk")
        for number, pk in zip(where, waiting.values_list("pk", flat=True), strict=False):
            gesprek = self.load(pk)
            PlannedGesprek.objects.create(
                school=self.cast.school,
                plan=plan,
                gesprek=gesprek,
                slot=self.slot(number, gesprek),
                tweede_collega=self.teacher(number) if number % 3 else None,
            )

    @precondition(lambda self: Plan.objects.filter(state=Plan.State.READY).exists())
    @rule()
    def a_plan_is_released(self):
        """Whatever happened since: who gets a time hears it, of a family all or none, and nobody loses one."""
        plan = Plan.objects.select_related("ronde__school").filter(state=Plan.State.READY).first()
        had = self.who_is_when()
        if not self.attempt(releasing.release, [], plan=plan, seen=plan.version, by=self.leader):
            return
        assert jobs.work_one() and not Job.objects.exclude(state=Job.State.DONE).exists()
        has = self.who_is_when()
        new = {pk: self.load(pk) for pk in has.keys() - had.keys()}
        assert had.items() <= has.items()
        self.see_that_calendars_rose(new.values())
        self.assert_told({gesprek: self.addresses(gesprek) for gesprek in new.values()})
        planned = plan.planned.filter(slot__isnull=False, gesprek__cancelled_at=None).exclude(gesprek__in=had)
        families = {row.gesprek_id: {p.body_id for p in self.may_be_told(row.gesprek)} for row in planned}
        for (one, family), (other, same) in combinations(families.items(), 2):
            assert not family & same or (one in new) == (other in new), "half a family"
        self.done["families of two or more"] += sum(bool(a & b) for a, b in combinations(families.values(), 2))

    def who_is_when(self):
        return {made.gesprek_id: (made.medewerker_id, made.room_id, made.starts_at) for made in self.active()}

    def has_time(self, gesprek):
        return Booking.objects.active().filter(gesprek=gesprek).exists()

    # --- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def nobody_is_in_two_places(self):
        """Told from the bookings alone, as people would: who sits where, from when until when."""
        places = defaultdict(list)
        for made in self.active():
            for somebody in self.at_the_table(made):
                places[somebody].append((made.starts_at, made.ends_at))
        for somebody, spans in places.items():
            spans.sort()
            for (_starts, ends), (starts, _ends) in zip(spans, spans[1:], strict=False):
                assert ends <= starts, f"{somebody} is in two places"

    @invariant()
    def every_gesprek_has_one_time_at_most(self):
        assert max(Counter(made.gesprek_id for made in self.active()).values(), default=0) <= 1
        assert max(Counter(made.slot_id for made in self.active()).values(), default=0) <= 1

    @invariant()
    def occupied_is_what_the_bookings_need_and_nothing_else(self):
        needed = Counter()
        for made in self.active():
            ronde = made.gesprek.ronde
            after = {"staff": ronde.buffer, "family": ronde.walking, "room": ronde.buffer}
            for (what, number), circle in self.at_the_table(made).items():
                at = made.starts_at
                while at < made.ends_at + timedelta(minutes=after[circle]):
                    needed[(what, number, at)] += 1
                    at += GRAIN
        rows = Occupancy.objects.values_list("person_id", "room_id", "bucket")
        taken = Counter(("body", p, at) if p else ("room", r, at) for p, r, at in rows)
        assert taken == needed, (taken - needed, needed - taken)

    @invariant()
    def sequences_only_rise(self):
        now = dict(CalendarEntry.objects.values_list("pk", "sequence"))
        assert all(now[pk] >= sequence for pk, sequence in self.sequences.items())
        self.sequences = now

    def active(self):
        return Booking.objects.active().select_related("gesprek__ronde", "medewerker__person")

    def at_the_table(self, made):
        """{("body", id) or ("room", id): the circle whose pause counts}; family weighs longer here than staff."""
        table = {("body", made.medewerker.person.body_id): "staff"}
        for row in made.gesprek.deelnames.exclude(as_role=Deelname.As.ACHTERAF).select_related("person"):
            circle = "family" if row.as_role in (Deelname.As.OUDER, Deelname.As.LEERLING) else "staff"
            table[("body", row.person.body_id)] = max(
                circle, table.get(("body", row.person.body_id), circle), key=LATER
            )
        if made.room_id:
            table[("room", made.room_id)] = "room"
        return table


def LATER(circle):
    return ["staff", "family"].index(circle)


def main(examples, steps):
    call_command("migrate", run_syncdb=True, verbosity=0)
    logging.getLogger("gesprekken").setLevel(logging.ERROR)
    django_settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(NOW, tick=False) as Evening.clock:
        Evening.cast = build()
        assert Medewerker.objects.count() == 6
        run_state_machine_as_test(
            Evening,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(json.dumps({"done": Evening.done, "refused": Evening.refused}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
