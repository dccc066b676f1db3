"""Looking back: half filled is saved, an older page never overwrites a newer one, nonsense is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gesprekken.models import Gesprek
from kijkwijzer.looking import looking_back
from kijkwijzer.looking.looking_back import LookBackRefused, StaleTerugblik, remarks_of, save, start, values_of
from kijkwijzer.models import Remark, Score, Terugblik
from planning.models import Booking
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent
from tests.cast import NOW, TODAY


@pytest.fixture
def saskia(cast):
    return Actor(person=cast.saskia, level=ACCOUNT)


@pytest.fixture
def gesprek(cast):
    gesprek = cast.with_gesprek()
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    gesprek.refresh_from_db()
    return gesprek


@pytest.fixture
def terugblik(gesprek, saskia):
    return start(gesprek=gesprek, by=saskia, now=NOW)


def keep(terugblik, by, scores, remarks=None, seen=0, **more):
    return save(terugblik=terugblik, by=by, scores=scores, remarks=remarks or {}, seen_version=seen, now=NOW, **more)


@pytest.mark.req("K1", "K3")
def test_half_filled_is_saved_and_can_be_gone_on_with(terugblik, saskia):
    fresh = keep(terugblik, saskia, {"welkom-toon": 4}, {1: "Aan de deur."})
    assert fresh.version == 1 and fresh.saved_at == NOW
    fresh = keep(fresh, saskia, {"regie-rol": 2, "stilte": "nvt"}, seen=1)
    assert values_of(fresh) == {"welkom-toon": 4, "regie-rol": 2, "stilte": "nvt"}
    assert remarks_of(fresh) == {1: "Aan de deur."}


def test_what_is_made_empty_is_gone(terugblik, saskia):
    keep(terugblik, saskia, {"welkom-toon": 4}, {1: "x"})
    fresh = keep(terugblik, saskia, {"welkom-toon": None}, {1: " "}, seen=1)
    assert values_of(fresh) == {} and not Remark.objects.exists()


def test_starting_twice_gives_the_same_look_back(terugblik, gesprek, saskia):
    assert start(gesprek=gesprek, by=saskia, now=NOW) == terugblik
    assert Terugblik.objects.count() == 1


def test_an_older_page_shows_both_and_overwrites_nothing(terugblik, saskia):
    keep(terugblik, saskia, {"welkom-toon": 4}, {1: "eerst"})
    with pytest.raises(StaleTerugblik) as stale:
        keep(terugblik, saskia, {"welkom-toon": 2, "regie-rol": 3}, {1: "later"}, difficult=True)
    assert stale.value.differences == [
        ("welkom-toon", 4, 2), ("regie-rol", None, 3), (1, "eerst", "later"), ("difficult", False, True),
    ]  # fmt: skip
    fresh = Terugblik.objects.get()
    assert values_of(fresh) == {"welkom-toon": 4} and remarks_of(fresh) == {1: "eerst"} and fresh.version == 1


def test_the_same_thing_sent_twice_is_harmless(terugblik, saskia):
    keep(terugblik, saskia, {"welkom-toon": 4}, {1: "eerst"}, difficult=False)
    assert keep(terugblik, saskia, {"welkom-toon": 4}, {1: "eerst"}, difficult=False).version == 1
    assert Score.objects.count() == 1


@pytest.mark.req("K1", "K2")
@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ({"bestaat-niet": 3}, "unknown_item"),
        ({"welkom-toon": 0}, "wrong_value"),
        ({"welkom-toon": 6}, "wrong_value"),
        ({"welkom-toon": True}, "wrong_value"),
        ({"welkom-toon": "nvt"}, "wrong_value"),  # an indicator knows no nvt: empty is empty
        ({"stilte": 6}, "wrong_value"),
    ],
)
def test_a_score_that_cannot_be_is_refused_and_nothing_changes(terugblik, saskia, scores, reason):
    with pytest.raises(LookBackRefused) as refused:
        keep(terugblik, saskia, {"welkom-ontvangst": 5, **scores})
    assert refused.value.reason == reason
    assert not Score.objects.exists() and Terugblik.objects.get().saved_at is None


@pytest.mark.parametrize("remarks", [{11: "x"}, {1: "x" * 2001}])
def test_a_remark_at_no_factor_or_without_end_is_refused(terugblik, saskia, remarks):
    with pytest.raises(LookBackRefused):
        keep(terugblik, saskia, {}, remarks)


@pytest.mark.req("K4")
def test_nobody_writes_in_the_look_back_of_another(terugblik, cast):
    for person in (cast.annemiek, cast.ilse):
        with pytest.raises(LookBackRefused, match="not_yours"):
            keep(terugblik, Actor(person=person, level=ACCOUNT), {"welkom-toon": 1})


def test_a_gesprek_that_is_still_to_come_is_not_looked_back_on(cast, saskia):
    gesprek = cast.with_gesprek()
    with pytest.raises(LookBackRefused, match="not_held"):
        start(gesprek=gesprek, by=saskia, now=NOW)
    Booking.objects.create(
        school=cast.school, gesprek=gesprek, medewerker=cast.saskia.medewerker,
        starts_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(minutes=75),
    )  # fmt: skip
    with pytest.raises(LookBackRefused, match="not_held"):
        start(gesprek=gesprek, by=saskia, now=NOW)
    assert start(gesprek=gesprek, by=saskia, now=NOW + timedelta(hours=1)).gesprek == gesprek


def test_somebody_who_did_not_hold_it_cannot_start(gesprek, cast):
    for person in (cast.ilse, cast.annemiek, cast.pieter):
        with pytest.raises(LookBackRefused):
            start(gesprek=gesprek, by=Actor(person=person, level=ACCOUNT), now=NOW)


@pytest.mark.req("K4")
def test_looking_back_leaves_no_trace_that_others_read(terugblik, saskia):
    keep(terugblik, saskia, {"welkom-toon": 4})
    assert not AuditEvent.objects.exists()


def test_the_database_itself_refuses_a_score_outside_the_scale(cast):
    terugblik = cast.with_terugblik(scores={"welkom-toon": 3})
    score = Score.objects.filter(terugblik=terugblik)
    for values in ({"value": 0}, {"value": 6}, {"value": 3, "not_applicable": True}, {"value": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            score.update(**values)


@pytest.mark.req("K2")
def test_the_extra_skills_count_only_when_it_was_a_difficult_conversation(cast):
    terugblik = cast.with_terugblik(scores={"stilte": "nvt", "lastig-grens": 2})
    assert looking_back.result_of(terugblik).difficult == ()
    terugblik.difficult = True
    assert [value for _, value in looking_back.result_of(terugblik).difficult] == [2]
    assert [value for _, value in looking_back.result_of(terugblik).skills] == ["nvt"]


@pytest.mark.req("K5")
def test_skills_stay_outside_the_means_of_the_factors(cast):
    result = looking_back.result_of(cast.with_terugblik(scores={"welkom-toon": 4, "stilte": 1, "taal": "nvt"}))
    assert result.clusters[0].mean == 4.0 and result.filled == 1 and result.asked == 25
