"""Access to the pages of floor 2: what. The gesprek is Elif's: group 5, teacher Saskia, mother Fatma."""

from datetime import date

from gesprekken.models import Advies, Jaarplan, Overdracht
from gesprekken.preparing import presenting, worries
from gesprekken.preparing.standard_texts import keep
from gesprekken.talking import versions
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Schooljaar
from tests.cast import NOW, TODAY
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

PARENTS = "guardian guardian_confirmed other_guardian"  # whom the school may reach about a child
PARTIES = "guardian guardian_confirmed pupil"  # a bare link may prepare
SEES = "teacher ib leiding"


def gesprek(cast):
    return {"pk": cast.gesprek.pk}


def gesprek_groep(cast):
    return {"pk": cast.gesprek.ronde_id, "groep_pk": cast.gesprek.groep_id}


def gesprek_in_groep(cast):
    return {**gesprek_groep(cast), "gesprek_pk": cast.gesprek.pk}


def own_text(cast):
    teacher = cast.gesprek.groep.lesgeven.first().medewerker.person
    return {"pk": keep(by=Actor(teacher, ACCOUNT), text="{naam} leest graag.").pk}


def gesprek_and_guardian(cast):
    person = cast.gesprek.deelnames.filter(as_role="ouder").order_by("pk").first().person
    return {"pk": cast.gesprek.pk, "person_pk": person.pk}


def released(cast):
    return cast.with_verslag(released=True) and gesprek(cast)


def gesprek_and_agreement(cast):
    verslag = cast.with_verslag(state="draft")
    return {"pk": cast.gesprek.pk, "agreement_pk": verslag.agreements.first().pk}


def on_paper(cast):
    cast.with_verslag(released=True)
    return gesprek_and_guardian(cast)


def on_request(cast):
    cast.with_verslag(released=True)
    kwargs = gesprek_and_guardian(cast)
    cast.gesprek.leerling.relaties.filter(person=kwargs["person_pk"]).update(information="op verzoek")
    return kwargs


def led_by_pupil(cast):
    """The pupil leads, and made a slide after the second step."""
    cast.ronde.__class__.objects.filter(pk=cast.ronde.pk).update(lead="leerling")
    cast.gesprek.refresh_from_db()
    by = Actor(person=cast.gesprek.leerling.person, level=CONFIRMED)
    words = {"kind": "good", "title": "Lezen", "text": "Ik lees elke dag."}
    cast.people["slide"] = presenting.add_slide(gesprek=cast.gesprek, by=by, **words)
    return gesprek(cast)


def pupil_wants_to_talk(cast):
    by = Actor(person=cast.gesprek.leerling.person, level=LINK)
    return {"pk": worries.tell_teachers(gesprek=cast.gesprek, by=by).pk}


def ronde_and_groep(cast):
    return {"pk": cast.ronde.pk, "groep_pk": cast.gesprek.groep_id}


def shown(cast):
    """A chart of Elif is shown, a report was released."""
    gesprek(cast)
    return cast.with_development() and gesprek(cast)


def item_waiting(cast):
    return {"pk": cast.with_development(released=False).pk}


def item_out(cast):
    return {"pk": cast.with_development().pk}


def own_groep(cast):
    return {"pk": cast.gesprek.ronde_id, "groep_pk": cast.gesprek.groep_id}


def gesprek_and_version(cast):
    verslag = cast.with_verslag(state="draft")
    versions.keep_first(verslag)
    return {"pk": cast.gesprek.pk, "version_pk": verslag.draft_versions.get().pk}


def draft(cast):
    cast.with_verslag(state="draft")
    return gesprek(cast)


def earlier_agreement(cast):
    """An agreement of the gesprek itself does: that it was made in an earlier one is not what decides who may."""
    return {**gesprek(cast), "agreement_pk": cast.with_verslag(released=True).agreements.get().pk}


def read_along(cast):
    """Where there is an intern begeleider, he is the second colleague."""
    if pieter := cast.people.get("pieter"):
        cast.gesprek.deelnames.create(school=cast.school, person=pieter, as_role="tweede_collega")
    return draft(cast)


def held(cast):
    cast.with_verslag()
    return gesprek(cast)


def asked_gains(cast):
    Jaarplan.objects.filter(schooljaar=cast.year).update(gains_from=TODAY, gains_until=TODAY)
    return {}


def in_eighth(cast):
    cast.groep5.jaargroep = "8"
    cast.groep5.save(update_fields=["jaargroep"])
    return {"leerling_pk": cast.gesprek.leerling_id}


def with_advies(cast, **fields):
    kwargs = in_eighth(cast)
    Advies.objects.create(
        school=cast.school, leerling=cast.gesprek.leerling, schooljaar=cast.year, stage="preliminary", level="havo",
        decided_on=TODAY, **fields,
    )  # fmt: skip
    return kwargs


def with_result(cast):
    return with_advies(cast, test_level="vwo")


def staged(cast):
    return {**with_advies(cast), "stage": "voorlopig"}


def shared_advies(cast):
    return with_advies(cast, released_at=NOW)


def pupil(cast):
    return {"leerling_pk": cast.gesprek.leerling_id}


def groep(cast):
    return {"groep_pk": cast.groep5.pk}


def overdracht(cast, **fields):
    return Overdracht.objects.create(
        school=cast.school, leerling=cast.gesprek.leerling, schooljaar=cast.year, text="Leest graag", **fields
    )


def handed_over(cast):
    overdracht(cast, handed_over_at=NOW)
    return pupil(cast)


def read_overdracht(cast):
    """The pupil has her teacher of last year still; she herself is in a group of this year."""
    before = Schooljaar.objects.create(school=cast.school, starts_on=date(2025, 8, 1), ends_on=date(2026, 7, 31))
    row = overdracht(cast, handed_over_at=NOW)
    Overdracht.objects.filter(pk=row.pk).update(schooljaar=before)
    return {"pk": row.pk}


AGREEMENT = {"who": "Ouders", "what": "Elke avond lezen"}

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
    Row("year_feed_new", get=f"{ALL_STAFF} {PERSONAL}", post=f"{ALL_STAFF} {PERSONAL}"),
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
    Row("prepare", get=PARTIES, post=PARTIES, kwargs=gesprek, foreign=gesprek),
    Row("prepared", get=PARTIES, kwargs=gesprek, foreign=gesprek),
    Row("make_presentation", get="pupil", post="pupil", kwargs=led_by_pupil, foreign=led_by_pupil,
        data={"kind": "good", "title": "Lezen"}),
    Row("present", get="pupil teacher", kwargs=led_by_pupil, foreign=led_by_pupil),
    Row("present_pdf", get="pupil teacher", kwargs=led_by_pupil, foreign=led_by_pupil),
    Row("worry_seen", post="teacher", kwargs=pupil_wants_to_talk, foreign=pupil_wants_to_talk),
    Row("class_sheet", get=SEES, kwargs=gesprek, foreign=gesprek, foreign_roles="leiding_next_door"),
    Row("class_sheets", get=SEES, kwargs=ronde_and_groep, foreign=ronde_and_groep, foreign_roles="leiding_next_door"),
    Row("gesprek", get=SEES, kwargs=gesprek, foreign=gesprek, foreign_roles="leiding_next_door"),
    Row("prepare_teacher", get="teacher", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("prepare_groep", get="teacher", kwargs=gesprek_groep, foreign=gesprek_groep),
    Row("prepare_in_groep", get="teacher", post="teacher", kwargs=gesprek_in_groep, foreign=gesprek_in_groep),
    Row("my_texts", get=ALL_STAFF, post=ALL_STAFF, data={"title": "Leest", "text": "{naam} leest elke dag."}),
    Row("my_text", post="teacher", kwargs=own_text, foreign=own_text, data={"text": "{naam} leest elke dag."}),
    Row("my_text_remove", post="teacher", kwargs=own_text, foreign=own_text),
    Row("soort_questions", get="leiding", post="leiding", kwargs=own_soort, foreign=own_soort,
        foreign_roles="leiding_next_door"),
    Row("ronde_questions", get="leiding", post="leiding", kwargs=own_ronde, foreign=own_ronde,
        foreign_roles="leiding_next_door", data={"asked": "nadruk"}),
    Row("gesprek_print", get="teacher ib", kwargs=gesprek, foreign=gesprek),
    Row(
        "hand_over_code",
        post="teacher leiding",
        kwargs=gesprek_and_guardian,
        foreign=gesprek_and_guardian,
        foreign_roles="leiding_next_door",
    ),
    Row("talk", get="teacher", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("talk_table", get="teacher", kwargs=gesprek, foreign=gesprek),
    Row("save_points", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("draft_versions", get="teacher", kwargs=gesprek, foreign=gesprek),
    Row("put_back_version", post="teacher", kwargs=gesprek_and_version, foreign=gesprek_and_version),
    Row("plan_follow_up", get="teacher", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("save_note", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("save_attendance", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("hold", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("add_agreement", post="teacher", kwargs=gesprek, foreign=gesprek, data=AGREEMENT),
    Row("change_agreement", get="teacher", post="teacher", kwargs=gesprek_and_agreement, foreign=gesprek_and_agreement),
    Row("remove_agreement", post="teacher", kwargs=gesprek_and_agreement, foreign=gesprek_and_agreement),
    Row("record", get=SEES, kwargs=gesprek, foreign=gesprek, foreign_roles="leiding_next_door"),
    Row("finalise_record", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("release_record", post="teacher", kwargs=released, foreign=released),
    Row("correct_record", post="teacher", kwargs=released, foreign=released),
    Row("give_on_request", post="teacher", kwargs=on_request, foreign=on_request),
    Row("record_paper", get="teacher", kwargs=on_paper, foreign=on_paper),
    Row("ask_second", post="teacher", kwargs=draft, foreign=draft),
    Row("second_record", post="ib", kwargs=read_along, foreign=read_along),
    Row("agreements_card_print", get="teacher", kwargs=on_paper, foreign=on_paper),
    Row("say_outcome", post="teacher", kwargs=earlier_agreement, foreign=earlier_agreement, data={"state": "done"}),
    Row("agreements_card", get="guardian_confirmed", kwargs=released, foreign=released),
    Row("say_own_outcome", post="guardian_confirmed", kwargs=earlier_agreement, foreign=earlier_agreement,
        data={"state": "done"}),
    Row("lvs", get="teacher ib", kwargs=ronde_and_groep, foreign=ronde_and_groep),
    Row("lvs_file", post="teacher ib", kwargs=ronde_and_groep, foreign=ronde_and_groep, data={"vorm": "csv"}),
    Row("lvs_taken_over", post="teacher ib", kwargs=ronde_and_groep, foreign=ronde_and_groep, data={"gesprek": "1"}),
    Row("advice_talks", get="ib leiding leiding_next_door"),
    Row("advice_talks_pdf", get="ib leiding leiding_next_door"),
    Row("advice_talks_xlsx", get="ib leiding leiding_next_door"),
    Row("record_read", get="guardian_confirmed", kwargs=released, foreign=released),
    Row("record_pdf", get="guardian_confirmed", kwargs=released, foreign=released),
    Row("development", get="teacher ib", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("development_pdf", get="teacher ib", kwargs=gesprek, foreign=gesprek),
    Row("show_in_groep", post="teacher", kwargs=own_groep, foreign=own_groep),
    Row("development_groep", get="teacher leiding", kwargs=own_groep, foreign=own_groep,
        foreign_roles="leiding_next_door"),
    Row("development_groep_pdf", get="teacher", kwargs=own_groep, foreign=own_groep),
    Row("release_reports", post="teacher leiding", kwargs=own_groep, foreign=own_groep,
        foreign_roles="leiding_next_door"),
    Row("development_read", get="guardian_confirmed", kwargs=shown, foreign=shown),
    Row("development_read_pdf", get="guardian_confirmed", kwargs=shown, foreign=shown),
    Row("norm_bands", get=LEIDING, post=LEIDING, data={"lines": "M5; I; 10; 20"}),
    Row("route_levels", get=LEIDING, post=LEIDING, data={"lines": "route; M6\nhavo; M6"}),
    Row("portfolio", get="teacher ib", post="teacher", kwargs=gesprek, foreign=gesprek, data={"title": "Rapport"}),
    Row("portfolio_release", post="teacher", kwargs=gesprek, foreign=gesprek),
    Row("portfolio_file", get="guardian_confirmed teacher ib leiding", kwargs=item_out, foreign=item_out,
        foreign_roles="leiding_next_door"),
    Row("portfolio_replace", get="teacher", post="teacher", kwargs=item_waiting, foreign=item_waiting),
    Row("portfolio_remove", post="teacher", kwargs=item_waiting, foreign=item_waiting),
    Row("portfolio_take_back", post="teacher", kwargs=item_out, foreign=item_out),
    Row("report_read", get="guardian_confirmed", kwargs=shown, foreign=shown),
    Row("own_work", get="pupil", post="pupil", kwargs=gesprek, foreign=gesprek, data={"title": "Werkstuk"}),
    Row("give_feedback", get=PARTIES, post=PARTIES, kwargs=held, foreign=held, data={"pleasant": "3"}),
    Row("give_gains", get=PARENTS, post=PARENTS, kwargs=asked_gains, data={"homework": "4"}),
    Row("feedback_results", get=f"teacher other_teacher {LEIDING}"),
    Row("ask_gains", post=LEIDING, data={"gains_from": "2027-05-01", "gains_until": "2027-06-01"}),
    Row("adviezen", get=ALL_STAFF),
    Row("advies", get=SEES, kwargs=in_eighth, foreign=in_eighth, foreign_roles="leiding_next_door"),
    Row("settle_advice", post=SEES, kwargs=staged, foreign=staged, foreign_roles="leiding_next_door"),
    Row("note_test_result", post=SEES, kwargs=with_advies, foreign=with_advies, foreign_roles="leiding_next_door",
        data={"test_level": "vwo"}),
    Row("reconsider_advice", post=SEES, kwargs=with_result, foreign=with_result, foreign_roles="leiding_next_door",
        data={"outcome": "raised"}),
    Row("share_advice", post=SEES, kwargs=staged, foreign=staged, foreign_roles="leiding_next_door",
        data={"seen_version": "1"}),
    Row("advice_read", get="guardian_confirmed", kwargs=shared_advies, foreign=shared_advies),
    Row("ib_month", get="ib"),
    Row("pupil_line", get="ib", kwargs=pupil, foreign=pupil),
    Row("own_contribution", get="teacher ib", post="teacher ib", kwargs=gesprek, foreign=gesprek,
        data={"spoken": "Ik wil later dierenarts worden."}),
    Row("overdracht_list", get=ALL_STAFF),
    Row("overdracht_write", get="teacher", post="teacher", kwargs=pupil, foreign=pupil, data={"text": "Leest graag"}),
    Row("overdracht_take", post="teacher", kwargs=pupil, foreign=pupil, data={"neem": "a1"}),
    Row("overdracht_take_back", post="teacher", kwargs=handed_over, foreign=handed_over),
    Row("hand_over", post="teacher", kwargs=groep, foreign=groep),
    Row("overdracht_read", get="teacher ib", post="teacher", kwargs=read_overdracht, foreign=read_overdracht),
]  # fmt: skip
ELSEWHERE = {
    "change_slide": "with the card only what was made in this visit: tests/gesprekken/preparing/test_presenting.py",
    "remove_slide": "the same",
    "move_slide": "the same",
    "year_feed": "the token in the address decides: tests/gesprekken/year/test_feed.py",
}
