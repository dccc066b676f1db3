"""A file somebody hands in is judged by what is in it, never by its name: a PDF, or a picture that is drawn anew."""

import re
import zlib
from dataclasses import dataclass

from django.conf import settings

from school.pictures import NotAPicture, redrawn
from school.uploads import MEGABYTE

MAX_PIXELS = 60_000_000  # the largest photo a telephone takes; what cannot be drawn smaller at once has less room
MAX_SIZE = (2400, 2400)  # what is written on it can still be read
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
END = b"%%EOF"
SPACES = b"\x00\t\n\x0c\r "
# What makes a PDF do something by itself, or carry another file along. A report needs none of it. An /OpenAction that
# is a list only says where to open; LibreOffice always writes one.
ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData|GoTo[RE]|OpenAction(?!\s*\[)"
    rb"|(?:JS|AA)(?:[\0\s]|%[^\r\n]*[\r\n])*(?:[(<]|(?<=[\0\s])\d))"
)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # how a name may be spelled: /J#61vaScript
STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
OBJECTS = re.compile(rb"[\0\s]*[%+\d]")
MAX_INFLATED = 20 * MEGABYTE  # of what may hold objects, in all
CHUNK = 4096


class BadFile(Exception):
    """`reason` is 'size', 'empty', 'kind', 'picture', 'active', 'broken' or 'pixels'."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Checked:
    content: bytes
    content_type: str


def check(upload, *, only_pictures=False):
    """The Checked content of an uploaded file. Raises BadFile."""
    if upload.size > settings.MAX_UPLOAD_MB * MEGABYTE:
        raise BadFile("size")
    data = upload.read()
    if not data:
        raise BadFile("empty")
    if only_pictures and not data.startswith(PICTURES):
        raise BadFile("picture")
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
    if is_active(data):
        raise BadFile("active")
    room = MAX_INFLATED
    for part in objects_in(data):
        room -= len(part)
        if room < 0 or is_active(part):
            raise BadFile("active")
    return data


def is_active(part):
    return ACTIVE.search(ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)) is not None


def objects_in(data):
    """What is packed in the file and may hold objects: those begin with their numbers, which few pictures do."""
    for found in STREAM.finditer(data):
        if OBJECTS.match(inflated(data, found.end(), CHUNK)):
            yield inflated(data, found.end(), MAX_INFLATED)


def inflated(data, start, most):
    """A little more than `most` bytes at most, as far as they can be read; no sum at the end is asked for."""
    unpack, kept = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    try:
        for at in range(start + 2, len(data), CHUNK):
            kept += unpack.decompress(data[at : at + CHUNK], most + 1 - len(kept))
            if unpack.eof or len(kept) > most:
                break
    except zlib.error:
        pass
    return bytes(kept)
