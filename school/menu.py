"""The menu of staff: what each role may open, in the order in which it is needed. Pages are named, not imported."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# (URL name, label, for whom)
ENTRIES = [
    ("today", _("Vandaag"), lambda a: bool(a.groep_ids)),
    ("who_is_where", _("Wie is waar"), lambda a: True),
    ("overview", _("Overzicht"), lambda a: a.is_leiding or a.is_ib),
    ("rondes", _("Gespreksrondes"), lambda a: True),
    ("interpreters", _("Tolken"), lambda a: a.is_leiding or a.is_ib),
    ("year", _("Het jaar"), lambda a: True),
    ("terugblikken", _("Kijkwijzer"), lambda a: True),
    ("people", _("Mensen"), lambda a: a.is_leiding),
    ("import_start", _("Inlezen"), lambda a: a.is_leiding),
    ("school_settings", _("Instellingen"), lambda a: a.is_leiding),
    ("my_account", _("Mijn account"), lambda a: True),
]


def menu_for(actor, path):
    """The entries this member of staff sees: dicts of url, label and whether it is the present page."""
    entries = []
    for name, label, shown in ENTRIES:
        if not shown(actor):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        entries.append({"url": url, "label": label, "current": path.startswith(url)})
    return entries
