"""PDF: tagged, with our words in it, and without anybody else's files."""

import io
from pathlib import Path

import pypdf
import pytest
from django.template import Context, Template

from school import pdf


def render(monkeypatch, body):
    html = f'<!doctype html><html lang="nl"><head><title>Brief</title></head><body>{body}</body></html>'
    monkeypatch.setattr(pdf, "render_to_string", lambda template, context: Template(html).render(Context(context)))
    return pypdf.PdfReader(io.BytesIO(pdf.render_pdf("x", {"name": "Elif Yılmaz"})))


def test_a_pdf_says_what_the_template_says_and_is_tagged(monkeypatch):
    document = render(monkeypatch, "<h1>Beste ouders van {{ name }}</h1>")
    assert "Beste ouders van Elif Yılmaz" in document.pages[0].extract_text()
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_files_of_the_server_never_end_up_in_a_pdf(monkeypatch, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("GEHEIM")
    document = render(
        monkeypatch, f'<a href="file://{secret}" rel="attachment">x</a><link rel="attachment" href="file://{secret}">'
    )
    assert "GEHEIM" not in str(document.attachments)
    assert Path(secret).exists()


def test_a_document_too_big_to_be_meant_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_HTML", 100)
    with pytest.raises(ValueError, match="too large"):
        render(monkeypatch, "x" * 200)
