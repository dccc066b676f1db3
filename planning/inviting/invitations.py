"""An invitation for one guardian: the text with her own words filled in.

What is filled in (names, places) is data of others: it is escaped in html and can never become a link.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from gesprekken.models import Gesprek
from gesprekken.standard_words import as_read
from planning.inviting import texts, wording
from planning.inviting.filling import Written, fill
from planning.inviting.placeholders import ROOM
from planning.models import Invitation
from planning.times.choosing import opens_for, with_several
from school.templatetags.house import day


def values_for(
    ronde, *, guardian_name, children, invited, joining, closes_on, gesprekken=(), opens_at=None, with_link=True,
    interpreter="",
):  # fmt: skip
    """The value of every placeholder for one guardian. `children`, `invited` (of them) and `joining` are names.

    `gesprekken`: whose own length and form count, where they differ from the ronde's. `opens_at`: when choosing begins
    for this guardian, where that is still to come. `with_link`: as wording.form_in_words says. `interpreter`: the sentence
    about one, where it is another than that she can be asked for.
    """
    lengths = sorted({gesprek.length for gesprek in gesprekken} or {ronde.duration})
    forms = dict.fromkeys(wording.form_in_words(where, with_link=with_link) for where in gesprekken or [ronde])
    names = wording.and_list(wording.harmless(name) for name in children)
    return {
        "naam": wording.harmless(guardian_name),
        "kind": names,
        "school": ronde.school.name,
        "ronde": as_read(ronde.name),
        "doel": as_read(ronde.purpose.strip()),
        "punten": "\n".join(f"- {as_read(point)}" for point in ronde.point_list),
        "duur": ngettext("%(n)s minuut", "%(n)s minuten", lengths[-1]) % {"n": wording.either(lengths)},
        "vorm": wording.either(forms),
        "periode": wording.period_in_words(ronde),
        "wie": wording.and_list(wording.harmless(name) for name in joining),
        "leerling_erbij": wording.pupils_in_words(children, invited),
        "ontvangst": ronde.reception.strip(),
        "tolk": interpreter or wording.interpreter_in_words(gesprekken),
        "voorbereiden": wording.preparing_in_words(children, invited),
        "kiezen_vanaf": wording.opening_in_words(ronde, opens_at),
        "kiezen_tot": day(closes_on),
        "hoe_kiezen": wording.how_to_choose(ronde, closes_on),
    }


@dataclass(frozen=True)
class Shared:
    """What the invitations of one ronde need beside the gesprekken, asked once for so many guardians together."""

    languages: dict[int, str]  # of each guardian
    several: set[int]  # guardians with gesprekken about more than one child
    versions: dict  # {(language, channel): the text that is used, None for what comes with the product}

    @classmethod
    def of(cls, ronde, people):
        """A fixed number of queries."""
        people = list(people)
        early = ronde.choosing_opens_at and ronde.early_hours and not ronde.is_wishing
        languages = texts.languages_for(people)
        return cls(
            languages=languages,
            several=with_several(people, ronde) if early else set(),
            versions=texts.chosen_texts(ronde, set(languages.values())),
        )

    def versions_by_mail(self):
        """{person id: the text of her mail}."""
        return {pk: self.versions[language, texts.MAIL] for pk, language in self.languages.items()}

    def opens_for(self, person, ronde):
        return None if ronde.is_wishing else opens_for(person, ronde, has_several=person.pk in self.several)


def write_for(ronde, person, gesprekken, *, closes_on, now=None, with_link=False, channel=texts.MAIL, shared=None):
    """The invitation of this guardian for her gesprekken in this ronde, in her language. Returns Written.

    It always says when choosing begins for her, where that is still to come: also a text that does not ask for it.
    `with_link`: it goes to her own address, so the link of a video call may stand in it; a letter travels in a bag.
    `shared`: where many are written together.
    """
    shared = shared or Shared.of(ronde, [person])
    opens_at = shared.opens_for(person, ronde)
    language = shared.languages[person.pk]
    with override(language):
        version = shared.versions[language, channel]
        return fill(
            *texts.words_of(version, language, channel),
            values_for(
                ronde,
                guardian_name=person.name,
                children=[gesprek.leerling.person.first_name for gesprek in gesprekken],
                invited=[g.leerling.person.first_name for g in gesprekken if ronde.pupil_joins(g.groep.level)],
                joining=wording.who_joins(gesprekken),
                closes_on=closes_on,
                gesprekken=gesprekken,
                opens_at=opens_at if opens_at and opens_at > (now or timezone.now()) else None,
                with_link=with_link,
            ),
            version=version,
        )


def keep_versions(ronde, written):
    """Note with which version each guardian was written to: {person id: Written}. One statement per version."""
    note_versions(ronde, {pk: letter.version for pk, letter in written.items()})


def note_versions(ronde, versions):
    """The same of {person id: version}."""
    people = {}
    for pk, version in versions.items():
        people.setdefault(version, []).append(pk)
    theirs = Gesprek.objects.filter(ronde=ronde)  # not joined: SQLite would begin with all gesprekken of the ronde
    for version, pks in people.items():
        Invitation.objects.filter(gesprek__in=theirs, person__in=pks).update(text=version)


def fitting(values):
    """The same values for a short message: with many children or long names it says 'your children'."""
    if len(values["kind"]) <= ROOM["kind"]:
        return values
    return values | {"kind": _("uw kinderen")}


def code_page():
    """Where everybody who has a code begins; it opens nobody's page by itself."""
    return f"{settings.BASE_URL}/code/"


def write_times(ronde, person, gesprekken, bookings, *, closes_on, language):
    """After a plan was released: the times of this guardian's gesprekken, {gesprek id: Booking}. Returns Written."""
    with override(language):
        planned = [(g.leerling.person.first_name, bookings[g.pk]) for g in gesprekken if g.pk in bookings]
        waiting = [wording.harmless(g.leerling.person.first_name) for g in gesprekken if g.pk not in bookings]
        places = dict.fromkeys(wording.form_in_words(g) for g in gesprekken if g.pk in bookings)
        parts = [
            _("Beste %(name)s,") % {"name": wording.harmless(person.name)},
            _("De planning van de gesprekken is klaar."),
            "\n".join(wording.time_in_words(wording.harmless(name), booking) for name, booking in planned),
            _("Over %(names)s hoort u nog van ons.") % {"names": wording.and_list(waiting)} if waiting else "",
            _("Het gesprek is %(where)s.") % {"where": wording.either(places)},
            ronde.reception.strip(),
            wording.what_if_not(closes_on, ronde),
            "{link}",
            _("Met vriendelijke groet,") + f"\n{ronde.school.name}",
        ]
        names = wording.and_list(wording.harmless(name) for name, _booking in planned)
        return Written(
            subject=_("Uw tijd voor het gesprek over %(names)s") % {"names": names},
            body="\n\n".join(part for part in parts if part),
        )
