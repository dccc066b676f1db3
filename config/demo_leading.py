"""A ronde of the demo that pupils lead themselves: charts chosen with them, slides in their words, a report to read."""

from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef

from config import demo_development, demo_gesprekken, demo_rondes
from gesprekken.development import portfolio
from gesprekken.models import Deelname, PortfolioItem, Ronde, Slide
from gesprekken.preparing import presenting
from planning.inviting import opening
from planning.models import Booking
from school.actor import LINK, Actor
from school.models import Person
from school.pdf import render_pdf

Kind = Slide.Kind
SLIDES = [
    (Kind.PROGRESS, "Rekenen gaat vooruit", "Ik oefende elke dag met de tafels. Nu durf ik ook breuken.", "rekenen"),
    (Kind.GOOD, "Hier ben ik trots op", "Mijn spreekbeurt over de haven. Iedereen stelde vragen.", ""),
    (Kind.ATTENTION, "Dit is nog lastig", "Bij lange teksten weet ik soms niet meer wat ik las.", "begrijpend lezen"),
    (Kind.HELP, "Zo kunnen jullie helpen", "Vraag mij thuis wat er in het boek gebeurde.", ""),
]
REPORT = [
    ("Hoe het gaat", "{name} werkt met aandacht en vraagt hulp wanneer dat nodig is. De sfeer in de groep is goed."),
    ("Lezen en taal", "Technisch lezen gaat vlot. Bij begrijpend lezen oefenen we met het vinden van de kern."),
    ("Rekenen", "De tafels zitten vast. Dit jaar komen breuken, procenten en verhoudingen aan de orde."),
    ("Samen werken", "{name} luistert naar anderen en durft een eigen mening te geven."),
]


def build(demo):
    ronde = demo_rondes.new_ronde(
        demo, "vooruitblik-7", "Vooruitblik groep 7", demo.monday(20), groepen={7}, lead=Ronde.Lead.LEERLING, lead_checks=Ronde.LeadCheck.values,
        reception="De leerling haalt u op in de hal", booking_closes_days=7,
    )  # fmt: skip
    demo_rondes.give_windows(demo, ronde)
    opening.open_ronde(ronde=ronde, by=demo.leiding, now=demo.moment(-4))
    ronde.refresh_from_db()
    demo_rondes.let_parents_choose(demo, ronde, 0.7, now=demo.moment(-3))
    demo_gesprekken.prepare_some(ronde, demo.dice, now=demo.moment(-1, 19))
    demo_development.show_some(ronde)
    teacher = demo.actor(Person.objects.filter(medewerker__groepen=demo.groepen[7]).order_by("pk").first())
    with_time = Exists(Booking.objects.active().filter(gesprek=OuterRef("pk")))
    led = ronde.gesprekken.filter(shown_charts__isnull=False).distinct().annotate(with_time=with_time)
    led = led.select_related("ronde", "leerling__person__school").order_by("-with_time", "pk")
    for number, gesprek in enumerate(led[:4]):
        if number < 2:
            report(demo, gesprek, teacher, released=number == 0)
        if gesprek.deelnames.filter(as_role=Deelname.As.LEERLING).exists():
            make_slides(demo, gesprek, len(SLIDES) - number)


def make_slides(demo, gesprek, count):
    pupil = Actor(gesprek.leerling.person, LINK)
    for kind, title, text, chart in SLIDES[:count]:
        presenting.add_slide(
            gesprek=gesprek, by=pupil, now=demo.moment(-1, 15), kind=kind, title=title, text=text, chart=chart
        )


def report(demo, gesprek, teacher, *, released):
    name = gesprek.leerling.person.first_name
    parts = [(head, text.format(name=name)) for head, text in REPORT]
    pupil = gesprek.leerling.person.name
    pdf = render_pdf("config/demo_report.html", {"pupil": pupil, "school": demo.school, "parts": parts})
    upload = ContentFile(pdf, name="rapport.pdf")
    item = portfolio.add(
        gesprek=gesprek, kind=PortfolioItem.Kind.REPORT, title=f"Rapport {demo.year}", upload=upload, by=teacher,
        now=demo.moment(-2, 16),
    )  # fmt: skip
    if released:
        portfolio.release(gesprek=gesprek, items=[item.pk], by=teacher, now=demo.moment(-1, 16))
