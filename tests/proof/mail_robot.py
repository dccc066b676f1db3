"""The robot behind a mail server: it opens every link in a message, lets its scripts run, and follows what stands there.

Filters of schools and telephones do this before anybody reads the mail. It only ever asks (HEAD, GET); it presses no
button, as no filter may be held to more.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests
from django.db import connection

URL = re.compile(r"https?://[^\s<>\"'\\]+")
AT_ONCE = 8  # windows open side by side


class Links(HTMLParser):
    """Every address a page names: links, styles, scripts, pictures. Where a form is sent to is no link."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src") and value]

    @classmethod
    def of(cls, page):
        parser = cls()
        parser.feed(page)
        return parser.found


def links_in(message):
    """Every address in any part of a message: text, html, calendar."""
    found = []
    for part in message.walk():
        if part.get_content_maintype() == "text":
            text = part.get_content()
            found += Links.of(text) if part.get_content_subtype() == "html" else URL.findall(text.replace("\r\n ", ""))
    return list(dict.fromkeys(found))


def tables():
    """Every row of every table there is, sessions and counters too."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608 - our own table's name
            found[name] = sorted(map(repr, cursor.fetchall()))
    return found


def same_site(address, base):
    return urlsplit(address)[:2] == urlsplit(base)[:2]


def read(link, base):
    """Ask for this link and for everything its page names on the same site. Returns {address: status}."""
    seen = {f"HEAD {link}": requests.head(link, allow_redirects=True, timeout=60).status_code}
    page = requests.get(link, timeout=60)
    seen[link] = page.status_code
    for address in {urljoin(page.url, found).partition("#")[0] for found in Links.of(page.text)} - {link}:
        if same_site(address, base):
            seen[address] = requests.get(address, timeout=60).status_code
    return seen


def look(browser, links, *, seconds):
    """Open these links in a real browser, with scripts, and stay for a while."""
    for first in range(0, len(links), AT_ONCE):
        windows = [browser.new_context() for _link in links[first : first + AT_ONCE]]
        pages = [window.new_page() for window in windows]
        for page, link in zip(pages, links[first:], strict=False):
            page.goto(link)
        pages[-1].wait_for_timeout(seconds * 1000)
        for window in windows:
            window.close()
