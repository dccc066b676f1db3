"""The ten success factors (Lusse 2013) as data, and which parent activity serves which (C6, S2).

Names, order and clusters are the Kijkwijzer's; the sentences are ours. The source couples no activity to a factor:
that mapping is ours as well, and a school changes it for itself (Jaarplan.factor_map).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Factor:
    number: int
    cluster: str
    name: str
    school: str  # what the school does
    teacher: str  # by what one sees it in a teacher


CONTACT, SAMENWERKING, TOEKOMSTPERSPECTIEF = "CONTACT", "SAMENWERKING", "TOEKOMSTPERSPECTIEF"

FACTORS = [
    Factor(
        1,
        CONTACT,
        _("welkom"),
        _("De school laat ouders merken dat ze welkom zijn."),
        _("De leerkracht is open, voelt aan wat er speelt en zet zelf de eerste stap, op een professionele manier."),
    ),
    Factor(
        2,
        CONTACT,
        _("kennismaken"),
        _("De school leert alle ouders al vroeg in het jaar kennen."),
        _("De leerkracht weet hoe het gezin leeft en legt de verbinding tussen thuis en school."),
    ),
    Factor(
        3,
        CONTACT,
        _("alle ouders"),
        _("De school heeft van elk kind contact met een ouder, en als het nodig is ook met een andere begeleider."),
        _("De leerkracht is er voor iedere ouder, hoe die ook opvoedt of geleerd heeft, en kent van elk kind iemand."),
    ),
    Factor(
        4,
        SAMENWERKING,
        _("regie leerling"),
        _("Bij elk gewoon gesprek met ouders is de leerling vanzelfsprekend ook uitgenodigd."),
        _("De leerkracht voert het gesprek met z'n drieën: ouder, leerling en leerkracht."),
    ),
    Factor(
        5,
        SAMENWERKING,
        _("wederkerigheid"),
        _("De school praat mét ouders: informatie gaat heen en weer."),
        _("De leerkracht vraagt en luistert net zo veel als zij vertelt."),
    ),
    Factor(
        6,
        SAMENWERKING,
        _("gesprek thuis"),
        _("De school geeft ouder en kind iets om thuis over verder te praten."),
        _("De leerkracht verbindt het leren op school met thuis en helpt ouders om hun kind te steunen."),
    ),
    Factor(
        7,
        SAMENWERKING,
        _("positieve aandacht"),
        _("De school kijkt ook, en hardop, naar wat goed gaat."),
        _("De leerkracht spreekt goed over het kind en ziet wat het in zich heeft."),
    ),
    Factor(
        8,
        TOEKOMSTPERSPECTIEF,
        _("schoolloopbaan"),
        _("De weg van het kind door het onderwijs is de rode draad in het contact met ouders."),
        _("De leerkracht ziet wat ouders bijdragen aan die weg en geeft ze de ruimte om dat te doen."),
    ),
    Factor(
        9,
        TOEKOMSTPERSPECTIEF,
        _("ontwikkelpunten"),
        _(
            "De school maakt bij ontwikkelpunten een concreet plan: wat doet het kind, wat doen ouders, wat doet school."
        ),
        _("De leerkracht stemt ieders aandeel op elkaar af en zorgt dat school en thuis weten hoe het loopt."),
    ),
    Factor(
        10,
        TOEKOMSTPERSPECTIEF,
        _("perspectief"),
        _("De school praat met ouder en kind over wat tegenvalt op die weg."),
        _("De leerkracht merkt verwachtingen en teleurstellingen op en zoekt samen naar een nieuw vooruitzicht."),
    ),
]

BY_NUMBER = {factor.number: factor for factor in FACTORS}


@dataclass(frozen=True)
class ParentActivity:
    """One of the seven the source asks for at the least: three are conversations, four stand in the year by themselves."""

    code: str
    name: str
    about: str
    serves: tuple[int, ...]  # ours
    soorten: tuple[str, ...] = ()  # rondes of these kinds count as this activity
    is_advice: bool = False


PARENT_ACTIVITIES = [
    ParentActivity(
        "informatiekaart",
        _("informatiekaart"),
        _("op één kaart wat ouders en school van elkaar weten moeten"),
        (1, 2, 3),
    ),
    ParentActivity(
        "kennismakingsgesprek",
        _("kennismakingsgesprek"),
        _("de eerste ontmoeting met ouders en kind"),
        (1, 2, 3, 4, 5),
        soorten=("startgesprek",),
    ),
    ParentActivity(
        "voortgangsgesprek",
        _("voortgangsgesprek"),
        _("het gesprek over de brede ontwikkeling, een paar keer per jaar"),
        (3, 4, 5, 6, 7, 8, 9),
        soorten=("voortgangsgesprek", "ontwikkelingsgesprek-1", "ontwikkelingsgesprek-2"),
    ),
    ParentActivity(
        "adviesgesprek",
        _("adviesgesprek"),
        _("samen naar het advies voor de volgende school"),
        (4, 5, 8, 9, 10),
        is_advice=True,
    ),
    ParentActivity(
        "informatieavond",
        _("interactieve informatieavond"),
        _("een avond waarop ouders meedoen en elkaar spreken"),
        (1, 2, 5),
    ),
    ParentActivity("inloop", _("inloopactiviteit"), _("ouders lopen binnen en doen mee in de groep"), (1, 2, 6, 7)),
    ParentActivity("huiswerk", _("interactief huiswerk"), _("een opdracht die kind en ouder samen doen"), (5, 6, 8)),
]

ACTIVITY_CODES = [activity.code for activity in PARENT_ACTIVITIES]


def serves(activity, factor_map):
    """The numbers of the factors this activity serves: the school's own choice, else ours."""
    return list((factor_map or {}).get(activity.code, activity.serves))


def stands_for(activity, entry):
    """Whether this entry of the year is such an activity: a ronde of its kinds, or an activity of its own."""
    if entry.sort == "ronde":
        return entry.code in activity.soorten or (activity.is_advice and entry.is_advice)
    return entry.sort == "activiteit" and entry.code == activity.code


def seven(entries, factor_map):
    """Per activity of the source: the entries that stand for it, and the factors it serves."""
    return [
        {
            "activity": activity,
            "entries": [entry for entry in entries if stands_for(activity, entry)],
            "factors": [BY_NUMBER[n] for n in serves(activity, factor_map)],
        }
        for activity in PARENT_ACTIVITIES
    ]


def missing_activities(entries):
    """The activities of the source that do not stand in the year."""
    return [row["activity"] for row in seven(entries, {}) if not row["entries"]]


def served_by(entries, factor_map):
    """Per factor the rondes and activities in the year that serve it, by day: [(factor, [entry])]."""
    rows = seven(entries, factor_map)

    def of(factor):
        standing = {entry.key: entry for row in rows if factor in row["factors"] for entry in row["entries"]}
        return [entry for entry in entries if entry.key in standing]

    return [(factor, of(factor)) for factor in FACTORS]


def served(entries, factor_map):
    """Per factor the activities in the year that serve it; none is worth a look."""
    present = [row for row in seven(entries, factor_map) if row["entries"]]
    return [(f, [row["activity"] for row in present if f in row["factors"]]) for f in FACTORS]
