"""The standard invitation: named placeholders and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.inviting import invitations, placeholders, wording
from planning.inviting.filling import fill


def values_of(ronde, **about):
    values = {"guardian_name": "Fatma", "children": ["Elif"], "invited": [], "joining": ["x"]} | about
    return invitations.values_for(ronde, closes_on=ronde.starts_on, **values)


def test_a_template_language_is_never_run(cast):
    values = values_of(cast.with_ronde(), guardian_name="{% debug %}{{ x }}", children=["{school}"])
    assert fill("Dag", "{naam} {kind} {school}", values).body == "(% debug %)(( x )) (school) De Wilgenhof"


def test_a_name_never_becomes_a_link_a_tag_or_a_header(cast):
    values = values_of(
        cast.with_ronde(),
        guardian_name="https://evil.example/<script>\r\nBcc: x",
        children=["www.evil.example", "{link}", "{li"],
        joining=["nk}\u202e"],
    )
    written = fill("Dag {naam}", "{naam} {kind}{wie}\n\n{link}", values)
    html = written.html('<a href="ours">knop</a>')
    assert "\n" not in written.subject
    assert "<script>" not in html
    assert "evil.example" not in html + written.text("ours")
    assert html.count('<a href="ours">knop</a>') == 1
    assert "\u202e" not in html


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at_without_an_error(text):
    placeholders.problems(text, text)
    fill(text, placeholders.complete(text), {"naam": "x", "ontvangst": ""})


@pytest.mark.req("I5")
def test_a_guardian_who_reads_english_gets_english(cast, deliver):
    cast.fatma.language = "en"
    cast.fatma.save()
    cast.with_open_ronde()
    bodies = {message.to[0]: message.body for message in deliver()}
    assert "Dear Fatma" in bodies["fatma@ouders.example"]
    assert "Beste Sander" in bodies["sander@ouders.example"]


@pytest.mark.req("I1")
def test_one_mail_names_all_children_purpose_points_time_and_who_joins(cast, deliver):
    cast.with_open_ronde()
    (message,) = [m for m in deliver() if m.to == ["ali@ouders.example"]]
    for part in ["Elif en Emre", "We bespreken hoe het met uw kind gaat", "- Wat beter kan", "15 minuten", "op school",
                 "Saskia Mulder", "maandag 16 november", "/u/"]:  # fmt: skip
        assert part in message.body
    assert message.alternatives[0].content.count("<a href=") == 1


@pytest.mark.req("I1", "I3")
def test_parents_read_which_of_their_children_come_along():
    assert wording.pupils_in_words(["Elif"], ["Elif"]) == "Elif mag erbij zijn."
    assert wording.pupils_in_words(["Elif", "Emre"], ["Elif", "Emre"]) == "Elif en Emre mogen erbij zijn."
    assert wording.pupils_in_words(["Elif", "Can"], ["Elif"]) == "Elif mag erbij zijn. Can hoeft niet mee."
