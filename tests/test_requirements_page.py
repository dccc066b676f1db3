"""docs/requirements.md says which requirements a test shows; it is generated: python -m tests.requirements."""

from pathlib import Path

from tests.requirements import page


def test_the_page_of_requirements_is_up_to_date():
    written = Path(__file__).resolve().parent.parent / "docs" / "requirements.md"
    assert written.read_text() == page(), "run: .venv/bin/python -m tests.requirements"
