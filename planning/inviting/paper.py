"""On paper: letters with QR and code for guardians without an address, cards for pupils, per group."""

import base64
import io
from collections import Counter, defaultdict

import qrcode
from django.conf import settings
from django.utils import timezone, translation

from gesprekken.models import Deelname
from planning.emails import choosing_closes_on, link_expiry, reachable_gesprekken, reply_address
from planning.inviting import invitations, texts
from planning.inviting.reach import on_paper
from planning.models import Booking, Invitation
from planning.permissions import may_be_reached
from school import access, audit
from school.models import AccessLink
from school.pdf import render_pdf
from school.schools import read_logo


def qr_as_data(url):
    """A QR code as a data: address, so that a PDF needs no file from anywhere."""
    out = io.BytesIO()
    qrcode.make(url, box_size=6, border=2).save(out)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def logo_as_data(school):
    """The school's logo as a data: address, or an empty string."""
    picture = read_logo(school.slug)
    return "data:image/png;base64," + base64.b64encode(picture).decode() if picture else ""


def code_address(code):
    return f"{settings.BASE_URL}/u/{code.replace('-', '')}/"


def letters(*, ronde, groep, by, now=None):
    """One PDF with a letter for every guardian of this group whom no mail reaches, or None when there is none.

    A letter per child where the ronde sends a mail per child. Printing again makes new codes; codes on earlier letters keep working until the ronde is over.
    """
    waiting = Invitation.objects.filter(on_paper(), gesprek__ronde=ronde, gesprek__groep=groep).select_related("person")
    people = {invitation.person_id: invitation.person for invitation in waiting}
    children = {pk: list(reachable_gesprekken(person, ronde=ronde)) for pk, person in people.items()}
    people = {pk: person for pk, person in people.items() if children[pk]}
    if not people:
        return None
    codes = access.mint_codes(people.values(), expires_at=link_expiry(ronde), purpose=AccessLink.Purpose.PERSONAL)
    bookings = planned_bookings(ronde)
    pages, asked = [], {}
    for person, gesprekken in per_letter(ronde, groep, people, children):
        pk = person.pk
        address = code_address(codes[pk])
        closes_on = choosing_closes_on(ronde)
        if any(gesprek.pk in bookings for gesprek in gesprekken):
            written = invitations.write_times(ronde, person, gesprekken, bookings, closes_on=closes_on)
        else:
            written = asked[pk] = invitations.write_for(
                ronde, person, gesprekken, closes_on=closes_on, channel=texts.LETTER
            )
        pages.append(
            {
                "person": person,
                "subject": written.subject,
                "parts": [part.strip() for part in written.body.split("{link}")],
                "code": codes[pk],
                "qr": qr_as_data(address),
                "language": texts.language_for(person),
                "reply": reply_address(ronde.school, gesprekken[0]),
            }
        )
    printed = Invitation.objects.filter(gesprek__ronde=ronde, person__in=people)
    if ronde.mail_per_child:
        printed = printed.filter(gesprek__groep=groep)
    printed.update(printed_at=now or timezone.now())
    invitations.keep_versions(ronde, asked)
    audit.record("print_letters", ronde, by=by, groep=groep.pk, letters=len(pages))
    with translation.override("nl"):
        return render_pdf(
            "pdf/letters.html",
            {
                "pages": pages,
                "school": ronde.school,
                "ronde": ronde,
                "groep": groep,
                "site": settings.BASE_URL,
                "logo": logo_as_data(ronde.school),
            },
        )


def per_letter(ronde, groep, people, children):
    """(guardian, the gesprekken one letter is about): all hers in the ronde, or one of this group at a time."""
    for pk, person in people.items():
        if ronde.mail_per_child:
            yield from ((person, [gesprek]) for gesprek in children[pk] if gesprek.groep_id == groep.pk)
        else:
            yield person, children[pk]


def letters_to_print(ronde):
    """How many letters nobody printed yet; who may have no contact gets none."""
    waiting = Invitation.objects.filter(on_paper(), may_be_reached(), gesprek__ronde=ronde, printed_at=None)
    return waiting.values(*_one_letter(ronde)).distinct().count()


def _one_letter(ronde):
    return ["person", "gesprek"] if ronde.mail_per_child else ["person"]


def planned_bookings(ronde):
    """{gesprek id: Booking} once a plan was released: then a letter says the time instead of asking for one."""
    if not ronde.plan_released_at:
        return {}
    active = Booking.objects.active().filter(gesprek__ronde=ronde).select_related("medewerker__person", "school")
    return {booking.gesprek_id: booking for booking in active}


def cards(*, ronde, groep, by):
    """One PDF with a card per pupil of this group who takes part, or None. The code opens the pupil's own page."""
    joining = (
        Deelname.objects.filter(gesprek__ronde=ronde, gesprek__groep=groep, as_role=Deelname.As.LEERLING)
        .select_related("person")
        .order_by("person__first_name", "person__last_name")
    )
    people = {deelname.person_id: deelname.person for deelname in joining}
    if not people:
        return None
    codes = access.mint_codes(people.values(), expires_at=link_expiry(ronde), purpose=AccessLink.Purpose.CARD)
    # Of two with the same first name the card also says which of the two.
    first_names = Counter(person.first_name for person in people.values())
    pages = [
        {
            "name": person.name if first_names[person.first_name] > 1 else person.first_name,
            "code": codes[pk],
            "qr": qr_as_data(code_address(codes[pk])),
        }
        for pk, person in people.items()
    ]
    audit.record("print_cards", ronde, by=by, groep=groep.pk, cards=len(pages))
    with translation.override("nl"):
        return render_pdf(
            "pdf/cards.html",
            {"cards": pages, "school": ronde.school, "ronde": ronde, "groep": groep, "site": settings.BASE_URL},
        )


def groepen_with_cards(ronde):
    """The groups of this ronde in which a pupil takes part."""
    joining = Deelname.objects.filter(gesprek__ronde=ronde, as_role=Deelname.As.LEERLING)
    return set(joining.values_list("gesprek__groep", flat=True).distinct())


def waiting_letters(ronde):
    """{groep_id: (letters, of which printed)} of this ronde."""
    counts = defaultdict(lambda: [0, 0])
    rows = Invitation.objects.filter(on_paper(), gesprek__ronde=ronde).values_list(
        "gesprek__groep", "printed_at", *_one_letter(ronde)
    )
    for groep, printed, *_whose in {(g, bool(at), *whose) for g, at, *whose in rows}:
        counts[groep][0] += 1
        counts[groep][1] += printed
    return {groep: tuple(pair) for groep, pair in counts.items()}
