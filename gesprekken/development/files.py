"""A file somebody hands in is judged by what is in it, never by its name: a PDF, or a picture that is drawn anew."""

from dataclasses import dataclass

from django.conf import settings

from school.pictures import NotAPicture, redrawn
from school.uploads import MEGABYTE

MAX_PIXELS = 60_000_000  # the largest photo a telephone takes; more is a bomb
MAX_SIZE = (2400, 2400)  # what is written on it can still be read
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
END = b"%%EOF"
SPACES = b"\x00\t\n\x0c\r "
# What makes a PDF do something by itself, or carry another file along. A report needs none of it.
ACTIVE = (b"/JavaScript", b"/JS ", b"/JS(", b"/JS<", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")


class BadFile(Exception):
    """`reason` is 'size', 'empty', 'kind', 'active', 'broken' or 'pixels'."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Checked:
    content: bytes
    content_type: str


def check(upload):
    """The Checked content of an uploaded file. Raises BadFile."""
    if upload.size > settings.MAX_UPLOAD_MB * MEGABYTE:
        raise BadFile("size")
    data = upload.read()
    if not data:
        raise BadFile("empty")
    if data.startswith(b"%PDF-"):
        return Checked(check_pdf(data), PDF)
    if not data.startswith(PICTURES):
        raise BadFile("kind")
    photo = not data.startswith(PICTURES[0])
    try:
        drawn = redrawn(data, max_pixels=MAX_PIXELS, max_size=MAX_SIZE, photo=photo)
    except NotAPicture as refused:
        raise BadFile("pixels" if refused.reason == "pixels" else "broken")
    return Checked(drawn, JPEG if photo else PNG)


def check_pdf(data):
    """A PDF from its first byte to its last: what stands behind its end is another file that hides."""
    end = data.rfind(END)
    if end < 0 or b"startxref" not in data:
        raise BadFile("broken")
    if data[end + len(END) :].strip(SPACES) or b"PK\x05\x06" in data[-70_000:] or b"<html" in data[:1024].lower():
        raise BadFile("kind")
    if any(word in data for word in ACTIVE):
        raise BadFile("active")
    return data
