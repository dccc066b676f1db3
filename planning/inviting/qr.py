"""The square on letters and cards that opens somebody's own page on a telephone."""

import base64
import io

import qrcode
from django.conf import settings


def code_address(code):
    return f"{settings.BASE_URL}/u/{code.replace('-', '')}/"


def qr_as_data(url):
    """A QR code as a data: address, so that a PDF needs no file from anywhere."""
    out = io.BytesIO()
    qrcode.make(url, box_size=6, border=2).save(out)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
