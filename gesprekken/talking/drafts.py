"""Texts that are being written: an older version never overwrites a newer one, and nothing that was typed is lost."""

# The fields of a verslag that are about the child, in the order in which they are written and read.
ABOUT = ("about_child", "interests", "disappointment", "perspective", "at_home")
MAX_TEXT = 50_000  # characters in one field: twenty pages, far more than a talk of fifteen minutes gives


class StaleDraft(Exception):
    """Somebody else, or another tab, saved in the meantime. Holds what is stored now; the caller has what was typed."""

    def __init__(self, *, version, stored):
        self.version, self.stored = version, stored
        super().__init__(f"version {version} is newer")


class TextTooLong(Exception):
    def __init__(self, length):
        self.length = length
        super().__init__(f"{length} characters")


class GesprekClosed(Exception):
    """The gesprek was held or cancelled: what was prepared and recorded stands."""


def guard_length(*texts):
    longest = max((len(text) for text in texts if text), default=0)
    if longest > MAX_TEXT:
        raise TextTooLong(longest)


def is_stale(row, seen_version, tab):
    """Whether `row` was saved by another page since `seen_version`.

    A page sends its saves one after the other, so what it saved itself last does not stand in its own way.
    """
    return row.version != seen_version and not (tab and row.saved_from == tab)
