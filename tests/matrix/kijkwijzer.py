"""Access to the pages of floor 4: how well."""

from kijkwijzer.instrument import load_instrument
from kijkwijzer.models import Sitting, Terugblik
from tests.cast import NOW
from tests.matrix.roles import ALL_STAFF, STAFF_HERE, Row

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


def a_film(cast, *, who=None, sitting=None):
    """Saved scores of the first version of a film, of the teacher: nobody else's page knows them."""
    instrument = load_instrument(cast.school)
    person = who or cast.people.get("saskia") or cast.people["jeroen"]
    about = {"mode": "film", "film": "voortgang-1", "part": "before", "instrument": instrument, "saved_at": NOW}
    return {"pk": Terugblik.objects.create(school=cast.school, observer=person, sitting=sitting, **about).pk}


def a_sitting(cast):
    """A film that the teacher opened for the team, with a picture of the first version."""
    leader = cast.people.get("saskia") or cast.people["jeroen"]
    about = {
        "film": "voortgang-1",
        "instrument": load_instrument(cast.school),
        "opened_at": NOW,
        "before_shown_at": NOW,
    }
    about["pictures"] = {
        "before": {
            "people": 5,
            "small": False,
            "factors": {"1": {"mean": "3.4", "spread": "some", "few": False}},
        }
    }
    return {"pk": Sitting.objects.create(school=cast.school, leader=leader, **about).pk}


def an_instrument(cast):
    return {"pk": load_instrument(cast.school).pk}


SCORES = {"seen_version": 0, "item-welkom-toon": "4"}


def a_held_gesprek(cast):
    """Held, recorded and released; who held it reads its signs, and the family it was with. Not the leadership."""
    cast.with_verslag(released=True)
    return {"pk": cast.gesprek.pk}


ROWS = [
    Row("evidence", get="teacher", kwargs=a_held_gesprek, foreign=a_held_gesprek),
    Row("evidence_read", get="guardian_confirmed", kwargs=a_held_gesprek, foreign=a_held_gesprek),
    Row("overview", get="ib leiding leiding_next_door"),
    Row("overview_xlsx", get=IB_AND_LEIDING, kwargs=lambda cast: {"pk": cast.ronde.pk}),
    Row("insight", get="ib leiding leiding_next_door"),
    *(
        Row(name, get="ib leiding leiding_next_door", kwargs=lambda cast: {"slug": "bereik"})
        for name in ("insight_page", "insight_xlsx", "insight_pdf")
    ),
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
    Row("film_list", get=ALL_STAFF),
    Row("film_begin", post=ALL_STAFF, kwargs=lambda cast: {"code": "advies-1"}),
    Row("practise_score", get="teacher", post="teacher", kwargs=a_film, foreign=a_film, data=SCORES),
    Row(
        "practise_think", get="teacher", post="teacher", kwargs=a_film, foreign=a_film, data={"words": "Eerst vragen."}
    ),
    Row("practise_difference", get="teacher", kwargs=a_film, foreign=a_film),
    Row("sitting_list", get=ALL_STAFF, post=ALL_STAFF, data={"film": "advies-1", "occasion": "team"}),
    Row(
        "sitting",
        get=STAFF_HERE,
        post=STAFF_HERE,
        kwargs=a_sitting,
        foreign=a_sitting,
        foreign_roles="leiding_next_door",
        data={**SCORES, "deel": "before"},
    ),
    Row(
        "sitting_open",
        post=STAFF_HERE,
        kwargs=a_sitting,
        foreign=a_sitting,
        foreign_roles="leiding_next_door",
        data={"open": "ja"},
    ),
    Row("sitting_lead", get="teacher", post="teacher", kwargs=a_sitting, foreign=a_sitting, data={"stap": "verder"}),
    Row("sitting_picture", get=STAFF_HERE, kwargs=a_sitting, foreign=a_sitting, foreign_roles="leiding_next_door"),
    Row("team_year", get=ALL_STAFF),
    Row("instruments", get="leiding leiding_next_door", post="leiding leiding_next_door"),
    Row("instrument_example", get="leiding leiding_next_door"),
    Row(
        "instrument",
        get="leiding",
        post="leiding",
        kwargs=an_instrument,
        foreign=an_instrument,
        foreign_roles="leiding_next_door",
        data={"neem": "1"},
    ),
]
ELSEWHERE = {}
