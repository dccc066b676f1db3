"""Letters with QR and code, per group, for guardians whom no mail reaches.

They are written first, with codes that open nothing yet; `keep` lets the codes open their pages once there is paper.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation

from planning.emails import choosing_closes_on, link_expiry, reachable_by_person, reply_address
from planning.inviting import invitations, pieces, texts
from planning.inviting.qr import code_address, qr_as_data
from planning.inviting.reach import on_paper
from planning.models import Booking, Invitation
from school import access, audit
from school.models import AccessLink
from school.pdf import render_pdf


@dataclass(frozen=True)
class Letters:
    """The letters of one group as they are written now. `pages`: what the template needs of each."""

    ronde: object
    groep: object
    people: dict  # {person id: Person}
    codes: dict  # {person id: her code}
    pages: list
    asked: dict  # {person id: Written} of who is asked for a time

    @property
    def about(self):
        """[[guardian id, gesprek id]]: what stands in them."""
        return [[page["person"].pk, gesprek.pk] for page in self.pages for gesprek in page["gesprekken"]]

    def document(self):
        return pieces.document(school=self.ronde.school, about=self.ronde, groep=self.groep, pages=self.pages)

    def in_pieces(self):
        return pieces.in_pieces(self.document())


def write(*, ronde, groep, told=frozenset()):
    """The Letters of every guardian of this group whom no mail reaches, or None when there is none. Changes nothing.

    A letter per child where the ronde sends a mail per child; else one about all, for who is not among `told`: guardians
    who got it with another group.
    """
    waiting = Invitation.objects.filter(on_paper(), gesprek__ronde=ronde, gesprek__groep=groep).select_related("person")
    if not ronde.mail_per_child:
        waiting = waiting.exclude(person__in=told)
    people = {invitation.person_id: invitation.person for invitation in waiting.order_by("pk")}
    children = reachable_by_person(people.values(), ronde=ronde)
    people = {pk: person for pk, person in people.items() if children.get(pk)}
    if not people:
        return None
    codes = access.draw_codes(people.values())
    bookings = planned_bookings(ronde)
    shared = invitations.Shared.of(ronde, people.values())
    closes_on = choosing_closes_on(ronde)
    pages, asked = [], {}
    for person, gesprekken in per_letter(ronde, groep, people, children):
        pk = person.pk
        if any(gesprek.pk in bookings for gesprek in gesprekken):
            written = invitations.write_times(
                ronde, person, gesprekken, bookings, closes_on=closes_on, language=shared.languages[pk]
            )
        else:
            written = asked[pk] = invitations.write_for(
                ronde, person, gesprekken, closes_on=closes_on, channel=texts.LETTER, shared=shared
            )
        body = pieces.from_their_own_side(written.body, shared.languages[pk])
        pages.append(
            {
                "person": person,
                "gesprekken": gesprekken,
                "subject": written.subject,
                "parts": [part.strip() for part in body.split("{link}")],
                "code": codes[pk],
                "qr": qr_as_data(code_address(codes[pk])),
                "language": shared.languages[pk],
                "reply": reply_address(ronde.school, gesprekken[0]),
            }
        )
    return Letters(ronde, groep, people, codes, pages, asked)


def keep(letters, *, by, now=None):
    """There is paper, or a file to print: from now on the codes open their pages, and the letters count as printed.

    Printing again makes new codes; codes on earlier letters keep working until the ronde is over.
    """
    ronde = letters.ronde
    with transaction.atomic():
        access.store_codes(
            letters.people.values(),
            letters.codes,
            expires_at=link_expiry(ronde),
            purpose=AccessLink.Purpose.PERSONAL,
        )
        printed = Invitation.objects.filter(gesprek__ronde=ronde, person__in=letters.people)
        if ronde.mail_per_child:
            printed = printed.filter(gesprek__groep=letters.groep)
        printed.update(printed_at=now or timezone.now())
        invitations.keep_versions(ronde, letters.asked)
        audit.record("print_letters", ronde, by=by, groep=letters.groep.pk, letters=len(letters.pages))


def print_at_once(*, ronde, groep, by, now=None):
    """One PDF with the letters of this group, or None when there is none. For a few; many are for the press."""
    letters = write(ronde=ronde, groep=groep)
    if letters is None:
        return None
    with translation.override("nl"):
        content = render_pdf("pdf/letters.html", letters.document())
    keep(letters, by=by, now=now)
    return content


def per_letter(ronde, groep, people, children):
    """(guardian, the gesprekken one letter is about): all hers in the ronde, or one of this group at a time."""
    for pk, person in people.items():
        if ronde.mail_per_child:
            yield from ((person, [gesprek]) for gesprek in children[pk] if gesprek.groep_id == groep.pk)
        else:
            yield person, children[pk]


def planned_bookings(ronde):
    """{gesprek id: Booking} once a plan was released: then a letter says the time instead of asking for one."""
    if not ronde.plan_released_at:
        return {}
    active = Booking.objects.active().filter(gesprek__ronde=ronde).select_related("medewerker__person", "school")
    return {booking.gesprek_id: booking for booking in active}
