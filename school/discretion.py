"""Logs say what happened, never to whom: tokens and addresses are taken out before a line is written.

This module imports nothing of ours, so that gunicorn's own logger can use it before Django is loaded.
"""

import logging
import re

TOKEN_PATHS = re.compile(r"(/(?:u|k|agenda|jaar/agenda|accounts?/[\w/]*key|uitnodiging)/)[^\s\"'/?]+")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
LONG_SECRET = re.compile(r"\b[A-Za-z0-9_-]{32,}\b")
QUERY = re.compile(r"(/[^\s\"'?]*)\?[^\s\"']+")  # search words are names; answers of Microsoft and Google are keys


def discreet(text):
    """The same text without link tokens, mail addresses, long secrets and what stands after a question mark."""
    text = QUERY.sub(r"\1?***", TOKEN_PATHS.sub(r"\1***", text))
    return LONG_SECRET.sub("***", ADDRESS.sub("***@***", text))


def masked(text):
    """A sent message as it may be kept: every personal link and code is unreadable."""
    return TOKEN_PATHS.sub(r"\1***", re.sub(r"\b\d{6}\b", "******", text))


def harmless(value):
    """Somebody's own words, so that no mail program makes a link of them: 'kijk.op.nl' becomes 'kijk. op. nl'."""
    return re.sub(r"(?<=\w)\.(?=\w)", ". ", " ".join(str(value).replace("://", " ").replace("@", " ").split()))


class DiscreetFilter(logging.Filter):
    def filter(self, record):
        record.msg, record.args = discreet(record.getMessage()), None
        return True


class DiscreetFormatter(logging.Formatter):
    """Of an error it keeps where it happened and its kind. Its message may quote a row, and rows are about people."""

    def formatException(self, exc_info):
        lines = []
        error, seen = exc_info[1], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = logging.traceback.extract_tb(error.__traceback__)
            lines.append(f"{type(error).__module__}.{type(error).__name__}")
            lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)

    def format(self, record):
        record.exc_text = None  # another handler may have left the full text here
        text = super().format(record)
        record.exc_text = None
        return discreet(text)
