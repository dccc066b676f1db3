"""The leadership's questions: each answered in a sentence, in counts, and never so that one family or teacher stands out."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from gesprekken.models import Agreement, Deelname, Feedback, Gesprek, Ronde, Verslag, Voorbereiding
from kijkwijzer.insight import agreed, counting, every_child, heard, not_reached, on_time, pupils, years
from kijkwijzer.insight.questions import QUESTIONS
from planning.models import Booking, Invitation, WeekException, Wish
from school.models import Groep, Leerling, Lidmaatschap, Person, Schooljaar
from tests.cast import NOW, TODAY

SLUGS = [question.slug for question in QUESTIONS]
PAST = {"starts_on": date(2026, 9, 7), "ends_on": date(2026, 9, 11), "state": Ronde.State.CLOSED}


@pytest.fixture
def annemiek(cast, as_):
    return as_.staff(cast.annemiek)


def ask(module, cast, *, year=None, now=NOW):
    return module.answer(school=cast.school, schooljaar=year or cast.year, now=now)


def cells(answer, name):
    """The numbers of the row with this name."""
    return next(row[1:] for row in answer.rows if row[0] == name)


def hold(gesprek, on=date(2026, 9, 8)):
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=on)
    return gesprek


def time_of(cast, gesprek, *, ahead, chosen=False):
    at = NOW + timedelta(days=20)
    teacher = gesprek.groep.lesgeven.first().medewerker
    return Booking.objects.create(
        school=cast.school, gesprek=gesprek, medewerker=teacher, starts_at=at, ends_at=at + timedelta(minutes=15),
        chosen_by_guardian=chosen, created_at=at - timedelta(days=ahead),
    )  # fmt: skip


def many(cast, number, *, first=0):
    """So many more pupils, with a guardian each."""
    return [cast.pupil(f"extra{first + n}", f"Kind{n:03}", "Extra", cast.groep5) for n in range(number)]


def big_school(cast, *, pupils=1, ronde=None):
    """Six groups of the levels 1-6 with a teacher each, in which every gesprek was held. Returns the gesprekken."""
    ronde = ronde or cast.with_ronde(**PAST, name="Startgesprekken", groepen=[cast.groep5])
    found = []
    for level in range(1, 7):
        groep = cast.groep(f"g{level}", f"X{level}", f"Groep {level}x", str(level))
        cast.staff(f"juf{level}", f"Juf{level}", "Veld", groepen=[groep])
        ronde.ronde_groepen.create(school=cast.school, groep=groep)
        for n in range(pupils):
            child = cast.pupil(f"k{level}-{n}", f"Kind{n}", f"Van{level}", groep)
            cast.guardian(f"o{level}-{n}", f"Ouder{n}", f"Van{level}", [child])
            found.append(hold(cast.with_gesprek(child, ronde)))
    return found


# --- whom have we not reached ----------------------------------------------------------------------------------------


@pytest.mark.req("I3", "I4")
def test_every_gesprek_is_counted_once_by_how_far_its_parents_were_reached(cast):
    elif_, noor, tess, daan, emre = (
        cast.with_gesprek(child) for child in (cast.elif_, cast.noor, cast.tess, cast.daan, cast.emre)
    )
    hold(elif_)
    time_of(cast, noor, ahead=10)
    for gesprek, person, called in ((tess, cast.sander, None), (daan, cast.ria, NOW)):
        Invitation.objects.create(
            school=cast.school,
            gesprek=gesprek,
            person=person,
            channel="mail",
            call_me_at=called,
            call_me_note="kanarie",
        )
    answer = ask(not_reached, cast)
    assert cells(answer, "Groep 5") == (3, 1, 1, 0, 1, 0)
    assert cells(answer, "Groep 3") == (1, 0, 0, 1, 0, 0)
    assert cells(answer, "Samen") == (5, 1, 1, 1, 1, 1)
    assert answer.said.startswith("Bij 3 van de 5 gesprekken is er contact; van 2 kinderen")
    assert answer.also.rows == (("Groep 5", "Hof, Tess van 't", 1, 0), ("Groep 8", "Yılmaz, Emre", 0, 1))
    assert "kanarie" not in str(answer)


def test_who_said_when_it_can_be_is_reached(cast):
    cast.with_gesprek(cast.tess, cast.with_ronde(state="open", mode="wishes"))
    Wish.objects.create(
        school=cast.school, ronde=cast.ronde, person=cast.sander, on=cast.ronde.starts_on, part="15-18", can="no"
    )
    assert ask(not_reached, cast).also is None


# --- are we on time --------------------------------------------------------------------------------------------------


@pytest.mark.req("I2")
def test_a_time_is_on_time_when_it_was_known_a_week_before_else_it_says_why(cast):
    gesprekken = [cast.with_gesprek(child) for child in (cast.elif_, cast.noor, cast.tess, cast.daan)]
    for gesprek, (ahead, chosen) in zip(gesprekken, ((7, False), (6, True), (6, False), (2, False)), strict=True):
        time_of(cast, gesprek, ahead=ahead, chosen=chosen)
    WeekException.objects.create(
        school=cast.school, ronde=cast.ronde, gesprek=gesprekken[2], what="planned", reason="kanarie", on=TODAY
    )
    answer = ask(on_time, cast)
    assert cells(answer, "Samen") == (4, 1, 1, 1, 1, 1)
    assert answer.said == "Van de 4 gesprekken met een tijd waren er 1 een week vooruit bekend."
    assert "kanarie" not in str(answer)


# --- every child -----------------------------------------------------------------------------------------------------


@pytest.mark.req("C2", "I3")
def test_a_child_misses_a_ronde_that_is_over_and_was_meant_for_it(cast):
    ronde = cast.with_ronde(**PAST, name="Startgesprekken")
    for child in (cast.elif_, cast.noor, cast.daan):
        hold(cast.with_gesprek(child, ronde))
    cast.with_ronde(state="open", name="Komt nog")
    answer = ask(every_child, cast)
    assert cells(answer, "Groep 5") == (3, 2, 1, 1, 2)
    assert cells(answer, "Samen") == (5, 3, 2, 2, 3)
    assert answer.also.rows == (
        ("Groep 5", "Hof, Tess van 't", "Startgesprekken", 0),
        ("Groep 8", "Yılmaz, Emre", "Startgesprekken", 0),
    )


def test_who_left_before_a_ronde_was_over_misses_nothing_and_who_changed_class_takes_gesprekken_along(cast):
    ronde = cast.with_ronde(**PAST, groepen=[cast.groep5, cast.groep3])
    Leerling.objects.filter(pk=cast.noor.pk).update(left_on=date(2026, 9, 8))
    hold(cast.with_gesprek(cast.tess, ronde))
    merged = cast.groep("nieuw", "G56", "Groep 5/6", "")
    Lidmaatschap.objects.create(school=cast.school, groep=merged, leerling=cast.tess)
    Groep.objects.filter(pk=cast.groep5.pk).update(gone=True)
    Groep.objects.filter(pk=cast.groep3.pk).update(gone=True)
    answer = ask(every_child, cast)
    assert cells(answer, "Groep 5/6") == (1, 1, 0, 0, 1)
    assert [row[1] for row in answer.also.rows] == ["Bos, Daan", "Yılmaz, Elif"]
    assert "Noor" not in str(answer)


# --- heard -----------------------------------------------------------------------------------------------------------


def taps(cast, ronde, groep, number, value=3, role="ouder"):
    Feedback.objects.bulk_create(
        Feedback(
            school=cast.school, about="gesprek", as_role=role, schooljaar=cast.year, ronde=ronde, groep=groep,
            answers={"heard": value},
        )
        for _ in range(number)
    )  # fmt: skip


def test_being_heard_is_told_from_five_groups_and_teachers_once_answering_is_over(cast):
    gesprekken = big_school(cast)
    ronde = gesprekken[0].ronde
    groepen = [gesprek.groep for gesprek in gesprekken]
    for groep in groepen[:4]:
        taps(cast, ronde, groep, 5)
    taps(cast, ronde, groepen[4], 4, value=1)
    assert ask(heard, cast).is_empty  # four groups with five answers
    taps(cast, ronde, groepen[4], 1, value=1)
    taps(cast, ronde, groepen[5], 4, value=2)  # of too few: not counted
    answer = ask(heard, cast)
    assert answer.rows == (("Startgesprekken", "Ik voelde mij gehoord", "ouders en leerlingen samen", 20, 0, 5, 25),)
    assert answer.said == "20 van de 25 ouders en leerlingen zeiden ja op ‘ik voelde mij gehoord’."
    Ronde.objects.filter(pk=ronde.pk).update(ends_on=TODAY - timedelta(days=14))
    assert ask(heard, cast).is_empty


# --- agreements ------------------------------------------------------------------------------------------------------


def agree(cast, gesprek, shares=("ouder",), said=None, evaluate_on=None):
    verslag, _ = Verslag.objects.get_or_create(
        school=cast.school, gesprek=gesprek, state="final", defaults={"finalised_at": NOW, "about_child": "kanarie"}
    )
    made = Agreement.objects.create(
        school=cast.school, gesprek=gesprek, verslag=verslag, who="kanarie", what="kanarie", shares=list(shares),
        evaluate_on=evaluate_on,
    )  # fmt: skip
    for state in said or ():
        made.outcomes.create(school=cast.school, state=state, at=NOW)
    return made


@pytest.mark.req("G5")
def test_of_each_agreement_the_newest_word_counts_by_whose_part_is_in_it(cast):
    gesprekken = big_school(cast)
    agree(cast, gesprekken[0], ("ouder", "school"), ["not_done", "done"])
    agree(cast, gesprekken[1], ("ouder",), ["changed"])
    agree(cast, gesprekken[2], ("leerling",), evaluate_on=TODAY - timedelta(days=1))
    agree(cast, gesprekken[3], ())
    assert ask(agreed, cast).is_empty  # of four teachers
    agree(cast, gesprekken[4], ("ouder",))
    answer = ask(agreed, cast)
    assert cells(answer, "Alle afspraken") == (5, 1, 1, 0, 1, 2)
    assert cells(answer, "ouders") == (3, 1, 1, 0, 0, 1)
    assert cells(answer, "school") == (1, 1, 0, 0, 0, 0)
    assert cells(answer, "niet genoemd") == (1, 0, 0, 0, 0, 1)
    assert "1 gelukt" in answer.said and "kanarie" not in str(answer)


# --- pupils ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("G2", "V5")
def test_pupils_are_counted_in_bands_of_five_groups(cast):
    gesprekken = big_school(cast)
    for n, gesprek in enumerate(gesprekken[:4]):
        own = Deelname.objects.filter(gesprek=gesprek, as_role="leerling")
        own.update(attended=n < 3, spoke=n < 2)
    person = gesprekken[0].leerling.person
    Voorbereiding.objects.create(
        school=cast.school, gesprek=gesprekken[0], person=person, audience="leerling", saved_at=NOW
    )
    answer = ask(pupils, cast)
    assert answer.rows == (("groep 1-6", 6, 6, 1, 3, 2, 0, 2),)
    assert answer.said == "Van 4 gesprekken weten we of de leerling erbij was: 3 keer wel, en 2 keer aan het woord."


def test_of_fewer_than_five_teachers_nothing_is_told(cast):
    hold(cast.with_gesprek(cast.elif_, cast.with_ronde(**PAST)))
    answer = ask(pupils, cast)
    assert answer.is_empty and answer.said == "Er is 1 gesprek gehouden, nog te weinig om op te tellen."


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 6)), max_size=16))
def test_every_band_has_five_groups_and_teachers_and_together_they_are_all_or_none(rows):
    groepen = [(level, number) for number, (level, _teacher) in enumerate(rows)]
    teachers = {number: {teacher} for number, (_level, teacher) in enumerate(rows)}
    found = counting.bands(groepen, teachers)
    assert all(counting.is_enough([groep for _level, groep in band], teachers) for band in found)
    assert not found or sorted(row for band in found for row in band) == sorted(groepen)
    levels = [{level for level, _groep in band} for band in found]
    assert sum(map(len, levels)) == len(set().union(*levels))


# --- compared with last year -----------------------------------------------------------------------------------------


def test_a_year_stands_beside_the_last_one_until_the_same_day(cast):
    before = Schooljaar.objects.create(school=cast.school, starts_on=date(2025, 8, 1), ends_on=date(2026, 7, 31))
    old = cast.groep("oud", "O5", "Groep 4", "4", year=before)
    Lidmaatschap.objects.create(school=cast.school, groep=old, leerling=cast.elif_)
    hold(cast.with_gesprek(cast.elif_, cast.with_ronde(**PAST)))
    cast.with_activity()
    for on in (date(2025, 11, 10), date(2025, 11, 11)):
        ronde = Ronde.objects.create(
            school=cast.school, schooljaar=before, soort=cast.ronde.soort, name=f"Toen {on}", state="closed",
            starts_on=on, ends_on=on,
        )  # fmt: skip
        Gesprek.objects.create(school=cast.school, ronde=ronde, leerling=cast.elif_, groep=old, held_on=on)
    answer = ask(years, cast)
    assert cells(answer, "Gesprekken gehouden") == (1, 1, 2)
    assert cells(answer, "Kinderen met een gesprek") == (1, 1, 1)
    assert cells(answer, "Kinderen in een groep") == (5, 1, 1)
    assert cells(answer, "Andere activiteiten voor ouders") == (1, 0, 0)
    assert "op maandag 10 november 2025 1." in answer.said
    assert "eerste schooljaar" in ask(years, cast, year=before).said
    assert years.same_day(date(2024, 2, 29), cast.year, before) == date(2023, 2, 28)


# --- the pages -------------------------------------------------------------------------------------------------------


def test_the_index_answers_each_question_in_a_sentence_and_says_when_it_was_counted(cast, annemiek, as_, frozen_clock):
    hold(cast.with_gesprek(cast.elif_, cast.with_ronde(**PAST)))
    page = annemiek.get(reverse("insight")).content.decode()
    assert all(f"/inzicht/{slug}/?schooljaar={cast.year.pk}" in page for slug in SLUGS)
    assert "Bij het enige gesprek van dit jaar is er contact" in page and "Stand van 10:00 uur" in page
    hold(cast.with_gesprek(cast.noor, cast.ronde))
    assert "Bij het enige gesprek" in annemiek.get(reverse("insight")).content.decode()
    frozen_clock.shift(timedelta(minutes=11))
    later = annemiek.get(reverse("insight")).content.decode()
    assert "Bij alle 2 gesprekken" in later and "Stand van 10:11 uur" in later
    others = as_.staff(cast.pieter).get(reverse("insight")).content.decode()
    assert "/inzicht/gehoord/" not in others and "/inzicht/afspraken/" in others


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_is_whole_without_data_and_exports_what_it_shows(cast, annemiek, slug):
    Schooljaar.objects.create(school=cast.school, starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31))
    empty = Schooljaar.objects.create(school=cast.school, starts_on=date(2020, 8, 1), ends_on=date(2021, 7, 31))
    for year in (empty, cast.year):
        page = annemiek.get(reverse("insight_page", args=[slug]), {"schooljaar": year.pk})
        assert page.status_code == 200 and "Er ging iets mis" not in page.content.decode()
    big_school(cast)
    asked = {"schooljaar": cast.year.pk}
    page = annemiek.get(reverse("insight_page", args=[slug]), asked).content.decode()
    response = annemiek.get(reverse("insight_xlsx", args=[slug]), asked)
    assert response["Content-Disposition"] == f'attachment; filename="{slug}-2026-2027.xlsx"'
    book = load_workbook(BytesIO(response.content))
    said = book["Antwoord"]["C2"].value
    assert said in page.replace("&#x27;", "'")
    pdf = annemiek.get(reverse("insight_pdf", args=[slug]), asked)
    words = " ".join(PdfReader(BytesIO(pdf.content)).pages[0].extract_text().split())
    assert said in words and "De Wilgenhof" in words


def test_a_long_list_of_names_is_cut_on_the_page_and_whole_in_the_workbook(cast, annemiek):
    many(cast, 60)
    cast.with_ronde(**PAST, groepen=[cast.groep5])
    page = annemiek.get(reverse("insight_page", args=["elk-kind"])).content.decode()
    assert "En nog 38. In het Excel-bestand staan ze allemaal." in page
    book = load_workbook(BytesIO(annemiek.get(reverse("insight_xlsx", args=["elk-kind"])).content))
    assert book["Wie"].max_row == 64


@pytest.mark.parametrize("asked", ["x", "-1", "999999999999999999999", "²", "", "\x00"])
def test_a_year_that_is_no_year_shows_the_present_one(cast, annemiek, asked):
    page = annemiek.get(reverse("insight_page", args=["bereik"]), {"schooljaar": asked})
    assert page.status_code == 200 and "2026-2027" in page.content.decode()


def test_another_schools_year_an_unknown_question_and_what_is_not_ones_own_do_not_exist(cast, next_door, annemiek, as_):
    for name in ("insight_page", "insight_xlsx", "insight_pdf"):
        elsewhere = annemiek.get(reverse(name, args=["bereik"]), {"schooljaar": next_door.year.pk})
        assert elsewhere.status_code == annemiek.get(reverse(name, args=["geheim"])).status_code == 404
        assert as_.staff(cast.pieter).get(reverse(name, args=["gehoord"])).status_code == 404
        assert as_.staff(cast.saskia).get(reverse(name, args=["bereik"])).status_code == 403


def test_a_step_leads_only_where_one_may_go(cast, annemiek, as_):
    time_of(cast, cast.with_gesprek(), ahead=1)
    WeekException.objects.create(school=cast.school, ronde=cast.ronde, what="planned", reason="Ziek", on=TODAY)
    url = reverse("insight_page", args=["op-tijd"])
    there = f"/weekregel/?jaar={cast.year.pk}"
    assert there in annemiek.get(url).content.decode()
    assert there not in as_.staff(cast.pieter).get(url).content.decode()


def test_what_the_index_keeps_is_of_one_school_one_hat_and_one_language(cast, next_door, annemiek, as_):
    hold(cast.with_gesprek())

    def index(reader):
        page = reader.get(reverse("insight")).content.decode()
        return page[page.index("vragen-kaarten") : page.index("prose", page.index("vragen-kaarten"))]

    mine, for_ib = index(annemiek), index(as_.staff(cast.pieter))
    assert reverse("insight_page", args=["gehoord"]) in mine
    assert reverse("insight_page", args=["gehoord"]) not in for_ib
    hold(cast.gesprek, None)
    assert index(annemiek) == mine, "kept for ten minutes"
    Person.objects.filter(pk=cast.annemiek.pk).update(language="en")
    english = index(annemiek)
    assert "Do parents feel heard?" in english and "Voelen ouders zich gehoord?" not in english
    theirs = index(as_.staff(next_door.vera))
    assert "Bij alle 1 gesprekken" not in theirs and f"schooljaar={cast.year.pk}" not in theirs


def test_a_school_without_a_year_is_told_where_to_begin(cast, annemiek):
    cast.year.groepen.all().delete()
    cast.year.delete()
    assert "Naar het jaar" in annemiek.get(reverse("insight")).content.decode()
    assert annemiek.get(reverse("insight_page", args=["bereik"])).status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
def test_the_number_of_queries_does_not_grow_with_the_school(cast, annemiek, slug):
    ronde = big_school(cast)[0].ronde
    counts = []
    for first, more in ((0, 4), (4, 30)):
        for n, child in enumerate(many(cast, more, first=first)):
            gesprek = cast.with_gesprek(child, ronde, guardians=[])
            if n % 2:
                agree(cast, hold(gesprek), said=["done"])
            elif n % 4:
                time_of(cast, gesprek, ahead=3)
            else:
                time_of(cast, gesprek, ahead=10)
        for groep in Groep.objects.filter(schooljaar=cast.year):
            taps(cast, ronde, groep, 5)
        for gesprek in Gesprek.objects.filter(held_on__isnull=False)[:6]:
            agree(cast, gesprek)
        cache.clear()  # the factors are counted once a day
        with CaptureQueriesContext(connection) as asked:
            assert annemiek.get(reverse("insight_page", args=[slug])).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= (45 if slug == "factoren" else 22), counts
