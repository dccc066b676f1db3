"""Over time and beside each other: only what compares, and only for whom it is about."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kijkwijzer.instrument import shipped_outline
from kijkwijzer.looking import growth, looking_back
from kijkwijzer.models import Instrument, Terugblik
from tests.cast import NOW


@pytest.mark.req("K5")
def test_a_line_goes_from_old_to_new_and_leaves_out_what_does_not_compare(cast):
    rows = []
    for number, score in enumerate((2, 3, 5)):
        ronde = cast.with_ronde(state="open", name=f"Ronde {number}")
        at = NOW - timedelta(days=30 * (3 - number))
        rows.append(cast.with_terugblik(cast.with_gesprek(ronde=ronde), scores={"welkom-toon": score}, saved_at=at))
    other = Instrument.objects.create(
        school=cast.school,
        code=rows[0].instrument.code,
        version=9,
        title="x",
        source="x",
        content=rows[0].instrument.content,
    )
    Terugblik.objects.filter(pk=rows[0].pk).update(instrument=other)
    line = growth.line_of(looking_back.saved(Terugblik.objects.all()))
    assert ([m.terugblik for m in line.moments], line.left_out) == (rows[1:], 1)
    [change] = growth.changes(line.own, shipped_outline())
    assert (change.factor.number, change.first, change.latest, change.times) == (1, 3, 5, 2)
    assert growth.line_of([]).moments == ()


@pytest.mark.req("K5")
def test_growth_per_factor_shows_own_look_and_a_colleagues(cast, as_):
    gesprek = cast.with_gesprek()
    saskia = as_.staff(cast.saskia)
    url = reverse("growth")
    assert "Vanaf je tweede terugblik" in saskia.get(url).content.decode()
    cast.with_terugblik(gesprek, scores={"welkom-toon": 2}, saved_at=NOW - timedelta(days=3))
    cast.with_observation(gesprek, scores={"welkom-toon": 4})
    page = saskia.get(url + "?factor=1").content.decode()
    assert "Ilse Smit keek mee" in page and "Welkom door de tijd" in page and "4,0" in page
    assert "geen twee keer" in saskia.get(url + "?factor=9").content.decode()
    for odd in ("?factor=99", "?factor=x", "?factor=²"):
        assert saskia.get(url + odd).status_code == 200
    assert "Ilse" not in as_.staff(cast.annemiek).get(url).content.decode()


@pytest.mark.req("K3", "K4")
def test_self_and_colleague_stand_side_by_side_for_the_teacher_alone(cast, as_):
    gesprek = cast.with_gesprek()
    seen = cast.with_observation(gesprek, scores={"welkom-toon": 4, "regie-rol": 5, "regie-woord": 5})
    url = reverse("side_by_side", args=[seen.pk])
    saskia = as_.staff(cast.saskia)
    assert "blikte zelf nog niet terug" in saskia.get(url).content.decode()
    own = cast.with_terugblik(gesprek, scores={"welkom-toon": 4, "regie-rol": 2, "regie-woord": 3})
    page = saskia.get(url).content.decode()
    assert "<strong>Regie leerling</strong>: jij 2,5, je collega 5,0" in page and "<strong>Welkom</strong>" not in page
    assert reverse("side_by_side", args=[seen.pk]) in saskia.get(reverse("terugblik", args=[own.pk])).content.decode()
    assert as_.staff(cast.ilse).get(url).status_code == 404
    assert as_.staff(cast.ilse).get(reverse("terugblik", args=[own.pk])).status_code == 404
    assert saskia.get(reverse("side_by_side", args=[own.pk])).status_code == 404
