"""PDF from a template: tagged (PDF/UA-1), no outside files, fonts read once."""

import functools
import threading

from django.template.loader import render_to_string

MAX_HTML = 20_000_000  # characters; a whole school's letters is about two million
PDF_UA = {"pdf_variant": "pdf/ua-1"}
_lock = threading.Lock()


@functools.cache
def _engine():
    # Imported here: WeasyPrint loads Pango, which most requests and commands never need.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts = FontConfiguration()
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    return HTML, CSS, fonts, fetcher


def lay_out(html):
    """The pages of a document, to be counted or written. Raises ValueError for a document too big to be meant."""
    if len(html) > MAX_HTML:
        raise ValueError("document too large")
    html_class, _css, fonts, fetcher = _engine()
    return html_class(string=html, url_fetcher=fetcher).render(font_config=fonts, **PDF_UA)


def render_pdf(template, context):
    """The bytes of a PDF. Raises ValueError for a document too big to be meant."""
    html = render_to_string(template, context)
    with _lock:  # Pango's font map is shared and not thread-safe
        return lay_out(html).write_pdf(**PDF_UA)
