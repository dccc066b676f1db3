"""Two editors and their tabs: the sum of texts is preserved; earlier versions can be read and put back."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gesprekken.models import Deelname, DraftVersion, Verslag
from gesprekken.talking import recording, versions
from gesprekken.talking.drafts import ABOUT, MAX_TEXT, StaleDraft
from school.actor import ACCOUNT, Actor
from tests.cast import NOW, TODAY


@pytest.fixture
def stage(cast):
    cast.with_gesprek()
    cast.gesprek.deelnames.create(school=cast.school, person=cast.pieter, as_role=Deelname.As.TWEEDE_COLLEGA)
    return cast


def by(person):
    return Actor(person=person, level=ACCOUNT)


class Tab:
    """A page of one editor, as bewaren.js keeps it: its texts, the version it was made from, who it is."""

    def __init__(self, gesprek, actor, name):
        self.gesprek, self.actor, self.name = gesprek, actor, name
        self.reload()

    def reload(self):
        draft = recording.draft_of(self.gesprek)
        self.texts = versions.texts_of(draft) if draft else dict.fromkeys(ABOUT, "")
        self.seen = draft.version if draft else 0

    def save(self, now, *, answer_arrives=True):
        """What is shown back when it is not saved: both texts; else nothing."""
        try:
            draft = recording.save_draft(
                gesprek=self.gesprek, by=self.actor, seen_version=self.seen, tab=self.name, now=now, **self.texts
            )
        except StaleDraft as stale:
            shown = [*self.texts.values(), *stale.stored.values()]
            self.reload()
            return shown
        if answer_arrives:
            self.seen = draft.page_version
        return []


step = st.tuples(
    st.integers(0, 2),  # which tab
    st.sampled_from(["line", "word", "delete", "put in front", "reload"]),
    st.sampled_from(ABOUT[:2]),
    st.sampled_from(["save", "save", "answer lost", "no save"]),
    st.sampled_from([1, 90]),  # seconds until then
)


@pytest.mark.req("G5")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, min_size=3, max_size=12))
def test_every_word_typed_by_two_editors_is_in_the_draft_its_versions_or_shown_back(stage, steps):
    with transaction.atomic():
        walk(stage, steps)
        transaction.set_rollback(True)


def walk(stage, steps):
    saskia, pieter = by(stage.saskia), by(stage.pieter)
    tabs = [Tab(stage.gesprek, who, name) for who, name in [(saskia, "a"), (saskia, "b"), (pieter, "c")]]
    now, shown, sent = NOW, [], []
    for number, (which, what, field, saving, seconds) in enumerate(steps):
        tab, word, now = tabs[which], f"woord{number:02}", now + timedelta(seconds=seconds)
        text = tab.texts[field]
        if what == "reload":
            tab.reload()
            continue
        tab.texts[field] = {
            "line": f"{text}\n{word}".strip(),
            "word": f"{text} {word}".strip(),
            "put in front": f"{word}\n{text}".strip(),
            "delete": word,
        }[what]
        if saving != "no save":
            shown += tab.save(now, answer_arrives=saving == "save")
            sent += [each for one in tab.texts.values() for each in one.split()] + [word]
    draft = recording.draft_of(stage.gesprek)
    kept = [*versions.texts_of(draft).values(), *shown] if draft else shown
    kept += [text for row in DraftVersion.objects.all() for text in row.texts.values()]
    there = {each for text in kept for each in text.split()}
    assert set(sent) <= there


def test_fields_of_two_people_are_both_kept_whatever_they_type(stage):
    saskia, pieter = Tab(stage.gesprek, by(stage.saskia), "a"), Tab(stage.gesprek, by(stage.pieter), "b")
    for word in ("Elif", "Elif leest", "Elif leest graag"):
        saskia.texts["about_child"] = word
        saskia.save(NOW)
        pieter.texts["interests"] = f"{pieter.texts['interests']} tekenen".strip()
        assert pieter.save(NOW) == []
    draft = recording.draft_of(stage.gesprek)
    assert (draft.about_child, draft.interests) == ("Elif leest graag", "tekenen tekenen tekenen")


def test_typing_on_within_a_minute_is_one_version_and_taking_away_another(stage):
    tab = Tab(stage.gesprek, by(stage.saskia), "a")
    for text, seconds in [
        ("Elif", 0),
        ("Elif leest", 5),
        ("Elif leest graag", 9),
        ("Iets anders", 12),
        ("Iets anders!", 99),
    ]:
        tab.texts["about_child"] = text
        tab.save(NOW + timedelta(seconds=seconds))
    texts = [row.texts["about_child"] for row in DraftVersion.objects.all()]
    assert texts == ["Iets anders!", "Iets anders", "Elif leest graag", ""]


def test_an_earlier_version_is_read_and_put_back_and_holds_nothing_confided(stage, as_):
    teacher, pk = as_.staff(stage.saskia), stage.gesprek.pk
    recording.save_draft(
        gesprek=stage.gesprek,
        by=by(stage.saskia),
        seen_version=0,
        at_home="Vraag naar het boek",
        confidential={stage.fatma: "KANARIEvertrouwd"},
    )
    recording.save_draft(gesprek=stage.gesprek, by=by(stage.saskia), seen_version=1, at_home="")
    html = teacher.get(reverse("draft_versions", args=[pk])).content.decode()
    assert "Vraag naar het boek" in html
    assert "KANARIEvertrouwd" not in html
    assert all("KANARIE" not in str(row.texts) for row in DraftVersion.objects.all())
    row = next(row for row in DraftVersion.objects.all() if row.texts["at_home"])
    teacher.post(reverse("put_back_version", args=[pk, row.pk]))
    assert recording.draft_of(stage.gesprek).at_home == "Vraag naar het boek"
    other = stage.with_gesprek(stage.tess)
    assert teacher.post(reverse("put_back_version", args=[other.pk, row.pk])).status_code == 404


def test_once_final_there_are_no_versions_beside_it(stage):
    tab = Tab(stage.gesprek, by(stage.saskia), "a")
    tab.texts["perspective"] = "Het lukt met een maatje"
    tab.save(NOW)
    row = DraftVersion.objects.first()
    recording.finalise(gesprek=stage.gesprek, by=by(stage.saskia), seen_version=1, held_on=TODAY)
    assert not DraftVersion.objects.exists()
    with pytest.raises(versions.NoDraft):
        versions.put_back(version=row, by=by(stage.saskia))


def test_a_pasted_text_of_two_scripts_keeps_every_character(stage, as_):
    pasted = "Zij leest.\r\n\r\n\u201cمرحبا يا أهل\u201d zei opa \u2013 “mooi”.\r" + "é" * 1000
    long = (pasted + "\n") * 40
    data = dict.fromkeys(ABOUT, long) | {"seen_version": 0, "tab": "a"}
    as_.staff(stage.saskia).post(reverse("talk", args=[stage.gesprek.pk]), data)
    wanted = long.replace("\r\n", "\n").replace("\r", "\n").strip()
    draft = Verslag.objects.get()
    assert len(wanted) < MAX_TEXT
    assert {getattr(draft, name).strip() for name in ABOUT} == {wanted}
    html = as_.staff(stage.saskia).get(reverse("talk", args=[stage.gesprek.pk])).content.decode()
    assert html.count('dir="auto"') >= len(ABOUT)
