"""Access to the pages of floor 4: how well."""

from tests.matrix.roles import ALL_STAFF, Row

IB_AND_LEIDING = "ib leiding"


def a_terugblik(cast):
    """Of the teacher who held the gesprek: to everybody else, the leadership included, it does not exist."""
    return {"pk": cast.with_terugblik().pk}


ROWS = [
    Row("overview", get="ib leiding leiding_next_door"),
    Row("overview_xlsx", get=IB_AND_LEIDING, kwargs=lambda cast: {"pk": cast.ronde.pk}),
    Row("terugblikken", get=ALL_STAFF),
    Row(
        "look_back",
        get="teacher",
        post="teacher",
        kwargs=lambda cast: {"pk": cast.gesprek.pk},
        foreign=lambda cast: {"pk": cast.gesprek.pk},
    ),
    Row("terugblik", get="teacher", kwargs=a_terugblik, foreign=a_terugblik),
    Row("terugblik_pdf", get="teacher", kwargs=a_terugblik, foreign=a_terugblik),
    Row("choose_practice", post="teacher", kwargs=a_terugblik, foreign=a_terugblik, data={"factor": 5}),
]
ELSEWHERE = {}
