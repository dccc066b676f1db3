"""One ronde: its settings, who it is for, and what cannot be changed any more."""

from datetime import date

import pytest

from gesprekken import rondes
from gesprekken.models import Ronde, RondeGroep, Soort
from gesprekken.rondes import PupilChoiceDiffers, RondeFixed, RondeRefused, StaleRonde
from school import registry
from school.actor import ACCOUNT, Actor
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return Actor(cast.annemiek, ACCOUNT)


@pytest.fixture
def soort(cast):
    return Soort.objects.create(school=cast.school, code="voortgangsgesprek", name="Voortgangsgesprek", points="A\nB")


@pytest.fixture
@remembered
def advice(cast):
    return Soort.objects.create(
        school=cast.school, code="voorlopig-advies", name="Advies", is_advice=True, level_from=8, level_until=8
    )


def lay_down(cast, soort, by, **fields):
    days = {"starts_on": date(2026, 11, 23), "ends_on": date(2026, 11, 27)}
    return rondes.add_ronde(schooljaar=cast.year, soort=soort, by=by, **{"groepen": [cast.groep5], **days, **fields})


def typed(ronde, **changes):
    """What the settings page posts for this ronde."""
    names = ["name", "starts_on", "ends_on", "purpose", "points", "duration", "buffer", "form", "place", "reception"]
    names += ["pupils_from", "lead", "booking_closes_days", "mode", "early_hours", "walking", "margin", "whom"]
    names += ["interpreter_minutes", "reminder_days"]
    values = {name: getattr(ronde, name) for name in names}
    values["reminder_days"] = ", ".join(map(str, ronde.reminder_days))
    values |= {"groepen": [g.pk for g in ronde.groepen.all()], "seen_version": ronde.version}
    return values | ({"pupils_join": "on"} if ronde.pupils_join else {}) | changes


@pytest.mark.req("C3")
def test_a_ronde_starts_with_the_words_of_its_kind(cast, soort, by):
    ronde = lay_down(cast, soort, by)
    assert (ronde.name, ronde.duration, ronde.point_list) == ("Voortgangsgesprek", 15, ["A", "B"])
    assert ronde.is_draft


@pytest.mark.req("C3")
def test_leadership_decides_everything_about_a_ronde_on_one_page(cast, soort, by, as_):
    ronde = lay_down(cast, soort, by)
    settings = typed(
        ronde, name="Voortgang", form="home", place="bij u thuis", reception="Wij bellen aan", duration=20, buffer=5,
        pupils_from=5, lead="leerling", lead_checks=["team", "parents"], purpose="Samen kijken", points="Eén\nTwee",
    )  # fmt: skip
    answer = as_.staff(cast.annemiek).post(f"/rondes/{ronde.pk}/instellingen/", settings)
    assert answer.status_code == 302 and answer["Location"] == f"/rondes/{ronde.pk}/"
    ronde.refresh_from_db()
    assert (ronde.form, ronde.duration, ronde.buffer, ronde.lead, ronde.pupils_from) == ("home", 20, 5, "leerling", 5)
    assert ronde.missing_lead_checks == ["De leerlingen worden door hun leerkracht begeleid."]


@pytest.mark.req("C3")
def test_a_leading_pupil_is_there(cast, soort, by):
    with pytest.raises(RondeRefused) as refusal:
        lay_down(cast, soort, by, lead="leerling", pupils_join=False)
    assert refusal.value.field == "lead"


@pytest.mark.req("C3")
def test_pupils_are_one_choice_for_a_whole_level(cast, soort, by):
    lay_down(cast, soort, by, pupils_from=4)
    other = cast.groep("groep5b", "G05B", "Groep 5b", "5")
    with pytest.raises(PupilChoiceDiffers) as refusal:
        lay_down(cast, soort, by, groepen=[other], pupils_from=6)
    assert "groep 5" in refusal.value.sentence
    lay_down(cast, soort, by, groepen=[other], pupils_from=5)  # the same for group 5, said otherwise
    lay_down(cast, soort, by, groepen=[cast.groep3], pupils_join=False)  # another level


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 7, 31), date(2026, 8, 14), "starts_on"),
        (date(2027, 7, 30), date(2027, 8, 1), "ends_on"),
        (date(2026, 11, 27), date(2026, 11, 23), "ends_on"),
    ],
)
def test_a_ronde_stays_inside_its_year_and_runs_forward(cast, soort, by, first, last, field):
    with pytest.raises(RondeRefused) as refusal:
        lay_down(cast, soort, by, starts_on=first, ends_on=last)
    assert refusal.value.field == field
    assert not Ronde.objects.exists()


def test_a_ronde_may_fill_the_year_from_its_first_to_its_last_day(cast, soort, by):
    assert lay_down(cast, soort, by, starts_on=date(2026, 8, 1), ends_on=date(2027, 7, 31)).pk


@pytest.mark.req("C4")
def test_an_advice_ronde_names_a_second_colleague_per_group_who_is_somebody_else(cast, advice, by):
    with pytest.raises(RondeRefused) as refusal:
        lay_down(cast, advice, by, groepen=[cast.groep8], tweede_collegas={cast.groep8.pk: cast.bas.medewerker.pk})
    assert refusal.value.field == f"tweede_{cast.groep8.pk}"
    colleagues = {cast.groep8.pk: cast.pieter.medewerker.pk}
    ronde = lay_down(cast, advice, by, groepen=[cast.groep8], tweede_collegas=colleagues)
    assert ronde.ronde_groepen.get().tweede_collega.person == cast.pieter


@pytest.mark.req("C4")
def test_of_two_teachers_who_share_a_group_one_can_be_the_second_colleague(cast, advice, by):
    """Group 3 has Ilse and Maarten."""
    colleagues = {cast.groep3.pk: cast.maarten.medewerker.pk}
    assert lay_down(cast, advice, by, groepen=[cast.groep3], tweede_collegas=colleagues).pk


@pytest.mark.req("C1")
@pytest.mark.parametrize(
    "change", [{"ends_on": date(2026, 12, 4)}, {"duration": 10}, {"pupils_from": 6}, {"booking_closes_days": 2}]
)
def test_an_open_ronde_is_not_moved_under_peoples_feet(cast, by, change):
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    with pytest.raises(RondeFixed) as refusal:
        rondes.change_ronde(ronde=ronde, by=by, seen_version=1, **change)
    assert "ouders kiezen al een tijd" in refusal.value.sentence
    ronde.refresh_from_db()
    assert (ronde.ends_on, ronde.duration, ronde.version) == (date(2026, 11, 27), 15, 1)


def test_the_groups_of_an_open_ronde_stay(cast, by):
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    with pytest.raises(RondeFixed, match="de groepen"):
        rondes.change_ronde(ronde=ronde, by=by, seen_version=1, groepen=[cast.groep5])
    assert ronde.ronde_groepen.count() == 3


def test_words_and_place_of_an_open_ronde_can_change_and_the_floors_above_hear_of_it(cast, by, monkeypatch):
    heard = []
    monkeypatch.setitem(registry.reactions, "ronde_changed", [lambda **about: heard.append(about["changed"])])
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    rondes.change_ronde(ronde=ronde, by=by, seen_version=1, place="in de aula", reception="Koffie in de hal")
    ronde.refresh_from_db()
    assert (ronde.place, ronde.version) == ("in de aula", 2)
    assert heard == [{"place", "reception"}]


def test_the_page_of_an_open_ronde_leaves_only_what_can_still_change(cast, as_):
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    leader = as_.staff(cast.annemiek)
    page = leader.get(f"/rondes/{ronde.pk}/instellingen/").content.decode()
    assert "ouders kiezen al een tijd" in page
    mangled = typed(ronde, place="in de aula", ends_on="2027-01-01", duration=60, groepen=[])
    assert leader.post(f"/rondes/{ronde.pk}/instellingen/", mangled).status_code == 302
    ronde.refresh_from_db()
    assert (ronde.place, ronde.ends_on, ronde.duration) == ("in de aula", date(2026, 11, 27), 15)
    assert ronde.ronde_groepen.count() == 3


def test_the_page_of_a_closed_ronde_has_no_button(cast, as_):
    ronde = cast.with_ronde(state=Ronde.State.CLOSED)
    page = as_.staff(cast.annemiek).get(f"/rondes/{ronde.pk}/instellingen/").content.decode()
    assert "afgesloten" in page and "Bewaar de ronde" not in page
    as_.staff(cast.annemiek).post(f"/rondes/{ronde.pk}/instellingen/", typed(ronde, name="Anders"))
    ronde.refresh_from_db()
    assert ronde.name == "Voortgangsgesprekken november"


def test_a_closed_ronde_changes_in_nothing(cast, by):
    ronde = cast.with_ronde(state=Ronde.State.CLOSED)
    with pytest.raises(RondeFixed):
        rondes.change_ronde(ronde=ronde, by=by, seen_version=1, name="Anders")


def test_two_people_never_overwrite_each_other(cast, soort, by, as_):
    ronde = lay_down(cast, soort, by)
    rondes.change_ronde(ronde=ronde, by=by, seen_version=1, place="lokaal 3")
    with pytest.raises(StaleRonde):
        rondes.change_ronde(ronde=ronde, by=by, seen_version=1, place="lokaal 4")
    page = as_.staff(cast.annemiek).post(f"/rondes/{ronde.pk}/instellingen/", typed(ronde, place="lokaal 4"))
    assert page.status_code == 422
    assert "intussen" in page.content.decode() and "lokaal 4" in page.content.decode()
    ronde.refresh_from_db()
    assert ronde.place == "lokaal 3"


def test_posting_the_same_settings_twice_changes_nothing_the_second_time(cast, soort, by, as_):
    ronde = lay_down(cast, soort, by)
    settings = typed(ronde, place="lokaal 3")
    for _ in range(2):
        assert as_.staff(cast.annemiek).post(f"/rondes/{ronde.pk}/instellingen/", settings).status_code == 302
    ronde.refresh_from_db()
    assert ronde.version == 2


def test_only_an_untouched_draft_can_go(cast, by):
    gesprek = cast.with_gesprek(ronde=cast.with_ronde())
    with pytest.raises(RondeFixed):
        rondes.remove_ronde(ronde=gesprek.ronde, by=by)
    gesprek.delete()
    rondes.remove_ronde(ronde=cast.ronde, by=by)
    assert not Ronde.objects.exists() and not RondeGroep.objects.exists()


def test_an_open_ronde_cannot_go_from_the_page_either(cast, as_):
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    answer = as_.staff(cast.annemiek).post(f"/rondes/{ronde.pk}/weg/", follow=True)
    assert "kan deze ronde niet weg" in answer.content.decode()
    assert Ronde.objects.filter(pk=ronde.pk).exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"groepen": []}, "Kies ten minste één groep."),
        ({"starts_on": "32-13-2026"}, ""),
        ({"starts_on": "2026-12-24"}, "De laatste dag ligt voor de eerste dag."),
        ({"duration": "3"}, ""),
        ({"duration": "veel"}, ""),
        ({"name": "x" * 81}, ""),
        ({"name": ""}, ""),
    ],
)
def test_bad_input_keeps_what_was_typed(cast, soort, by, as_, change, sentence):
    ronde = lay_down(cast, soort, by)
    settings = typed(ronde, reception="Koffie", **change)
    page = as_.staff(cast.annemiek).post(f"/rondes/{ronde.pk}/instellingen/", settings)
    assert page.status_code == 422
    assert sentence in page.content.decode() and "Koffie" in page.content.decode()
    ronde.refresh_from_db()
    assert ronde.version == 1


def test_a_group_of_the_school_next_door_cannot_be_chosen(cast, next_door, soort, by, as_):
    ronde = lay_down(cast, soort, by)
    page = as_.staff(cast.annemiek).post(
        f"/rondes/{ronde.pk}/instellingen/", typed(ronde, groepen=[next_door.groep5.pk])
    )
    assert page.status_code == 422
    assert list(ronde.groepen.all()) == [cast.groep5]


def test_a_kind_of_the_school_next_door_does_not_exist_here(cast, next_door, as_):
    foreign = Soort.objects.create(school=next_door.school, code="x", name="X")
    assert as_.staff(cast.annemiek).get(f"/rondes/nieuw/?soort={foreign.pk}").status_code == 404
    assert as_.staff(cast.annemiek).get("/rondes/nieuw/?soort=abc").status_code == 404
    assert as_.staff(cast.annemiek).get(f"/rondes/nieuw/?jaar={next_door.year.pk}").status_code == 404


# --- how times are shared out ----------------------------------------------------------------------------------------


def settings_page(ronde):
    return f"/rondes/{ronde.pk}/instellingen/"


@pytest.mark.req("P1", "P2")
def test_leadership_decides_how_times_are_shared_out(cast, soort, by, as_):
    ronde = lay_down(cast, soort, by)
    changes = {
        "mode": "wishes", "choosing_opens_at": "2026-11-12T19:00", "early_hours": 24, "walking": 5, "margin": 20,
        "has_rooms": "on", "interpreter_minutes": 15,
    }  # fmt: skip
    as_.staff(cast.annemiek).post(settings_page(ronde), typed(ronde, **changes))
    ronde.refresh_from_db()
    assert (ronde.mode, ronde.early_hours, ronde.walking, ronde.margin) == ("wishes", 24, 5, 20)
    assert (ronde.has_rooms, ronde.interpreter_minutes) == (True, 15)
    assert ronde.choosing_opens_at.astimezone(cast.school.zone).strftime("%d-%m %H:%M") == "12-11 19:00"


def test_a_new_ronde_gives_an_interpreter_ten_minutes_more(cast, soort, by):
    assert lay_down(cast, soort, by).interpreter_minutes == 10


def test_how_a_duo_shares_is_asked_of_groups_with_two_teachers_alone(cast, soort, by, as_):
    ronde = lay_down(cast, soort, by, groepen=[cast.groep3, cast.groep5])
    page = as_.staff(cast.annemiek).get(settings_page(ronde)).content.decode()
    assert f"duo_{cast.groep3.pk}" in page and f"duo_{cast.groep5.pk}" not in page
    as_.staff(cast.annemiek).post(settings_page(ronde), typed(ronde, **{f"duo_{cast.groep3.pk}": "together"}))
    duos = dict(RondeGroep.objects.filter(ronde=ronde).values_list("groep__name", "duo"))
    assert duos == {"Groep 3": "together", "Groep 5": "either"}


@pytest.mark.req("C4")
def test_a_pool_of_second_colleagues_instead_of_one_by_name(cast, advice, by, as_):
    ronde = lay_down(cast, advice, by, groepen=[cast.groep8])
    pool = [cast.pieter.medewerker.pk, cast.annemiek.medewerker.pk]
    as_.staff(cast.annemiek).post(settings_page(ronde), typed(ronde, colleague_pool=pool))
    assert {m.pk for m in ronde.colleague_pool.all()} == set(pool)
    assert ronde.ronde_groepen.get().tweede_collega is None


@pytest.mark.req("C4")
def test_the_pool_of_an_open_ronde_may_change_but_not_run_empty(cast, advice, by):
    ronde = lay_down(cast, advice, by, groepen=[cast.groep8], colleague_pool=[cast.pieter.medewerker])
    Ronde.objects.update(state=Ronde.State.OPEN)
    ilse = cast.ilse.medewerker
    about = {"ronde": ronde, "by": by}
    assert rondes.change_ronde(seen_version=1, colleague_pool=[ilse], **about) == {"colleague_pool"}
    with pytest.raises(RondeRefused) as refusal:
        rondes.change_ronde(seen_version=2, colleague_pool=[], **about)
    assert refusal.value.field == "colleague_pool"
    assert list(ronde.colleague_pool.all()) == [ilse]


@pytest.mark.parametrize(
    "change", [{"mode": "wishes"}, {"early_hours": 24}, {"walking": 5}, {"has_rooms": True}, {"duos": "together"}]
)
def test_what_families_choose_by_is_fixed_once_open(cast, soort, by, change):
    ronde = lay_down(cast, soort, by, groepen=[cast.groep3])
    Ronde.objects.update(state=Ronde.State.OPEN)
    if "duos" in change:
        change = {"duos": {cast.groep3.pk: "together"}}
    with pytest.raises(RondeFixed):
        rondes.change_ronde(ronde=ronde, by=by, seen_version=1, **change)


def test_what_only_the_school_counts_with_stays_changeable(cast, soort, by):
    ronde = lay_down(cast, soort, by)
    Ronde.objects.update(state=Ronde.State.OPEN)
    assert rondes.change_ronde(ronde=ronde, by=by, seen_version=1, margin=30, interpreter_minutes=20)


def test_rare_settings_are_folded_until_they_are_used(cast, soort, by, as_):
    ronde = lay_down(cast, soort, by)
    assert as_.staff(cast.annemiek).get(settings_page(ronde)).content.decode().count('<details class="meer"') == 2
    assert " open>" not in as_.staff(cast.annemiek).get(settings_page(ronde)).content.decode()
    Ronde.objects.update(walking=5)
    assert as_.staff(cast.annemiek).get(settings_page(ronde)).content.decode().count(" open>") == 1


@pytest.mark.req("I4")
def test_reminders_are_typed_as_days_and_may_change_while_the_ronde_is_open(cast, soort, by, as_):
    ronde, client = lay_down(cast, soort, by), as_.staff(cast.annemiek)
    Ronde.objects.filter(pk=ronde.pk).update(state=Ronde.State.OPEN)
    url = f"/rondes/{ronde.pk}/instellingen/"
    assert 'value="4, 8"' in client.get(url).content.decode()
    for wrong in ("over een week", "0", "31", "1,2,3,4,5", "-4", "²", "9" * 50):
        answer = client.post(url, typed(ronde, reminder_days=wrong))
        assert answer.status_code == 422
        assert "Schrijf hoogstens vier getallen" in answer.content.decode()
        assert f'value="{wrong}"' in answer.content.decode()
    for words, days in [("7 3 en 12", [3, 7, 12]), ("", [])]:
        ronde.refresh_from_db()
        assert client.post(url, typed(ronde, reminder_days=words)).status_code == 302
        assert Ronde.objects.get(pk=ronde.pk).reminder_days == days
