"""Personal links, codes on paper, the second step, trusted devices. Secrets are kept as hashes only."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from school import outbox
from school.actor import CONFIRMED, LINK, Actor
from school.models import AccessLink, Person, SecondStep, TrustedDevice
from school.statements import written_once

# No I, L, O, U, 0 or 1: read from paper and typed on a phone by somebody in a hurry.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 12  # 30^12 is about 2^59: guessing is hopeless without counting attempts
DEVICE_COOKIE = "apparaat"
DOUBLE_TAP = timedelta(seconds=30)  # the same code again so soon is one impatient thumb on a slow network


class SecondStepRefused(Exception):
    """The code is wrong, spent or too old. `reason` is 'wrong', 'expired' or 'too_many'."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


def hashed(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def mint_link(person, *, expires_at, purpose=AccessLink.Purpose.PERSONAL):
    """A new secret for a link in a mail. It is returned once and stored as a hash."""
    token = secrets.token_urlsafe(24)
    _store(person, token, purpose, expires_at)
    return token


def mint_code(person, *, expires_at, purpose=AccessLink.Purpose.PERSONAL):
    """The same for paper: twelve letters and digits, shown in threes of four."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    _store(person, code, purpose, expires_at)
    return "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def mint_codes(people, *, expires_at, purpose):
    """Codes for many people in one statement: {person.pk: code}."""
    codes = draw_codes(people)
    store_codes(people, codes, expires_at=expires_at, purpose=purpose)
    return codes


def draw_codes(people):
    """{person.pk: code}, as people read them. They open nothing until they are stored."""
    drawn = {}
    for person in people:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        drawn[person.pk] = "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4))
    return drawn


def store_codes(people, codes, *, expires_at, purpose):
    """From now on these codes, by person.pk, open the pages of these people."""
    _store_many(((person, codes[person.pk].replace("-", "")) for person in people), purpose, expires_at)


def mint_links(people, *, expires_at):
    """New secrets for links in mails in one statement: {person.pk: token}."""
    tokens = {person.pk: secrets.token_urlsafe(24) for person in people}
    _store_many(((person, tokens[person.pk]) for person in people), AccessLink.Purpose.PERSONAL, expires_at)
    return tokens


def _store_many(pairs, purpose, expires_at):
    AccessLink.objects.bulk_create(
        AccessLink(
            school_id=person.school_id,
            person=person,
            purpose=purpose,
            token_hash=hashed(secret),
            expires_at=expires_at,
        )
        for person, secret in pairs
    )


def _store(person, secret, purpose, expires_at):
    AccessLink.objects.create(
        school_id=person.school_id, person=person, purpose=purpose, token_hash=hashed(secret), expires_at=expires_at
    )


def normalise(token):
    """What somebody typed or clicked, as it was minted.

    Codes forgive spaces, dashes and lower case; a link forgives the full stop or bracket a mail program stuck to it.
    """
    token = token.strip(" \t\r\n.,;:!?'\"<>()[]")
    bare = "".join(c for c in token if c not in " -\t").upper()
    return bare if len(bare) == CODE_LENGTH and set(bare) <= set(CODE_ALPHABET) else token


def find_link(token, *, now=None, purposes=(AccessLink.Purpose.PERSONAL, AccessLink.Purpose.CARD)):
    """The living link behind this token or code, or None (mangled, revoked and expired look the same)."""
    return (
        AccessLink.objects.select_related("person__school")
        .filter(
            token_hash=hashed(normalise(token)),
            purpose__in=purposes,
            revoked_at__isnull=True,
            expires_at__gt=now or timezone.now(),
        )
        .first()
    )


def has_worked(token, *, purposes):
    """Whether this token opened something once, and was revoked or wore out."""
    return AccessLink.objects.filter(token_hash=hashed(normalise(token)), purpose__in=purposes).exists()


def revoke_links(person, *, now=None):
    """Close every door of this person at once: links, codes, feeds, trusted devices."""
    AccessLink.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=now or timezone.now())
    TrustedDevice.objects.filter(person=person).delete()


def revoke_feeds(people, *, now=None):
    """Calendar programs of these people get nothing more: who signs out everywhere cannot know who subscribed."""
    feeds = AccessLink.objects.filter(person__in=people, purpose=AccessLink.Purpose.FEED, revoked_at__isnull=True)
    feeds.update(revoked_at=now or timezone.now())


def forget_proofs(people):
    """These people have another address: what was proven with the old one counts no more, and codes sent there lapse.

    The address of a calendar lapses too: it was asked for by who had the proof.
    """
    revoke_feeds(people)
    TrustedDevice.objects.filter(person__in=people).delete()
    SecondStep.objects.filter(person__in=people, used_at__isnull=True).delete()


def personal_url(token):
    return f"{settings.BASE_URL}/u/{token}/"


# --- the session a link makes ----------------------------------------------------------------------------------------


def begin_session(request, link):
    """Put on the hat of this link's person. A login that was there stays, but is not worn."""
    request.session.cycle_key()
    request.session["hat"] = "link"
    request.session["link"] = link.pk
    request.session["link_person"] = link.person_id
    request.session["visit"] = {}  # what belongs to this visit alone, and ends with it
    request.session["confirmed"] = is_trusted(request, link.person)


def end_session(request):
    for key in ("hat", "link", "link_person", "visit", "confirmed"):
        request.session.pop(key, None)


def actor_of_session(request):
    """The Actor of a link session, or None: the link is asked again on every request, so revoking works at once."""
    session = request.session
    for link in living_links(pk=session.get("link"), person=session.get("link_person"), now=timezone.now()):
        return Actor(person=link.person, level=CONFIRMED if session.get("confirmed") else LINK)
    return None


@written_once
def living_links(*, pk, person, now):
    living = AccessLink.objects.filter(pk=pk, person_id=person, revoked_at__isnull=True, expires_at__gt=now)
    return living.select_related("person__school", "person__leerling")  # whether it is a pupil, too


# --- the second step -------------------------------------------------------------------------------------------------


def ask_second_step(person, *, now=None):
    """Send a code to the registered address. The worker makes the code, so no row and no log ever holds it."""
    now = now or timezone.now()
    recent = SecondStep.objects.filter(person=person, created_at__gt=now - timedelta(hours=1)).count()
    if recent >= settings.SECOND_STEP_ATTEMPTS:
        raise SecondStepRefused("too_many")
    step = SecondStep.objects.create(
        school_id=person.school_id,
        person=person,
        created_at=now,
        expires_at=now + timedelta(minutes=settings.SECOND_STEP_MINUTES),
    )
    outbox.put("school.second_step", person, step)
    return step


def make_code(step):
    """Choose the six digits of this step and keep their hash. Returns them once, for the mail."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    SecondStep.objects.filter(pk=step.pk).update(code_hash=hashed(f"{step.pk}:{code}"))
    return code


def hand_over_code(person, *, now=None):
    """A code read out or written down by staff for somebody without mail. Returns the six digits."""
    now = now or timezone.now()
    step = SecondStep.objects.create(
        school_id=person.school_id, person=person, created_at=now, expires_at=now + timedelta(hours=1)
    )
    return make_code(step)


def confirm(person, code, *, now=None):
    """Check a code. Raises SecondStepRefused; each step forgives SECOND_STEP_ATTEMPTS guesses."""
    now = now or timezone.now()
    unspent = Q(used_at__isnull=True) | Q(used_at__gt=now - DOUBLE_TAP)
    steps = SecondStep.objects.filter(unspent, person=person, expires_at__gt=now).exclude(code_hash="")
    digits = "".join(c for c in code if c.isdigit())
    open_steps = list(steps.order_by("-pk")[:3])
    if not open_steps:
        raise SecondStepRefused("expired")
    for step in open_steps:
        counted = SecondStep.objects.filter(pk=step.pk, attempts__lt=settings.SECOND_STEP_ATTEMPTS).update(
            attempts=F("attempts") + 1
        )
        if not counted:
            raise SecondStepRefused("too_many")
        right = secrets.compare_digest(step.code_hash, hashed(f"{step.pk}:{digits}"))
        if right:
            SecondStep.objects.filter(pk=step.pk, used_at__isnull=True).update(used_at=now)
            return
    raise SecondStepRefused("wrong")


def trust_device(person, *, now=None):
    """Remember this browser for a ronde. Returns the cookie's value."""
    token = secrets.token_urlsafe(24)
    TrustedDevice.objects.create(
        school_id=person.school_id,
        person=person,
        token_hash=hashed(token),
        expires_at=(now or timezone.now()) + timedelta(days=settings.TRUSTED_DEVICE_DAYS),
    )
    return token


def is_trusted(request, person: Person):
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    return (
        bool(token)
        and TrustedDevice.objects.filter(
            person=person, token_hash=hashed(token), expires_at__gt=timezone.now()
        ).exists()
    )
