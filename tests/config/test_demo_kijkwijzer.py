"""The demo shows what looking back a few times gives: a line over time, and conversations still to look back on."""

import pytest
from django.urls import reverse
from django.utils import timezone

from config import demo_school
from kijkwijzer.models import Sharing, Sitting, Terugblik
from kijkwijzer.permissions import visible_to_look_back
from school.actor import ACCOUNT, Actor
from tests.conftest import As

pytestmark = pytest.mark.once  # the demo always stands on SQLite


@pytest.mark.django_db
def test_two_teachers_of_the_demo_looked_back_and_have_something_left_to_do():
    demo_school.build()
    alone = Terugblik.objects.filter(mode=Terugblik.Mode.SELF).select_related("observer__school")
    observers = {terugblik.observer for terugblik in alone}
    assert len(observers) == 2
    for teacher in observers:
        own = Terugblik.objects.filter(observer=teacher, mode=Terugblik.Mode.SELF)
        assert own.count() == 5 and teacher.ontwikkelpunten.get(ended_at=None).factor == 4
        assert all(row.saved_at < timezone.now() for row in own)
        assert visible_to_look_back(Actor(teacher, ACCOUNT), timezone.now()).count() > 5
        page = As.staff(teacher).get(reverse("terugblikken")).content.decode()
        assert "keek mee" in page or "Meegekeken bij" in page
        assert Sharing.objects.filter(terugblik__mode=Terugblik.Mode.COLLEAGUE).count() == 1
        assert "Hoe het zich ontwikkelt" in page and "Je oefent nu: Regie leerling" in page
    done, going_on = Sitting.objects.order_by("opened_at")
    assert set(done.pictures) == set(Terugblik.Part.values) and done.pictures["before"]["people"] == 8
    assert done.closed_at and not going_on.closed_at and not going_on.pictures
    assert going_on.terugblikken.filter(finished_at__isnull=False).count() == 3
