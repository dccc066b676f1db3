"""Access to the pages of floor 3: when."""

from datetime import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from gesprekken.models import Aanvraag, Ronde, Soort
from planning.models import Availability, Booking, Plan, PlannedGesprek, Room, Slot, TimeOffer, Wish
from school.models import AuditEvent, Job, Medewerker
from tests.matrix.roles import ALL_STAFF, GUARDIANS, PERSONAL, STAFF_HERE, Row

LEADERS = "leiding leiding_next_door"
MOTHER = "guardian guardian_confirmed"  # Elif's mother, with the bare link and after the second step


def of_gesprek(cast):
    return {"pk": cast.gesprek.pk}


def of_ronde(cast):
    return {"pk": cast.ronde.pk}


def of_groep(cast):
    return {"pk": cast.ronde.pk, "groep_pk": cast.gesprek.groep_id}


def on_request(cast):
    """The child, and a kind of gesprek one can ask for."""
    asked_soort(cast)
    return {"pk": cast.gesprek.leerling_id}


def asked_soort(cast):
    soort, _ = Soort.objects.get_or_create(
        school=cast.school, code="op-verzoek", defaults={"name": "Tweede gesprek", "is_optional": True}
    )
    return soort


def asked_by_mother(cast):
    mother = cast.gesprek.leerling.relaties.earliest("pk").person
    row, _ = Aanvraag.objects.get_or_create(
        school=cast.school,
        leerling=cast.gesprek.leerling,
        soort=asked_soort(cast),
        person=mother,
        defaults={"as_role": Aanvraag.As.OUDER, "reason": "Zij slaapt slecht."},
    )
    return {"pk": row.pk}


def with_letters(cast, **about):
    """Letters that leadership had made of the ronde; whose own they are, a test of the pages says."""
    args = (about or {"ronde": cast.ronde.pk}) | {"groepen": [cast.gesprek.groep_id]}
    made = {"groep": cast.gesprek.groep_id, "letters": 1, "pages": [2], "memory": 1, "about": []}
    job = Job.objects.create(
        school=cast.school,
        kind="planning.letters",
        args=args,
        state=Job.State.DONE,
        finished_at=timezone.now(),
        result={"url": "/", "groepen": [made]},
    )
    return {"pk": cast.ronde.pk, "job_pk": job.pk}


def with_activity_letters(cast):
    activity = of_activity(cast)
    return with_letters(cast, activiteit=activity["pk"]) | activity


def of_letters(cast, made=with_letters):
    of_job = made(cast)
    Path(settings.LETTERS_ROOT).mkdir(exist_ok=True)
    (Path(settings.LETTERS_ROOT) / f"{of_job['job_pk']}-{cast.gesprek.groep_id}-1.pdf").write_bytes(b"%PDF")
    return {**of_job, "groep_pk": cast.gesprek.groep_id, "number": 1}


def of_activity_letters(cast):
    return of_letters(cast, made=with_activity_letters)


def ronde_on_request(cast):
    Ronde.objects.filter(pk=cast.ronde.pk).update(whom=Ronde.Whom.ASKED)
    return of_ronde(cast)


def of_soort(cast):
    return {"pk": cast.ronde.soort_id}


def of_family(cast):
    return {"pk": cast.ronde.pk, "person_pk": cast.gesprek.leerling.relaties.earliest("pk").person_id}


def teacher_of(cast):
    return cast.gesprek.groep.leerkrachten.get()


def of_slot(cast):
    """A free time of the child's own teacher."""
    from datetime import datetime, timedelta

    starts = datetime(2026, 11, 24, 15, 0, tzinfo=cast.school.zone)
    slot, _ = Slot.objects.get_or_create(
        school=cast.school,
        ronde=cast.ronde,
        medewerker=teacher_of(cast),
        starts_at=starts,
        defaults={"ends_at": starts + timedelta(minutes=15)},
    )
    return {"pk": cast.gesprek.pk, "slot_pk": slot.pk}


def of_activity(cast):
    """A walk-in of today, to which the families of every group were invited."""
    from tests.cast import NOW, TODAY

    fields = {"soort": "inloop", "invitation": "Kijk mee.", "asks_sign_up": True, "invited_at": NOW}
    return {"pk": cast.with_activity(TODAY, name="Inloop", **fields).pk}


def of_activity_groep(cast):
    return {**of_activity(cast), "groep_pk": cast.gesprek.groep_id}


def booked(cast):
    """The same, taken by the gesprek itself."""
    slot = Slot.objects.get(pk=of_slot(cast)["slot_pk"])
    booking, _ = Booking.objects.get_or_create(
        school=cast.school,
        gesprek=cast.gesprek,
        slot=slot,
        medewerker=slot.medewerker,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )
    return booking


def with_offer(cast):
    """A time the school proposed for it."""
    slot = Slot.objects.get(pk=of_slot(cast)["slot_pk"])
    TimeOffer.objects.get_or_create(school=cast.school, gesprek=cast.gesprek, slot=slot, answered_at=None)
    return of_gesprek(cast)


def with_booking(cast):
    booked(cast)
    return of_gesprek(cast)


def with_entry(cast):
    from planning.models import CalendarEntry

    booked(cast)
    for deelname in cast.gesprek.deelnames.all():
        CalendarEntry.objects.get_or_create(
            school=cast.school,
            gesprek=cast.gesprek,
            person=deelname.person,
            defaults={"uid": CalendarEntry.new_uid()},
        )
    return of_gesprek(cast)


def of_booking(cast):
    return {"pk": cast.gesprek.pk, "booking_pk": booked(cast).pk}


def of_window(cast):
    window, _ = Availability.objects.get_or_create(
        school=cast.school,
        ronde=cast.ronde,
        medewerker=teacher_of(cast),
        on=cast.ronde.starts_on,
        starts=time(19),
        ends=time(20),
    )
    return {"pk": cast.ronde.pk, "window_pk": window.pk}


def of_wishing(cast):
    """The ronde, in which wishes are asked; with a time of the child's own teacher."""
    of_slot(cast)
    Ronde.objects.filter(pk=cast.ronde.pk).update(mode=Ronde.Mode.WISHES)
    return {"pk": cast.ronde.pk}


def with_wish(cast):
    """The same; the mother said when she can."""
    person = cast.people.get("fatma") or cast.people["anna"]
    Wish.objects.get_or_create(
        school=cast.school, ronde=cast.ronde, person=person, on=cast.ronde.starts_on, part="15-18", can="yes"
    )
    return of_wishing(cast)


def of_asked(cast):
    """A gesprek and the guardian whose wish is written down."""
    of_wishing(cast)
    return {"pk": cast.gesprek.pk, "person_pk": (cast.people.get("fatma") or cast.people["anna"]).pk}


def with_plan(cast):
    """A plan that is ready, in which the gesprek has its slot."""
    slot = Slot.objects.get(pk=of_slot(cast)["slot_pk"])
    scores = {"unplaced": 0, "waiting_minutes": 0, "idle_slots": 0, "liked": 0}
    figures = {
        "total": 1,
        "scores": scores,
        "bounds": scores,
        "standing": scores,
        "solver": "HiGHS",
        "is_complete": True,
    }
    plan, _ = Plan.objects.get_or_create(school=cast.school, ronde=cast.ronde, state="ready", figures=figures)
    PlannedGesprek.objects.get_or_create(school=cast.school, plan=plan, gesprek=cast.gesprek, slot=slot)
    return {"pk": cast.ronde.pk}


def of_planned(cast):
    return {**with_plan(cast), "gesprek_pk": cast.gesprek.pk}


def of_room(cast):
    room, _ = Room.objects.get_or_create(school=cast.school, name="Lokaal 1")
    return {"pk": room.pk}


def of_part(cast):
    """A group that two teachers divide between them."""
    cast.ronde.ronde_groepen.filter(groep=cast.gesprek.groep).update(duo="parts")
    return of_groep(cast)


def of_two(cast):
    """Elif's teacher, and a colleague who could take over."""
    other = Medewerker.objects.filter(school=cast.school).exclude(pk=teacher_of(cast).pk).first()
    return {"absent_pk": teacher_of(cast).pk, "replacement_pk": other.pk}


def taken_over(cast):
    detail = {"to": of_two(cast)["replacement_pk"], "gesprekken": [], "windows": []}
    event, _ = AuditEvent.objects.get_or_create(
        school=cast.school, verb="take_over", object_id=teacher_of(cast).pk, defaults={"detail": detail}
    )
    return {"pk": event.pk}


def of_teacher(cast):
    return {"pk": teacher_of(cast).pk}


def of_day_change(cast):
    """Elif's teacher called off a day without gesprekken: her own trace of it."""
    from school.models import AuditEvent

    event, _ = AuditEvent.objects.get_or_create(
        school=cast.school,
        verb="call_off_day",
        object_type="school.medewerker",
        object_id=teacher_of(cast).pk,
        person=teacher_of(cast).person,
        level="account",
        detail={"on": "2026-11-24", "to": "", "moved": [], "called_off": [], "taken": {}, "windows": [], "made": []},
    )
    return {"pk": event.pk}


GESPREK_OF_STAFF = {"kwargs": of_gesprek, "foreign": of_gesprek, "foreign_roles": "leiding_next_door"}


def of_leerling(cast):
    return {"pk": cast.gesprek.leerling_id}


def leader_of(cast):
    return cast.people.get("annemiek") or cast.people["vera"]


def with_expert(cast):
    from gesprekken.models import Deelname

    Deelname.objects.get_or_create(
        school=cast.school,
        gesprek=cast.gesprek,
        person=leader_of(cast),
        defaults={"as_role": Deelname.As.EXPERT},
    )
    return {"pk": cast.gesprek.pk, "person_pk": leader_of(cast).pk}


def with_interpreter(cast):
    from planning.models import InterpreterRequest

    asked, _ = InterpreterRequest.objects.get_or_create(school=cast.school, gesprek=cast.gesprek, language="tr")
    return {"pk": asked.pk}


def with_a_day(cast):
    """A teacher with a time on the 24th, and one gesprek at it."""
    booked(cast)
    return of_teacher(cast)


def with_attempt(cast):
    """The child's own teacher tried the mother."""
    from planning.models import ContactAttempt

    guardian = cast.people.get("fatma") or cast.people["anna"]
    attempt, _ = ContactAttempt.objects.get_or_create(
        school=cast.school, gesprek=cast.gesprek, person=guardian, how="phone", outcome="no_answer"
    )
    return {"pk": cast.gesprek.pk, "attempt_pk": attempt.pk}


RONDE = {"kwargs": of_ronde, "foreign": of_ronde}
DAY = {"kwargs": with_a_day, "foreign": with_a_day, "foreign_roles": "leiding_next_door"}
GESPREK = {"kwargs": of_gesprek, "foreign": of_gesprek}
SOORT = {"kwargs": of_soort, "foreign": of_soort, "foreign_roles": "leiding_next_door"}
ACTIVITY = {"kwargs": of_activity, "foreign": of_activity, "foreign_roles": "leiding_next_door"}

ROWS = [
    Row("my_page", get=PERSONAL),
    Row("times", get=MOTHER, **GESPREK),
    Row("choose", get=MOTHER, post=MOTHER, kwargs=of_slot, foreign=of_slot),
    Row("my_time", get=MOTHER, kwargs=with_booking, foreign=with_booking),
    Row("cancel", get=MOTHER, post=MOTHER, kwargs=with_booking, foreign=with_booking),
    Row("undo_cancel", get=MOTHER, post=MOTHER, kwargs=of_booking, foreign=of_booking),
    Row("calendar_file", get=MOTHER, kwargs=with_entry, foreign=with_entry),
    Row("call_me", get=MOTHER, post=MOTHER, **GESPREK),
    Row("none_suits", get=MOTHER, post=MOTHER, data={"note": "Na zes uur"}, **GESPREK),
    Row("taken_times", get=MOTHER, post=MOTHER, data={"volg": "1"}, **GESPREK),
    Row("plan_all", get=GUARDIANS),
    Row("check_all", get=GUARDIANS, post=GUARDIANS),
    Row("wishes", get=MOTHER, post=MOTHER, kwargs=of_wishing, foreign=of_wishing),
    Row("wishes_given", get=MOTHER, kwargs=with_wish, foreign=with_wish),
    Row(
        "wishes_for",
        get="teacher leiding",
        post="teacher leiding",
        kwargs=of_asked,
        foreign=of_asked,
        foreign_roles="leiding_next_door",
    ),
    Row("pupil_page", get=PERSONAL),
    Row("today", get=ALL_STAFF),
    Row("rondes", get=ALL_STAFF),
    Row("ronde", get=STAFF_HERE, foreign_roles="leiding_next_door", **RONDE),
    Row("open_ronde", post="leiding", foreign_roles="", kwargs=of_ronde),
    Row("close_ronde", post="leiding", kwargs=of_ronde),
    Row("invitation_text", get="leiding", post="leiding", data={"subject": "x", "body": "y"}, kwargs=of_ronde),
    Row("invitation_preview", post="leiding", data={"subject": "x", "body": "y"}, kwargs=of_ronde),
    Row("plan", get="leiding", kwargs=with_plan, foreign=with_plan, foreign_roles="leiding_next_door"),
    Row("make_plan", post="leiding", kwargs=of_ronde),
    Row("stop_plan", post="leiding", kwargs=of_ronde),
    Row("plan_timetable", get="leiding", kwargs=with_plan, foreign=with_plan, foreign_roles="leiding_next_door"),
    Row(
        "adjust_plan",
        get="leiding",
        post="leiding",
        data={"versie": "1-1", "vast": "ja"},
        kwargs=of_planned,
        foreign=of_planned,
        foreign_roles="leiding_next_door",
    ),
    Row("release_plan", get="leiding", post="leiding", data={"versie": "1-1"}, kwargs=with_plan),
    Row("windows", get="teacher other_teacher leiding", post="teacher other_teacher leiding", kwargs=of_ronde),
    Row(
        "take_back_window",
        post="teacher leiding",
        kwargs=of_window,
        foreign=of_window,
        foreign_roles="leiding_next_door",
    ),
    Row("ronde_groep", get="teacher ib leiding", kwargs=of_groep),
    Row("letters", post="teacher leiding", kwargs=of_groep),
    Row("all_letters", post="teacher other_teacher leiding", kwargs=of_ronde),
    Row(
        "printed_letters",
        get="leiding",
        post="leiding",
        kwargs=with_letters,
        foreign=with_letters,
        foreign_roles="leiding_next_door",
    ),
    Row("letters_file", get="leiding", kwargs=of_letters, foreign=of_letters, foreign_roles="leiding_next_door"),
    Row("cards", post="teacher leiding", kwargs=of_groep),
    Row("plan_for", get="teacher leiding", post="teacher leiding", kwargs=of_gesprek),
    Row(
        "cancel_for",
        post="teacher leiding",
        kwargs=with_booking,
        foreign=with_booking,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "family",
        get="teacher leiding",
        post="teacher leiding",
        kwargs=of_leerling,
        foreign=of_leerling,
        foreign_roles="leiding_next_door",
    ),
    Row("around", get="teacher leiding", **GESPREK_OF_STAFF),
    Row("set_form", post="teacher leiding", data={"form": "home", "place": ""}, **GESPREK_OF_STAFF),
    Row("add_expert", post="teacher leiding", data={"e-name": "Jo Jansen", "e-what": "logopedist"}, **GESPREK_OF_STAFF),
    Row(
        "remove_expert",
        post="teacher leiding",
        kwargs=with_expert,
        foreign=with_expert,
        foreign_roles="leiding_next_door",
    ),
    Row("replace_colleague", post="teacher leiding", **GESPREK_OF_STAFF),
    Row("request_interpreter", post="teacher leiding", data={"t-language": "tr"}, **GESPREK_OF_STAFF),
    Row("ask_interpreter", get=MOTHER, post=MOTHER, data={"language": "tr"}, **GESPREK),
    Row("interpreters", get="ib leiding leiding_next_door"),
    Row(
        "who_interprets",
        get="ib leiding",
        post="ib leiding",
        kwargs=with_interpreter,
        foreign=with_interpreter,
        foreign_roles="leiding_next_door",
    ),
    Row("in_a_row", get="leiding leiding_next_door", post="leiding leiding_next_door"),
    Row(
        "interpreter_step",
        post="ib leiding",
        data={"seen": "requested"},
        kwargs=with_interpreter,
        foreign=with_interpreter,
        foreign_roles="leiding_next_door",
    ),
    Row("called_back", post="teacher leiding", kwargs=of_gesprek),
    Row("give_pause", post="teacher leiding", kwargs=of_window, foreign=of_window, foreign_roles="leiding_next_door"),
    Row("parts", get="teacher leiding", post="teacher leiding", kwargs=of_part),
    Row("length", get="teacher leiding", post="teacher leiding", data={"minutes": "25"}, **GESPREK_OF_STAFF),
    Row("substitute", get=LEADERS, post=LEADERS),
    Row("take_over", get="leiding", post="leiding", kwargs=of_two, foreign=of_two, foreign_roles="leiding_next_door"),
    Row(
        "give_back",
        get="leiding",
        post="leiding",
        kwargs=taken_over,
        foreign=taken_over,
        foreign_roles="leiding_next_door",
    ),
    Row("rooms", get=LEADERS, post=LEADERS),
    Row("room", get="leiding", post="leiding", kwargs=of_room, foreign=of_room, foreign_roles="leiding_next_door"),
    Row("room_archive", post="leiding", kwargs=of_room, foreign=of_room, foreign_roles="leiding_next_door"),
    Row("who_is_where", get=ALL_STAFF),
    Row("who_is_where_pdf", get=ALL_STAFF),
    Row("door_lists", get=ALL_STAFF),
    Row("door_lists_pdf", get=ALL_STAFF),
    Row("day_sheet", get="teacher leiding", **DAY),
    Row("day_sheet_pdf", get="teacher leiding", **DAY),
    Row("run_late", post="teacher leiding", data={"minuten": "10"}, **DAY),
    Row(
        "teacher_away",
        get="teacher leiding",
        post="teacher leiding",
        data={"op": "2026-11-24", "wat": "verzetten", "naar": "2026-11-26", "later": "0", "waarom": "ziek"},
        **DAY,
    ),
    Row(
        "day_changed",
        get="teacher leiding",
        post="teacher leiding",
        kwargs=of_day_change,
        foreign=of_day_change,
        foreign_roles="leiding_next_door",
    ),
    Row("follow_up", get=ALL_STAFF),
    Row(
        "log_attempt",
        post="teacher ib leiding",
        data={"wie": "1", "wat": "phone-no_answer", "terug": "/opvolgen/"},
        kwargs=of_gesprek,
        foreign=of_gesprek,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "note_address",
        post="teacher leiding",
        data={"wie": "1", "email": "nieuw@ouders.example", "terug": "/opvolgen/"},
        kwargs=of_gesprek,
        foreign=of_gesprek,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "take_back_attempt",
        post="teacher ib leiding",
        data={"terug": "/opvolgen/"},
        kwargs=with_attempt,
        foreign=with_attempt,
        foreign_roles="leiding_next_door",
    ),
    Row("sending", get="leiding", kwargs=of_ronde, foreign=of_ronde, foreign_roles="leiding_next_door"),
    Row(
        "sending_step",
        post="leiding",
        data={"stap": "stop"},
        kwargs=of_ronde,
        foreign=of_ronde,
        foreign_roles="leiding_next_door",
    ),
    Row("standard_text", get="leiding", post="leiding", data={"subject": "x", "body": "y"}, **SOORT),
    Row("standard_preview", post="leiding", data={"subject": "x", "body": "y"}, **SOORT),
    Row("see_as", get="leiding", kwargs=of_family, foreign=of_family, foreign_roles="leiding_next_door"),
    Row("sent_texts", get=STAFF_HERE, foreign_roles="leiding_next_door", **RONDE),
    Row(
        "my_feed",
        get="guardian_confirmed other_guardian restricted",
        post="guardian_confirmed other_guardian restricted",
    ),
    Row("staff_feed", get=ALL_STAFF, post=ALL_STAFF),
    Row("own_calendar_file", get="teacher", kwargs=with_entry, foreign=with_entry),
    Row("week_exceptions", get=LEADERS),
    Row("offer", get=MOTHER, post=MOTHER, data={"antwoord": "ja"}, kwargs=with_offer, foreign=of_gesprek),
    Row("propose_time", post="teacher leiding", data={"agreed": "nee"}, **GESPREK_OF_STAFF),
    Row("withdraw_offer", post="teacher leiding", **GESPREK_OF_STAFF),
    Row("activity_guests", get=STAFF_HERE, **ACTIVITY),
    Row("activity_invite", post="leiding", data={"reason": "kort dag"}, **ACTIVITY),
    Row("activity_letters", post="teacher other_teacher leiding", **ACTIVITY),
    Row(
        "printed_activity_letters",
        get="leiding",
        post="leiding",
        kwargs=with_activity_letters,
        foreign=with_activity_letters,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "activity_letters_file",
        get="leiding",
        kwargs=of_activity_letters,
        foreign=of_activity_letters,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "activity_came",
        get="teacher leiding",
        post="teacher leiding",
        kwargs=of_activity_groep,
        foreign=of_activity_groep,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "my_activity",
        get="guardian guardian_confirmed other_guardian",
        post="guardian guardian_confirmed other_guardian",
        data={"aantal": "2"},
        kwargs=of_activity,
        foreign=of_activity,
    ),
    Row(
        "ask_gesprek",
        get=f"{MOTHER} pupil",
        post=f"{MOTHER} pupil",
        data={"reason": "Zij leest niet meer."},
        kwargs=on_request,
        foreign=on_request,
    ),
    Row(
        "asked_gesprek",
        get=MOTHER,
        post=MOTHER,
        data={"terug": "ja"},
        kwargs=asked_by_mother,
        foreign=asked_by_mother,
    ),
    Row(
        "ask_for_pupil",
        get="teacher leiding",
        post="teacher leiding",
        data={"reason": "Het gaat niet goed."},
        kwargs=on_request,
        foreign=on_request,
        foreign_roles="leiding_next_door",
    ),
    Row("aanvragen", get=ALL_STAFF),
    Row(
        "answer_aanvraag",
        post="teacher leiding",
        data={"antwoord": "nee"},
        kwargs=asked_by_mother,
        foreign=asked_by_mother,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "ronde_whom",
        get="teacher other_teacher leiding",
        post="teacher other_teacher leiding",
        data={"reason": "gevraagd"},
        kwargs=ronde_on_request,
        foreign=ronde_on_request,
        foreign_roles="leiding_next_door",
    ),
    Row(
        "announce_days",
        post="leiding",
        kwargs=ronde_on_request,
        foreign=ronde_on_request,
        foreign_roles="leiding_next_door",
    ),
]
ELSEWHERE = {"feed": "the token in the address decides: tests/planning/test_feeds.py"}
