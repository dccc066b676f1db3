"""The card with agreements: in the reader's language, with what concerns her, once it is shared."""

import io
import re

import pypdf
import pytest
from django.urls import reverse

from gesprekken.models import Agreement, Verslag
from school.models import Relatie

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cast):
    cast.with_gesprek()
    verslag = cast.with_verslag(released=True, about_child="KANARIE-VERSLAG")
    Verslag.objects.update(at_home="Praat over lezen")
    alone = Agreement.objects.create(
        school=cast.school, gesprek=cast.gesprek, verslag=verslag, who="Ali", what="ALLEENALI", seen_when="Blij"
    )
    alone.concerns.set([cast.ali])
    return cast


def document(response):
    return pypdf.PdfReader(io.BytesIO(response.content))


def words(response):
    return "\n".join(page.extract_text() for page in document(response).pages)


def test_each_reads_her_own_on_one_tagged_page(shared, as_):
    url = reverse("agreements_card", args=[shared.gesprek.pk])
    mother = as_.link(shared.fatma, confirmed=True).get(url)
    said = words(mother)
    about = document(mother)
    assert about.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(about.pages) == 1
    assert "Elke avond tien minuten lezen" in " ".join(said.split())
    assert "Praat over lezen" in said
    assert "ALLEENALI" not in said
    assert "KANARIE" not in said
    assert "ALLEENALI" in words(as_.link(shared.ali, confirmed=True).get(url))


def test_on_paper_it_is_in_the_language_of_who_gets_it(shared, as_):
    shared.fatma.language = "ar"
    shared.fatma.save()
    teacher = as_.staff(shared.saskia)
    hers = teacher.get(reverse("agreements_card_print", args=[shared.gesprek.pk, shared.fatma.pk]))
    assert re.search("[\u0600-\u06ff\ufb50-\ufeff]{3}", words(hers))
    assert "Dit spraken" not in words(hers)
    pupils = teacher.get(reverse("agreements_card_print", args=[shared.gesprek.pk, shared.elif_.person.pk]))
    assert "Dit spraken we samen af" in words(pupils)
    assert "Praat over lezen" not in words(pupils)  # the verslag is her parents' (decision 0052)


def test_before_sharing_and_under_a_restriction_there_is_no_card(shared, as_):
    url = reverse("agreements_card", args=[shared.gesprek.pk])
    mother, teacher = as_.link(shared.fatma, confirmed=True), as_.staff(shared.saskia)
    paper = reverse("agreements_card_print", args=[shared.gesprek.pk, shared.fatma.pk])
    assert mother.get(url).status_code == teacher.get(paper).status_code == 200
    Relatie.objects.filter(person=shared.fatma).update(restriction=True)
    assert mother.get(url).status_code == teacher.get(paper).status_code == 404
    Relatie.objects.filter(person=shared.fatma).update(restriction=False)
    Verslag.objects.update(released_at=None)
    assert mother.get(url).status_code == teacher.get(paper).status_code == 404
