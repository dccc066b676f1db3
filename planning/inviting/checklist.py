"""What still has to be done before a ronde can open: one sentence each, with where to mend it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Ronde
from planning import week
from planning.inviting import texts
from planning.inviting.placeholders import problems
from planning.inviting.reach import reach_of
from planning.models import Availability, Slot
from planning.times.booking import choosing_closes_at
from planning.times.slots import meet
from planning.times.supply import ENOUGH, SHORT, gesprekken_needed, offered_slots, per_teacher
from planning.times.windows import hours_of, teachers_of
from school.models import VrijeDag
from school.templatetags.house import clock, day

STOP, WEEK, WARN, FINE = "stop", "week", "warn", "fine"
MOST_LINES = 3  # so many groups that miss the same are said one by one


@dataclass(frozen=True)
class Finding:
    """One line of the checklist. `weight`: STOP forbids opening, WEEK needs a reason, WARN and FINE inform.

    `page` is the URL name where it can be mended, or empty; `van` the teacher whose page of times it is.
    """

    weight: str
    text: str
    page: str = ""
    van: int | None = None


def first_day(ronde):
    """The local date of the first conversation that can be chosen, or the first day of the period."""
    slot = Slot.objects.filter(ronde=ronde).order_by("starts_at").first()
    return slot.starts_at.astimezone(ronde.school.zone).date() if slot else ronde.starts_on


def check(ronde, *, now=None):
    """The checklist before opening, most serious first. A fixed number of queries per ronde and group."""
    now = now or timezone.now()
    today = now.astimezone(ronde.school.zone).date()
    found = [
        *_check_settings(ronde, now, today),
        *_check_choosing(ronde, now, today),
        *_check_wishes(ronde),
        *_check_windows(ronde),
        *_check_groups(ronde),
        *_check_colleagues(ronde),
        *_check_guardians(ronde),
    ]
    order = [STOP, WEEK, WARN, FINE]
    return sorted(found, key=lambda finding: order.index(finding.weight))


def _check_settings(ronde, now, today):
    if not ronde.purpose.strip():
        yield Finding(
            STOP, _("Schrijf op waarom jullie dit gesprek voeren. Ouders lezen dat in de uitnodiging."), "ronde_edit"
        )
    if not ronde.point_list:
        yield Finding(STOP, _("Schrijf op waar het gesprek over gaat, elk punt op een eigen regel."), "ronde_edit")
    if ronde.ends_on < today:
        yield Finding(STOP, _("De periode van deze ronde is voorbij. Kies een nieuwe periode."), "ronde_edit")
    first = first_day(ronde)
    days = (first - today).days
    if week.is_announced(ronde, first):
        about = {"day": day(timezone.localtime(ronde.announced_at, ronde.school.zone))}
        yield Finding(
            FINE, _("De gezinnen weten sinds %(day)s dat we deze dagen vrijhouden. Een reden is niet nodig.") % about
        )
    elif 0 <= days < settings.WEEK_AHEAD_DAYS:
        yield Finding(
            WEEK,
            _("Het eerste gesprek is al over %(days)s dagen. Ouders horen het een week vooraf te weten.")
            % {"days": days},
            "ronde_edit",
        )
    if not ronde.reception.strip():
        yield Finding(WARN, _("Er staat nog niet hoe de ouders worden ontvangen."), "ronde_edit")
    if missing := ronde.missing_lead_checks:
        yield Finding(
            STOP,
            _("De leerling leidt het gesprek. Zorg eerst voor dit: %(missing)s")
            % {"missing": " ".join(str(label) for label in missing)},
            "ronde_edit",
        )
    for sentence in problems(*texts.text_for(ronde, "nl")):
        yield Finding(STOP, _("De uitnodiging: %(sentence)s") % {"sentence": sentence}, "invitation_text")
    for free in VrijeDag.objects.filter(
        schooljaar=ronde.schooljaar, starts_on__lte=ronde.ends_on, ends_on__gte=ronde.starts_on
    ):
        yield Finding(WARN, _("In deze periode valt %(name)s.") % {"name": free.name}, "year")


def _check_choosing(ronde, now, today):
    """Whether families have time to choose, or to say when they can."""
    closes, opens = choosing_closes_at(ronde), ronde.choosing_opens_at
    wishes = ronde.mode == Ronde.Mode.WISHES
    if opens and opens >= closes:
        yield Finding(
            STOP, _("Kiezen begint pas nadat het gesloten is. Zet het begin eerder, of sluit later."), "ronde_edit"
        )
    elif wishes and now >= closes and ronde.ends_on >= today:
        yield Finding(
            STOP,
            _(
                "Tussen openen en de eerste dag is geen tijd om wensen te geven en een planning te maken. "
                "Kies een latere periode, of laat ouders zelf kiezen."
            ),
            "ronde_edit",
        )
    elif now >= closes and ronde.ends_on >= today:
        yield Finding(
            WARN,
            _(
                "Ouders kunnen zelf geen tijd meer kiezen: dat sluit %(days)s dagen voor de eerste dag. Zet dit getal lager of plan zelf."
            )
            % {"days": ronde.booking_closes_days},
            "ronde_edit",
        )
    elif closes - max(now, opens or now) < timedelta(days=3):
        yield Finding(WARN, _("Ouders hebben minder dan drie dagen om te kiezen."), "ronde_edit")
    if wishes and ronde.booking_closes_days <= settings.WEEK_AHEAD_DAYS:
        yield Finding(
            WARN,
            _(
                "Wensen geven sluit %(days)s dagen voor de eerste dag. Sluit een paar dagen eerder: "
                "dan horen ouders hun tijd een week van tevoren."
            )
            % {"days": ronde.booking_closes_days},
            "ronde_edit",
        )


def _check_wishes(ronde):
    """In wish mode a text of one's own may still tell parents to choose a time."""
    if ronde.mode != Ronde.Mode.WISHES:
        return
    written = [texts.chosen_text(ronde, language) for language in texts.LANGUAGES]
    if any(text and "{hoe_kiezen}" not in text.body for text in written):
        yield Finding(
            WARN,
            _(
                "De uitnodiging is zelf geschreven. Kijk of er staat dat ouders aangeven wanneer zij kunnen; {hoe_kiezen} vult dat vanzelf in."
            ),
            "invitation_text",
        )


def _check_windows(ronde):
    """What is wrong with the times that were given."""
    rows = list(ronde.availabilities.select_related("medewerker__person", "room"))
    if any(not ronde.starts_on <= row.on <= ronde.ends_on for row in rows):
        yield Finding(
            STOP,
            _("Er zijn tijden gegeven buiten de periode van de ronde. Haal ze weg, of pas de periode aan."),
            "windows",
        )
    given = [row for row in rows if row.what == row.What.WINDOW]
    for row in given:
        about = {
            "name": row.medewerker.person.name,
            "day": day(row.on),
            "from": clock(row.starts),
            "to": clock(row.ends),
        }
        if row.starts >= row.ends or _minutes(row) < ronde.duration:
            text = _("%(name)s, %(day)s van %(from)s tot %(to)s: dit blok is korter dan een gesprek. Maak het langer.")
            yield Finding(WARN, text % about, "windows", row.medewerker_id)
        elif _clock_changes(row, ronde.school.zone):
            text = _("%(name)s, %(day)s van %(from)s tot %(to)s: in dit blok verspringt de klok. Kies een andere tijd.")
            yield Finding(WARN, text % about, "windows", row.medewerker_id)
    if ronde.has_rooms:
        yield from _check_rooms(ronde, given)


def _minutes(row):
    return (datetime.combine(row.on, row.ends) - datetime.combine(row.on, row.starts)) // timedelta(minutes=1)


def _clock_changes(row, zone):
    starts, ends = (datetime.combine(row.on, at, tzinfo=zone) for at in (row.starts, row.ends))
    return starts.utcoffset() != ends.utcoffset()


def _check_rooms(ronde, given):
    with_room = [row for row in given if row.room_id]
    theirs = defaultdict(list)
    for row in Availability.objects.filter(room__in={row.room_id for row in with_room}).select_related(
        "medewerker__person"
    ):
        theirs[row.room_id, row.on].append(row)
    for row in with_room:
        for other in theirs[row.room_id, row.on]:
            # Two of this ronde are one finding, not two.
            twice = other.ronde_id != ronde.pk or row.pk < other.pk
            if (
                other.medewerker_id != row.medewerker_id
                and twice
                and row.starts < other.ends
                and other.starts < row.ends
            ):
                text = _("%(room)s is %(day)s van %(one)s en ook van %(other)s. Geef een van beiden een ander lokaal.")
                about = {"room": row.room.name, "day": day(row.on), "one": row.medewerker.person.name}
                about["other"] = other.medewerker.person.name
                yield Finding(STOP, text % about, "windows", row.medewerker_id)
    teaching = {teacher.pk for teacher in teachers_of(ronde)}
    without = sum(not row.room_id for row in given if row.medewerker_id in teaching)
    if without:
        text = ngettext(
            "Bij %(n)s blok is nog geen lokaal gekozen.", "Bij %(n)s blokken is nog geen lokaal gekozen.", without
        )
        yield Finding(WARN, text % {"n": without}, "windows")


def _check_groups(ronde):
    rows = list(ronde.ronde_groepen.select_related("groep").prefetch_related("groep__lesgeven"))
    if not rows:
        yield Finding(STOP, _("Kies voor welke groepen deze ronde is."), "ronde_edit")
        return
    counts, offered = gesprekken_needed(ronde), offered_slots(ronde)
    on_request = ronde.whom == Ronde.Whom.ASKED
    if on_request and not any(counts.values()):
        yield Finding(WARN, _("Er is nog niemand gevraagd. Kies de leerlingen, of wacht op aanvragen."), "ronde_whom")
    waiting = [row for row in rows if counts[row.groep_id] and _teachers(row) and not _slots(row, offered)]
    yield from _check_given(waiting)
    supplies = {row.medewerker.pk: row for row in per_teacher(ronde)}
    hours = hours_of(ronde)
    for row in rows:
        name, needed = row.groep.name, counts[row.groep_id]
        teachers = _teachers(row)
        slots = _slots(row, offered)
        if not needed and on_request:
            continue
        elif not needed:
            yield Finding(WARN, _("In %(name)s zitten geen leerlingen.") % {"name": name})
        elif not teachers:
            yield Finding(
                STOP, _("%(name)s heeft geen leerkracht. Koppel er een bij Mensen.") % {"name": name}, "people"
            )
        elif row in waiting:
            continue
        elif row.duo == row.Duo.TOGETHER and len(teachers) > 1 and not _all_meet(hours, teachers, ronde.duration):
            text = _(
                "De leerkrachten van %(name)s praten samen, maar hebben geen tijd gemeen. Laat ze dezelfde tijden geven."
            )
            yield Finding(STOP, text % {"name": name}, "windows")
        elif all(supplies[pk].state == ENOUGH for pk in teachers if pk in supplies):
            yield Finding(
                FINE,
                _("%(name)s: %(slots)s tijden voor %(needed)s gesprekken.")
                % {"name": name, "slots": slots, "needed": needed},
            )
    silent = {pk for row in rows for pk in _teachers(row) if not _slots(row, offered)}
    yield from _check_supply(ronde, [row for pk, row in supplies.items() if pk not in silent])


def _teachers(row):
    return [les.medewerker_id for les in row.groep.lesgeven.all()]


def _slots(row, offered):
    return sum(offered.get(pk, 0) for pk in _teachers(row))


def _check_given(waiting):
    """Groups without a single time: a line each, or one for all when there are many."""
    if len(waiting) > MOST_LINES:
        text = _("%(n)s groepen hebben nog geen tijden: %(names)s. Geef ze voor iedereen tegelijk, of vraag ze.")
        names = ", ".join(row.groep.name for row in waiting)
        yield Finding(STOP, text % {"n": len(waiting), "names": names}, "windows")
        return
    for row in waiting:
        text = _("De leerkracht van %(name)s heeft nog geen tijden gegeven.")
        yield Finding(STOP, text % {"name": row.groep.name}, "windows")


def _all_meet(hours, teachers, minutes):
    first, *others = teachers
    return all(meet(hours.get(first, []), hours.get(pk, []), minutes=minutes) for pk in others)


def _check_supply(ronde, supplies):
    """Which teachers offer fewer tijdsloten than they have gesprekken, or than the ronde's margin asks."""
    for row in supplies:
        if row.state == ENOUGH:
            continue
        about = {"name": row.medewerker.person.name, "slots": row.offered, "needed": row.needed, "short": row.short}
        about["margin"] = ronde.margin
        if row.state == SHORT:
            text = _(
                "%(name)s heeft %(slots)s tijden voor %(needed)s gesprekken: niet iedereen kan een tijd krijgen. "
                "Vraag om meer tijd, nog zeker %(short)s erbij."
            )
        else:
            text = _(
                "%(name)s heeft %(slots)s tijden voor %(needed)s gesprekken: er valt weinig te kiezen. "
                "Vraag om meer tijd: met %(margin)s%% extra moeten er nog %(short)s bij."
            )
        yield Finding(WARN, text % about, "windows", row.medewerker.pk)


def _check_colleagues(ronde):
    """An advice conversation always has a second colleague, who can be there (C4)."""
    if not ronde.soort.is_advice:
        return
    pool = {m.pk for m in ronde.colleague_pool.all()}
    hours = hours_of(ronde)
    for row in ronde.ronde_groepen.select_related("groep", "tweede_collega__person").prefetch_related(
        "groep__lesgeven"
    ):
        about = {"name": row.groep.name}
        teachers = _teachers(row)
        mine = [window for pk in teachers for window in hours.get(pk, [])]
        named = row.tweede_collega
        if named is None and not pool - set(teachers):
            text = _("Bij een adviesgesprek is altijd een tweede collega. Kies er een voor %(name)s.")
            yield Finding(STOP, text % about, "ronde_edit")
        elif named and mine and named.pk in hours and not meet(mine, hours[named.pk], minutes=ronde.duration):
            text = _("%(colleague)s kan op geen van de tijden van %(name)s. Vraag om een tijd die samenvalt.")
            yield Finding(STOP, text % (about | {"colleague": named.person.name}), "windows", named.pk)
        elif named is None and mine and pool - set(teachers) <= set(hours):  # who gave no times follows the teacher
            theirs = [window for pk in pool - set(teachers) for window in hours[pk]]
            if not meet(mine, theirs, minutes=ronde.duration):
                text = _("Geen van de tweede collega's kan op een tijd van %(name)s. Vraag hun tijden die samenvallen.")
                yield Finding(STOP, text % about, "windows")


def _check_guardians(ronde):
    """Whom the invitation does not reach by mail, as the send page counts them."""
    found = reach_of(ronde)
    if found.alone:
        names = ", ".join(leerling.person.name for leerling in found.alone[:3])
        text = ngettext(
            "Bij %(n)s leerling is er geen ouder die we kunnen uitnodigen: %(names)s.",
            "Bij %(n)s leerlingen is er geen ouder die we kunnen uitnodigen: %(names)s.",
            len(found.alone),
        )
        about = {"n": len(found.alone), "names": names + (" …" if len(found.alone) > 3 else "")}
        yield Finding(WARN, text % about, "guardians")
    if found.no_address:
        text = ngettext(
            "%(n)s ouder heeft geen e-mailadres en krijgt een brief.",
            "%(n)s ouders hebben geen e-mailadres en krijgen een brief.",
            len(found.no_address),
        )
        yield Finding(FINE, text % {"n": len(found.no_address)})
    if found.came_back:
        text = ngettext(
            "Van %(n)s ouder komt de mail terug. Die krijgt een brief.",
            "Van %(n)s ouders komt de mail terug. Zij krijgen een brief.",
            len(found.came_back),
        )
        yield Finding(WARN, text % {"n": len(found.came_back)}, "sending")
