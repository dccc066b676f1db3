"""A file far too big: the real server passes it over as it arrives, and answers with a sentence."""

import re
import time
from pathlib import Path

import pytest

from tests.proof.proof_races import TOKEN, Parent

SIZE = 200 * 1024 * 1024
PIECE = b"\xff\xd8\xff" + b"x" * (64 * 1024 - 3)
EDGE = "grens"
ROOM = 40 * 1024  # kB a process may grow while it passes over five times that


def body(token):
    """A form as a browser sends it, without ever holding it."""
    for name, value in (("csrfmiddlewaretoken", token), ("title", "Mijn toren")):
        yield f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    yield f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="toren.jpg"\r\n\r\n'.encode()
    for _piece in range(SIZE // len(PIECE)):
        yield PIECE
    yield f"\r\n--{EDGE}--\r\n".encode()


class Measured:
    """A body whose length is said beforehand, as browsers do."""

    def __init__(self, token):
        self.token, self.length = token, sum(len(piece) for piece in body(token))

    def __iter__(self):
        return body(self.token)

    def __len__(self):
        return self.length


def most_memory(base):
    """kB that the largest process of this server ever used."""
    port, most = base.rsplit(":", 1)[1], 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"127.0.0.1:{port}" in (process / "cmdline").read_text():
                status = (process / "status").read_text()
                most = max(most, int(re.search(r"VmHWM:\s+(\d+)", status)[1]))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return most


@pytest.mark.req("V4")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def proof_that_two_hundred_megabytes_are_passed_over_and_said_in_a_sentence(house):
    seeded = house.seed(1, 1)
    card = (
        "import django; django.setup();"
        "from datetime import timedelta; from django.utils import timezone;"
        "from gesprekken.models import Gesprek; from school import access; from school.models import AccessLink;"
        f"one = Gesprek.objects.select_related('leerling__person').get(pk={seeded['elif']});"
        "ends = timezone.now() + timedelta(days=9);"
        "print(access.mint_link(one.leerling.person, expires_at=ends, purpose=AccessLink.Purpose.CARD))"
    )
    token = house.run("-c", card).strip()
    temporary = house.folder / "tijdelijk"
    temporary.mkdir()
    with house.server(workers=1, TMPDIR=str(temporary)) as base:
        child = Parent(base, token)
        url = f"{base}/mijn-werk/{seeded['elif']}/"
        page = child.session.get(url, timeout=60)
        sent = Measured(TOKEN.search(page.text).group(1))
        before = most_memory(base)
        headers = {"Content-Type": f"multipart/form-data; boundary={EDGE}", "Origin": base, "Referer": url}
        began = time.monotonic()
        answer = child.session.post(url, data=sent, headers=headers, timeout=300)
        took, after = time.monotonic() - began, most_memory(base)
    print(
        f"\n{len(sent) // 2**20} MB sent in {took:.0f} s; the largest process {before // 1024} MB before, {after // 1024} MB after"
    )
    assert answer.status_code == 422
    assert answer.text.count("Dit bestand is te groot: hoogstens 20 MB.") == 1
    assert 'value="Mijn toren"' in answer.text, "what was typed is still there"
    assert before and after - before < ROOM
    assert not list(temporary.iterdir()) and not (house.folder / "media").exists(), "nothing of it is kept"
    assert house.ask("PortfolioItem.objects.count()") == 0
