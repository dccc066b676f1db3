"""Every sentence of the product exists in every language offered, with the same places to fill in."""

import re

import pytest
from django.conf import settings
from django.utils import translation

from tests.translations import catalogs, sentences

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")


def test_there_is_a_catalogue_for_every_language_but_dutch():
    assert {path.parent.parent.name for path, _ in catalogs()} == {code for code, _ in settings.LANGUAGES} - {"nl"}


@pytest.mark.req("I5")
def test_no_sentence_is_left_untranslated():
    for _path, catalog in catalogs():
        missing = []
        for key in sentences():
            message = catalog.get(key[0] if isinstance(key, tuple) else key)
            if message is None or not message.string or (isinstance(key, tuple) and not all(message.string)):
                missing.append(key)
        assert missing == [], "new sentences: run python -m tests.translations and translate them"


def test_what_is_filled_in_is_the_same_in_every_language():
    for path, catalog in catalogs():
        wrong = []
        for message in catalog:
            if not message.id:
                continue
            pairs = (
                zip(message.id, message.string, strict=False)
                if message.pluralizable
                else [(message.id, message.string)]
            )
            for original, translated in pairs:
                extra = set(PLACES.findall(translated)) - set(PLACES.findall(original))
                # a singular may say "one" instead of the number
                lost = (
                    set() if message.pluralizable else set(PLACES.findall(original)) - set(PLACES.findall(translated))
                )
                if extra or lost:
                    wrong.append((original, translated))
        assert wrong == [], path


@pytest.mark.django_db
def test_a_parent_who_reads_english_gets_the_page_in_english(cast, as_):
    cast.fatma.language = "en"
    cast.fatma.save()
    cast.with_open_ronde()
    response = as_.link(cast.fatma).get("/mijn/")
    page = response.content.decode()
    assert response.headers["Content-Language"] == "en"
    assert 'lang="en"' in page
    with translation.override("en"):
        assert translation.gettext("Kies een tijd") == "Choose a time"
    assert "Kies een tijd" not in page
