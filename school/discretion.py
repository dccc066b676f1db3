"""Logs say what happened, never to whom: tokens and addresses are taken out before a line is written."""

import logging
import re

TOKEN_PATHS = re.compile(r"(/(?:u|k|agenda|jaar/agenda|accounts?/[\w/]*key|uitnodiging)/)[^\s\"'/?]+")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
LONG_SECRET = re.compile(r"\b[A-Za-z0-9_-]{32,}\b")


def discreet(text):
    """The same text without link tokens, mail addresses and long secrets."""
    text = TOKEN_PATHS.sub(r"\1***", text)
    return LONG_SECRET.sub("***", ADDRESS.sub("***@***", text))


def masked(text):
    """A sent message as it may be kept: every personal link and code is unreadable."""
    return TOKEN_PATHS.sub(r"\1***", re.sub(r"\b\d{6}\b", "******", text))


class DiscreetFilter(logging.Filter):
    def filter(self, record):
        record.msg, record.args = discreet(record.getMessage()), None
        return True
