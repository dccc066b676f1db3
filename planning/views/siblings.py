"""Brothers and sisters: times back to back, and all of them planned in one go."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from gesprekken.models import Gesprek
from gesprekken.permissions import visible_gesprekken
from planning.inviting import wording
from planning.models import Booking, Slot
from planning.permissions import visible_bookings
from planning.times import booking, together
from planning.views import refusals
from planning.views.ouder import by_day, by_teacher, is_duo, names_told, why_closed
from school.actor import PERSONAL, open_to
from school.row_ids import row_id
from school.templatetags.house import clock, day

KEPT = 3  # of the proposals: those in which a time that a child has already stays


@dataclass
class Line:
    """One gesprek of the family: the time it has, the slots it can take (its own among them), and what is picked."""

    gesprek: Gesprek
    present: Booking | None
    slots: list[Slot]
    picked: Slot | None = None
    days: list = field(default_factory=list)

    @property
    def name(self):
        return f"g{self.gesprek.pk}"

    @property
    def is_changed(self):
        return self.picked is not None and not (self.present and self.present.slot_id == self.picked.pk)

    @property
    def ends_at(self):
        return self.picked.starts_at + booking.length_of(self.gesprek)

    def offer(self, slot):
        starts = slot.starts_at.astimezone(self.gesprek.ronde.school.zone)
        ends = (slot.starts_at + booking.length_of(self.gesprek)).astimezone(starts.tzinfo)
        return together.Offer(slot, starts, ends, slot.medewerker_id)


def lines_of(actor, now):
    """A Line for every gesprek of this guardian for which she can choose a time now, in order of the children's names."""
    if not actor.is_guardian:
        raise PermissionDenied
    ahead = visible_gesprekken(actor).filter(ronde__state="open", held_on=None, cancelled_at=None)
    gesprekken = [
        gesprek
        for gesprek in ahead.select_related("ronde__school", "ronde__soort", "groep", "leerling__person").order_by(
            "leerling__person__first_name", "pk"
        )
        if not why_closed(gesprek, actor, now)
    ]
    chosen = visible_bookings(actor).active().filter(gesprek__in=gesprekken)
    present = {row.gesprek_id: row for row in chosen.select_related("slot__medewerker__person", "medewerker__person")}
    gesprekken = [g for g in gesprekken if g.pk not in present or present[g.pk].starts_at > now]
    own = [gesprek.pk for gesprek in gesprekken]
    return [line_of(gesprek, present.get(gesprek.pk), own, now) for gesprek in gesprekken]


def line_of(gesprek, present, own, now):
    """What brothers and sisters hold counts as free: they may move in the same go."""
    slots = booking.free_slots(gesprek, now=now, leaving_out=own)
    if present and present.slot:
        slots = sorted([*slots, present.slot], key=lambda slot: slot.starts_at)
    return Line(gesprek, present, slots)


def gaps(lines):
    """The minutes this family, and one teacher, needs between two gesprekken."""
    return {
        "walking": max((line.gesprek.ronde.walking for line in lines), default=0),
        "buffer": max((line.gesprek.ronde.buffer for line in lines), default=0),
    }


def pick(lines, wanted):
    """Put what was asked for (of a QueryDict) in every Line; who has a time keeps it. False where a slot is gone."""
    there = True
    for line in lines:
        pk = row_id(wanted.get(line.name))
        line.picked = next((slot for slot in line.slots if slot.pk == pk), None)
        there = there and (line.picked is not None or not wanted.get(line.name))
        if line.picked is None and line.present and not wanted.get(line.name):
            line.picked = line.present.slot
    return there


# --- the proposals ---------------------------------------------------------------------------------------------------


def proposals_for(lines):
    """Proposals for the children who can get a time: some that keep the times there are, then whatever waits least."""
    offers = {line.name: [line.offer(slot) for slot in line.slots] for line in lines if line.slots}
    if len(offers) < 2:
        return []
    fixed = {
        line.name: [line.offer(line.present.slot)]
        for line in lines
        if line.present and line.present.slot and line.slots
    }
    kept = together.propose({**offers, **fixed}, most=KEPT, **gaps(lines)) if 0 < len(fixed) < len(offers) else []
    now_held = {(name, offer) for name, (offer,) in fixed.items()}
    best = [found for found in together.propose(offers, **gaps(lines)) if found not in kept]
    found = [p for p in (kept + best)[: together.MOST] if set(p.talks) != now_held]
    return sorted(found, key=lambda proposal: proposal.starts)


def as_card(proposal, by_name):
    """A proposal as the page shows it."""
    return {
        "talks": [(by_name[name], offer) for name, offer in proposal.talks],
        "day": proposal.starts.date(),
        "several_days": len(proposal.days) > 1,
        "waiting": in_words(proposal),
        "query": urlencode({name: offer.key.pk for name, offer in proposal.talks}),
    }


def in_words(proposal):
    if len(proposal.days) > 1:
        return _("op %(n)s dagen") % {"n": len(proposal.days)}
    if proposal.waiting <= 0:
        return _("direct na elkaar")
    return ngettext("%(n)s minuut wachten", "%(n)s minuten wachten", proposal.waiting) % {"n": proposal.waiting}


@open_to(PERSONAL)
@require_GET
def plan_all(request):
    """Proposals as cards, and below them a choice of one's own: a list of times per child."""
    lines = lines_of(request.actor, timezone.now())
    if len(lines) < 2:
        return redirect("times", pk=lines[0].gesprek.pk) if lines else redirect("my_page")
    pick(lines, request.GET)
    for line in lines:
        days = by_day(line.slots, line.gesprek.ronde.school.zone)
        line.several = is_duo(days)
        line.days = [(date, by_teacher(slots)) for date, slots in days]
    by_name = {line.name: line for line in lines}
    context = {
        "lines": lines,
        "cards": [as_card(proposal, by_name) for proposal in proposals_for(lines)],
        "without": [line.gesprek for line in lines if not line.slots],
        "has_times": any(line.present for line in lines),
        "is_open": any(request.GET.get(line.name) for line in lines),
    }
    return render(request, "planning/plan_all.html", context)


# --- choosing --------------------------------------------------------------------------------------------------------


def back(request, lines, sentence):
    """To the proposals, with what was picked still picked. A redirect, so that going back never meets a form again."""
    messages.warning(request, sentence)
    picked = urlencode({line.name: line.picked.pk for line in lines if line.picked})
    return redirect(f"{reverse('plan_all')}?{picked}" if picked else "plan_all")


def what_is_wrong(lines, there):
    """Why what was picked cannot be, as a sentence; empty when it can."""
    if not there:
        return _("Een van deze tijden is net gekozen. Er is niets veranderd. Dit kan nog wel:")
    if not any(line.picked for line in lines):
        return _("Kies eerst een tijd.")
    by_name = {line.name: line for line in lines}
    found = together.clash([(line.name, line.offer(line.picked)) for line in lines if line.picked], **gaps(lines))
    if found:
        first, second = (by_name[name].gesprek.leerling.person.first_name for name in found)
        return _(
            "De tijden van %(first)s en %(second)s vallen samen, of liggen te dicht op elkaar. "
            "Kies voor een van beiden een andere tijd."
        ) % {"first": first, "second": second}
    return ""


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def check_all(request):
    """GET shows what would be planned and one button; POST plans all of it, or nothing."""
    wanted = request.POST if request.method == "POST" else request.GET
    lines = lines_of(request.actor, timezone.now())
    there = pick(lines, wanted)
    if not lines:
        return redirect("my_page")
    if sentence := what_is_wrong(lines, there):
        return back(request, lines, sentence)
    changed = [line for line in lines if line.is_changed]
    if not changed:
        return redirect("my_page")  # a double tap, or back from the confirmation: it stands as was asked
    if request.method == "POST":
        return plan(request, lines, changed)
    context = {"lines": [line for line in lines if line.picked], "changed": changed, "wanted": wanted}
    for line in context["lines"]:
        line.form = wording.form_in_words(line.gesprek)
    return render(request, "planning/check_all.html", context)


def plan(request, lines, changed):
    """A time that somebody else put there since the page was made is not replaced by an old page."""
    known = set(request.POST.getlist("was"))
    if any(line.present and str(line.present.pk) not in known for line in changed):
        return back(request, lines, _("Er is net al een tijd gekozen voor een van de gesprekken. Kijk nog eens."))
    try:
        booking.book_all(
            choices=[(line.picked, line.gesprek) for line in changed],
            by=request.actor,
            replacing=any(line.present for line in changed),
        )
    except booking.BookingRefused as refusal:
        for line in lines:
            line.picked = None
        return back(request, lines, refusals.BOOKING_ALL.get(refusal.reason) or refusals.BOOKING[refusal.reason])
    messages.success(request, planned_sentence(changed, to_write_down=not request.actor.person.email))
    return redirect("my_page")


def planned_sentence(changed, *, to_write_down):
    """What stands now, who hears of it, and that who gets no mail has to write it down."""
    times = "; ".join(
        _("%(name)s %(day)s om %(time)s")
        % {
            "name": line.gesprek.leerling.person.first_name,
            "day": day(line.picked.starts_at),
            "time": clock(line.picked.starts_at),
        }
        for line in changed
    )
    told = dict.fromkeys(name for line in changed for name in names_told(line.gesprek))
    sentences = [_("Dit staat vast: %(times)s.") % {"times": times}]
    if told:
        names = wording.and_list(told)
        sentences.append(_("Er gaat een bevestiging met een agenda-afspraak naar %(names)s.") % {"names": names})
    if to_write_down:
        sentences.append(_("Schrijf de tijden op, want wij hebben geen e-mailadres van u."))
    return " ".join(sentences)
