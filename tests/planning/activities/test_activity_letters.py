"""Who cannot be mailed is invited to an activity on paper, with a code for her own page."""

import io
from datetime import date

import pypdf
import pytest

from planning.activities import asking, guests
from planning.activities import letters as for_activities
from planning.inviting import printing
from planning.models import ActivityLetter
from school import access, jobs
from school.actor import ACCOUNT, Actor
from school.models import Bounce, Job, Person, Relatie
from tests.cast import NOW
from tests.planning.activities.test_activities import change, evening
from tests.planning.inviting.test_paper import CODE, text_of

pytestmark = pytest.mark.req("C6")


def leiding(cast):
    return Actor(cast.annemiek, ACCOUNT)


@pytest.fixture
def invited(cast, deliver):
    """Fatma (Elif, group 5) has no address, Ria (Daan, group 3) never had one, Kim's mail (Noor, group 5) comes back."""
    Person.objects.filter(pk=cast.fatma.pk).update(email="", language="en")
    cast.people["avond"] = evening(cast)
    cast.avond.groepen.set([cast.groep5, cast.groep8, cast.groep3])
    asking.invite(activiteit=cast.avond, by=leiding(cast), now=NOW)
    deliver()
    Bounce.objects.create(school=cast.school, person=cast.kim, address=cast.kim.email, at=NOW)
    cast.avond.refresh_from_db()
    return cast


def made_by(cast, client):
    """The job of the letters this member of staff asked for, done."""
    answer = client.post(f"/activiteit/{cast.avond.pk}/brieven/")
    job = Job.objects.latest("pk")
    assert answer.url == f"/bezig/{job.pk}/"
    jobs.work_all()
    job.refresh_from_db()
    return job


def test_whom_no_mail_reaches_gets_a_letter_with_a_code_that_opens_the_activity(invited, as_):
    page = f"/activiteit/{invited.avond.pk}/"
    leader = as_.staff(invited.annemiek)
    html = leader.get(page).content.decode()
    assert "3 ouders krijgen geen mail" in html and "Maak de 3 brieven" in html and "komt terug" in html
    job = made_by(invited, leader)
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    of_three, of_five = (
        leader.get(f"{page}brieven/{job.pk}/{groep.pk}/1/").content for groep in (invited.groep3, invited.groep5)
    )
    assert "Ria Bos" in text_of(of_three) and "Als ouder van Daan bent u van harte welkom" in text_of(of_three)
    assert "Samen lezen." in text_of(of_five) and "Kim" in text_of(of_five)
    assert "As a parent of Elif and Emre" in text_of(of_five).replace("\n", " ")  # in Fatma's language
    assert pypdf.PdfReader(io.BytesIO(of_five)).trailer["/Root"]["/MarkInfo"]["/Marked"]
    (code,) = CODE.findall(text_of(of_three))
    assert access.find_link(code).person == invited.ria
    assert len(CODE.findall(text_of(of_five))) == 2 and ActivityLetter.objects.count() == 3
    html = leader.get(page).content.decode()
    assert "3 brieven zijn al gemaakt." in html and "Maak ze opnieuw" in html
    assert f"{page}brieven/{job.pk}/{invited.groep5.pk}/1/" in leader.get(f"{page}brieven/{job.pk}/").content.decode()

    ria = as_.link(invited.ria)
    ria.post(f"/mijn/activiteit/{invited.avond.pk}/", {"aantal": "1"})
    assert [row.person for row in guests.coming(invited.avond)] == [invited.ria]

    change(invited, on=date(2026, 12, 8))  # what was printed says another day
    assert "Maak de 3 brieven" in leader.get(page).content.decode()
    with pytest.raises(printing.LettersGone):
        printing.fetch(job=job, groep=invited.groep3, number=1, by=leiding(invited))

    again = made_by(invited, leader)  # printing again makes other codes and no second row
    assert again != job and ActivityLetter.objects.count() == 3
    assert printing.fetch(job=again, groep=invited.groep3, number=1, by=leiding(invited))
    Relatie.objects.filter(person=invited.kim).update(restriction=True)
    with pytest.raises(printing.LettersGone):
        printing.fetch(job=again, groep=invited.groep5, number=1, by=leiding(invited))
    assert (
        "Maak ze opnieuw"
        in leader.get(f"{page}brieven/{again.pk}/{invited.groep5.pk}/1/", follow=True).content.decode()
    )


def test_a_teacher_prints_those_of_her_own_group_and_nobody_prints_what_is_off(invited, as_, monkeypatch):
    saskia = as_.staff(invited.saskia)
    assert "2 ouders krijgen geen mail" in saskia.get(f"/activiteit/{invited.avond.pk}/").content.decode()
    saskia.post(f"/activiteit/{invited.avond.pk}/brieven/")
    job = Job.objects.get()
    assert job.args == {"activiteit": invited.avond.pk, "groepen": [invited.groep5.pk]}
    assert saskia.get(f"/activiteit/{invited.avond.pk}/brieven/{job.pk}/{invited.groep3.pk}/1/").status_code == 404
    assert as_.staff(invited.bas).get(f"/activiteit/{invited.avond.pk}/brieven/{job.pk}/").status_code == 404
    type(invited.avond).objects.update(called_off_at=NOW)
    assert (
        "geen brieven te maken" in saskia.post(f"/activiteit/{invited.avond.pk}/brieven/", follow=True).content.decode()
    )
    jobs.work_all()
    job.refresh_from_db()
    assert job.state == "done" and job.result["groepen"] == [] and not ActivityLetter.objects.exists()


def test_who_has_children_in_two_groups_gets_one_letter_with_the_first(invited):
    found = for_activities.per_groep(invited.avond)
    assert invited.fatma in found[invited.groep5.pk]  # Elif's; Emre is in group 8
    assert invited.groep8.pk not in found
