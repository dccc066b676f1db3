"""A school in which every message that there is has a reason to go. Each scene makes one or more of them.

A new message needs a scene here: the proof says which one is missing.
"""

from datetime import date, time, timedelta

from gesprekken import aanvragen
from gesprekken.afterwards import asking as asking_how
from gesprekken.afterwards import reminding
from gesprekken.development import portfolio
from gesprekken.models import Gesprek, Jaarplan, Ronde, Soort
from gesprekken.preparing import worries
from gesprekken.talking import seconding
from gesprekken.year import cycle
from kijkwijzer.looking import observing, sharing
from planning.activities import asking, signing
from planning.around import families, joining, meeting, substitute
from planning.day import absence
from planning.inviting import announcing, opening, reminders, texts, trial
from planning.models import Invitation, Slot
from planning.times import booking, lengths, offers, watching
from school import access, contact, outbox, people
from school.actor import ACCOUNT, LINK, Actor
from school.emails import NOTICES
from school.models import Relatie
from tests.cast import NOW

AGREED = {"agreed": True, "now": NOW}


def send():
    """Everything there is: mail about a day waits as long as it can be turned back."""
    outbox.deliver_all(now=NOW + timedelta(minutes=2 * absence.UNDO_MINUTES))


class Scene:
    """The cast with an open ronde; `play` goes through everything that makes mail, and has each sent at once."""

    def __init__(self, cast):
        self.cast = cast
        self.leader = Actor(cast.annemiek, ACCOUNT)

    def play(self):
        for scene in (
            self.staff,
            self.year,
            self.writing,
            self.choosing,
            self.asking_again,
            self.looking_along,
            self.around,
            self.days,
            self.wish,
            self.record,
            self.how_was_it,
            self.activities,
            self.moved_year,
            self.address,
            self.asked,
        ):
            scene()
            send()

    def slots(self, teacher, on=date(2026, 11, 24)):
        found = Slot.objects.filter(medewerker=teacher.medewerker, starts_at__date=on, bookings__isnull=True)
        return list(found.order_by("starts_at"))

    def book(self, child, number):
        """Staff plan a time for this family on the phone; everybody is told."""
        gesprek = self.cast.gesprek_of(child)
        teacher = gesprek.groep.lesgeven.first().medewerker.person
        booking.book(slot=self.slots(teacher)[number], gesprek=gesprek, by=self.leader, **AGREED)
        send()
        return gesprek

    # --- the ground floor --------------------------------------------------------------------------------------------

    def staff(self):
        people.invite_staff(medewerker=self.cast.ilse.medewerker, by=self.leader, now=NOW)
        outbox.put("school.password_reset", self.cast.bas, self.cast.bas.user)
        for message in NOTICES:
            outbox.put(message, self.cast.bas, self.cast.bas.user)
        access.ask_second_step(self.cast.fatma, now=NOW)

    def address(self):
        report = contact.report(email="ali.nieuw@ouders.example", by=Actor(self.cast.ali, LINK), now=NOW)
        contact.accept(report=report, by=self.leader, now=NOW)

    def asked(self):
        """A gesprek on request that does not come, and days kept free for another."""
        cast = self.cast
        soort = Soort.objects.create(school=cast.school, code="op-verzoek", name="Tweede gesprek", is_optional=True)
        parent = Actor(cast.fatma, LINK)
        aanvraag = aanvragen.ask(leerling=cast.elif_, soort=soort, reason="Zij slaapt slecht.", by=parent, now=NOW)
        aanvragen.decline(aanvraag=aanvraag, by=self.leader, now=NOW)
        colleague = Actor(cast.saskia, ACCOUNT)
        hers = aanvragen.ask(leerling=cast.tess, soort=soort, reason="Zij is stil.", by=colleague, now=NOW)
        aanvragen.decline(aanvraag=hers, by=self.leader, now=NOW)
        ronde = cast.with_ronde(code="op-verzoek", whom=Ronde.Whom.ASKED)
        announcing.announce(ronde=ronde, by=self.leader, now=NOW)

    # --- the year ----------------------------------------------------------------------------------------------------

    def year(self):
        self.cast.with_ronde()
        cycle.publish(jaarplan=Jaarplan.objects.get(school=self.cast.school), by=self.leader, now=NOW)

    def how_was_it(self):
        """Held yesterday, without a verslag that was shared."""
        gesprek = self.cast.gesprek_of(self.cast.tess)
        Gesprek.objects.filter(pk=gesprek.pk).update(held_on=NOW.date() - timedelta(days=1))
        asking_how.ask_how_it_was(now=NOW)

    def record(self):
        verslag = self.cast.with_verslag(self.cast.gesprek_of(self.cast.elif_, self.cast.fatma), released=True)
        outbox.put("gesprekken.record_released", self.cast.fatma, verslag)
        verslag.agreements.update(evaluate_on=NOW.date() + timedelta(days=3))
        reminding.remind(now=NOW)
        draft = self.cast.with_verslag(self.cast.gesprek_of(self.cast.noor, self.cast.kim), state="draft")
        draft.gesprek.deelnames.create(school=self.cast.school, person=self.cast.bas, as_role="tweede_collega")
        seconding.ask(gesprek=draft.gesprek, by=Actor(self.cast.saskia, ACCOUNT), now=NOW)
        gesprek = self.cast.gesprek_of(self.cast.elif_, self.cast.fatma)
        item = self.cast.with_development(gesprek, released=False)
        portfolio.release(gesprek=gesprek, items=[item.pk], by=self.leader, now=NOW)

    def wish(self):
        """A pupil wants to talk to her teacher today."""
        gesprek = self.cast.gesprek_of(self.cast.elif_, self.cast.fatma)
        worries.tell_teachers(gesprek=gesprek, by=Actor(self.cast.elif_.person, LINK), now=NOW)

    def writing(self):
        """Whoever writes the invitation tries it out."""
        for language in texts.LANGUAGES:
            trial.send_trial(about=self.cast.ronde, language=language, by=self.leader)

    def moved_year(self):
        """A ronde that families knew is on other days; they hear it in the morning."""
        plan = Jaarplan.objects.get(school=self.cast.school)
        Ronde.objects.filter(pk=self.cast.ronde.pk).update(ends_on=date(2026, 12, 1))
        cycle.publish(jaarplan=plan, by=self.leader, tell_families=True, now=NOW)
        outbox.deliver_all(now=NOW + timedelta(days=1))

    def activities(self):
        """Invited, signed up, moved to another day."""
        on = date(2026, 12, 3)
        activiteit = self.cast.with_activity(on, soort="inloop", invitation="Kijk mee.", asks_sign_up=True)
        asking.invite(activiteit=activiteit, by=self.leader, now=NOW)
        signing.sign_up(activiteit=activiteit, number=2, by=Actor(self.cast.fatma, LINK), now=NOW)
        send()
        cycle.change_activiteit(activiteit=activiteit, on=on + timedelta(days=1), by=self.leader, now=NOW)

    # --- times -------------------------------------------------------------------------------------------------------

    def choosing(self):
        """Invited, booked, moved, called off, a taken time that comes free."""
        cast = self.cast
        cast.with_times(starts=time(14), ends=time(18))
        cast.with_times(cast.bas, on=date(2026, 11, 26))
        opening.open_ronde(ronde=cast.ronde, by=self.leader, now=NOW)
        send()
        gesprek = self.book(cast.elif_, 0)
        taken = gesprek.bookings.get().slot
        watching.watch(slot=taken, gesprek=cast.gesprek_of(cast.tess), by=Actor(cast.sander, LINK), now=NOW)
        booking.move(slot=self.slots(cast.saskia)[4], gesprek=gesprek, by=self.leader, **AGREED)
        send()
        booking.cancel(gesprek=gesprek, by=self.leader, now=NOW)

    def asking_again(self):
        """Kim was reminded once, and does not react; then the school proposes a time."""
        cast = self.cast
        Invitation.objects.filter(person=cast.kim).update(reminders=1)
        outbox.put(reminders.MESSAGE, cast.kim, cast.kim)
        send()
        gesprek = cast.gesprek_of(cast.noor, cast.kim)
        offers.propose(gesprek=gesprek, slot=self.slots(cast.saskia)[8], by=self.leader, now=NOW)

    def around(self):
        """Of a time that stands: another place, length, teacher; an expert; how a family takes part."""
        cast = self.cast
        gesprek = self.book(cast.tess, 6)
        meeting.set_form(gesprek=gesprek, form=Ronde.Form.SCHOOL, place="Lokaal 9", by=self.leader, **AGREED)
        lengths.set_length(gesprek=gesprek, minutes=25, by=self.leader, **AGREED)
        joining.add_expert(gesprek=gesprek, person=cast.pieter, what="taal", by=self.leader, **AGREED)
        send()
        substitute.take_over(
            absent=cast.saskia.medewerker, replacement=cast.maarten.medewerker, by=self.leader, now=NOW, reason="ziek"
        )
        send()
        ways = {cast.fatma.pk: Relatie.Talks.APART, cast.ali.pk: Relatie.Talks.APART}
        families.rearrange(leerling=cast.emre, ways=ways, by=self.leader, now=NOW, reason="")

    def looking_along(self):
        """A colleague is asked to observe, says yes, gives what she saw; that is shared. Another is asked in vain."""
        cast, by = self.cast, {p: Actor(self.cast.people[p], ACCOUNT) for p in ("bas", "ilse", "pieter")}
        gesprek = cast.gesprek_of(cast.emre)
        invite = observing.invite_observer(gesprek=gesprek, observer=cast.ilse, by=by["bas"], now=NOW)
        in_vain = observing.invite_observer(gesprek=gesprek, observer=cast.pieter, by=by["bas"], now=NOW)
        send()
        observing.answer(invite=invite, accepts=True, by=by["ilse"], now=NOW)
        observing.tell_observers([gesprek.pk])
        observing.withdraw(invite=in_vain, by=by["bas"], now=NOW)
        send()
        about = {"scores": {"welkom-toon": 4}, "remarks": {}, "seen_version": 0}
        later = NOW + timedelta(days=60)
        Gesprek.objects.filter(pk=gesprek.pk).update(held_on=NOW.date())
        terugblik = observing.score(invite=invite, by=by["ilse"], ready=True, now=later, **about)
        Gesprek.objects.filter(pk=gesprek.pk).update(held_on=None)
        sharing.share(terugblik=terugblik, person=cast.pieter, by=by["bas"], now=NOW)

    # --- a day that falls out ----------------------------------------------------------------------------------------

    def days(self):
        cast, bas = self.cast, self.cast.bas.medewerker
        gesprek = cast.gesprek_of(cast.emre, cast.fatma)
        booking.book(slot=self.slots(cast.bas)[0], gesprek=gesprek, by=self.leader, **AGREED)
        send()
        day = {"medewerker": bas, "by": self.leader, "reason": "ziek", "now": NOW}
        just_in_time = NOW + timedelta(minutes=absence.UNDO_MINUTES - 1)
        for change in (
            lambda: absence.call_off_day(on=date(2026, 11, 24), **day),
            lambda: absence.move_day(on=date(2026, 11, 24), to=date(2026, 11, 25), **day),
        ):
            event = change()
            send()
            absence.undo_change(event=event, by=self.leader, now=just_in_time)
            send()
