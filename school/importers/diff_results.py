"""What a results file adds or corrects. A result that is missing from the file stays; it is only counted."""

from collections import Counter
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from school.importers.plan import GONE, Item
from school.importers.pupils import PupilFinder
from school.models import Toetsresultaat

WORDS = {"score": "vaardigheidsscore", "niveau": "niveau", "functioneringsniveau": "functioneringsniveau"}


def diff(school, rows, plan):
    finder = PupilFinder(school, plan)
    stored = {
        (result.leerling_id, result.vak, result.toets, result.taken_on): result
        for result in Toetsresultaat.objects.filter(school=school)
    }
    moments, seen, unknown = set(), {}, Counter()
    for row in rows:
        pupil = finder.find(row["leerling_key"])
        if pupil is None:
            unknown[row["leerling_key"]] += 1
            continue
        day = date.fromisoformat(row["afname"])
        score = Decimal(row["vaardigheidsscore"]) if row["vaardigheidsscore"] is not None else None
        wanted = {"score": score, "niveau": row["niveau"], "functioneringsniveau": row["functioneringsniveau"]}
        place = (row["leerling_key"], row["vak"], row["toets"], day)
        if is_double(place, wanted, row["line"], seen, plan.remarks):
            continue
        moments.add(place[1:])
        result = stored.pop((pupil.obj.pk, *place[1:]), None) if pupil.obj else None
        current = {name: getattr(result, name) for name in wanted} if result else {}
        label = f"{pupil.label}: {row['vak']} {row['toets']}"
        item = plan.compare("results", label, result, current, wanted, line=row["line"], words=WORDS, pupil=pupil)
        item.links |= {"vak": row["vak"], "toets": row["toets"], "taken_on": day}
    tell_unknown(unknown, rows, finder, plan)
    for (leerling_id, *moment), result in stored.items():
        if tuple(moment) in moments:
            label = finder.name_of(leerling_id)
            plan.add(Item("results", GONE, f"{label}: {result.vak} {result.toets}", obj=result))


def is_double(place, wanted, line, seen, remarks):
    """Whether this pupil, subject, test and day were in the file before; a different score then is an error."""
    if place not in seen:
        seen[place] = (line, wanted)
        return False
    first, before = seen[place]
    about = {"key": place[0], "vak": place[1], "toets": place[2], "first": first}
    if before == wanted:
        remarks.warn(_("Dit resultaat staat ook op regel %(first)s; het telt één keer.") % about, line)
    else:
        remarks.error(
            _("%(key)s heeft voor %(vak)s %(toets)s ook op regel %(first)s een resultaat, en dat is anders.") % about,
            line,
        )
    return True


def tell_unknown(unknown, rows, finder, plan):
    """Results of pupils we do not know are left out; a file in which nobody is known is the wrong file."""
    if not unknown:
        return
    lines = {}
    for row in rows:
        lines.setdefault(row["leerling_key"], row["line"])
    nobody = len(unknown) == len({row["leerling_key"] for row in rows})
    for key, count in unknown.items():
        meant = finder.with_zeros(key)
        if meant:
            plan.remarks.error(
                _("Leerling %(key)s kennen we niet, %(meant)s wel. Haalde Excel de nullen vooraan weg?")
                % {"key": key[:50], "meant": meant},
                lines[key],
            )
        elif key not in plan.former and not nobody:
            plan.remarks.warn(
                _("Leerling %(key)s kennen we niet; %(count)s resultaten zijn overgeslagen.")
                % {"key": key[:50], "count": count},
                lines[key],
            )
    if nobody and not plan.former & set(unknown):
        plan.remarks.error(
            _(
                "Geen enkele leerling in dit bestand kennen we. Hoort het bij deze school, en zijn de leerlingen al ingelezen?"
            ),
            min(lines.values()),
        )
