"""Access to the pages of floor 2: what."""

from tests.matrix.roles import ALL_STAFF, PERSONAL, Row

LEIDING = "leiding leiding_next_door"  # each in her own school


def own_ronde(cast):
    return {"pk": cast.ronde.pk}


def own_soort(cast):
    return {"pk": cast.ronde.soort_id}


def own_free_day(cast):
    return {"pk": cast.with_free_day().pk}


def own_activity(cast):
    return {"pk": cast.with_activity().pk}


def shared_year(cast):
    cast.with_shared_year()
    return {}


FREE_DAY = {"soort": "studiedag", "name": "Studiedag", "starts_on": "2026-10-05", "ends_on": "2026-10-05"}
ACTIVITY = {"soort": "inloop", "name": "Inloop", "on": "2026-10-06"}

ROWS = [
    Row("year", get=ALL_STAFF),
    Row("year_propose", post=LEIDING),
    Row("year_new", post=LEIDING, data={"starts_on": "2027-08-01"}),
    Row("year_publish", get=LEIDING, post=LEIDING),
    Row("year_advice", get=LEIDING, post=LEIDING),
    Row("year_factors", get=LEIDING, post=LEIDING),
    Row("free_days", get=LEIDING, post=LEIDING, data=FREE_DAY),
    Row("free_day", get="leiding", post="leiding", kwargs=own_free_day, foreign=own_free_day,
        foreign_roles="leiding_next_door", data=FREE_DAY),
    Row("free_day_delete", post="leiding", kwargs=own_free_day, foreign=own_free_day,
        foreign_roles="leiding_next_door"),
    Row("activities", get=LEIDING, post=LEIDING, data=ACTIVITY),
    Row("activity", get="leiding", post="leiding", kwargs=own_activity, foreign=own_activity,
        foreign_roles="leiding_next_door", data=ACTIVITY),
    Row("activity_delete", post="leiding", kwargs=own_activity, foreign=own_activity,
        foreign_roles="leiding_next_door"),
    Row("year_shared", get=PERSONAL, kwargs=shared_year),
    Row("year_pdf", get=f"{ALL_STAFF} {PERSONAL}", kwargs=shared_year),
    Row("year_feed_new", post=f"{ALL_STAFF} {PERSONAL}"),
    Row("ronde_new", get=LEIDING, post=LEIDING),
    Row("ronde_edit", get="leiding", post="leiding", kwargs=own_ronde, foreign=own_ronde,
        foreign_roles="leiding_next_door"),
    Row("ronde_delete", get="leiding", post="leiding", kwargs=own_ronde, foreign=own_ronde,
        foreign_roles="leiding_next_door"),
    Row("soorten", get=LEIDING),
    Row("soort_new", get=LEIDING, post=LEIDING, data={"name": "Rapportgesprek", "duration": "10"}),
    Row("soort_edit", get="leiding", post="leiding", kwargs=own_soort, foreign=own_soort,
        foreign_roles="leiding_next_door", data={"name": "Rapportgesprek", "duration": "10"}),
    Row("soort_leave_out", post="leiding", kwargs=own_soort, foreign=own_soort, foreign_roles="leiding_next_door"),
]  # fmt: skip
ELSEWHERE = {
    "year_feed": "the token in the address decides: tests/gesprekken/test_feed.py",
}
