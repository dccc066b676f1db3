"""The invitation to an activity on paper, for guardians whom no mail reaches, with a code for their own page (C6).

As the letters of a ronde they are written first, with codes that open nothing yet.
"""

from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from planning.activities import asking, guests
from planning.activities.emails import link_expiry, welcome_to, why_of, words_about
from planning.emails import reply_address
from planning.inviting import pieces
from planning.inviting.qr import code_address, qr_as_data
from planning.models import ActivityLetter
from school import access, audit
from school.languages import languages_of_people
from school.models import AccessLink

LINK = "\x00"  # where the code comes; nobody can have typed it


def per_groep(activiteit):
    """{groep id: [Person]}: whom no mail reaches, each with the first of the groups her children are in, by name."""
    people = {person.pk: person for person in asking.reach_of(activiteit).on_paper}
    order = {pk: n for n, pk in enumerate(guests.groepen_of(activiteit).order_by("name").values_list("pk", flat=True))}
    groepen_of = {}
    rows = guests.welcome(activiteit).filter(person__in=people, leerling__lidmaatschappen__groep__in=order)
    for person, groep in rows.values_list("person", "leerling__lidmaatschappen__groep"):
        groepen_of.setdefault(person, set()).add(groep)
    found = {}
    for pk, person in people.items():
        if mine := sorted(groepen_of.get(pk, ()), key=order.get):
            found.setdefault(mine[0], []).append(person)
    return found


def may_be_printed(activiteit, *, now):
    """Once families know of it, as long as it is still to come."""
    return activiteit.invited_at is not None and not asking.why_not(activiteit, now=now)


def counts(activiteit, groepen):
    """(letters for these groups, of which printed)."""
    here = {groep.pk for groep in groepen}
    people = {person.pk for groep, mine in per_groep(activiteit).items() if groep in here for person in mine}
    return len(people), ActivityLetter.objects.filter(activiteit=activiteit, person__in=people).count()


def when_and_where(activiteit):
    """As one line to compare: a letter that says another day, time or place does not hold any more."""
    return f"{activiteit.on} {activiteit.starts} {activiteit.ends} {activiteit.place}"


@dataclass(frozen=True)
class ActivityLetters:
    """The letters of one group as they are written now. `pages`: what the template needs of each."""

    activiteit: object
    groep: object
    people: dict  # {person id: Person}
    codes: dict  # {person id: her code}
    pages: list

    @property
    def about(self):
        """[[guardian id, activity id, when and where]]: what stands in them."""
        return [[pk, self.activiteit.pk, when_and_where(self.activiteit)] for pk in self.people]

    def in_pieces(self):
        activiteit = self.activiteit
        return pieces.in_pieces(
            pieces.document(school=activiteit.school, about=activiteit, groep=self.groep, pages=self.pages)
        )


def write(*, activiteit, groep, told=frozenset()):
    """The ActivityLetters of this group, or None when there is none. Changes nothing. `told`: who has hers already."""
    people = {person.pk: person for person in per_groep(activiteit).get(groep.pk, []) if person.pk not in told}
    if not people or not may_be_printed(activiteit, now=timezone.now()):
        return None
    codes, languages = access.draw_codes(people.values()), languages_of_people(people.values())
    children = {person.pk: names for person, names in guests.families(guests.welcome(activiteit)).items()}
    here = reverse("my_activity", args=[activiteit.pk])
    pages = []
    for pk, person in people.items():
        with override(languages[pk]):
            words = words_about(activiteit, person, children[pk]) | {"why": why_of(activiteit), "url": LINK}
            text = render_to_string("mail/activity_invitation.txt", words)
            subject = welcome_to() % {"name": activiteit.name}
        pages.append(
            {
                "person": person,
                "subject": subject,
                "parts": [part.strip() for part in text.split(LINK)],
                "code": codes[pk],
                "qr": qr_as_data(f"{code_address(codes[pk])}?next={here}"),
                "language": languages[pk],
                "reply": reply_address(activiteit.school),
            }
        )
    return ActivityLetters(activiteit, groep, people, codes, pages)


def keep(letters, *, by, now=None):
    """There is a file to print: from now on the codes open their pages, and the letters count as printed."""
    activiteit, now = letters.activiteit, now or timezone.now()
    with transaction.atomic():
        access.store_codes(
            letters.people.values(),
            letters.codes,
            expires_at=link_expiry(activiteit),
            purpose=AccessLink.Purpose.PERSONAL,
        )
        mine = ActivityLetter.objects.filter(activiteit=activiteit, person__in=letters.people)
        mine.update(printed_at=now)
        new = set(letters.people) - set(mine.values_list("person", flat=True))
        ActivityLetter.objects.bulk_create(
            (
                ActivityLetter(school=activiteit.school, activiteit=activiteit, person_id=pk, printed_at=now)
                for pk in sorted(new)
            ),
            ignore_conflicts=True,
        )
        audit.record("print_activity_letters", activiteit, by=by, groep=letters.groep.pk, letters=len(letters.pages))
