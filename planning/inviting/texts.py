"""The standard invitation (I1) as leadership writes it: of a soort, or of one ronde that deviates, per language and way.

Each change is a version, because what was sent stays readable. A version without words says: the standard again.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Ronde
from planning.inviting import standard
from planning.inviting.placeholders import complete, problems, tidy
from planning.models import InvitationText
from school import audit
from school.languages import languages_of_people

Channel = InvitationText.Channel
MAIL, LETTER, SHORT = Channel.MAIL, Channel.LETTER, Channel.SHORT
# A letter says what the mail says, until it has a text of its own.
LOOKS_IN = {MAIL: [MAIL], LETTER: [LETTER, MAIL], SHORT: [SHORT]}
LANGUAGES = list(standard.DEFAULTS)


class TextRefused(Exception):
    """The text cannot be used; `sentences` says where and why, ready for the screen."""

    def __init__(self, sentences):
        self.sentences = sentences
        super().__init__("; ".join(sentences))


def language_for(person):
    """The language in which this guardian is written to."""
    return languages_for([person])[person.pk]


def languages_for(people):
    """The same of many people: {person id: language}. At most one query."""
    found = languages_of_people(people)
    return {pk: language if language in standard.DEFAULTS else "nl" for pk, language in found.items()}


def of(about):
    """The filter for the versions of one Ronde or one Soort."""
    return {"ronde" if isinstance(about, Ronde) else "soort": about}


def newest_text(about, language, channel=MAIL):
    """The text this ronde or soort has of its own, or None."""
    newest = InvitationText.objects.filter(**of(about), language=language, channel=channel).order_by("-version").first()
    return newest if newest and newest.body else None


def chosen_text(about, language, channel=MAIL):
    """The version that is used: the ronde's own, else the soort's; None for what comes with the product. One query."""
    return chosen_texts(about, [language])[language, channel]


def chosen_texts(about, languages):
    """The same in these languages, each way: {(language, channel): version}. One query."""
    mine = Q(soort=about.soort_id) | Q(ronde=about.pk) if isinstance(about, Ronde) else Q(soort=about)
    rows = InvitationText.objects.filter(mine, language__in=languages).order_by("version")
    newest = {(row.language, row.channel, row.ronde_id is None): row for row in rows}

    def chosen(language, channel):
        order = [(language, way, of_soort) for way in LOOKS_IN[channel] for of_soort in (False, True)]
        return next((newest[key] for key in order if key in newest and newest[key].body), None)

    return {(language, channel): chosen(language, channel) for language in languages for channel in LOOKS_IN}


def words_of(version, language, channel=MAIL):
    """(subject, body) of this version, or of the product where it is None; nothing that parents always read is missing."""
    if version is None:
        return standard.comes_with(language, short=channel == SHORT)
    return version.subject, version.body if channel == SHORT else complete(version.body)


def text_for(about, language, channel=MAIL):
    """(subject, body) that is used for this ronde or soort, complete."""
    return words_of(chosen_text(about, language, channel), language, channel)


def save_text(*, about, language, subject, body, by, channel=MAIL, now=None):
    """Keep a new version for a Ronde or a Soort. Returns the version that is used; None where that is the product's.

    Words that are used already make no version. Raises TextRefused.
    """
    body = tidy(body)
    subject = "" if channel == SHORT else subject.strip()
    found = problems(subject, body, short=channel == SHORT)
    if found:
        raise TextRefused(found)
    with transaction.atomic():
        type(about).objects.select_for_update().get(pk=about.pk)
        if (subject, body) == text_for(about, language, channel):
            return chosen_text(about, language, channel)
        return _next_version(about, language, channel, subject, body, by=by, now=now)


def use_standard_again(*, about, language, by, channel=MAIL, now=None):
    """This ronde says again what its soort says, or this soort what comes with the product. Twice is no error."""
    with transaction.atomic():
        type(about).objects.select_for_update().get(pk=about.pk)
        if newest_text(about, language, channel):
            _next_version(about, language, channel, "", "", by=by, now=now)


def _next_version(about, language, channel, subject, body, *, by, now):
    last = InvitationText.objects.filter(**of(about), language=language, channel=channel).order_by("-version").first()
    text = InvitationText.objects.create(
        school=about.school,
        **of(about),
        language=language,
        channel=channel,
        version=(last.version if last else 0) + 1,
        subject=subject,
        body=body,
        by=by.person,
        created_at=now or timezone.now(),
    )
    audit.record("save_invitation_text", text, by=by, version=text.version)
    return text
