"""The rules for a text of one's own: what parents always read, and forty-eight ways to break in."""

import pytest

from planning.inviting import placeholders, standard
from planning.inviting.filling import fill

FULL = standard.DEFAULTS["nl"][1]
SUBJECT = "Gesprek over {kind}"


def in_line_two(line):
    return SUBJECT, f"{FULL.splitlines()[0]}\n{line}\n{FULL}", "Regel 2: "


def in_subject(subject):
    return subject, FULL, "Onderwerp: "


UNKNOWN = [
    "{ouder.password}", "{naam.__class__}", "{naam.__class__.__mro__}", "{naam.__init__.__globals__}", "{school.settings}",
    "{settings.SECRET_KEY}", "{request.user}", "{0}", "{}", "{-1}", "{naam!r}", "{naam:>5000000}", "{x:>5000000}",
    "{naam[0]}", "{naam|safe}", "{naam }", "{ NAAM}", "{Naam}", "{nааm}", "{naam\u200b}", "{% load static %}",
    "{% debug %}", "{% include '/etc/passwd' %}", "{{ naam }}", "{{{naam}}}", "{{7*7}}", "${{7*7}}", "#{7*7}",
    "{# stil #}", "{__import__('os').system('id')}", "{onbekend}" * 3, "{" + "x" * 5000 + "}",
]  # fmt: skip
LOOSE = ["{naam", "naam}", "{{naam}", "{naam}}", "{" * 5000, "}{"]
INVISIBLE = ["a\x00b", "a\x1b[2J", "\u202etxt.exe", "\u202d", "a\x85b"]
SUBJECTS = ["Dag\r\nBcc: iedereen@evil.example", "Dag\nTo: x", "Dag \x00", "{punten}", "{ouder}"]
HOSTILE = [*map(in_line_two, UNKNOWN + LOOSE + INVISIBLE), *map(in_subject, SUBJECTS)]


@pytest.mark.req("I1")
@pytest.mark.parametrize(("subject", "body", "place"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_refused_with_its_place(subject, body, place):
    found = placeholders.problems(subject, body)
    assert any(sentence.startswith(place) for sentence in found), found
    assert all(len(sentence) < 200 for sentence in found)
    assert len(found) <= placeholders.MOST_SENTENCES


def test_there_are_forty_eight_of_them():
    assert len(HOSTILE) == 48


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        (SUBJECT, FULL + "x" * 6000, "De tekst is te lang"),
        ("x" * 151, FULL, "Het onderwerp is te lang"),
        (" ", FULL, "Het onderwerp is leeg"),
        ("Klik {link}", FULL, "De link hoort in de tekst"),
        (SUBJECT, FULL + "{punten}" * 500, "{punten} staat er 501 keer"),
    ],
)
def test_a_text_that_is_too_much_or_too_little_is_refused(subject, body, sentence):
    (found,) = placeholders.problems(subject, body)
    assert sentence in found


@pytest.mark.req("I1")
def test_every_part_that_parents_must_know_is_missed_by_name():
    for names in placeholders.REQUIRED:
        body = FULL
        for name in names:
            body = body.replace(f"{{{name}}}", "")
        (sentence,) = placeholders.problems(SUBJECT, body)
        assert f"{{{names[0]}}}" in sentence


@pytest.mark.req("I1", "I5")
def test_the_texts_that_come_with_the_product_are_complete_in_every_language():
    for subject, body in standard.DEFAULTS.values():
        assert placeholders.problems(subject, body) == []
        assert placeholders.complete(body) == body
    for language in standard.DEFAULTS:
        assert placeholders.problems("", standard.SHORT[language], short=True) == []


def test_a_short_message_fits_whatever_is_filled_in():
    (sentence,) = placeholders.problems("", "x" * 200 + "{kind} {hoe_kiezen} {link}", short=True)
    assert "hoogstens 300" in sentence
    assert "{doel} kennen we niet" in placeholders.problems("", "{kind} {hoe_kiezen} {link} {doel}", short=True)[0]


@pytest.mark.req("I1")
def test_an_older_text_is_completed_before_its_button():
    old = "Beste {naam},\n{doel} {punten} {duur} {vorm} {wie}\nTot en met {kiezen_tot}.\nKlik hier: {link}\nGroet"
    whole = placeholders.complete(old)
    assert placeholders.problems(SUBJECT, whole) == []
    assert whole.endswith("{kiezen_vanaf}\n\nKlik hier: {link}\nGroet")
    assert "{hoe_kiezen}" not in whole  # it says until when already
    assert placeholders.complete(whole) == whole


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Hoe ontvangen wij u?\n{ontvangst}\n\nTot dan!", "Tot dan!"),
        ("Wij ontvangen u {ontvangst}. Tot dan!", "Tot dan!"),
        ("Ontvangst: {ontvangst}\nTot dan!", "Tot dan!"),
        ("Goed om te weten:\n{ontvangst}\n{naam}", "Goed om te weten:\nFatma"),
        ("Dag {naam}, {ontvangst}", "Dag Fatma,"),
        ("Komt u?\nTot dan!\n\n{ontvangst}", "Komt u?\nTot dan!"),
    ],
)
def test_an_empty_reception_leaves_no_hole(body, expected):
    assert fill("x", body, {"naam": "Fatma", "ontvangst": ""}).body == expected
