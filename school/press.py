"""The press: documents of many sheets, laid out by processes of their own, so that no page and no mail waits for them.

Each press is a process that reads one order a line and answers one. It gives way to everybody else, and ends by itself
when whoever ordered is gone. No document has more than MOST_PAGES, because its memory grows with every page and because
two PDFs cannot be joined without losing their tags.
"""

import contextlib
import json
import logging
import os
import re
import resource
import subprocess
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from school import pdf

PRESSES = 2
MOST_PAGES = 100
MOST_SHEETS = 50  # laid out together at first: a letter is one page or two
PATIENCE = 100  # seconds for one document: half a minute would be long, and the job counts as dead after two minutes
GIVES_WAY = 10  # how nice a press is
ROOT = Path(__file__).resolve().parent.parent


class PressFailed(Exception):
    """A document could not be made; the message is the kind of error, never words of the document."""


@dataclass(frozen=True)
class Order:
    """What stays together: `sheets` are pieces of HTML that each begin on a page, between `head` and `tail`.

    Its parts become `<to>-1.pdf`, `<to>-2.pdf`.
    """

    key: object
    to: Path
    head: str
    sheets: tuple[str, ...]
    tail: str


@dataclass(frozen=True)
class Part:
    path: Path
    pages: int
    sheets: int


@dataclass(frozen=True)
class Printed:
    """An order that is done. `memory` is the most that its press ever used, in MB."""

    order: Order
    parts: tuple[Part, ...]
    memory: int


class Press:
    """One process. `memory`: the most it ever used, in MB."""

    def __init__(self):
        self.memory = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "school.press"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def lay_out(self, html, path, *, most=None):
        """How many pages it has. Written to `path` where those are not more than `most`. Raises PressFailed."""
        too_long = threading.Timer(PATIENCE, self.process.kill)
        too_long.start()
        try:
            self.process.stdin.write(json.dumps({"html": html, "path": str(path), "most": most}) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline() or '{"error": "the press stopped"}')
        except OSError:
            answer = {"error": "the press stopped"}
        finally:
            too_long.cancel()
        if "error" in answer:
            raise PressFailed(answer["error"])
        self.memory = answer["memory"]
        return answer["pages"]

    def stop(self):
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # half an order may still stand in it
                pipe.close()


def print_all(orders, *, presses=PRESSES):
    """Print every Order, some beside each other, and give each back as Printed when it is done. Raises PressFailed.

    `orders` may be a generator: the next one is asked for while the presses are at work.
    """
    free, made = SimpleQueue(), []
    for _ in range(presses):
        made.append(Press())
        free.put(made[-1])
    orders, waiting = iter(orders), set()
    with ThreadPoolExecutor(presses) as hands:
        try:
            while True:
                while len(waiting) <= presses and (order := next(orders, None)) is not None:
                    waiting.add(hands.submit(_print, order, free))
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()
            for press in made:
                press.stop()


def _print(order, free):
    press = free.get()
    try:
        return Printed(order, tuple(_parts(order, press)), press.memory)
    finally:
        free.put(press)


def _parts(order, press):
    """The parts of an order, in its order: as many sheets together as fit in MOST_PAGES."""
    todo = [order.sheets[n : n + MOST_SHEETS] for n in range(0, len(order.sheets), MOST_SHEETS)][::-1]
    number = 1
    while todo:
        sheets = todo.pop()
        path = order.to.with_name(f"{order.to.name}-{number}.pdf")
        most = MOST_PAGES if len(sheets) > 1 else None  # one sheet is not divided, however long
        pages = press.lay_out(order.head + "".join(sheets) + order.tail, path, most=most)
        if most and pages > most:
            half = len(sheets) // 2
            todo += [sheets[half:], sheets[:half]]
            continue
        yield Part(path, pages, len(sheets))
        number += 1


# --- the process itself ----------------------------------------------------------------------------------------------


def answer(order):
    """Lay out one document, and write it where it is not too long."""
    document = pdf.lay_out(order["html"])
    pages = len(document.pages)
    if not order["most"] or pages <= order["most"]:
        with os.fdopen(os.open(order["path"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            document.write_pdf(out, **pdf.PDF_UA)
    return {"pages": pages, "memory": most_memory()}


def most_memory():
    """The most this process ever used, in MB. Linux counts in getrusage what its parent had too; its own is in /proc."""
    with contextlib.suppress(OSError):
        return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main():
    logging.disable()  # what is wrong with a document is told as its kind alone
    os.nice(GIVES_WAY)
    for line in sys.stdin:
        try:
            answered = answer(json.loads(line))
        except Exception as error:
            answered = {"error": type(error).__name__}
        print(json.dumps(answered), flush=True)


if __name__ == "__main__":
    main()
