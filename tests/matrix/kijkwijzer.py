"""Access to the pages of floor 4: how well."""

from tests.matrix.roles import ALL_STAFF, Row

IB_AND_LEIDING = "ib leiding"


def a_terugblik(cast):
    """Of the teacher who held the gesprek: to everybody else, the leadership included, it does not exist."""
    return {"pk": cast.with_terugblik().pk}


def asked_of(observer, **state):
    """Saskia asks a colleague to observe; 404 for everybody who neither asked nor was asked."""

    def make(cast):
        return {"pk": cast.with_invite(observer=cast.people.get(observer), **state).pk}

    return make


def a_sharing(cast):
    from kijkwijzer.models import Sharing

    colleague = cast.people.get("ilse") or cast.people["vera"]
    return {"pk": Sharing.objects.create(school=cast.school, terugblik=cast.with_terugblik(), person=colleague).pk}


def seen_by_a_colleague(cast):
    """What Ilse saw at Saskia's gesprek: side by side is for Saskia alone."""
    return {"pk": cast.with_observation().pk}


OBSERVER = {"kwargs": asked_of("ilse"), "foreign": asked_of("vera")}
ACCEPTED = {"kwargs": asked_of("ilse", accepted=True), "foreign": asked_of("vera", accepted=True)}

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
    Row("side_by_side", get="teacher", kwargs=seen_by_a_colleague, foreign=seen_by_a_colleague),
    Row("share_terugblik", post="teacher", kwargs=a_terugblik, foreign=a_terugblik),
    Row("withdraw_sharing", post="teacher", kwargs=a_sharing, foreign=a_sharing),
    Row("empty_form", get=ALL_STAFF),
    Row("growth", get=ALL_STAFF),
    Row("goals", get=ALL_STAFF, post=ALL_STAFF, data={"factor": 5}),
    Row("end_goal", post=ALL_STAFF),
    Row("observers", get=ALL_STAFF),
    Row(
        "ask_observer",
        get="teacher",
        post="teacher",
        kwargs=lambda cast: {"pk": cast.gesprek.pk},
        foreign=lambda cast: {"pk": cast.gesprek.pk},
        data={"words": "Let op de stiltes."},
    ),
    Row("observe", get="other_teacher", foreign_roles="leiding_next_door", **OBSERVER),
    Row("answer_observe", post="other_teacher", foreign_roles="leiding_next_door", **OBSERVER),
    Row(
        "score_colleague",
        get="other_teacher",
        post="other_teacher",
        foreign_roles="leiding_next_door",
        data={"seen_version": 0},
        **ACCEPTED,
    ),
    Row("withdraw_observer", post="teacher", **OBSERVER),
    Row("parents_agree", post="teacher", **OBSERVER),
    Row("choose_practice", post="teacher", kwargs=a_terugblik, foreign=a_terugblik, data={"factor": 5}),
]
ELSEWHERE = {}
