"""Whom the invitation reaches: by mail, by letter, or not at all, before and after opening."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning.inviting import checklist, opening, paper, reach
from school.actor import Actor
from school.models import Bounce, Relatie
from tests.cast import NOW


def told(found):
    by_name = [
        [(who.person.first_name, who.children) for who in people] for people in (found.no_address, found.came_back)
    ]
    return found.by_mail, *by_name, found.restricted, found.otherwise, [str(leerling) for leerling in found.alone]


@pytest.mark.req("I3", "I3a")
def test_leadership_sees_whom_it_reaches_and_why_not_before_and_after_opening(cast, as_):
    Bounce.objects.create(school=cast.school, person=cast.sander, address="sander@ouders.example")
    Bounce.objects.create(school=cast.school, person=cast.kim, address="oud@ouders.example")  # not hers any more
    Relatie.objects.filter(person=cast.joost).update(apart=False, afterwards=True)
    cast.pupil("mo", "Mo", "Alleen", cast.groep3)
    ronde = cast.with_ronde()
    cast.with_times()
    client = as_.staff(cast.annemiek)
    expected = (3, [("Ria", ["Daan"])], [("Sander", ["Tess"])], 1, 1, ["Mo Alleen"])
    assert told(reach.reach_of(ronde)) == expected
    said = {finding.text: finding.page for finding in checklist.check(ronde, now=NOW)}
    assert "1 ouder heeft geen e-mailadres en krijgt een brief." in said
    assert said["Van 1 ouder komt de mail terug. Die krijgt een brief."] == "sending"
    page = client.get(f"/rondes/{ronde.pk}/versturen/").content.decode()
    client.post(f"/rondes/{ronde.pk}/openen/", {"when": "meteen"})
    ronde.refresh_from_db()
    assert told(reach.reach_of(ronde)) == expected
    assert paper.letters_to_print(ronde) == 2
    for html in (page, client.get(f"/rondes/{ronde.pk}/versturen/").content.decode()):
        assert "3 ouders per e-mail" in html
        for person in (cast.ria, cast.sander):
            assert f'href="/mensen/{person.pk}/"' in html
        assert "Mo Alleen" in html
        assert "1 ouder krijgt niets over een kind" in html
        assert "Kuiper" not in html  # who must have no contact is counted, never named
    Bounce.objects.create(school=cast.school, person=cast.kim, address="KIM@ouders.example")  # comes back afterwards
    assert told(reach.reach_of(ronde))[2] == [("Kim", ["Noor"]), ("Sander", ["Tess"])]
    assert paper.waiting_letters(ronde)[cast.groep5.pk] == (2, 0)


def test_the_page_asks_as_much_of_the_database_for_a_big_school(cast, as_):
    """Forty families more, not one question more; long lists are folded away."""
    ronde = cast.with_open_ronde()
    client = as_.staff(cast.annemiek)

    def look():
        with CaptureQueriesContext(connection) as asked:
            html = client.get(f"/rondes/{ronde.pk}/versturen/").content.decode()
        return len(asked), '<details class="meer"' in html

    before, folded = look()
    assert not folded
    for n in range(40):
        child = cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5)
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Extra", [child], email=n % 2 == 0)
    opening.add_arrivals(ronde=ronde, by=Actor.system(cast.school))
    assert look() == (before, True)
