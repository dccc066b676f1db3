"""How far a teacher is, and preparing a whole group in a row against one page per pupil."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gesprekken.models import Answer, Gesprek, RondeGroep, StandardText, Voorbereiding
from gesprekken.preparing import readiness, standard_texts
from gesprekken.preparing.questions import questions_for
from gesprekken.talking.drafts import GesprekClosed
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent, Lesgeven
from tests.cast import NOW, TODAY
from tests.remembered import remembered


@pytest.fixture
@remembered
def stage(cast):
    """Group 5 in the ronde: in order Tess, Noor and Elif."""
    cast.with_questions().with_ronde(state="open")
    for leerling in (cast.noor, cast.tess, cast.elif_):
        cast.people[f"gesprek_{leerling.person.first_name.lower()}"] = cast.with_gesprek(leerling)
    return cast


def saskia(stage):
    return Actor(person=stage.saskia, level=ACCOUNT)


def rows(stage, person=None):
    return readiness.in_a_row(Actor(person=person or stage.saskia, level=ACCOUNT), stage.ronde, stage.groep5)


def ready(stage, leerling, **more):
    return readiness.mark_ready(gesprek=stage.gesprek_of(leerling), by=saskia(stage), **more)


def page_of(stage, gesprek):
    return reverse("prepare_in_groep", args=[stage.ronde.pk, stage.groep5.pk, gesprek.pk])


# --- how far ---------------------------------------------------------------------------------------------------------


def test_ready_is_said_once_and_can_be_taken_back(stage):
    assert [ready(stage, stage.noor), ready(stage, stage.noor)] == [True, False]
    row = Voorbereiding.objects.get()
    assert (row.ready_at, row.version, row.audience) == (NOW, 0, "leerkracht")
    assert ready(stage, stage.noor, ready=False)
    row.refresh_from_db()
    assert row.ready_at is None
    assert AuditEvent.objects.filter(verb__startswith="prepared_").count() == 2
    Gesprek.objects.update(held_on=TODAY)
    with pytest.raises(GesprekClosed):
        ready(stage, stage.noor)


@pytest.mark.req("V1")
def test_the_next_is_who_is_not_ready_from_here_on_and_round_again(stage):
    assert [one.leerling.person.first_name for one in rows(stage)] == ["Tess", "Noor", "Elif"]
    ready(stage, stage.noor)
    tess, _noor, elif_ = row = rows(stage)
    assert readiness.next_to_prepare(row) == tess
    assert readiness.next_to_prepare(row, after=tess.pk) == elif_
    assert readiness.next_to_prepare(row, after=elif_.pk) == tess
    ready(stage, stage.tess)
    assert readiness.next_to_prepare(rows(stage), after=elif_.pk) == elif_
    Gesprek.objects.filter(pk=elif_.pk).update(held_on=TODAY)
    assert readiness.next_to_prepare(rows(stage)) is None
    assert readiness.progress_of(rows(stage)) == readiness.Progress(3, 3)


def test_the_bar_counts_in_one_query_what_the_list_counts(stage, django_assert_num_queries):
    ready(stage, stage.noor)
    Gesprek.objects.filter(leerling=stage.tess).update(cancelled_at=NOW)
    by = saskia(stage)
    assert by.groep_ids and not by.is_leiding
    with django_assert_num_queries(1):
        far = readiness.progress(by, [stage.ronde.pk])
    assert far == {(stage.ronde.pk, stage.groep5.pk): readiness.progress_of(rows(stage))}
    assert far[stage.ronde.pk, stage.groep5.pk] == readiness.Progress(1, 2)
    assert readiness.progress(Actor(person=stage.annemiek, level=ACCOUNT), [stage.ronde.pk]) == {}


def test_duo_teachers_prepare_for_each_other_and_where_they_divide_each_her_own(stage):
    Lesgeven.objects.create(school=stage.school, groep=stage.groep5, medewerker=stage.maarten.medewerker, taak="STA")
    ready(stage, stage.noor)
    assert [(one.ready_name, one.begun) for one in rows(stage, stage.maarten)] == [
        (None, False),
        ("Saskia", False),
        (None, False),
    ]
    RondeGroep.objects.filter(ronde=stage.ronde).update(duo=RondeGroep.Duo.PARTS)
    Gesprek.objects.filter(leerling=stage.tess).update(medewerker=stage.saskia.medewerker)
    assert [one.leerling for one in rows(stage, stage.maarten)] == [stage.noor, stage.elif_]
    assert len(rows(stage)) == 3


# --- the page, without a script --------------------------------------------------------------------------------------


@pytest.mark.req("V1")
def test_the_page_begins_with_who_is_next_and_ready_goes_on(stage, as_):
    teacher = as_.staff(stage.saskia)
    start = reverse("prepare_groep", args=[stage.ronde.pk, stage.groep5.pk])
    first = teacher.get(start, follow=True)
    html = first.content.decode()
    assert "Tess van &#x27;t Hof voorbereiden" in html
    assert "0 van 3 klaar" in html
    for key in ["Control+Enter", "Alt+PageDown"]:
        assert f'aria-keyshortcuts="{key}"' in html
    question = questions_for(stage.gesprek_tess, "leerkracht")[0]
    data = {"seen_version": 0, "tab": "a", f"t{question.pk}": "Durft meer", "klaar": "ja"}
    second = teacher.post(page_of(stage, stage.gesprek_tess), data, follow=True)
    assert "Noor de Vries voorbereiden" in second.content.decode()
    assert Answer.objects.get().text == "Durft meer"
    for gesprek in (stage.gesprek_noor, stage.gesprek_elif):
        last = teacher.post(page_of(stage, gesprek), {"klaar": "ja"}, follow=True)  # as the script sends it
    assert "Alle leerlingen zijn klaar" in last.content.decode()
    assert "3 van 3 klaar" in last.content.decode()
    assert Answer.objects.get().text == "Durft meer"


def test_a_stale_page_is_not_made_ready(stage, as_):
    teacher, url = as_.staff(stage.saskia), page_of(stage, stage.gesprek_tess)
    field = f"t{questions_for(stage.gesprek_tess, 'leerkracht')[0].pk}"
    teacher.post(url, {"seen_version": 0, "tab": "a", field: "eerst"})
    page = teacher.post(url, {"seen_version": 0, "tab": "b", field: "later", "klaar": "ja"})
    assert page.status_code == 409
    assert "later" in page.content.decode()
    assert not Voorbereiding.objects.filter(ready_at__isnull=False).exists()


def test_who_does_not_hold_them_prepares_no_group(stage, as_):
    url = reverse("prepare_groep", args=[stage.ronde.pk, stage.groep5.pk])
    assert as_.staff(stage.annemiek).get(url).status_code == 403
    assert as_.staff(stage.pieter).get(url).status_code == 403
    assert as_.staff(stage.bas).get(url).status_code == 404
    elsewhere = stage.with_gesprek(stage.emre)
    assert as_.staff(stage.saskia).get(page_of(stage, elsewhere)).status_code == 404


def test_an_area_has_one_choice_of_who_reads_it(stage, as_):
    teacher, url = as_.staff(stage.saskia), page_of(stage, stage.gesprek_tess)
    asked = {question.code: question.pk for question in questions_for(stage.gesprek_tess, "leerkracht")}
    data = {"seen_version": 0, "tab": "a", f"v{asked['lezen--goed']}": "teacher"}
    data |= {f"t{asked['lezen--goed']}": "Vlot", f"t{asked['lezen--ouders']}": "Voorlezen"}
    teacher.post(url, data)
    assert set(Answer.objects.values_list("text", "visibility")) == {("Vlot", "teacher"), ("Voorlezen", "teacher")}
    form = teacher.get(url).context["form"]
    assert form[f"v{asked['lezen--goed']}"].value() == "teacher"
    assert f"v{asked['lezen--ouders']}" not in form.fields


# --- standard texts --------------------------------------------------------------------------------------------------


@pytest.mark.req("V1")
def test_a_text_kept_from_one_pupil_stands_ready_for_the_next_with_the_next_name(stage, as_):
    teacher = as_.staff(stage.saskia)
    question = questions_for(stage.gesprek_tess, "leerkracht")[1]
    data = {"seen_version": 0, "tab": "a", f"t{question.pk}": "Tess leest graag. Met Tess's boek."}
    for _again in range(2):
        page = teacher.post(page_of(stage, stage.gesprek_tess), {**data, "standaard": question.pk}, follow=True)
    assert "staat nu bij je standaardteksten" in page.content.decode()
    kept = StandardText.objects.get()
    assert (kept.text, kept.question_code) == ("{naam} leest graag. Met {naam}'s boek.", "goed-nieuws")
    form = teacher.get(page_of(stage, stage.gesprek_noor)).context["form"]
    offers = {pk: [offer.text for offer in some] for pk, some in form.offers.items() if some}
    assert offers == {question.pk: ["Noor leest graag. Met Noor's boek."]}
    put_in = {"seen_version": 0, "tab": "a", "neem_over": f"standaard{kept.pk}-{question.pk}"}
    teacher.post(page_of(stage, stage.gesprek_noor), put_in)
    answer = Answer.objects.get(voorbereiding__gesprek=stage.gesprek_noor)
    assert answer.text == "Noor leest graag. Met Noor's boek."


def test_standard_texts_are_ones_own_and_an_empty_field_is_none(stage, as_):
    kept = standard_texts.keep(by=saskia(stage), text="{naam} leest.")
    teacher, colleague = as_.staff(stage.saskia), as_.staff(stage.ilse)
    assert "{naam} leest." in teacher.get(reverse("my_texts")).content.decode()
    assert "{naam} leest." not in colleague.get(reverse("my_texts")).content.decode()
    assert colleague.post(reverse("my_text_remove", args=[kept.pk])).status_code == 404
    url = page_of(stage, stage.gesprek_tess)
    for pressed in ["", "1", "x", "9" * 30]:
        page = teacher.post(url, {"standaard": pressed}, follow=True)
        assert "Schrijf eerst de tekst" in page.content.decode()
    assert teacher.post(reverse("my_texts"), {"text": " "}).status_code == 422
    assert teacher.post(reverse("my_texts"), {"text": "x", "title": "y" * 61}).status_code == 422
    teacher.post(reverse("my_text", args=[kept.pk]), {f"s{kept.pk}-text": "{naam} rekent."})
    kept.refresh_from_db()
    assert (kept.title, kept.text) == ("{naam} rekent.", "{naam} rekent.")
    teacher.post(reverse("my_text_remove", args=[kept.pk]))
    assert not StandardText.objects.exists()


# --- what it costs ---------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The links and buttons of a page by their words, and which keys it gives them."""

    def __init__(self, response):
        super().__init__()
        self.links, self.keys, self.open, self.at = {}, {}, None, response.request["PATH_INFO"]
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        if tag in ("a", "button"):
            self.open = [of.get("href") or "", ""]
        if "aria-keyshortcuts" in of:
            self.keys[of.get("data-toets")] = of["aria-keyshortcuts"].split("+")

    def handle_data(self, data):
        if self.open:
            self.open[1] += data

    def handle_endtag(self, tag):
        if tag in ("a", "button") and self.open:
            self.links.setdefault(" ".join(self.open[1].split()), self.open[0])
            self.open = None


class Teacher:
    """Walks as a person would and counts: what she clicks, which keys she presses, how often she waits for a page."""

    def __init__(self, client):
        self.client, self.clicks, self.keys, self.waits = client, 0, 0, 0

    def arrive(self, response):
        self.waits += 1
        assert response.status_code == 200
        self.page = Page(response)

    def click(self, words):
        self.clicks += 1
        self.arrive(self.client.get(self.page.links[words], follow=True))

    def press(self, name, data):
        """The keys the page itself announces for this button."""
        self.keys += len(self.page.keys[name])
        self.arrive(self.client.post(self.page.at, data, follow=True))

    def click_button(self, words, data):
        assert words in self.page.links
        self.clicks += 1
        self.arrive(self.client.post(self.page.at, data, follow=True))


@pytest.mark.once  # what is counted is what she presses and waits for
@pytest.mark.req("V1")
def test_twenty_five_pupils_in_a_row_cost_a_fraction_of_one_page_per_pupil(stage, as_, groep_of_25):
    groep_page = reverse("ronde_groep", args=[stage.ronde.pk, stage.groep5.pk])
    names = [one.leerling.person.name for one in rows(stage)]
    assert len(names) == 25

    apart = Teacher(as_.staff(stage.saskia))
    apart.arrive(apart.client.get(groep_page))
    for name in names[:5]:  # the others would cost the same again
        apart.click(name)
        apart.click("Bereid voor")
        apart.clicks += 1  # into the first field
        apart.click_button("Klaar", {"klaar": "ja"})
        apart.click(f"{stage.groep5.name}, {stage.ronde.name}")
    assert readiness.progress_of(rows(stage)) == readiness.Progress(5, 25)
    Voorbereiding.objects.all().delete()

    row = Teacher(as_.staff(stage.saskia))
    row.arrive(row.client.get(groep_page))
    row.click("Bereid de groep voor")
    while "klaar" in row.page.keys:
        row.press("klaar", {"klaar": "ja"})  # the first field has the focus: she types at once
    assert readiness.progress_of(rows(stage)) == readiness.Progress(25, 25)

    assert (apart.clicks, apart.waits) == (5 * 5, 1 + 5 * 4)
    assert (row.clicks, row.keys, row.waits) == (1, 25 * 2, 2 + 25)


@pytest.fixture
def groep_of_25(stage):
    for number in range(22):
        leerling = stage.pupil(f"p{number}", "Kind", f"Nummer {number:02}", stage.groep5)
        stage.with_gesprek(leerling, stage.ronde)


def test_the_page_asks_as_many_questions_of_the_database_for_25_as_for_three(stage, as_, request):
    teacher, urls = (
        as_.staff(stage.saskia),
        [page_of(stage, stage.gesprek_tess), reverse("ronde", args=[stage.ronde.pk])],
    )
    counts = []
    for more in (None, "groep_of_25"):
        if more:
            request.getfixturevalue(more)
        with CaptureQueriesContext(connection) as asked:
            assert teacher.get(urls[0]).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "0 van 25 klaar" in teacher.get(urls[1]).content.decode()
