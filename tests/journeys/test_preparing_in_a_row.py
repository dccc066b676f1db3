"""A teacher prepares her pupils one after another, with her hands on the keyboard."""

import re
from datetime import date

import pytest

from gesprekken.models import Answer, Gesprek, StandardText, Voorbereiding
from gesprekken.preparing import standard_texts
from school.actor import ACCOUNT, Actor

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(journey_cast):
    cast = journey_cast.with_questions()
    earlier = cast.with_gesprek(
        ronde=cast.with_ronde(state="closed", starts_on=date(2026, 9, 1), name="Startgesprekken")
    )
    cast.with_verslag(earlier, released=True)
    cast.with_ronde(state="open")
    for leerling in (cast.noor, cast.tess, cast.elif_):
        cast.with_gesprek(leerling, cast.ronde)
    by = Actor(person=cast.saskia, level=ACCOUNT)
    standard_texts.keep(by=by, text="{naam} leest elke dag.", question_code="goed-nieuws", title="Leest elke dag")
    return cast


@pytest.mark.long
@pytest.mark.req("V1")
def test_three_pupils_in_a_row_without_touching_the_mouse(stage, browser):
    laptop = browser.laptop().sign_in(stage.saskia)
    laptop.open(f"/rondes/{stage.ronde.pk}/").sees("0 van 3 klaar").picture("ronde-voorbereiden")
    laptop.click("Begin met voorbereiden").sees("Tess van 't Hof voorbereiden").picture("reeks-leeg")
    keys = laptop.page.keyboard

    def prepares(text, arrives_at):
        keys.type(text)
        keys.press("Control+Enter")
        laptop.page.wait_for_url(arrives_at)

    prepares("Durft meer te vragen", f"**/{stage.gesprek_of(stage.noor).pk}/")
    laptop.sees("1 van 3 klaar").sees("Noor de Vries voorbereiden")
    keys.press("Alt+PageDown")
    laptop.page.wait_for_url(f"**/{stage.gesprek.pk}/")
    laptop.sees("Elif Yılmaz voorbereiden").check().picture("reeks-overnemen")
    laptop.page.get_by_role("button", name="Leest elke dag").press("Enter")
    laptop.page.get_by_role("button", name="Elke avond tien minuten lezen").press("Enter")
    laptop.page.get_by_text("Bewaard om").wait_for()
    laptop.picture("reeks-ingevuld")
    keys.press("Control+Enter")  # round to who was passed over
    laptop.page.wait_for_url(f"**/{stage.gesprek_of(stage.noor).pk}/")
    prepares("Rekent graag", f"**/groepen/{stage.groep5.pk}/voorbereiden/")
    laptop.sees("Alle leerlingen zijn klaar").sees("3 van 3 klaar").check().picture("reeks-klaar")

    words = Answer.objects.filter(voorbereiding__gesprek__ronde=stage.ronde).order_by("question__number", "pk")
    assert list(words.values_list("voorbereiding__gesprek__leerling__person__first_name", "text")) == [
        ("Tess", "Durft meer te vragen"),
        ("Noor", "Rekent graag"),
        ("Elif", "Elif leest elke dag."),
        ("Elif", "Afgesproken: Ouders - Elke avond tien minuten lezen. Hoe ging dat?"),
    ]
    assert Voorbereiding.objects.filter(ready_at__isnull=False).count() == 3

    phone = browser.phone().sign_in(stage.saskia)
    elifs = Gesprek.objects.get(ronde=stage.ronde, leerling=stage.elif_)
    phone.open(f"/rondes/{stage.ronde.pk}/groepen/{stage.groep5.pk}/voorbereiden/{elifs.pk}/").picture("reeks")
    phone.page.get_by_role("button", name=re.compile("Bewaar als standaardtekst ?: Welk goed nieuws")).click()
    phone.sees("staat nu bij je standaardteksten")
    phone.open("/standaardteksten/").picture("standaardteksten")
    assert StandardText.objects.count() == 1  # it was the same text

    leader = browser.laptop().sign_in(stage.annemiek)
    leader.open(f"/soorten/{stage.ronde.soort_id}/vragen/?voor=leerkracht").picture("vragen-soort")
    leader.open(f"/rondes/{stage.ronde.pk}/vragen/?voor=leerkracht").picture("vragen-ronde")
