"""Looking back in the browser's own terms: what is typed stays, what is wrong is said, what is private stays so."""

import re
from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from pypdf import PdfReader

from gesprekken.models import Gesprek
from gesprekken.year.factors import FACTORS
from kijkwijzer.instrument import shipped_outline
from kijkwijzer.models import Ontwikkelpunt, Remark, Score, Terugblik
from tests.cast import NOW, TODAY

CANARY = "kanarie-3f9c"


@pytest.fixture
def gesprek(cast):
    gesprek = cast.with_gesprek()
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    return gesprek


@pytest.fixture
def saskia(cast, as_):
    return as_.staff(cast.saskia)


@pytest.fixture
def form_url(gesprek):
    return reverse("look_back", args=[gesprek.pk])


def text(response):
    return response.content.decode()


def is_checked(page, code, value):
    return re.search(rf'name="item-{code}" value="{value}" checked', page) is not None


@pytest.mark.req("K1", "K2")
def test_the_form_asks_25_indicators_and_13_skills_on_a_scale_of_five(saskia, form_url):
    page = text(saskia.get(form_url + "?alles=1"))
    assert len(re.findall(r'name="item-[a-z-]+" value="3"', page)) == 38
    assert len(re.findall(r'value="nvt"', page)) == 13  # skills only
    assert "zeer oneens" in page and "Boone en Van der Pluijm" in page
    assert not Terugblik.objects.exists()  # looking changes nothing


@pytest.mark.req("S2")
def test_what_school_and_teacher_do_stands_beside_every_factor(saskia, form_url):
    page = text(saskia.get(form_url + "?alles=1"))
    assert page.count("Wat hoort hierbij?") == 10
    assert escape(str(FACTORS[3].teacher)) in page and escape(str(FACTORS[9].school)) in page


def test_one_factor_can_be_asked_alone_and_leaves_the_others_as_they_are(saskia, cast, gesprek, form_url):
    terugblik = cast.with_terugblik(gesprek, scores={"welkom-toon": 4})
    page = text(saskia.get(form_url + "?factor=5"))
    assert "item-weder-inbreng" in page and "item-welkom-toon" not in page
    saskia.post(form_url, {"factor": "5", "seen_version": 1, "item-weder-inbreng": "2", "remark-5": ""})
    assert dict(terugblik.scores.values_list("item__code", "value")) == {"welkom-toon": 4, "weder-inbreng": 2}


def test_a_chosen_factor_is_where_the_next_look_back_begins(saskia, cast, gesprek):
    first = cast.with_terugblik(gesprek, scores={"welkom-toon": 4})
    saskia.post(reverse("choose_practice", args=[first.pk]), {"factor": "9"})
    other = cast.with_gesprek(cast.noor)
    Gesprek.objects.filter(pk=other.pk).update(held_on=TODAY)
    page = text(saskia.get(reverse("look_back", args=[other.pk])))
    assert "item-ontwikkel-samen" in page and "item-welkom-toon" not in page
    for whole in ("?alles=1", "?factor=alles"):
        assert "item-welkom-toon" in text(saskia.get(reverse("look_back", args=[other.pk]) + whole))


def test_choosing_a_factor_that_does_not_exist_changes_nothing(saskia, cast, gesprek):
    terugblik = cast.with_terugblik(gesprek)
    page = text(saskia.post(reverse("choose_practice", args=[terugblik.pk]), {"factor": "11"}, follow=True))
    assert not Ontwikkelpunt.objects.exists() and "Kies een van de tien factoren" in page


@pytest.mark.parametrize("value", ["0", "6", "nvt", "vier", "3.5"])
def test_a_point_outside_the_scale_is_refused_with_a_sentence_and_the_rest_stays_typed(saskia, form_url, value):
    response = saskia.post(
        form_url, {"seen_version": 0, "item-welkom-toon": value, "item-regie-rol": "5", "remark-4": "Blijft staan."}
    )
    page = text(response)
    assert response.status_code == 422
    assert "Kies een punt van 1 tot en met 5" in page
    assert is_checked(page, "regie-rol", 5) and "Blijft staan." in page
    assert not Score.objects.exists()


def test_an_item_that_is_not_in_the_instrument_is_refused_with_a_sentence(saskia, form_url):
    response = saskia.post(form_url, {"seen_version": 0, "item-bestaat-niet": "3", "item-regie-rol": "5"})
    assert response.status_code == 422
    assert "een zin die niet in deze Kijkwijzer staat" in text(response)
    assert is_checked(text(response), "regie-rol", 5)


@pytest.mark.parametrize("seen", ["", "-1", "x", "²", "9" * 30])
def test_a_mangled_version_never_overwrites_and_never_crashes(saskia, form_url, seen):
    assert saskia.post(form_url, {"seen_version": seen, "item-regie-rol": "5"}).status_code == 302
    assert saskia.post(form_url, {"seen_version": seen, "item-regie-rol": "1"}).status_code == 409
    assert Score.objects.get().value == 5


@pytest.mark.parametrize("factor", ["0", "11", "x", "9" * 50, "²"])
def test_a_mangled_factor_shows_the_whole_form(saskia, form_url, factor):
    assert "item-welkom-toon" in text(saskia.get(form_url, {"factor": factor}))


def test_two_tabs_show_both_and_let_the_teacher_decide(saskia, form_url):
    saskia.post(form_url, {"seen_version": 0, "item-welkom-toon": "4", "remark-1": "Uit tab een"})
    response = saskia.post(form_url, {"seen_version": 0, "item-welkom-toon": "2", "remark-1": "Uit tab twee"})
    page = text(response)
    assert response.status_code == 409
    assert "Uit tab een" in page and "Uit tab twee" in page and is_checked(page, "welkom-toon", 2)
    assert Score.objects.get().value == 4
    seen = re.search(r'name="seen_version" value="(\d+)"', page)[1]
    saskia.post(form_url, {"seen_version": seen, "item-welkom-toon": "2", "remark-1": "Uit tab twee"})
    assert Score.objects.get().value == 2 and Remark.objects.get().text == "Uit tab twee"


def test_saving_half_way_returns_to_the_same_place_and_nowhere_else(saskia, form_url):
    for go, place in [("cluster-contact", "cluster-contact"), ("x\r\nSet-Cookie: a=b", "x-set-cookie-ab")]:
        response = saskia.post(
            form_url, {"seen_version": Terugblik.objects.count(), "verder": go, "item-regie-rol": "5"}
        )
        assert response["Location"] == f"{form_url}?alles=1#{place}"


def test_before_the_gesprek_there_is_an_explanation_instead_of_a_form(cast, saskia):
    gesprek = cast.with_gesprek()
    url = reverse("look_back", args=[gesprek.pk])
    assert "nog niet gehouden" in text(saskia.get(url))
    assert saskia.post(url, {"seen_version": 0}).status_code == 409


def test_an_empty_form_may_be_saved_and_the_result_says_so(saskia, form_url):
    page = text(saskia.post(form_url, {"seen_version": 0}, follow=True))
    assert "nog geen zin ingevuld" in page and "0 van de 25" in page


@pytest.mark.req("K5")
def test_the_result_shows_means_counts_and_one_thing_to_practise(saskia, cast, gesprek):
    scores = {"welkom-toon": 4, "welkom-ontvangst": 5, "regie-woord": 2, "weder-inbreng": 3}
    terugblik = cast.with_terugblik(gesprek, scores=scores)
    page = text(saskia.get(reverse("terugblik", args=[terugblik.pk])))
    assert "<title" in page and "Welkom 4,5" in page  # the radar says its numbers in words
    assert "2 van 3" in page and "Spreek vooraf met de leerling af" in page
    assert 'style="' not in page  # the CSP would drop it


@pytest.mark.req("K5")
def test_growth_shows_from_the_second_look_back_on(saskia, cast, gesprek):
    cast.with_terugblik(gesprek, scores={"welkom-toon": 2})
    assert "Hoe het zich ontwikkelt" not in text(saskia.get(reverse("terugblikken")))
    other = cast.with_gesprek(cast.noor)
    cast.with_terugblik(other, scores={"welkom-toon": 4}, saved_at=NOW - timedelta(days=30))
    assert "Hoe het zich ontwikkelt" in text(saskia.get(reverse("terugblikken")))


@pytest.mark.req("K4")
def test_a_teachers_scores_and_remarks_are_seen_by_nobody_else(cast, next_door, as_, gesprek):
    terugblik = cast.with_terugblik(gesprek, scores={"welkom-toon": 4})
    Remark.objects.create(school=cast.school, terugblik=terugblik, factor=1, text=CANARY)
    own = [reverse(name, args=[terugblik.pk]) for name in ("terugblik", "terugblik_pdf")]
    urls = [*own, reverse("terugblikken"), reverse("look_back", args=[gesprek.pk]), reverse("overview")]
    urls.append(reverse("overview_xlsx", args=[gesprek.ronde_id]))
    assert CANARY in text(as_.staff(cast.saskia).get(own[0]))  # the canary can be found
    others = [as_.staff(p) for p in (cast.annemiek, cast.pieter, cast.ilse, cast.bas, next_door.vera)]
    others += [as_.link(cast.fatma, confirmed=True), as_.pupil(cast.elif_), as_()]
    for client in others:
        assert {client.get(url).status_code for url in own} <= {404, 403, 302}
        for url in urls:
            assert CANARY.encode() not in client.get(url).content
    for person in (cast.annemiek, cast.pieter, cast.ilse):
        assert as_.staff(person).get(own[0]).status_code == 404


@pytest.mark.req("K4")
def test_two_teachers_of_one_group_do_not_see_each_others_scores(cast, as_):
    gesprek = cast.with_gesprek(cast.daan)
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    of_ilse = cast.with_terugblik(gesprek, observer=cast.ilse, scores={"welkom-toon": 1})
    maarten = as_.staff(cast.maarten)
    assert maarten.get(reverse("terugblik", args=[of_ilse.pk])).status_code == 404
    page = text(maarten.get(reverse("look_back", args=[gesprek.pk])))
    assert not is_checked(page, "welkom-toon", 1)


@pytest.mark.req("K5")
def test_the_pdf_prints_the_picture_without_the_childs_name(saskia, cast, gesprek, tmp_path):
    terugblik = cast.with_terugblik(gesprek, scores={"welkom-toon": 4, "regie-woord": 2, "stilte": 3})
    Remark.objects.create(school=cast.school, terugblik=terugblik, factor=4, text="Later aan het woord.")
    response = saskia.get(reverse("terugblik_pdf", args=[terugblik.pk]))
    (tmp_path / "x.pdf").write_bytes(response.content)
    words = " ".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages)
    assert response["Content-Type"] == "application/pdf"
    for part in ("Regie leerling", "1 van 3", "Later aan het woord.", "Wat oefen ik hierna?", "durft stil te zijn"):
        assert part in words
    assert "Elif" not in words


def test_the_list_asks_no_more_of_the_database_when_it_grows(saskia, cast, django_assert_num_queries):
    def look_back(n):
        ronde = cast.with_ronde(state="open", name=f"Ronde {n}")
        cast.with_terugblik(cast.with_gesprek(ronde=ronde), scores={"welkom-toon": 4, "regie-woord": 2})

    from django.db import connection

    saskia.get(reverse("terugblikken"))
    counts = []
    for total in (2, 3, 15):
        while Terugblik.objects.count() < total:
            look_back(Terugblik.objects.count())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert saskia.get(reverse("terugblikken")).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_many_look_backs_come_in_pages(saskia, cast):
    for n in range(22):
        ronde = cast.with_ronde(state="open", name=f"Ronde {n}")
        cast.with_terugblik(cast.with_gesprek(ronde=ronde))
    assert "Oudere" in text(saskia.get(reverse("terugblikken")))
    assert "Nieuwere" in text(saskia.get(reverse("terugblikken") + "?pagina=2"))
    assert saskia.get(reverse("terugblikken") + "?pagina=x").status_code == 200


@pytest.mark.req("K3")
def test_without_a_goal_one_chooses_what_to_look_at_and_the_whole_form_is_one_click_away(saskia, form_url):
    page = text(saskia.get(form_url))
    assert page.count("?factor=") == 10 and "?alles=1" in page and "item-" not in page
    assert "item-weder-inbreng" in text(saskia.get(form_url + "?factor=5"))


@pytest.mark.req("K5")
def test_a_goal_has_words_of_ones_own_is_changed_and_ended_and_stays_to_be_read(saskia, cast, as_):
    url = reverse("goals")
    assert saskia.post(url, {"factor": "11"}).status_code == 422
    too_long = saskia.post(url, {"factor": "4", "words": "x" * 301})
    assert too_long.status_code == 422 and "x" * 301 in text(too_long)
    saskia.post(url, {"factor": "4", "words": CANARY})
    assert CANARY in text(saskia.get(reverse("terugblikken")))
    saskia.post(url, {"factor": "7"})
    saskia.post(reverse("end_goal"))
    page = text(saskia.get(url))
    assert "Je oefent nu niets" in page and CANARY in page and "Wat ik eerder oefende" in page
    assert CANARY not in text(as_.staff(cast.annemiek).get(url))


@pytest.mark.req("K1", "K2")
def test_the_empty_form_prints_with_25_sentences_and_13_skills(saskia, tmp_path):
    response = saskia.get(reverse("empty_form"))
    (tmp_path / "x.pdf").write_bytes(response.content)
    words = " ".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages)
    words = " ".join(words.split())
    outline = shipped_outline()
    assert all(" ".join(s.text.split()) in words for s in (*outline.skills, *outline.difficult))
    assert sum(" ".join(s.text.split()) in words for s in outline.indicators) == 25


def test_after_the_gesprek_looking_back_is_offered_where_the_teacher_is(saskia, cast, gesprek):
    cast.with_verslag(gesprek)
    look = reverse("look_back", args=[gesprek.pk])
    for page in (reverse("gesprek", args=[gesprek.pk]), reverse("record", args=[gesprek.pk])):
        assert look in text(saskia.get(page))
    ahead = cast.with_gesprek(cast.noor)
    assert reverse("ask_observer", args=[ahead.pk]) in text(saskia.get(reverse("gesprek", args=[ahead.pk])))


@pytest.mark.req("K3")
def test_one_factor_shows_what_was_scored_and_no_picture_of_a_single_point(cast, as_):
    gesprek = cast.with_gesprek()
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    saskia = as_.staff(cast.saskia)
    page = saskia.post(
        f"/gesprek/{gesprek.pk}/terugblik/?factor=1",
        {"factor": "1", "item-welkom-toon": "4", "seen_version": 0},
        follow=True,
    ).content.decode()
    assert "1. Welkom" in page and "2. Kennismaken" not in page.split("<aside>")[0] and 'id="radar-t"' not in page
    assert "bij de factor waar je naar keek" in page and "het laagst uitkomt" not in page
