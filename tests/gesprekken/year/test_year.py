"""The pages of the year: who sees what of it, on the screen, on paper, as a family."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from gesprekken.models import Activiteit, Jaarplan, Ronde
from gesprekken.rondes import change_ronde
from gesprekken.year import cycle
from school.actor import ACCOUNT, Actor
from school.models import Schooljaar, VrijeDag
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return Actor(cast.annemiek, ACCOUNT)


@pytest.fixture
def shared(cast, by):
    cycle.propose_year(schooljaar=cast.year, by=by)
    cycle.publish(jaarplan=Jaarplan.objects.get(schooljaar=cast.year), by=by, now=NOW)
    return cast


def read(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.req("C1")
def test_a_draft_is_leaderships_alone(cast, by, as_):
    cycle.propose_year(schooljaar=cast.year, by=by)
    assert "Startgesprek" in as_.staff(cast.annemiek).get("/jaar/").content.decode()
    for person in (cast.saskia, cast.pieter):
        page = as_.staff(person).get("/jaar/").content.decode()
        assert "Startgesprek" not in page and "nog niet gedeeld" in page
    assert "Startgesprek" not in as_.link(cast.fatma).get("/jaar/gedeeld/").content.decode()
    assert as_.staff(cast.saskia).get("/jaar/pdf/").status_code == 404
    assert as_.link(cast.fatma).get("/jaar/pdf/").status_code == 404


@pytest.mark.req("C1")
def test_what_is_shared_is_there_for_teachers_parents_and_pupils(shared, as_):
    for client, path in [
        (as_.staff(shared.saskia), "/jaar/"),
        (as_.link(shared.fatma), "/jaar/gedeeld/"),
        (as_.pupil(shared.elif_), "/jaar/gedeeld/"),
    ]:
        page = client.get(path).content.decode()
        assert "Startgesprek" in page and "7 tot en met 18 september" in page


@pytest.mark.req("C1")
def test_a_family_sees_what_concerns_its_groups_and_no_names(shared, as_):
    page = as_.link(shared.kim).get("/jaar/gedeeld/").content.decode()  # Noor, group 5
    assert "Voortgangsgesprek" in page and "Voorlopig adviesgesprek" not in page
    assert "Voorlopig adviesgesprek" in as_.link(shared.fatma).get("/jaar/gedeeld/").content.decode()  # Emre, group 8
    assert "uiterlijk" not in page
    for name in ("Noor", "Kim", "Saskia", "Annemiek"):
        assert name not in page


@pytest.mark.req("C1")
def test_a_change_is_seen_by_others_after_sharing_and_marked_as_one(shared, by, as_):
    ronde = Ronde.objects.get(soort__code="voortgangsgesprek")
    change_ronde(ronde=ronde, by=by, seen_version=1, ends_on=date(2026, 12, 4))
    leader, teacher, parent = as_.staff(shared.annemiek), as_.staff(shared.saskia), as_.link(shared.fatma)
    assert "Gewijzigd sinds publicatie" in leader.get("/jaar/").content.decode()
    assert "4 december" not in teacher.get("/jaar/").content.decode()
    assert "4 december" not in parent.get("/jaar/gedeeld/").content.decode()
    leader.post(f"/jaar/delen/?jaar={shared.year.pk}")
    assert "is nu 16 november tot en met 4 december 2026" in teacher.get("/jaar/").content.decode()
    page = parent.get("/jaar/gedeeld/").content.decode()
    assert "4 december" in page and "gewijzigd" in page
    assert "Gewijzigd sinds publicatie" not in leader.get("/jaar/").content.decode()


def test_a_second_post_of_sharing_is_harmless(shared, as_):
    answer = as_.staff(shared.annemiek).post("/jaar/delen/", follow=True)
    assert "Er is niets gewijzigd" in answer.content.decode()
    assert Jaarplan.objects.get(schooljaar=shared.year).published_version == 1


@pytest.mark.req("C1")
def test_the_pdf_has_the_picture_and_the_table_on_landscape_paper(shared, as_):
    answer = as_.staff(shared.saskia).get("/jaar/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    text = read(answer.content)
    assert "Gesprekken in 2026-2027" in text and "De Wilgenhof" in text
    assert "Voorlopig adviesgesprek" in text and "11 tot en met 29 januari" in text and "Tweede Paasdag" in text
    assert "Concept" not in text
    page = PdfReader(BytesIO(answer.content)).pages[0]
    assert page.mediabox.width > page.mediabox.height


def test_a_year_not_shared_yet_prints_as_a_draft(cast, by, as_):
    cycle.propose_year(schooljaar=cast.year, by=by)
    assert "Concept" in read(as_.staff(cast.annemiek).get("/jaar/pdf/").content)


def test_a_familys_pdf_is_about_its_own_groups(shared, as_):
    text = read(as_.link(shared.ria).get("/jaar/pdf/").content)
    assert "Startgesprek" in text and "Tweede Paasdag" in text
    assert "groep 8" not in text.lower() and "advies" not in text.replace("adviesgesprek.", "")
    assert "Definitief advies uiterlijk" in read(as_.link(shared.ali).get("/jaar/pdf/").content)


@pytest.mark.req("C1")
def test_the_next_year_stands_beside_this_one(shared, by, as_):
    leader = as_.staff(shared.annemiek)
    for _ in range(2):  # a double click
        leader.post("/jaar/nieuw/", {"starts_on": "2027-08-01"})
    following = Schooljaar.objects.get(school=shared.school, starts_on=date(2027, 8, 1))
    page = leader.get(f"/jaar/?jaar={following.pk}").content.decode()
    assert "Het jaar 2027-2028" in page and "Concept" in page
    assert "Het jaar 2026-2027" in leader.get("/jaar/").content.decode()
    cycle.publish(jaarplan=Jaarplan.objects.get(schooljaar=following), by=by, now=NOW)
    family = as_.link(shared.fatma).get("/jaar/gedeeld/").content.decode()
    assert "2026-2027" in family and "2027-2028" in family


def test_another_schools_year_does_not_exist_here(cast, next_door, as_):
    leader = as_.staff(cast.annemiek)
    for path in ("/jaar/", "/jaar/pdf/", "/jaar/vrije-dagen/", "/jaar/activiteiten/", "/jaar/delen/"):
        assert leader.get(f"{path}?jaar={next_door.year.pk}").status_code == 404
        assert leader.get(f"{path}?jaar=onzin").status_code == 404


@pytest.mark.req("C1", "C6")
@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/jaar/vrije-dagen/", {"soort": "vakantie", "name": "Kerst", "starts_on": "2026-13-40"}),
        ("/jaar/vrije-dagen/", {"soort": "vakantie", "name": "Kerst", "starts_on": "2028-01-01"}),
        ("/jaar/vrije-dagen/", {"soort": "x", "name": "Kerst", "starts_on": "2026-12-19"}),
        ("/jaar/vrije-dagen/", {"soort": "vakantie", "name": "K", "starts_on": "2027-01-03", "ends_on": "2026-12-19"}),
        ("/jaar/activiteiten/", {"soort": "inloop", "name": "Kerst", "on": ""}),
        ("/jaar/activiteiten/", {"soort": "inloop", "name": "Kerst", "on": "2026-12-01", "starts": "20:00", "ends": "19:00"}),
        ("/jaar/activiteiten/", {"soort": "inloop", "name": "Kerst", "on": "2026-12-01", "groepen": ["999999"]}),
        ("/jaar/adviesdata/", {"result_by": "2027-03-15", "final_by": "2027-03-01"}),
        ("/jaar/adviesdata/", {"result_by": "vijftien maart"}),
    ],
)  # fmt: skip
def test_bad_input_is_told_keeps_what_was_typed_and_changes_nothing(cast, as_, path, data):
    answer = as_.staff(cast.annemiek).post(path, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "invalid-feedback" in page or "alert" in page
    assert data.get("name", "2027-03-15" if "result_by" in data else "") in page or "vijftien maart" in page
    assert not VrijeDag.objects.exists() and not Activiteit.objects.exists()


@pytest.mark.req("C1")
def test_a_holiday_on_a_ronde_is_told_when_it_is_saved(cast, as_):
    cast.with_ronde()
    data = {"soort": "studiedag", "name": "Teamdag", "starts_on": "2026-11-25"}
    answer = as_.staff(cast.annemiek).post("/jaar/vrije-dagen/", data, follow=True)
    assert "In ‘Voortgangsgesprekken november’ valt een vrije dag: Teamdag" in answer.content.decode()


def test_a_school_without_a_year_is_shown_the_first_step(cast, as_):
    Ronde.objects.all().delete()
    Jaarplan.objects.filter(school=cast.school).delete()
    for groep in cast.year.groepen.all():
        groep.delete()
    cast.year.delete()
    leader = as_.staff(cast.annemiek)
    assert "Begin schooljaar 2026-2027" in leader.get("/jaar/").content.decode()
    assert leader.get("/rondes/nieuw/").status_code == 302
    assert as_.staff(cast.saskia).get("/jaar/").status_code == 200
    leader.post("/jaar/nieuw/", {"starts_on": "2026-08-01"})
    assert Schooljaar.objects.filter(school=cast.school).count() == 1


def queries_of(client, path, counter):
    with counter as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", ["/jaar/", "/jaar/activiteiten/", "/jaar/vrije-dagen/", "/jaar/gedeeld/", "/soorten/"])
def test_a_fuller_year_asks_no_more_questions(cast, by, as_, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cycle.propose_year(schooljaar=cast.year, by=by)
    client = as_.link(cast.fatma) if "gedeeld" in path else as_.staff(cast.annemiek)
    counts = []
    for number in (1, 3, 30):
        for extra in range(number):
            cast.groep(f"g{number}{extra}", f"K{number}-{extra}", f"Groep {extra}", "5")
            cast.with_activity(name=f"Inloop {number} {extra}", soort="inloop")
            cast.with_free_day(date(2026, 12, 1), date(2026, 12, 1), name=f"Dag {number} {extra}")
            cast.with_ronde(name=f"Ronde {number} {extra}", code=f"soort-{number}-{extra}")
        plan = Jaarplan.objects.get(schooljaar=cast.year)
        cycle.publish(jaarplan=plan, by=by, now=NOW)
        client.get(path)
        counts.append(queries_of(client, path, CaptureQueriesContext(connection)))
    assert counts[1] == counts[2], counts  # the first sharing has no changes to compare
