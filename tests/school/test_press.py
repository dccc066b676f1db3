"""The press: nothing too long, nothing lost, nothing left behind."""

import os

import pypdf
import pytest

from school import press
from school.press import Order, Press, PressFailed, print_all


class Counting:
    """A press that only counts: a sheet `3` has three pages."""

    memory = 1

    def __init__(self):
        self.seen = []

    def lay_out(self, html, path, *, most=None):
        pages = sum(int(sign) for sign in html if sign.isdigit())
        self.seen.append((pages, most))
        return pages


def parts(tmp_path, sheets):
    order = Order("key", tmp_path / "brieven", "<", tuple(sheets), ">")
    return [(part.path.name, part.pages, part.sheets) for part in press._parts(order, Counting())]


def test_an_order_of_few_pages_is_one_document(tmp_path):
    assert parts(tmp_path, "222") == [("brieven-1.pdf", 6, 3)]


def test_no_document_has_more_than_a_hundred_pages(tmp_path):
    found = parts(tmp_path, "3" * 60)
    assert [pages for _name, pages, _sheets in found] == [75, 75, 30]
    assert [name for name, *_ in found] == ["brieven-1.pdf", "brieven-2.pdf", "brieven-3.pdf"]
    assert sum(sheets for *_, sheets in found) == 60


def test_one_sheet_is_never_divided(tmp_path):
    assert parts(tmp_path, ["9" * 20, "1"]) == [("brieven-1.pdf", 180, 1), ("brieven-2.pdf", 1, 1)]


@pytest.fixture
def orders(tmp_path):
    head, tail = "<!doctype html><html lang='nl'><head><title>x</title></head><body>", "</body></html>"
    return [Order(n, tmp_path / f"d{n}", head, (f"<p>blad {n}</p>",) * 2, tail) for n in range(3)]


def test_every_order_is_printed_by_processes_that_are_gone_afterwards(orders, monkeypatch):
    made = []
    monkeypatch.setattr(press, "Press", lambda: made.append(Press()) or made[-1])
    found = {printed.order.key: printed for printed in print_all(orders)}
    assert sorted(found) == [0, 1, 2]
    (part,) = found[1].parts
    assert part.path.stat().st_mode & 0o077 == 0
    assert "blad 1" in pypdf.PdfReader(part.path).pages[0].extract_text()
    assert 0 < found[1].memory <= 250
    assert all(one.process.poll() is not None for one in made)


def test_a_press_that_is_killed_fails_the_work_and_says_no_word_of_it(orders):
    one = Press()
    one.process.kill()
    with pytest.raises(PressFailed):
        one.lay_out("<p>x</p>", orders[0].to)
    one.stop()


def test_what_cannot_be_made_is_told_as_its_kind(tmp_path):
    one = Press()
    with pytest.raises(PressFailed, match="FileNotFoundError"):
        one.lay_out("<p>geheim</p>", tmp_path / "nergens" / "x.pdf")
    assert one.lay_out("<p>x</p>", tmp_path / "wel.pdf") == 1  # and goes on
    one.stop()


def test_a_press_gives_way_and_ends_when_its_orders_end(tmp_path):
    one = Press()
    one.lay_out("<p>x</p>", tmp_path / "x.pdf")
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, one.process.pid) == min(19, ours + press.GIVES_WAY)
    one.process.stdin.close()  # what also happens when the worker is killed
    assert one.process.wait(timeout=20) == 0
    one.stop()
