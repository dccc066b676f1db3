"""Results, norm bands and routes of the demo: invented numbers that fit each other, through the real verbs."""

from gesprekken.development import norms, routes, showing
from school.actor import ACCOUNT, Actor
from school.levels import STEPS

VAKKEN = ["begrijpend lezen", "rekenen", "spelling", "technisch lezen"]
BANDS = [("I", 12, None), ("II", 4, 12), ("III", -4, 4), ("IV", -12, -4), ("V", None, -12)]  # from the usual score
ROUTES = {"vmbo-basis": -4, "vmbo-kader": -3, "vmbo-gt": -2, "havo": 0, "vwo": 1}  # steps above or below the moment
GOALS = {
    "begrijpend lezen": "Eerst de vraag lezen, dan pas de tekst.",
    "rekenen": "De tafels van 6, 7 en 8 zonder nadenken.",
    "technisch lezen": "Elke dag tien minuten hardop lezen.",
}


def usual_score(half, year):
    return 60 + 25 * (year - 2) + 12 * (half == "E")


def band_of(score, usual):
    return next(name for name, low, _high in BANDS if low is None or score - usual >= low)


def level_at(half, year, drift, between):
    """The functioning level of a pupil so many years ahead or behind; now and then between two steps."""
    step = min(max(STEPS.index(f"{half}{year}") + 2 * drift, 0), len(STEPS) - 2)
    return f"{STEPS[step]}/{STEPS[step + 1]}" if between else STEPS[step]


def set_for_school(by):
    for vak in VAKKEN:
        rows = []
        for moment in STEPS:
            usual = usual_score(moment[0], int(moment[1]))
            rows += [(moment, name, *(None if end is None else usual + end for end in ends)) for name, *ends in BANDS]
        norms.set_norms(vak=vak, rows=rows, by=by)
        levels = [
            (route, number, moment, level_of_route(STEPS.index(moment) + above))
            for number, (route, above) in enumerate(ROUTES.items(), 1)
            for moment in STEPS[6:]
        ]
        routes.set_routes(vak=vak, rows=levels, by=by)


def level_of_route(step):
    return STEPS[step] if step < len(STEPS) else f">{STEPS[-1]}"


def show_some(ronde):
    """Charts at half of the gesprekken, with routes for some of the oldest pupils."""
    gesprekken = ronde.gesprekken.filter(leerling__toetsresultaten__isnull=False).distinct()
    for number, gesprek in enumerate(gesprekken.select_related("groep", "leerling__person").order_by("pk")):
        teacher = gesprek.groep.lesgeven.select_related("medewerker__person__school").first()
        if teacher is None or number % 2:
            continue
        by = Actor(teacher.medewerker.person, ACCOUNT)
        level = gesprek.groep.level or 0
        agreed = level >= 7 and number % 4 == 0
        chosen = [
            showing.Choice(vak, GOALS.get(vak, ""), list(ROUTES)[1:4] if agreed else [], agreed)
            for vak in ("begrijpend lezen", "rekenen", "technisch lezen")
        ]
        showing.show(gesprek=gesprek, choices=chosen, by=by)
