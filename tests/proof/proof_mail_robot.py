"""Whatever a robot does with a mail, nothing happens: no vote, no cancelled time, no session, no other mail."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session

from school import outbox, registry
from school.models import Outgoing
from tests.cast import NOW, Cast
from tests.proof import mail_robot
from tests.proof.conftest import QUICK
from tests.proof.mail_scene import Scene
from tests.proof.mail_server import MailServer

KEY_OF_PASSWORD_LINK = "_password_reset_key"
STAYS = 1 if QUICK else 30  # seconds that the robot's browser looks at a page


@pytest.fixture
def sent(live_server, transactional_db, settings):
    """{message: EmailMessage}: one of every message there is, as it went over the line, and the server it went to."""
    with MailServer() as server, time_machine.travel(NOW, tick=True):
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
            "school.smtp.EmailBackend",
            "127.0.0.1",
            server.port,
        )
        settings.BASE_URL = live_server.url
        Scene(Cast.build()).play()
        of_row = {mail["Message-ID"].split(".")[0].removeprefix("<g"): mail for _address, mail in server.taken}
        went = Outgoing.objects.filter(state=Outgoing.State.SENT).order_by("pk")
        yield server, {row.message: of_row[str(row.pk)] for row in went}


@pytest.mark.req("I1", "I3")
def proof_that_a_robot_changes_nothing(sent, live_server, chromium):
    server, messages = sent
    assert set(registry.mails) - set(messages) == set(), "these messages need a scene in tests/proof/mail_scene.py"
    links = {link: name for name, mail in messages.items() for link in mail_robot.links_in(mail)}
    foreign = [link for link in links if not mail_robot.same_site(link, live_server.url)]
    assert foreign == [], "a mail leads somewhere else"
    before, taken = mail_robot.tables(), len(server.taken)

    answers = {}
    for link in links:
        answers |= mail_robot.read(link, live_server.url)
    mail_robot.look(chromium, list(links), seconds=STAYS)
    outbox.deliver_all(now=NOW + timedelta(days=1))

    print(f"\n{len(messages)} messages, {len(links)} links, {len(answers)} addresses asked for")
    assert [address for address, status in answers.items() if status >= 500] == []
    assert len(links) > 15  # the robot did find them
    after = mail_robot.tables()
    assert [name for name in before if before[name] != after[name]] in ([], ["django_session"])
    # allauth moves the key of a link to choose a password out of the address, into a session of whoever asks. It signs
    # nobody in, and the link stays good. No other page makes a session.
    assert {frozenset(session.get_decoded()) for session in Session.objects.all()} <= {
        frozenset([KEY_OF_PASSWORD_LINK])
    }
    assert len(server.taken) == taken


def proof_that_the_robot_would_see_a_change(sent, live_server):
    """The control: somebody presses the button behind one of the same links."""
    _server, messages = sent
    link = mail_robot.links_in(messages["planning.invitation"])[0]
    before = mail_robot.tables()
    page = mail_robot.requests.Session()
    page.get(link)
    page.post(link, {"csrfmiddlewaretoken": page.cookies["csrftoken"]}, headers={"Referer": link})
    changed = [name for name, rows in mail_robot.tables().items() if rows != before[name]]
    assert changed == ["django_session"]
