"""On paper: cards for pupils, and how many letters there are to print, per group."""

from collections import Counter, defaultdict

from django.conf import settings
from django.utils import translation

from gesprekken.models import Deelname
from planning.emails import link_expiry
from planning.inviting.qr import code_address, qr_as_data
from planning.inviting.reach import on_paper
from planning.models import Invitation
from planning.permissions import may_be_reached
from school import access, audit
from school.models import AccessLink
from school.pdf import render_pdf


def letters_to_print(ronde):
    """How many letters nobody printed yet; who may have no contact gets none."""
    waiting = Invitation.objects.filter(on_paper(), may_be_reached(), gesprek__ronde=ronde, printed_at=None)
    return waiting.values(*_one_letter(ronde)).distinct().count()


def letters_of(ronde, groepen):
    """How many letters there are for these groups together: who has children in several of them gets one."""
    waiting = Invitation.objects.filter(on_paper(), gesprek__ronde=ronde, gesprek__groep__in=groepen)
    return waiting.values(*_one_letter(ronde)).distinct().count()


def _one_letter(ronde):
    return ["person", "gesprek"] if ronde.mail_per_child else ["person"]


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
