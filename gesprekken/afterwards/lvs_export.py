"""What goes into the school's pupil administration (LVS): only what is not there yet, once (G5).

Where a report or portfolio underpins the gesprek, that is the record, and only the agreements are added. Otherwise a short
verslag goes along: what was said about the child. What was confided and working notes never.

Every guardian may ask to see what is in the LVS. What is agreed with one of them and not with another therefore stays
behind, unless a teacher takes it along on purpose; then the text says for whom it is (docs/decisions/0101).
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from gesprekken.afterwards.apart import Guardians, guardians_by_leerling, is_apart
from gesprekken.models import Agreement, PortfolioItem, Verslag
from gesprekken.permissions import visible_verslagen
from school import audit
from school.templatetags.house import full_day


@dataclass
class Entry:
    """Of one gesprek what the LVS does not hold yet, and what it does."""

    verslag: Verslag
    has_report: bool
    text: str  # the short verslag, or nothing where a report is the record
    text_taken: bool
    fresh: list = field(default_factory=list)
    taken: list = field(default_factory=list)
    behind: list = field(default_factory=list)  # for one guardian and not for another: not handed over

    @property
    def gesprek(self):
        return self.verslag.gesprek

    @property
    def is_new(self):
        return bool(self.fresh) or bool(self.text and not self.text_taken)

    @property
    def is_empty(self):
        return not (self.text or self.fresh or self.taken or self.behind)

    @property
    def is_done(self):
        """Everything of it that there is, is in the LVS."""
        return not self.is_new and not self.behind

    def chosen(self, *, again):
        """(text, agreements) to hand over; `again`: also what was handed over before."""
        text = self.text if again or not self.text_taken else ""
        return text, [*self.taken, *self.fresh] if again else self.fresh


def entries(actor, ronde, groep, *, apart=False):
    """Of each pupil of this groep the newest final version, in the order of the class list.

    `apart`: also the agreements that are for one guardian and not for another.
    """
    final = visible_verslagen(actor).final().filter(gesprek__ronde=ronde, gesprek__groep=groep).order_by("number")
    final = final.select_related("gesprek__leerling__person", "gesprek__ronde", "gesprek__groep")
    versions = {}
    for verslag in final.prefetch_related("agreements__concerns"):
        versions.setdefault(verslag.gesprek_id, []).append(verslag)
    reports = PortfolioItem.objects.filter(kind=PortfolioItem.Kind.REPORT, gesprek__in=versions)
    reported = set(reports.values_list("gesprek_id", flat=True))
    guardians = guardians_by_leerling(last[-1].gesprek.leerling_id for last in versions.values())
    found = [_entry(of_one, pk in reported, guardians, apart) for pk, of_one in versions.items()]
    return sorted(
        (entry for entry in found if not entry.is_empty), key=lambda entry: entry.gesprek.leerling.person.sort_name
    )


def _entry(versions, has_report, guardians, apart):
    last = versions[-1]
    text = "" if has_report else short_verslag(last)
    taken = any(old.exported_at and short_verslag(old) == text for old in versions)
    agreements, behind = [], []
    for agreement in last.agreements.all():
        agreement.is_apart = is_apart(agreement, guardians.get(last.gesprek.leerling_id, Guardians()))
        (behind if agreement.is_apart and not apart and not agreement.exported_at else agreements).append(agreement)
    return Entry(
        verslag=last,
        has_report=has_report,
        text=text,
        text_taken=taken,
        fresh=[agreement for agreement in agreements if agreement.exported_at is None],
        taken=[agreement for agreement in agreements if agreement.exported_at is not None],
        behind=behind,
    )


def short_verslag(verslag):
    if verslag.about_child.strip():
        return verslag.about_child.strip()
    return _("Het gesprek is gehouden. Er is verder niets afgesproken.") if verslag.nothing_further else ""


# --- as text and as a table ------------------------------------------------------------------------------------------


def heading(entry):
    held = full_day(entry.gesprek.held_on) if entry.gesprek.held_on else ""
    return ", ".join(part for part in [entry.gesprek.ronde.name, held] if part)


def as_text(entry, *, again=False):
    """What a teacher pastes into the LVS; empty where there is nothing new."""
    text, agreements = entry.chosen(again=again)
    if not text and not agreements:
        return ""
    parts = [heading(entry)]
    if text:
        parts.append(text)
    for agreement in agreements:
        lines = [f"{label}: {value}" for name, label in labels() if (value := getattr(agreement, name))]
        if agreement.evaluate_on:
            lines.append(_("We kijken terug op: %(day)s") % {"day": full_day(agreement.evaluate_on)})
        lines.append(f"{_('Voor wie')}: {for_whom(agreement)}")
        if agreement.is_apart:
            lines.append(_("Let op: dit is niet voor iedere ouder bedoeld."))
        parts.append("\n".join([_("Afspraak"), *lines]))
    return "\n\n".join(parts)


def for_whom(agreement):
    return ", ".join(person.name for person in agreement.concerns.all())


def labels():
    """(field, its word) in the language that is spoken now."""
    return [
        ("who", _("Wie")),
        ("what", _("Wat")),
        ("when", _("Wanneer")),
        ("how", _("Hoe")),
        ("why", _("Waarom")),
        ("seen_when", _("Wat zien we als het gelukt is")),
    ]


def as_table(found, *, again=False):
    """(headers, rows): one row per agreement, and one for the short verslag."""
    words = labels()
    headers = [
        _("Leerlingnummer"), _("Leerling"), _("Groep"), _("Datum"), _("Ronde"), _("Verslag"),
        *(label for _name, label in words), _("We kijken terug op"), _("Voor wie"), _("Niet voor iedere ouder"),
        _("Al eerder overgenomen"),
    ]  # fmt: skip
    rows = []
    for entry in found:
        gesprek, (text, agreements) = entry.gesprek, entry.chosen(again=again)
        pupil = [gesprek.leerling.key, gesprek.leerling.person.name, gesprek.groep.name]
        pupil += [gesprek.held_on.isoformat() if gesprek.held_on else "", gesprek.ronde.name]
        if text:
            rows.append([*pupil, text, *[""] * len(words), "", "", "", _said(entry.text_taken)])
        for agreement in agreements:
            values = [getattr(agreement, name) for name, _label in words]
            day = agreement.evaluate_on.isoformat() if agreement.evaluate_on else ""
            whom = [for_whom(agreement), _("ja") if agreement.is_apart else ""]
            rows.append([*pupil, "", *values, day, *whom, _said(agreement.exported_at is not None)])
    return headers, rows


def _said(taken):
    return _("al eerder") if taken else ""


# --- marking ---------------------------------------------------------------------------------------------------------


def mark_taken(*, found, by, now):
    """What was handed over is in the LVS from now on; the first moment stays. Returns how many were new."""
    verslagen = [entry.verslag.pk for entry in found]
    agreements = [agreement.pk for entry in found for agreement in entry.fresh]
    with transaction.atomic():
        count = Verslag.objects.filter(pk__in=verslagen, exported_at__isnull=True).update(exported_at=now)
        count += Agreement.objects.filter(pk__in=agreements, exported_at__isnull=True).update(exported_at=now)
        if count:
            for entry in found:
                audit.record("exported_to_lvs", entry.verslag, by=by, agreements=len(entry.fresh))
    return count
