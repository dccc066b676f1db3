"""Where somebody can be reached: a guardian reports that it changed, staff confirm or decline."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from school import contact, people
from school.actor import PERSONAL, STAFF, open_to
from school.forms import ContactForm
from school.outbox import address_of
from school.permissions import (
    may_manage_people,
    may_report_contact,
    own_contact_reports,
    visible_contact_reports,
    visible_contacts,
)
from school.views.doors import mask_address


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def my_contact(request):
    """Shows nothing but what she just typed: a link may have come into other hands."""
    if not may_report_contact(request.actor):
        raise PermissionDenied
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            contact.report(email=given["email"], phone=given["phone"], by=request.actor)
        except contact.TooManyReports:
            form.add_error(None, _("U gaf vandaag al een paar keer iets door. Klopt het nog niet? Bel de school."))
        else:
            words = get_text_list([word for word in (given["email"], given["phone"]) if word], _("en"))
            messages.success(request, _("Doorgegeven: %(what)s. De school kijkt ernaar.") % {"what": words})
            return redirect("my_contact")
    person = request.actor.person
    context = {
        "form": form,
        "address": mask_address(address_of(person)),
        "phone": mask_number(person.phone),
        "reported": own_contact_reports(request.actor).open().first(),
    }
    return render(request, "school/my_contact.html", context, status=422 if form.errors else 200)


def mask_number(number):
    """The last two digits: enough to know which telephone, too little to learn a number."""
    return number[-2:]


@open_to(STAFF)
@require_POST
def decide(request, pk):
    """One tap: it is right, or it is not."""
    answer = request.POST.get("klopt")
    if answer not in ("ja", "nee"):
        return HttpResponseBadRequest()
    report = get_object_or_404(visible_contact_reports(request.actor), pk=pk)
    try:
        if answer == "ja":
            contact.accept(report=report, by=request.actor)
            messages.success(request, accepted_sentence(report))
        else:
            contact.decline(report=report, by=request.actor)
            messages.success(
                request, _("Er is niets veranderd aan de gegevens van %(name)s.") % {"name": report.person.name}
            )
    except contact.ReportGone:
        messages.warning(
            request, _("Hier is al over beslist, of er is net iets anders doorgegeven. Kijk hoe het nu staat.")
        )
    except people.AddressTaken:
        messages.error(request, _("Iemand anders logt al in met dit adres. Er is niets veranderd."))
    if request.POST.get("terug") == "vandaag" or not may_manage_people(request.actor):
        return redirect("today")
    return redirect("person", pk=report.person_id)


def accepted_sentence(report):
    if report.email:
        sentence = _(
            "De gegevens van %(name)s zijn veranderd. Uitnodigingen zonder antwoord gaan naar het nieuwe adres."
        )
    else:
        sentence = _("De gegevens van %(name)s zijn veranderd.")
    return sentence % {"name": report.person.name}


@open_to(STAFF)
@require_POST
def trust_address(request, pk):
    person = get_object_or_404(visible_contacts(request.actor), pk=pk)
    contact.trust_address(person=person, by=request.actor)
    messages.success(request, _("Mail aan %(name)s gaat weer naar dit adres.") % {"name": person.name})
    return redirect("person", pk=pk)
