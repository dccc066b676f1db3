"""The demo shows what looking back a few times gives: a line over time, and conversations still to look back on."""

import pytest
from django.urls import reverse
from django.utils import timezone

from config import demo_school
from kijkwijzer.models import Terugblik
from kijkwijzer.permissions import visible_to_look_back
from school.actor import ACCOUNT, Actor
from tests.conftest import As

pytestmark = pytest.mark.once  # the demo always stands on SQLite


@pytest.mark.django_db
def test_two_teachers_of_the_demo_looked_back_and_have_something_left_to_do():
    demo_school.build()
    observers = {terugblik.observer for terugblik in Terugblik.objects.select_related("observer__school")}
    assert len(observers) == 2
    for teacher in observers:
        own = Terugblik.objects.filter(observer=teacher, mode=Terugblik.Mode.SELF)
        assert own.count() == 5 and teacher.ontwikkelpunten.get(ended_at=None).factor == 4
        assert all(row.saved_at < timezone.now() for row in own)
        assert visible_to_look_back(Actor(teacher, ACCOUNT), timezone.now()).count() > 5
        page = As.staff(teacher).get(reverse("terugblikken")).content.decode()
        assert "keek mee" in page or "Meegekeken bij" in page
        assert "Hoe het zich ontwikkelt" in page and "Je oefent nu: Regie leerling" in page
