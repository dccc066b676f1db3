"""Visitors: as thin as they can be, because they share the machine with the server they measure."""

import itertools
import socket
import threading
import time
from dataclasses import dataclass

from config.bench.school import SECRET

HOST = "bench.example"


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes
    seconds: float


def request(method, path, *, session="", form=""):
    """One request as bytes, as the web server in front passes it on: over https, for the school's own name."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: https", "Connection: close"]
    lines += ["Accept: text/html", "Accept-Encoding: gzip", "Accept-Language: nl"]
    if session:
        lines.append(f"Cookie: sessionid={session}; csrftoken={SECRET}")
    if method == "POST":
        body = f"csrfmiddlewaretoken={SECRET}{form}"
        lines += [f"Origin: https://{HOST}", f"Referer: https://{HOST}{path}", f"Content-Length: {len(body)}"]
        lines += ["Content-Type: application/x-www-form-urlencoded", "", body]
    else:
        lines += ["", ""]
    return "\r\n".join(lines).encode()


def ask(port, raw):
    """Send it, read to the end. Never raises: a connection that breaks is an Answer with status 0."""
    began, parts = time.perf_counter(), []
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(raw)
            while part := connection.recv(65536):
                parts.append(part)
    except OSError:
        parts = []
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    location = next((line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("location:")), "")
    status = int(lines[0].split()[1]) if head else 0
    return Answer(status, location, body, time.perf_counter() - began)


def steadily(port, raws, *, seconds, at_once=8):
    """Ask without a pause for so long, so many at a time, or until `raws` is used up. Returns (answers, per second)."""
    raws, answers, ends = iter(raws), [], time.perf_counter() + seconds
    lock = threading.Lock()

    def visit():
        while time.perf_counter() < ends:
            with lock:
                raw = next(raws, None)
            if raw is None:
                return
            answers.append(ask(port, raw))

    began = time.perf_counter()
    in_threads(visit for _ in range(at_once))
    return answers, len(answers) / (time.perf_counter() - began)


def all_at_once(port, raws):
    """Everybody presses at the same moment. Returns the answers."""
    raws = list(raws)
    answers, barrier = [], threading.Barrier(len(raws))

    def visit(raw):
        barrier.wait()
        answers.append(ask(port, raw))

    in_threads((lambda raw=raw: visit(raw)) for raw in raws)
    return answers


def in_threads(jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def forever(raws):
    return itertools.cycle(raws)
