"""The instrument is data: exactly the source's counts and order, strictly checked, laid ready once."""

import copy

import pytest

from gesprekken.year.factors import FACTORS
from kijkwijzer.instrument import InstrumentRefused, check, load_instrument, outline, read, shipped, shipped_outline
from kijkwijzer.models import Instrument, Item
from school.schools import found_school


@pytest.fixture
def content():
    return copy.deepcopy(shipped())


@pytest.mark.req("K1")
def test_the_kijkwijzer_has_ten_factors_in_three_clusters_with_25_indicators_in_the_order_of_the_source():
    found = [(f.name.lower(), len(f.indicators)) for f in shipped_outline().factors]
    assert found == [
        ("welkom", 3), ("kennismaken", 3), ("alle ouders", 1), ("regie leerling", 2), ("wederkerigheid", 4),
        ("gesprek thuis", 4), ("positieve aandacht", 2), ("schoolloopbaan", 2), ("ontwikkelpunten", 2), ("perspectief", 2),
    ]  # fmt: skip
    assert [len(c.factors) for c in shipped_outline().clusters] == [3, 4, 3]
    assert len(shipped_outline().indicators) == 25
    assert shipped_outline().labels == ("zeer oneens", "oneens", "neutraal", "eens", "zeer eens")


@pytest.mark.req("K2")
def test_there_are_ten_basic_skills_and_three_for_difficult_conversations():
    assert (len(shipped_outline().skills), len(shipped_outline().difficult)) == (10, 3)


def test_the_sources_are_named():
    for name in ("Lusse", "2013", "Diender", "2014", "Boone", "Van der Pluijm", "2015"):
        assert name in shipped_outline().source


@pytest.mark.req("S2")
def test_every_factor_says_what_the_school_and_what_the_teacher_does_and_how_to_practise():
    for factor, known in zip(shipped_outline().factors, FACTORS, strict=True):
        assert (factor.number, factor.name.lower()) == (known.number, known.name)
        assert len({factor.school, factor.teacher, factor.practise}) == 3


@pytest.mark.django_db
def test_a_new_school_finds_it_ready_and_laying_it_again_changes_nothing():
    school = found_school(name="De Nieuwe School")
    instrument = Instrument.objects.get(school=school)
    assert (instrument.version, instrument.items.count()) == (1, 38)
    assert load_instrument(school) == instrument
    assert Item.objects.filter(school=school).count() == 38
    assert list(instrument.items.filter(factor=1).values_list("number", "kind")) == [
        (1, "indicator"), (2, "indicator"), (3, "indicator"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_words_that_were_used_do_not_change_under_a_score(cast, content):
    instrument = load_instrument(cast.school)
    content["skills"][0]["text"] = "Heel iets anders."
    again = load_instrument(cast.school, content)
    assert again == instrument
    assert not again.items.filter(text="Heel iets anders.").exists()


def drop_factor(content):
    del content["factors"][4]


def double_key(content):
    content["skills"][3]["code"] = content["factors"][0]["indicators"][0]["code"]


def scale_from_zero(content):
    content["scale"]["lowest"], content["scale"]["highest"] = 0, 4


def too_many(content):
    content["skills"] = [{"code": f"s{n}", "text": "Zin."} for n in range(10_000)]


def no_indicator(content):
    content["factors"][2]["indicators"] = []


def unknown_cluster(content):
    content["factors"][9]["cluster"] = "elders"


def unknown_key(content):
    content["factors"][9]["weight"] = 3


def empty_text(content):
    content["factors"][5]["indicators"][1]["text"] = "  "


def out_of_order(content):
    content["factors"][0], content["factors"][1] = content["factors"][1], content["factors"][0]


def not_a_list(content):
    content["factors"] = "tien"


def strange_version(content):
    content["version"] = True


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (drop_factor, "factor 5 ontbreekt"),
        (double_key, "skill 4: de sleutel 'welkom-ontvangst' staat ook bij factor 1, indicator 1"),
        (scale_from_zero, "scale: de schaal loopt van 1 tot en met 5"),
        (too_many, "bestand: 10028 onderdelen is te veel; het zijn er hoogstens 200"),
        (no_indicator, "factor 3: er is geen enkele indicator"),
        (unknown_cluster, "factor 10: cluster 'elders' bestaat niet"),
        (unknown_key, "factor 10: 'weight' kennen we niet"),
        (empty_text, "factor 6, indicator 2, text: hier hoort tekst te staan"),
        (out_of_order, "factoren: ze staan niet op volgorde van 1 tot en met 10"),
        (not_a_list, "factors: hier hoort een lijst te staan"),
        (strange_version, "version: hier hoort een heel getal vanaf 1 te staan, tot en met 9999"),
    ],
)
def test_a_broken_instrument_is_refused_with_the_place(content, spoil, says):
    assert check(content) == []
    spoil(content)
    assert says in check(content)
    with pytest.raises(InstrumentRefused):
        outline(content)


def test_a_file_that_is_no_toml_is_refused_with_the_line():
    with pytest.raises(InstrumentRefused, match="regel 2, teken 11: dit is geen goede TOML"):
        read('code = "x"\nversion = = 2\n')


def test_a_bare_file_says_everything_that_is_missing():
    with pytest.raises(InstrumentRefused) as refused:
        read('code = "x"')
    assert "regel 1: bestand: 'factors' ontbreekt" in refused.value.problems
