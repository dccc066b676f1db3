"""A mother who reads Arabic: the mail, her page, a time, another time, her own words and an interpreter; no Dutch left."""

import re

import pytest
from django.core import mail
from django.utils import translation

from planning.models import Booking
from school import outbox
from tests.translations import dutch_in

pytestmark = pytest.mark.browser


def arabic(sentence):
    with translation.override("ar"):
        return translation.gettext(sentence)


def reads_well(window, name):
    """Accessible, mirrored, and all of what the product says itself is in Arabic."""
    window.check().picture(f"ar-{name}")
    assert window.page.locator("html[lang=ar][dir=rtl]").count() == 1
    assert dutch_in(window.page.locator("main").inner_text()) == set()


def presses(window, sentence, **options):
    return window.click(arabic(sentence), exact=True, check=False, **options)


@pytest.mark.long
@pytest.mark.req("I5", "I3", "I4")
def test_a_mother_who_reads_arabic_does_all_she_came_for_in_arabic(browser, journey_cast):
    cast = journey_cast
    cast.with_questions().with_open_ronde()
    cast.fatma.language = "ar"  # told late: an interpreter for Turkish was asked for already
    cast.fatma.save()
    gesprek = cast.gesprek_of(cast.elif_)
    outbox.deliver_all()
    invitation = next(message for message in mail.outbox if message.to == ["fatma@ouders.example"])
    assert invitation.subject.startswith("دعوة")
    assert dutch_in(invitation.body) == set()
    html = invitation.alternatives[0][0]
    assert '<html lang="ar" dir="rtl">' in html
    mother = browser.phone()
    mother.page.set_content(html)
    mother.picture("ar-mail")

    mother.open(re.search(r"/u/[^\s]+", invitation.body).group())
    reads_well(mother, "link")
    presses(mother, "Open mijn pagina")
    reads_well(mother, "mijn")
    brand = mother.page.locator(".brand").bounding_box()
    assert brand["x"] + brand["width"] > 375 - 32, "what stands left in Dutch stands right"
    mother.open(f"/mijn/{gesprek.pk}/tijden/", check=False)
    reads_well(mother, "tijden")
    mother.click("15:15", check=False)
    reads_well(mother, "kies")
    presses(mother, "Kies deze tijd")
    reads_well(mother, "staat-vast")
    presses(mother, "Andere tijd")
    mother.click("15:30", check=False)
    presses(mother, "Kies deze tijd")
    reads_well(mother, "verzet")
    assert Booking.objects.active().get().starts_at.minute == 30

    presses(mother, "Bereid het gesprek voor")
    reads_well(mother, "voorbereiden")
    mother.page.locator("textarea").first.fill("تحب القراءة")
    presses(mother, "Bewaar")
    reads_well(mother, "bewaard")
    mother.open(f"/mijn/{gesprek.pk}/tolk/", check=False)
    reads_well(mother, "tolk")
    mother.page.locator("select[name=language]").select_option("ar")
    presses(mother, "Bewaar wat ik heb veranderd")
    reads_well(mother, "tolk-gevraagd")
    assert gesprek.interpreter_request.language == "ar"
    for page in ("bel-mij", "geen-tijd-past"):
        mother.open(f"/mijn/{gesprek.pk}/{page}/", check=False)
        reads_well(mother, page)
    mother.open("/code-per-mail/", check=False)
    reads_well(mother, "extra-stap")
    outbox.deliver_all()
    told = [message for message in mail.outbox if message.to == ["fatma@ouders.example"]][1:]
    assert told
    assert all(dutch_in(message.body) == set() for message in told)
