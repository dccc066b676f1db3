"""The menu of staff: what each role may open, in the order in which it is needed. Pages are named, not imported."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from school import unsent
from school.permissions import visible_failed_mail

# (URL name, label, for whom)
DAILY = [
    ("today", _("Vandaag"), lambda a: bool(a.groep_ids)),
    ("ib_month", _("Deze maand"), lambda a: a.is_ib),
    ("overview", _("Overzicht"), lambda a: a.is_leiding or a.is_ib),
    ("insight", _("Inzicht"), lambda a: a.is_leiding or a.is_ib),
    ("follow_up", _("Opvolgen"), lambda a: bool(a.groep_ids) or a.is_leiding or a.is_ib),
    ("rondes", _("Gespreksrondes"), lambda a: True),
    ("year", _("Het jaar"), lambda a: True),
    ("who_is_where", _("Wie is waar"), lambda a: True),
    ("terugblikken", _("Kijkwijzer"), lambda a: True),
]
# What is seldom needed stands behind one word, so that the daily things stay on one line.
MORE = [
    ("adviezen", _("Adviezen"), lambda a: bool(a.groep_ids) or a.is_leiding or a.is_ib),
    ("feedback_results", _("Wat ouders vonden"), lambda a: bool(a.groep_ids) or a.is_leiding),
    ("overdracht_list", _("Overdracht"), lambda a: bool(a.groep_ids) or a.is_leiding or a.is_ib),
    ("week_exceptions", _("Korter dan een week"), lambda a: a.is_leiding),
    ("interpreters", _("Tolken"), lambda a: a.is_leiding or a.is_ib),
    ("advice_talks", _("Adviesgesprekken"), lambda a: a.is_leiding or a.is_ib),
    ("people", _("Mensen"), lambda a: a.is_leiding),
    ("failed_mail", _("Mislukte mail"), lambda a: unsent.lately(visible_failed_mail(a)).exists()),
    ("import_start", _("Inlezen"), lambda a: a.is_leiding),
    ("staff_feed", _("In je agenda"), lambda a: True),
    ("school_settings", _("Instellingen"), lambda a: a.is_leiding),
    ("my_account", _("Mijn account"), lambda a: True),
]


@dataclass(frozen=True)
class Entry:
    url: str
    label: str
    is_current: bool


@dataclass(frozen=True)
class Menu:
    """What one member of staff can open; `more` stands behind one word."""

    daily: list[Entry]
    more: list[Entry]

    @property
    def current_in_more(self):
        return next((entry for entry in self.more if entry.is_current), None)


def menu_for(actor, path):
    """The Menu of this member of staff on the page at `path`."""
    return Menu(entries(DAILY, actor, path), entries(MORE, actor, path))


def entries(of, actor, path):
    found = []
    for name, label, shown in of:
        if not shown(actor):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:  # a floor above is not there, or has no such page
            continue
        found.append(Entry(url, label, path.startswith(url)))
    return found
