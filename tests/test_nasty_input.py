"""Nobody gets an error page out of us: nasty values in every form of the access matrix, and in addresses and headers."""

import inspect
import re
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tests.matrix import planning
from tests.matrix.roles import ROLES
from tests.test_access_matrix import FLOORS, our_patterns

pytestmark = pytest.mark.stricter

NASTY = {
    "nul": "a\x00b",
    "half a character": "\ud800",
    "huge number": "1" + "0" * 30,
    "more digits than Python reads": "9" * 5000,
    "negative": "-1",
    "a digit that is no number": "²",
    "digits of another script": "٣",
    "right to left": "\u202e<script>alert(1)</script>\u200f\ufeff",
    "emoji": "👩‍👧" * 40,
    "long": "x" * 20_000,
    "date of no calendar": "9999-12-31",
    "first day ever": "0001-01-01",
    "not a number": "NaN",
    "an address with lines": "a@b.example\r\nBcc: everybody@b.example",
}
TYPED = ("nul", "right to left", "long", "date of no calendar", "first day ever")  # where a field is near
BEHIND_THE_QUESTION_MARK = {
    "q", "van", "wie", "dag", "jaar", "soort", "taal", "next", "ronde", "factor", "pagina", "versie", "verstuurd",
    "op", "per", "wat", "vak", "bewaar", "naar", "later", "groep", "terug", "als", "gezin",
    "dia", "film", "bij", "deel", "cluster", "vaardigheden", "wijzig", "schooljaar",
}  # fmt: skip
IN_ADDRESS = ("nul", "half a character", "more digits than Python reads", "a digit that is no number")
NAME_IN_CODE = re.compile(r"""(?:POST(?:\.get|\.getlist)?[\[(]|["'](?=\w+["'] in request\.POST))["'](\w+)["']""")


class Fields(HTMLParser):
    """{name: value} of everything a page would post."""

    def __init__(self):
        super().__init__()
        self.found, self.of_select, self.of_text = {}, None, None

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        name = of.get("name")
        if tag == "option" and self.of_select and of.get("value"):
            self.found[self.of_select] = self.found[self.of_select] or of["value"]
        if tag == "select":
            self.of_select = name
        if name and tag in ("input", "select", "textarea", "button"):
            self.found.setdefault(name, of.get("value") or "")

    @classmethod
    def of(cls, page):
        parser = cls()
        parser.feed(page)
        return {name: value for name, value in parser.found.items() if name != "csrfmiddlewaretoken"}


def encoded(pairs):
    """As a browser would, and what only an attacker sends too: half characters go over the line as they are."""
    return urlencode([(name.encode("utf-8", "surrogatepass"), v.encode("utf-8", "surrogatepass")) for name, v in pairs])


def names_in_code(view):
    """Fields a view reads by name, also where no page shows them."""
    module = inspect.getmodule(inspect.unwrap(view))
    return set(NAME_IN_CODE.findall(inspect.getsource(module))) if module else set()


def attempts(good, names):
    """(what is tried, the pairs to post). Where nothing is read, little is tried."""
    yield "nothing", []
    yield "everything twice", [(name, value) for name, value in good.items() for _ in range(2)]
    read = {*good, *names}
    for what, nasty in NASTY.items() if read else [("nul", NASTY["nul"])]:
        yield f"{what} everywhere", [(name, nasty) for name in sorted(read | BEHIND_THE_QUESTION_MARK)]
    for what in TYPED if good else []:
        typed = [(name, value if value.isdecimal() else NASTY[what]) for name, value in good.items()]
        yield f"{what} in what one types", typed


def answer(ask, *args, **kwargs):
    """The status of one request that leaves nothing behind."""
    with transaction.atomic():
        status = ask(*args, **kwargs).status_code
        transaction.set_rollback(True)
    return status


def as_role(allowed, cast, next_door):
    """A client of the role that may do most here, that shows an error as a visitor would see it."""
    roles = allowed.split()
    role = next((r for r in ("guardian_confirmed", "leiding", "teacher") if r in roles), roles[0])
    client = ROLES[role](cast, next_door)
    client.raise_request_exception = False
    return client


def broken_forms(row, cast, next_door):
    client, url = as_role(row.post, cast, next_door), reverse(row.name, kwargs=row.kwargs(cast))
    page = client.get(url)
    good = Fields.of(page.content.decode()) if page.status_code == 200 else {}
    good |= {key: str(value) for key, value in row.data.items()}
    for what, pairs in attempts(good, names_in_code(VIEWS[row.name])):
        status = answer(client.post, url, encoded(pairs), content_type="application/x-www-form-urlencoded")
        if status >= 500:
            yield f"{row.name}, {what}: {status}"


def broken_addresses(row, cast, next_door):
    client, kwargs = as_role(row.get, cast, next_door), row.kwargs(cast)
    url = reverse(row.name, kwargs=kwargs)
    for what in IN_ADDRESS:
        asked = encoded((word, NASTY[what]) for word in sorted(BEHIND_THE_QUESTION_MARK))
        if answer(client.get, f"{url}?{asked}") >= 500:
            yield f"{row.name}, {what} behind the question mark"
    for key in kwargs:
        for number in ("9223372036854775808", "9" * 5000):
            path = reverse(row.name, kwargs={**kwargs, key: 987654321}).replace("987654321", number)
            if answer(client.get, path) >= 500:
                yield f"{row.name}, {key}={number[:20]}"


VIEWS = {pattern.name: pattern.callback for _, pattern in our_patterns()}


def every(rows, find, cast, next_door):
    """What breaks in these rows; each row starts from the same school."""
    cast.with_questions().with_gesprek()
    next_door.with_gesprek()
    broken = []
    for row in rows:
        with transaction.atomic():
            broken += find(row, cast, next_door)
            transaction.set_rollback(True)
    return broken


@pytest.mark.django_db
@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.__name__.rpartition(".")[2])
def test_no_form_breaks(floor, cast, next_door):
    assert every([row for row in floor.ROWS if row.post], broken_forms, cast, next_door) == []


@pytest.mark.django_db
@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.__name__.rpartition(".")[2])
def test_no_address_breaks(floor, cast, next_door):
    assert every([row for row in floor.ROWS if row.get], broken_addresses, cast, next_door) == []


@pytest.mark.django_db
def test_a_page_that_believes_a_number_would_be_found(cast, next_door, monkeypatch):
    monkeypatch.setattr("planning.views.tijden.row_id", lambda text: int(text) if text else None)
    [windows] = [row for row in planning.ROWS if row.name == "windows"]
    assert every([windows], broken_forms, cast, next_door) != []


# --- the doors: before anybody is known ------------------------------------------------------------------------------

DOORS = {
    "/code/": ["code"],
    "/taal/": ["language", "next"],
    "/u/nonsense/": ["next"],
    "/account/login/": ["login", "password", "next"],
    "/account/password/reset/": ["email"],
    "/account/logout/": ["next"],
    "/beheer/login/": ["username", "password", "next"],
}


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("url", DOORS)
def test_no_door_breaks(url, visitor):
    form = "application/x-www-form-urlencoded"
    wrong = [
        what
        for what, nasty in NASTY.items()
        if visitor.post(url, encoded((name, nasty) for name in DOORS[url]), content_type=form).status_code >= 500
    ]
    assert wrong == []


@pytest.mark.parametrize("url", DOORS)
@pytest.mark.parametrize(("charset", "half"), [("utf-7", b"+2AA-"), ("unicode_escape", rb"\ud800"), ("zlib", b"x")])
def test_a_request_cannot_choose_a_codec_that_makes_half_characters(url, charset, half, visitor):
    parts = [b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), half) for n in DOORS[url]]
    kind = f"multipart/form-data; boundary=B; charset={charset}"
    assert visitor.generic("POST", url, b"".join(parts) + b"--B--\r\n", content_type=kind).status_code < 500
    asked = "&".join(f"{name}=/{half.decode()}" for name in DOORS[url])
    assert visitor.generic("GET", url, content_type=kind, QUERY_STRING=asked).status_code < 500


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "apparaat", "django_language", "messages"])
@pytest.mark.parametrize("value", ['"\\000' + "a" * 32 + '"', "x" * 5000, '"\\377\\330"', "²"])
def test_no_cookie_breaks(cookie, value, visitor):
    """A quoted cookie may carry any byte as three octal digits; PostgreSQL does not look for a NUL."""
    assert visitor.get("/", HTTP_COOKIE=f"{cookie}={value}").status_code < 500
    assert visitor.post("/code/", {"code": "x"}, HTTP_COOKIE=f"{cookie}={value}").status_code < 500


@pytest.mark.parametrize("path", ["/u/a%00b/", "/u/%ED%A0%80/", "/jaar/agenda/%00.ics", "/logo/%00.png", "/mensen/²/"])
def test_no_path_breaks(path, visitor):
    assert visitor.get(path).status_code < 500
    assert visitor.post(path).status_code < 500
