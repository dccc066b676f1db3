"""Deny by default, proven: every URL x every kind of person x own and foreign object x GET and POST."""

from functools import partial

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from school.actor import ANYONE
from tests.matrix import config, gesprekken, kijkwijzer, planning, school
from tests.matrix.roles import ROLES
from tests.remembered import remembered

pytestmark = pytest.mark.once  # who may what is asked with the same questions of both engines

FLOORS = [school, gesprekken, planning, kijkwijzer, config]
ROWS = {row.name: row for floor in FLOORS for row in floor.ROWS}
ELSEWHERE = {name: why for floor in FLOORS for name, why in floor.ELSEWHERE.items()}
# allauth and Django's admin bring their own guard; tests/school/test_accounts.py tries their doors.
PREFIXES_OF_OTHERS = ("account/", "beheer/")


def our_patterns(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if path.startswith(PREFIXES_OF_OTHERS):
            continue
        if isinstance(pattern, URLResolver):
            yield from our_patterns(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern


def test_every_url_of_ours_stands_in_the_matrix():
    names = {pattern.name for _, pattern in our_patterns()}
    assert names - set(ROWS) - set(ELSEWHERE) == set(), "new pages need a row in tests/matrix/"
    assert (set(ROWS) | set(ELSEWHERE)) - names == set(), "rows without a page"


def test_every_view_of_ours_says_for_whom_it_is_open():
    unmarked = [path for path, pattern in our_patterns() if not hasattr(pattern.callback, "open_to")]
    assert unmarked == []


def is_let_in(response):
    if response.status_code in (301, 302):
        return not response["Location"].startswith(("/account/login", "/link-nodig", "/code-per-mail/?next"))
    return response.status_code not in (403, 404, 405) and response.status_code < 500


def ask(client, method, url, data):
    """One request that leaves nothing behind."""
    with transaction.atomic():
        response = getattr(client, method)(url, data)
        transaction.set_rollback(True)
    return response


@pytest.fixture
@remembered
def passes(cast, next_door):
    """The cookies with which everybody comes: once inside, one is let through every door or turned away."""
    cast.with_gesprek()
    next_door.with_gesprek()
    return {role: enter(cast, next_door).cookies for role, enter in ROLES.items()}


def test_a_view_without_the_mark_is_closed_to_everybody(cast, next_door, passes, monkeypatch):
    """And whoever is turned away, here or from what is not there, is shown a page."""
    from school.views import doors

    monkeypatch.delattr(doors.code, "open_to")
    for cookies in passes.values():
        client = Client()
        client.cookies = cookies
        for url, status in [("/code/", 403), ("/er-is-niets/", 404)]:
            response = client.get(url)
            assert response.status_code == status and "<main" in response.text


@pytest.fixture
def refused_in_a_word(monkeypatch):
    """The pages that say no look at who asks, never at what was asked: the test above has seen them all."""
    for status in (403, 404):
        monkeypatch.setattr(f"config.urls.handler{status}", partial(refusal, status=status))


def refusal(request, exception=None, *, status):
    return HttpResponse(status=status)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_who_is_let_in(name, cast, next_door, passes, refused_in_a_word):
    row = ROWS[name]
    url = reverse(row.name, kwargs=row.kwargs(cast))
    foreign = reverse(row.name, kwargs=row.foreign(next_door)) if row.foreign else None
    wrong = []
    for role, cookies in passes.items():
        client = Client()
        client.cookies = cookies
        for method, allowed in [("get", row.get), ("post", row.post)]:
            response = ask(client, method, url, row.data if method == "post" else {})
            if response.status_code >= 500:
                wrong.append(f"{role} {method}: {response.status_code}")
            if is_let_in(response) != (role in allowed.split()):
                wrong.append(f"{role} {method}: answered {response.status_code} {response.headers.get('Location', '')}")
            if foreign:
                response = ask(client, method, foreign, row.data if method == "post" else {})
                if is_let_in(response) != (bool(allowed) and role in row.foreign_roles.split()):
                    wrong.append(f"{role} {method} next door: answered {response.status_code}")
    assert wrong == []


def test_the_open_pages_are_few_and_known():
    """Pages for anybody are listed here by hand: a slip of the mark must show."""
    open_pages = {pattern.name for _, pattern in our_patterns() if getattr(pattern.callback, "open_to", None) == ANYONE}
    assert open_pages == {
        "home", "health", "link", "code", "link_needed", "switch_hat", "leave", "choose_language",
        "school_logo",
        "demo_start", "demo_as", "demo_inbox", "demo_mail", "demo_attachment",
        "year_feed", "feed",
    }  # fmt: skip
