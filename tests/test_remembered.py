"""What is put back at the beginning of a test cannot be told from what is made."""

from datetime import timedelta

import pytest
from django.core import mail

from planning.models import Slot
from school.models import Leerling, Outgoing, School
from tests import remembered
from tests.cast import NOW

made = []


@pytest.fixture
@remembered.remembered
def told(cast, deliver, request):
    """Rows made, rows changed, rows taken away, mail sent, and something said to the cast."""
    made.append(request.node.name)
    cast.with_open_ronde()
    deliver()
    School.objects.update(name="De Nieuwe Naam")
    Leerling.objects.filter(pk=cast.daan.pk).delete()
    cast.people["first"] = Slot.objects.first()
    return cast, Outgoing.objects.order_by("pk").last()


seen = []


@pytest.mark.parametrize("time", range(3))
def test_it_is_made_once_and_looks_the_same_each_time(time, told, cast):
    same, last = told
    assert same is cast and cast.first == Slot.objects.first()
    assert cast.school.name == "De Wilgenhof" and School.objects.get().name == "De Nieuwe Naam"
    seen.append((remembered.rows(), [(m.to, m.subject, m.body, m.alternatives) for m in mail.outbox], last.pk))
    assert len(mail.outbox) > 1 and seen[-1] == seen[0]
    assert sum("looks_the_same" in name for name in made) == 1
    Slot.objects.all().delete()
    cast.first.starts_at = last.pk = None  # nothing a test does to its copy is seen by the next


def test_after_a_write_of_ones_own_it_is_made(cast, request):
    School.objects.create(slug="later", name="Een derde school")
    before = len(made)
    request.getfixturevalue("told")
    assert len(made) == before + 1
    assert School.objects.filter(name="De Nieuwe Naam").count() == 2


def test_at_another_moment_it_is_made(cast, frozen_clock, request):
    frozen_clock.move_to(NOW + timedelta(days=1))
    before = len(made)
    request.getfixturevalue("told")
    assert len(made) == before + 1
