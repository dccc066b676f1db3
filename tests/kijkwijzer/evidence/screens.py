"""Two gesprekken as people make them, through the real screens and in order: one with everything, one with very little.

Every step is a page that is opened and a form that is sent. Both are of one ronde of one teacher: Elif's, with her mother
Fatma, and Tess's, with her father Sander.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from gesprekken.models import Agreement, Bespreekpunt, Deelname, Gesprek, Verslag
from planning.models import Slot

EARLIER, DAY = date(2026, 9, 15), date(2026, 11, 24)
AFTER_IT = datetime(2026, 11, 24, 20, tzinfo=ZoneInfo("Europe/Amsterdam"))
SHARES = ["school", "ouder", "leerling"]


def url(name, *args):
    return reverse(name, args=args)


def send(client, address, **data):
    """Open the page, then send its form as it stands with this filled in; what a page leaves out stays away."""
    fields = {}
    if (page := client.get(address)).status_code == 200 and (form := (page.context or {}).get("form")):
        fields = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    response = client.post(address, fields | data)
    assert response.status_code in (200, 302), (address, response.status_code)
    return response


def open_ronde(cast, as_):
    """In September everybody met; now leadership says how parents are received, and opens the ronde."""
    cast.with_questions()
    cast.with_ronde(state="open", code="startgesprek", name="Startgesprekken", starts_on=EARLIER, ends_on=EARLIER)
    met = cast.with_gesprek(cast.elif_)
    as_.staff(cast.saskia).post(url("hold", met.pk), {"held_on": EARLIER.isoformat()})
    ronde = cast.with_ronde()
    cast.with_times()
    leiding = as_.staff(cast.annemiek)
    send(leiding, url("ronde_edit", ronde.pk), reception="Koffie in de hal, de conciërge wijst de weg", reason="")
    leiding.post(url("open_ronde", ronde.pk))
    ronde.refresh_from_db()
    assert ronde.is_open and ronde.reception
    return ronde


def answers_of(page, words):
    """{field: words} for every question on a form of preparation, laid on the table."""
    questions = page.context["form"].questions
    return {f"t{q.pk}": words for q in questions} | {f"v{q.pk}": "table" for q in questions}


def prepare(client, gesprek, words, name="prepare", **more):
    address = url(name, gesprek.pk)
    page = client.get(address)
    answer = client.post(address, {"seen_version": 0, **answers_of(page, words), **more})
    assert answer.status_code == 302, answer.status_code


def attendance(gesprek):
    """Everybody was there, and of the family everybody spoke."""
    rows = Deelname.objects.filter(gesprek=gesprek)
    return {f"d{row.pk}": "ja" for row in rows} | {f"{c}{row.pk}": "1" for row in rows for c in "gs"}


def everything(cast, as_, clock, ronde):
    """Elif's gesprek: chosen by her mother, prepared by three, all there, recorded, agreed and shared."""
    gesprek = Gesprek.objects.get(ronde=ronde, leerling=cast.elif_)
    mother, teacher = as_.link(cast.fatma, confirmed=True), as_.staff(cast.saskia)
    slot = Slot.objects.filter(ronde=ronde, medewerker=cast.saskia.medewerker).order_by("starts_at").first()
    mother.post(url("choose", gesprek.pk, slot.pk))
    for seen in (
        "requested",
        "ordered",
    ):  # the office orders the interpreter her mother needs, and hears it is all right
        asked = gesprek.interpreter_request.pk
        as_.staff(cast.pieter).post(url("interpreter_step", asked), {"seen": seen})
    prepare(mother, gesprek, "Thuis leest zij graag voor", point="Over zwemles", klaar="1")
    prepare(as_.pupil(cast.elif_), gesprek, "Ik kan goed rekenen")
    prepare(teacher, gesprek, "Elif hielp een klasgenoot met lezen", name="prepare_teacher")
    clock.move_to(AFTER_IT)
    teacher = as_.staff(cast.saskia)
    teacher.post(url("save_attendance", gesprek.pk), attendance(gesprek))
    brought = {f"{c}{point.pk}": "1" for point in Bespreekpunt.objects.filter(gesprek=gesprek) for c in "gp"}
    teacher.post(url("save_points", gesprek.pk), brought)
    words = {
        "about_child": "Het gaat goed.",
        "interests": "Elif wil dierenarts worden.",
        "disappointment": "Het zwemdiploma lukte niet.",
        "perspective": "In het voorjaar mag zij weer.",
        "at_home": "Vraag Elif wat zij het liefst voorleest.",
    }
    teacher.post(url("talk", gesprek.pk), {"seen_version": 0, **words})
    form = teacher.get(url("talk", gesprek.pk)).context["agreement_form"]
    concerns = [person.pk for person in form.fields["concerns"].queryset]
    agreed = {"who": "Elif en haar ouders", "what": "elke avond voorlezen", "evaluate_on": "2027-02-01"}
    answer = teacher.post(url("add_agreement", gesprek.pk), {**agreed, "shares": SHARES, "concerns": concerns})
    assert answer.status_code == 302 and Agreement.objects.filter(gesprek=gesprek).count() == 1
    close(teacher, gesprek)
    return gesprek


def very_little(cast, as_, ronde):
    """Tess's gesprek: planned by the teacher, held, one line and one disappointment written down, not shared."""
    gesprek = Gesprek.objects.get(ronde=ronde, leerling=cast.tess)
    teacher = as_.staff(cast.saskia)
    teacher.post(url("talk", gesprek.pk), {"seen_version": 0, "about_child": "Kort.", "disappointment": "De toets."})
    close(teacher, gesprek, share=False)
    return gesprek


def plan_for(cast, as_, ronde):
    """The teacher plans Tess's gesprek herself."""
    gesprek = Gesprek.objects.get(ronde=ronde, leerling=cast.tess)
    slot = Slot.objects.filter(ronde=ronde, medewerker=cast.saskia.medewerker).order_by("starts_at").last()
    answer = as_.staff(cast.saskia).post(url("plan_for", gesprek.pk), {"slot": slot.pk, "agreed": "ja", "reason": ""})
    assert answer.status_code == 302


def close(teacher, gesprek, *, share=True):
    version = Verslag.objects.get(gesprek=gesprek).version
    teacher.post(url("finalise_record", gesprek.pk), {"held_on": DAY.isoformat(), "seen_version": version})
    if share:
        teacher.post(url("release_record", gesprek.pk))
    gesprek.refresh_from_db()
    assert gesprek.held_on == DAY


def two_gesprekken(cast, as_, clock):
    ronde = open_ronde(cast, as_)
    plan_for(cast, as_, ronde)
    full = everything(cast, as_, clock, ronde)
    return full, very_little(cast, as_, ronde)
