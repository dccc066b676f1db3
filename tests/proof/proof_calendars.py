"""Calendars stay right over the whole life of an appointment: by mail in any order, and in real calendar programs.

The programs: vdirsyncer fetches a feed over HTTP into a folder, khal says what a person would see there, a Radicale
server is given the same feed and gives it back, vobject and icalendar read the files.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from email.policy import SMTP
from pathlib import Path

import icalendar
import pytest
import requests
import vobject

from tests.proof.conftest import QUICK, free_port
from tests.proof.mail_server import MailServer
from tests.proof.receiver import Receiver

LIVES = 10 if QUICK else 300
WALL = "%Y-%m-%d %H:%M"
BIN = Path(sys.executable).parent


@pytest.mark.quick_on("sqlite")
@pytest.mark.req("I6")
def proof_that_every_calendar_ends_with_the_real_appointments(house):
    house.on.empty(house)
    print("\n" + house.run("-m", "tests.proof.lives", str(LIVES), timeout=1500))


@contextmanager
def radicale(folder):
    """A calendar server of its own, at which Fatma has an empty calendar. Gives that calendar's address."""
    port = free_port()
    (folder / "radicale.ini").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = authenticated\n"
        f"[storage]\nfilesystem_folder = {folder / 'collections'}\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", str(folder / "radicale.ini")],
        stdout=subprocess.DEVNULL, stderr=(folder / "radicale.log").open("w"),
    )  # fmt: skip
    calendar = f"http://127.0.0.1:{port}/fatma/gesprekken/"
    try:
        for _ in range(100):
            try:
                made = requests.request("MKCALENDAR", calendar, auth=("fatma", "x"), timeout=20)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        assert made.status_code == 201, made.text
        yield calendar
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


class Desk:
    """What stands on the mother's desk: a synchroniser between the feed and a folder, and khal to look into it."""

    def __init__(self, folder, feed):
        self.folder = folder
        self.env = {**os.environ, "HOME": str(folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "Europe/Amsterdam"}
        (folder / "vdirsyncer.ini").write_text(
            f"""[general]
status_path = "{folder}/status/"
[pair down]
a = "feed"
b = "vdir"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "{feed}"
[storage vdir]
type = "filesystem"
path = "{folder}/vdir/"
fileext = ".ics"
"""
        )
        (folder / "khal.ini").write_text(
            f"""[calendars]
[[gesprekken]]
path = {folder}/vdir/
readonly = True
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = {WALL}
longdatetimeformat = {WALL}
[sqlite]
path = {folder}/khal.db
"""
        )
        (folder / "vdir").mkdir()
        self.tool("vdirsyncer", "discover")

    def tool(self, name, *words):
        config = ["-c", str(self.folder / f"{name}.ini")]
        done = subprocess.run(
            [str(BIN / name), *config, *words], env=self.env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def synchronise(self):
        self.tool("vdirsyncer", "sync", "--force-delete")

    def seen(self, since):
        """[[start, end]] as khal shows them on the wall. (vdirsyncer gives what it fetches UIDs of its own.)"""
        form = "{start-long-full}|{end-long-full}"
        listed = self.tool("khal", "list", "--day-format", "", "--format", form, since, "90d")
        return sorted(line.split("|") for line in listed.splitlines() if line)


def put_and_read_back(calendar, content):
    """{uid: [start, end]} that the server gives back after it was given this feed."""
    fatma = {"auth": ("fatma", "x"), "timeout": 20}
    put = requests.put(calendar, data=content.encode(), headers={"Content-Type": "text/calendar"}, **fatma)
    assert put.status_code == 201, put.text
    return read_twice(requests.get(calendar, **fatma).text)


def happens(house, what):
    return json.loads(house.run("-m", "tests.proof.clock_change", what).splitlines()[-1])


def read_twice(content):
    """{uid: [start, end]} as on the wall, by two parsers that agree."""
    by_icalendar = {
        str(event["UID"]): [f"{event[name].dt:{WALL}}" for name in ("DTSTART", "DTEND")]
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
    }
    calendar = vobject.readOne(content)
    by_vobject = {
        event.uid.value: [f"{moment.value:{WALL}}" for moment in (event.dtstart, event.dtend)]
        for event in getattr(calendar, "vevent_list", [])
    }
    assert by_icalendar == by_vobject
    return by_icalendar


@pytest.mark.req("I6")
@pytest.mark.parametrize("engine", ["sqlite"])
def proof_that_real_calendar_programs_follow(house, tmp_path):
    with MailServer() as post:
        house.env["PROOF_SMTP_PORT"] = str(post.port)
        follow_the_programs(house, post, tmp_path)


def follow_the_programs(house, post, tmp_path):
    house.on.empty(house)
    told = happens(house, "begin")
    assert {when[0][:10] for when in told["mother"].values()} == {told["friday"], told["monday"]}
    with house.server(workers=1) as base, radicale(tmp_path) as calendar:
        address = f"{base}/agenda/{told['addresses']['mother']}/"
        desk = Desk(tmp_path, address)
        for what in (None, "move", "cancel"):
            now = happens(house, what) if what else told
            desk.synchronise()
            assert desk.seen(told["friday"]) == sorted(now["mother"].values())
            feed = requests.get(address, timeout=20).text
            assert read_twice(feed) == put_and_read_back(calendar, feed) == now["mother"]
            teacher = requests.get(f"{base}/agenda/{told['addresses']['teacher']}/", timeout=20).text
            assert read_twice(teacher) == now["teacher"]
            assert shown_by_mail(post) == now["mother"]
        assert len(told["mother"]) == 2 and len(now["mother"]) == 1


def shown_by_mail(post):
    """What the mother's calendar shows when she opens the files of her mails, newest first."""
    receiver = Receiver("fatma@ouders.example")
    for address, message in reversed(post.taken):
        if address == "fatma@ouders.example":
            receiver.receive(message.as_bytes(policy=SMTP))
    return {uid: [f"{when[0]:{WALL}}" for when in whens] for uid, whens in receiver.shown().items()}
