"""The year in one's own calendar: a secret address, stable items, nobody's name."""

from datetime import date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from gesprekken.models import Jaarplan, Ronde
from gesprekken.rondes import change_ronde
from gesprekken.year import cycle
from school import access
from school.actor import ACCOUNT, LINK, Actor
from school.models import AccessLink
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return Actor(cast.annemiek, ACCOUNT)


@pytest.fixture
def shared(cast, by):
    cycle.propose_year(schooljaar=cast.year, by=by)
    cast.with_free_day()
    cast.with_activity(date(2026, 10, 26), starts=time(19), ends=time(20, 30), place="aula")
    cycle.publish(jaarplan=Jaarplan.objects.get(schooljaar=cast.year), by=by, now=NOW)
    return cast


def events(client, token):
    answer = client.get(f"/jaar/agenda/{token}/")
    assert answer.status_code == 200, answer.status_code
    calendar = Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


@pytest.mark.req("C1")
def test_the_feed_is_read_back_with_whole_days(shared, by, client):
    found = events(client, cycle.renew_year_feed(by=by))
    start = found["Startgesprek"]
    assert start["dtstart"].dt == date(2026, 9, 7)
    assert start["dtend"].dt == date(2026, 9, 19)  # the day after the last
    assert start["sequence"] == 0 and start["transp"] == "TRANSPARENT"
    assert found["Vrij: Herfstvakantie"]["dtend"].dt == date(2026, 10, 26)
    assert found["Definitief advies uiterlijk"]["dtstart"].dt == date(2027, 3, 24)


def test_an_evening_after_the_clock_change_begins_at_the_time_on_the_wall(shared, by, client):
    evening = events(client, cycle.renew_year_feed(by=by))["Informatieavond"]
    assert evening["dtstart"].dt.replace(tzinfo=None) == datetime(2026, 10, 26, 19)
    assert evening["dtstart"].dt.utcoffset() == timedelta(hours=1)
    assert str(evening["location"]) == "aula"


def test_the_calendar_itself_has_no_uid_and_says_how_often_to_ask(shared, by, client):
    answer = client.get(f"/jaar/agenda/{cycle.renew_year_feed(by=by)}/")
    calendar = Calendar.from_ical(answer.content)
    assert "uid" not in calendar and calendar["method"] == "PUBLISH" and calendar["version"] == "2.0"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in answer.content
    assert b"BEGIN:VTIMEZONE" in answer.content
    assert answer["Content-Type"].startswith("text/calendar")


@pytest.mark.req("C1")
def test_an_item_keeps_its_uid_and_its_sequence_rises_only_when_it_is_shared_anew(shared, by, client):
    token = cycle.renew_year_feed(by=by)
    first = events(client, token)["Startgesprek"]
    ronde = Ronde.objects.get(soort__code="startgesprek")
    change_ronde(ronde=ronde, by=by, seen_version=1, starts_on=date(2026, 9, 14))
    assert events(client, token)["Startgesprek"]["dtstart"].dt == date(2026, 9, 7)
    cycle.publish(jaarplan=Jaarplan.objects.get(schooljaar=shared.year), by=by, now=NOW)
    after = events(client, token)
    assert after["Startgesprek"]["uid"] == first["uid"]
    assert (after["Startgesprek"]["sequence"], after["Voortgangsgesprek"]["sequence"]) == (1, 0)
    assert after["Startgesprek"]["dtstart"].dt == date(2026, 9, 14)


def test_nobodys_name_stands_in_it(shared, by, client):
    body = client.get(f"/jaar/agenda/{cycle.renew_year_feed(by=by)}/").content.decode()
    assert "Startgesprek" in body
    for name in ("Elif", "Yılmaz", "Saskia", "Mulder", "Annemiek", "Postma", "@wilgenhof"):
        assert name not in body


def test_a_new_address_ends_the_one_before_and_revoking_ends_it_at_once(shared, by, client):
    first, second = cycle.renew_year_feed(by=by), cycle.renew_year_feed(by=by)
    assert client.get(f"/jaar/agenda/{first}/").status_code == 404
    assert client.get(f"/jaar/agenda/{second}/").status_code == 200
    access.revoke_links(shared.annemiek)
    assert client.get(f"/jaar/agenda/{second}/").status_code == 404


def test_the_address_opens_nothing_else_and_no_other_link_opens_the_feed(shared, by, client):
    token = cycle.renew_year_feed(by=by)
    assert client.get(f"/u/{token}/").status_code == 404
    for purpose in (AccessLink.Purpose.PERSONAL, AccessLink.Purpose.FEED, AccessLink.Purpose.CARD):
        other = access.mint_link(shared.annemiek, expires_at=NOW + timedelta(days=9), purpose=purpose)
        assert client.get(f"/jaar/agenda/{other}/").status_code == 404
    assert client.get("/jaar/agenda/onzin/").status_code == 404


def test_an_address_wears_out(shared, by, client, frozen_clock):
    token = cycle.renew_year_feed(by=by)
    frozen_clock.move_to(NOW + timedelta(days=551))
    assert client.get(f"/jaar/agenda/{token}/").status_code == 404


def test_asking_again_for_the_same_costs_no_bytes(shared, by, client):
    url = f"/jaar/agenda/{cycle.renew_year_feed(by=by)}/"
    answer = client.get(url)
    assert answer["Last-Modified"]
    again = client.get(url, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and again.content == b""


@pytest.mark.req("C1")
def test_a_parent_has_an_address_of_her_own_with_what_concerns_her_children(shared, as_, client):
    token = cycle.renew_year_feed(by=Actor(shared.ria, LINK))  # mother of Daan, group 3
    found = events(client, token)
    assert "Startgesprek" in found and "Informatieavond" in found
    assert "Voorlopig adviesgesprek" not in found
    assert "Voorlopig adviesgesprek" in events(client, cycle.renew_year_feed(by=Actor(shared.ali, LINK)))


def test_a_year_that_was_not_shared_is_an_empty_calendar(cast, by, client):
    cycle.propose_year(schooljaar=cast.year, by=by)
    assert events(client, cycle.renew_year_feed(by=by)) == {}


def test_the_address_is_shown_once_and_kept_as_a_hash(shared, as_):
    leader = as_.staff(shared.annemiek)
    page = leader.post("/jaar/agenda/").content.decode()
    token = page.split("/jaar/agenda/")[1].split("/")[0]
    assert not AccessLink.objects.filter(token_hash=token).exists()
    assert AccessLink.objects.filter(token_hash=access.hashed(token), purpose="year_feed").exists()
    assert token not in leader.get("/jaar/").content.decode()


def test_coming_back_to_the_page_of_the_address_shows_the_year(shared, as_):
    """The address is in no page that can be opened again; the browser's back button and the language switch end here."""
    parent = as_.link(shared.fatma)
    parent.post("/jaar/agenda/")
    assert parent.get("/jaar/agenda/")["Location"] == "/jaar/gedeeld/"
    assert as_.staff(shared.annemiek).get("/jaar/agenda/")["Location"] == "/jaar/"
