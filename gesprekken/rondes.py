"""The verbs of one ronde: lay it down, set it, take it out. A ronde people already choose times in is not moved."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from gesprekken.models import Aanvraag, Ronde, RondeGroep
from gesprekken.year.entries import levels_by_groep, period
from school import audit, registry
from school.models import Lesgeven


class RondeRefused(Exception):
    """The ronde cannot be so. `sentence` says why and what is kept; `field` is where the form shows it."""

    def __init__(self, sentence, field=None):
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


class RondeFixed(RondeRefused):
    """Opened or closed: period, groups and lengths are what families were told."""


class StaleRonde(RondeRefused):
    """Somebody else changed the ronde after this page was opened."""


class PupilChoiceDiffers(RondeRefused):
    """One choice about pupils for a whole level (C3): another ronde of this kind says otherwise."""


# What families and the timetable rest on once a ronde is open.
FIXED_WHEN_OPEN = {
    "starts_on": _l("de eerste dag"),
    "ends_on": _l("de laatste dag"),
    "whom": _l("voor wie de ronde is"),
    "duration": _l("de duur"),
    "buffer": _l("de minuten tussen twee gesprekken"),
    "pupils_join": _l("of leerlingen erbij zijn"),
    "pupils_from": _l("vanaf welke groep leerlingen erbij zijn"),
    "booking_closes_days": _l("tot wanneer ouders kunnen kiezen"),
    "groepen": _l("de groepen"),
    "tweede_collegas": _l("de tweede collega"),
    "duos": _l("hoe twee leerkrachten een groep delen"),
    "mode": _l("hoe de tijden worden verdeeld"),
    "choosing_opens_at": _l("vanaf wanneer ouders kunnen kiezen"),
    "early_hours": _l("wie eerder mag kiezen"),
    "walking": _l("de looptijd"),
    "has_rooms": _l("of we lokalen reserveren"),
}
INTERPRETER_MINUTES = 10  # how much longer a gesprek with an interpreter takes, until the team decides otherwise


def add_ronde(*, schooljaar, soort, by, groepen=(), tweede_collegas=None, duos=None, colleague_pool=None, **fields):
    """Lay down a ronde, in draft. Refuses dates outside the year and a choice about pupils that differs."""
    values = {
        "name": soort.name,
        "purpose": soort.purpose,
        "points": soort.points,
        "duration": soort.duration,
        "interpreter_minutes": INTERPRETER_MINUTES,
        "whom": usual_whom(soort),
        **fields,
    }
    ronde = Ronde(school=by.school, schooljaar=schooljaar, soort=soort, **values)
    check(ronde, groepen, tweede_collegas or {})
    with transaction.atomic():
        ronde.save(force_insert=True)
        seat(ronde, groepen, tweede_collegas or {}, duos)
        ronde.colleague_pool.set(colleague_pool or [])
        audit.record("add_ronde", ronde, by=by, soort=soort.code, groepen=len(groepen))
    return ronde


def usual_whom(soort):
    """Whose gesprekken a new ronde of this kind has, until the school decides otherwise: a Ronde.Whom."""
    return Ronde.Whom.ASKED if soort.is_optional else Ronde.Whom.EVERYBODY


def change_ronde(
    *,
    ronde,
    by,
    seen_version,
    groepen=None,
    tweede_collegas=None,
    duos=None,
    colleague_pool=None,
    reason="",
    now=None,
    **fields,
):
    """Change a ronde. Once open, what families were told stays; once closed, everything does. Returns what changed.

    Who reacts to the change may refuse it too, for want of a `reason` (I2).
    """
    with transaction.atomic():
        current = Ronde.objects.select_for_update().get(pk=ronde.pk)
        changed = {name for name, value in fields.items() if getattr(current, name) != value}
        before = {row.groep_id: row for row in current.ronde_groepen.select_related("groep")}
        kept = [row.groep for row in before.values()] if groepen is None else list(groepen)
        colleagues = {g.pk: _colleague(before.get(g.pk), tweede_collegas, g.pk) for g in kept}
        changed |= _changed_seats(before, kept, colleagues, duos or {})
        pool = {m.pk for m in current.colleague_pool.all()}
        if colleague_pool is not None and {m.pk for m in colleague_pool} != pool:
            changed.add("colleague_pool")
            pool = {m.pk for m in colleague_pool}
        if not changed:
            return changed
        refuse_when_fixed(current, changed)
        if current.version != seen_version:
            raise StaleRonde(
                _(
                    "Iemand anders wijzigde deze ronde intussen. Wat je typte staat hier nog; kijk het na en bewaar opnieuw."
                )
            )
        for name in fields:
            setattr(current, name, fields[name])
        check(current, kept, colleagues)
        if "colleague_pool" in changed:
            refuse_nobody_to_join(current, colleagues, pool)
            current.colleague_pool.set(colleague_pool)
        Ronde.objects.filter(pk=current.pk).update(**fields, version=F("version") + 1)
        if changed & {"groepen", "tweede_collegas", "duos"}:
            current.ronde_groepen.exclude(groep__in=kept).delete()
            seat(current, kept, colleagues, duos)
        audit.record("change_ronde", current, by=by, fields=sorted(changed))
        registry.tell(
            "ronde_changed", ronde=current, changed=changed, by=by, now=now or timezone.now(), reason=reason.strip()
        )
    return changed


def _colleague(row, tweede_collegas, groep_pk):
    """The second colleague a group is to have: as asked, or as it was when nothing was asked."""
    if tweede_collegas is not None:
        return tweede_collegas.get(groep_pk)
    return row.tweede_collega_id if row else None


def _changed_seats(before, kept, colleagues, duos):
    changed = set()
    if {groep.pk for groep in kept} != set(before):
        changed.add("groepen")
    if any(colleagues[g.pk] != (before[g.pk].tweede_collega_id if g.pk in before else None) for g in kept):
        changed.add("tweede_collegas")
    if any(pk in before and before[pk].duo != duo for pk, duo in duos.items()):
        changed.add("duos")
    return changed


def seat(ronde, groepen, tweede_collegas, duos=None):
    """The groups of a ronde: each with its second colleague (a Medewerker's pk) and how its teachers share it."""
    for groep in groepen:
        values = {"tweede_collega_id": tweede_collegas.get(groep.pk)}
        if duos and groep.pk in duos:
            values["duo"] = duos[groep.pk]
        RondeGroep.objects.update_or_create(
            ronde=ronde, groep=groep, defaults=values, create_defaults={"school": ronde.school, **values}
        )


def remove_ronde(*, ronde, by):
    """Take a ronde out of the year; only a draft in which nobody has been asked for anything.

    What was granted in it waits for an answer again.
    """
    with transaction.atomic():
        current = Ronde.objects.select_for_update().get(pk=ronde.pk)
        if not current.is_draft or current.gesprekken.exists():
            raise RondeFixed(
                _("‘%(name)s’ is al geopend en heeft gesprekken. Daarom kan deze ronde niet weg.")
                % {"name": ronde.name}
            )
        audit.record("remove_ronde", current, by=by, soort=current.soort.code)
        current.aanvragen.update(answer=Aanvraag.Answer.WAITING, answered_at=None, answered_by=None)
        current.delete()


# --- what keeps a ronde in order -------------------------------------------------------------------------------------


def fixed_fields(ronde):
    """The names of what can no longer be changed."""
    if ronde.state == Ronde.State.CLOSED:
        return {"*"}
    return set(FIXED_WHEN_OPEN) if ronde.is_open else set()


def refuse_when_fixed(ronde, changed):
    if ronde.state == Ronde.State.CLOSED:
        raise RondeFixed(_("Deze ronde is afgesloten. Er is niets gewijzigd."))
    if ronde.is_open and changed & set(FIXED_WHEN_OPEN):
        what = ", ".join(str(label) for name, label in FIXED_WHEN_OPEN.items() if name in changed)
        raise RondeFixed(
            _(
                "Deze ronde is open: ouders kiezen al een tijd. Daarom ligt dit vast: %(what)s. "
                "Wat je typte staat hier nog, er is niets bewaard."
            )
            % {"what": what}
        )


def check(ronde, groepen, tweede_collegas):
    refuse_outside_year(ronde.schooljaar, ronde.starts_on, ronde.ends_on)
    if any(groep.schooljaar_id != ronde.schooljaar_id for groep in groepen):
        raise RondeRefused(_("Een van deze groepen hoort bij een ander schooljaar."), "groepen")
    if ronde.lead == Ronde.Lead.LEERLING and not ronde.pupils_join:
        raise RondeRefused(_("Als de leerling het gesprek leidt, is de leerling erbij. Vink dat ook aan."), "lead")
    refuse_other_pupil_choice(ronde, groepen)
    refuse_lonely_colleague(groepen, tweede_collegas)


def refuse_outside_year(schooljaar, first, last, error=RondeRefused):
    if first > last:
        raise error(_("De laatste dag ligt voor de eerste dag."), "ends_on")
    if first < schooljaar.starts_on or last > schooljaar.ends_on:
        raise error(
            _("Deze dagen vallen buiten het schooljaar: %(when)s.")
            % {"when": period(schooljaar.starts_on, schooljaar.ends_on)},
            "starts_on" if first < schooljaar.starts_on else "ends_on",
        )


def refuse_other_pupil_choice(ronde, groepen):
    """Two rondes of one kind in one year may split the school, but not the pupils of one level."""
    levels = levels_by_groep(groepen)
    mine = {level for known in levels.values() for level in known}
    others = (
        Ronde.objects.filter(schooljaar=ronde.schooljaar, soort=ronde.soort)
        .exclude(pk=ronde.pk)
        .exclude(state=Ronde.State.CLOSED)
        .prefetch_related("groepen")
    )
    for other in others:
        theirs = {level for known in levels_by_groep(other.groepen.all()).values() for level in known}
        differing = [lv for lv in sorted(mine & theirs) if ronde.pupil_joins(lv) != other.pupil_joins(lv)]
        if differing:
            raise PupilChoiceDiffers(
                _(
                    "Voor groep %(level)s staat het in ‘%(name)s’ anders. "
                    "Of leerlingen erbij zijn, is één keuze voor de hele school of het hele leerjaar."
                )
                % {"level": differing[0], "name": other.name},
                "pupils_from",
            )


def refuse_lonely_colleague(groepen, tweede_collegas):
    """The second colleague is somebody else than the group's only teacher (C4)."""
    teachers = {}
    for groep_id, medewerker_id in Lesgeven.objects.filter(groep__in=groepen).values_list("groep_id", "medewerker_id"):
        teachers.setdefault(groep_id, set()).add(medewerker_id)
    for groep in groepen:
        colleague = tweede_collegas.get(groep.pk)
        if colleague and teachers.get(groep.pk) == {colleague}:
            raise RondeRefused(
                _("De tweede collega van %(groep)s is iemand anders dan de eigen leerkracht.") % {"groep": groep.name},
                f"tweede_{groep.pk}",
            )


def refuse_nobody_to_join(ronde, tweede_collegas, pool):
    """In an open advice ronde the pool does not run empty while a group relies on it (C4)."""
    if ronde.is_open and ronde.soort.is_advice and not pool and not all(tweede_collegas.values()):
        raise RondeRefused(
            _("Bij een adviesgesprek is altijd een tweede collega. Laat ten minste één collega aangevinkt."),
            "colleague_pool",
        )
