"""What booking asks of the database, session and actor included: a fixed number, however many times and families."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning.inviting import opening
from planning.models import Booking, Slot
from school.actor import ACCOUNT, Actor
from tests.cast import NOW

PAGE, CLAIM = 8, 17


def evening_of(cast, number):
    """An open ronde with so many times, so many families, and one family with so many children."""
    cast.with_ronde(groepen=[cast.groep5])
    for n in range(number):
        child = cast.pupil(f"kind{n}", f"Kind{n}", "Proef", cast.groep5)
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Proef", [child])
    brood = [cast.pupil(f"nest{n}", f"Nest{n}", "Groot", cast.groep5) for n in range(number)]
    cast.guardian("moeder", "Moeder", "Groot", brood)
    cast.guardian("vader", "Vader", "Groot", brood)
    minutes = 15 * (number + 1)
    cast.with_times(cast.saskia, starts=time(9), ends=time(9 + minutes // 60, minutes % 60))
    opening.open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    return list(Slot.objects.filter(ronde=cast.ronde))


def statements(act):
    """What was asked, without the savepoints in which a test runs what would be transactions."""
    with CaptureQueriesContext(connection) as captured:
        act()
    texts = [q["sql"] or "a plan that PostgreSQL keeps" for q in captured]  # of those it is not told what was asked
    return [text for text in texts if not text.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


def assert_at_most(most, asked):
    assert len(asked) <= most, "\n".join(asked)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_page_with_times(cast, as_, number):
    evening_of(cast, number)
    client, gesprek = as_.link(cast.moeder), cast.gesprek_of(cast.nest0)
    answers = []
    assert_at_most(PAGE, statements(lambda: answers.append(client.get(f"/mijn/{gesprek.pk}/tijden/"))))
    assert answers[0].content.decode().count('class="btn" href="/mijn/') == number + 1


@pytest.mark.parametrize("number", [1, 3, 30])
def test_a_claim(cast, as_, number):
    slots = evening_of(cast, number)
    for n in range(number - 1):  # others were first, elsewhere in the evening
        as_.link(cast.people[f"ouder{n}"]).post(
            f"/mijn/{cast.gesprek_of(cast.people[f'kind{n}']).pk}/tijden/{slots[n].pk}/"
        )
    client, gesprek = as_.link(cast.moeder), cast.gesprek_of(cast.nest0)
    answers = []
    asked = statements(lambda: answers.append(client.post(f"/mijn/{gesprek.pk}/tijden/{slots[-1].pk}/")))
    assert answers[0].headers["Location"] == f"/mijn/{gesprek.pk}/tijd/"
    assert Booking.objects.active().count() == number
    assert_at_most(CLAIM, asked)
