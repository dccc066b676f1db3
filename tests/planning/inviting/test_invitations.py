"""The standard invitation: named placeholders and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.inviting import invitations, texts, wording
from planning.models import InvitationText
from school.actor import ACCOUNT, Actor

FULL = "{link} {duur} {vorm} {doel} {punten} {wie}"


def test_the_texts_that_come_with_the_product_are_complete():
    for subject, body in texts.DEFAULTS.values():
        assert texts.problems(subject, body) == []


@pytest.mark.req("I1")
def test_a_text_that_leaves_out_what_parents_must_know_is_refused():
    (sentence,) = texts.problems("Dag", "{link} {vorm} {doel} {punten} {wie}")
    assert "{duur}" in sentence


@pytest.mark.parametrize(
    "trick",
    [
        "{onbekend}", "{naam.__class__}", "{school.settings}", "{0}", "{}", "{naam!r}", "{% load x %}", "{{ naam }}",
        "{naam", "naam}",
    ],
)  # fmt: skip
def test_unknown_words_and_tricks_are_refused_with_their_line(trick):
    found = texts.problems("Dag", f"{FULL}\n{trick}")
    assert any("Regel 2" in sentence for sentence in found)


def test_a_template_language_is_never_run(cast):
    ronde = cast.with_ronde()
    values = invitations.values_for(
        ronde, guardian_name="{% debug %}{{ x }}", children=["{school}"], joining=["x"], invited=[],
        closes_on=ronde.starts_on,
    )  # fmt: skip
    written = invitations.fill("Dag", "{naam} {kind} {school}", values)
    assert written.body == "{% debug %}{{ x }} {school} De Wilgenhof"


def test_a_name_never_becomes_a_link_or_a_tag(cast):
    ronde = cast.with_ronde()
    values = invitations.values_for(
        ronde, guardian_name="https://evil.example/<script>", children=["www.evil.example"], joining=["x"],
        invited=[], closes_on=ronde.starts_on,
    )  # fmt: skip
    written = invitations.fill("Dag", "{naam} {kind}\n\n{link}", values)
    html = written.html('<a href="ours">knop</a>')
    assert "<script>" not in html
    assert "evil.example" not in html + written.text("ours")
    assert '<a href="ours">knop</a>' in html


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at_without_an_error(text):
    texts.problems(text, text)
    invitations.fill(text, text, {"naam": "x"})


def test_each_change_is_a_version_and_the_same_text_is_not(cast):
    ronde = cast.with_ronde()
    by = Actor(cast.annemiek, ACCOUNT)
    for body in [FULL, FULL, FULL + " Tot dan!"]:
        texts.save_text(ronde=ronde, language="nl", subject="Dag {naam}", body=body, by=by)
    assert list(InvitationText.objects.values_list("version", flat=True)) == [2, 1]


def test_a_refused_text_says_every_problem_and_stores_nothing(cast):
    with pytest.raises(texts.TextRefused) as refusal:
        texts.save_text(
            ronde=cast.with_ronde(), language="nl", subject="", body="{x}", by=Actor(cast.annemiek, ACCOUNT)
        )
    assert len(refusal.value.sentences) == 3
    assert not InvitationText.objects.exists()


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
