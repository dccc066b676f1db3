"""Leadership looks after people: colleagues who come in, and how guardians are reached."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from school import bounces
from school import people as verbs
from school.actor import STAFF, open_to
from school.forms import PersonForm, StaffForm, WorkdaysForm
from school.models import Rol
from school.permissions import (
    may_manage_people,
    visible_contact_reports,
    visible_contacts,
    visible_relaties,
    visible_staff,
)


def only_for_managers(actor):
    if not may_manage_people(actor):
        raise PermissionDenied


@open_to(STAFF)
@require_GET
def people(request):
    only_for_managers(request.actor)
    staff = list(visible_staff(request.actor).by_name())
    context = {
        "staff": [m for m in staff if m.is_active and not m.left_on],
        "former": [m for m in staff if not m.is_active or m.left_on],
        "to_invite": sum(1 for m in staff if m.login_state == "new" and not m.left_on),
    }
    return render(request, "school/people.html", context)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def add_staff(request):
    only_for_managers(request.actor)
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            medewerker = verbs.add_staff(
                school=request.actor.school,
                name=form.name,
                email=given["email"],
                function=given["function"],
                rollen=given["rollen"],
                by=request.actor,
            )
        except verbs.AddressTaken:
            form.add_error("email", _("Er werkt hier al iemand met dit adres."))
        else:
            messages.success(request, _("%(name)s is uitgenodigd.") % {"name": medewerker.person.name})
            return redirect("people")
    return render(request, "school/staff_new.html", {"form": form}, status=422 if form.errors else 200)


@open_to(STAFF)
@require_POST
def invite_all(request):
    only_for_managers(request.actor)
    invited, left_out = verbs.invite_everybody(by=request.actor)
    messages.success(
        request,
        ngettext("%(n)s collega krijgt een uitnodiging.", "%(n)s collega's krijgen een uitnodiging.", invited)
        % {"n": invited},
    )
    for person in left_out:
        messages.warning(
            request, _("%(name)s heeft hetzelfde adres als een collega en is niet uitgenodigd.") % {"name": person.name}
        )
    return redirect("people")


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, pk):
    """The contact facts of a colleague or a guardian, and what else leadership can do about this person."""
    known = get_object_or_404(visible_contacts(request.actor).select_related("user"), pk=pk)
    medewerker = visible_staff(request.actor).by_name().filter(person=known).first()
    form = PersonForm(request.POST or None, instance=known, is_staff=medewerker is not None)
    if request.method == "POST" and form.is_valid() and changed(request, known.pk, form):
        return redirect("person", pk=pk)
    known.refresh_from_db()  # a refused form must not show its values in the heading
    relaties = visible_relaties(request.actor).of_guardian(known)
    context = {
        "person": known,
        "medewerker": medewerker,
        "rollen": {rol.soort for rol in known.rollen.all()},
        "all_rollen": Rol.Soort.choices,
        "relaties": relaties,
        "form": form,
        "workdays": WorkdaysForm(initial={"days": list(medewerker.workdays)}) if medewerker else None,
        "is_self": known.pk == request.actor.person.pk,
        "has_bounced": bounces.has_bounced(known),
        "reports": visible_contact_reports(request.actor).open().filter(person=known),
    }
    return render(request, "school/person.html", context, status=422 if form.errors else 200)


def changed(request, pk, form):
    """Hand the form to the verb; a refusal becomes an error on the form."""
    fresh = get_object_or_404(visible_contacts(request.actor).select_related("user"), pk=pk)
    try:
        fields = verbs.change_person(person=fresh, values=form.cleaned_data, by=request.actor)
    except verbs.AddressTaken:
        form.add_error("email", _("Iemand anders logt al in met dit adres. Kies een ander."))
        return False
    except verbs.NoAddress:
        form.add_error("email", _("Wie kan inloggen, heeft een e-mailadres nodig."))
        return False
    if "email" in fields and fresh.user_id:
        messages.success(request, _("Bewaard. Naar het nieuwe adres gaat een uitnodiging om een wachtwoord te kiezen."))
    elif fields:
        messages.success(request, _("Bewaard."))
    return True


@open_to(STAFF)
@require_POST
def invite(request, pk):
    medewerker = get_object_or_404(visible_staff(request.actor).active().select_related("person"), person=pk)
    try:
        verbs.invite_staff(medewerker=medewerker, by=request.actor)
    except verbs.NoAddress:
        messages.error(request, _("Vul eerst een e-mailadres in."))
    except verbs.AddressTaken:
        messages.error(request, _("Iemand anders op school heeft hetzelfde adres. Verander dat eerst."))
    else:
        messages.success(request, _("De uitnodiging aan %(name)s gaat nu weg.") % {"name": medewerker.person.name})
    return redirect("person", pk=pk)


@open_to(STAFF)
@require_POST
def deactivate(request, pk):
    medewerker = get_object_or_404(visible_staff(request.actor).select_related("person__user"), person=pk)
    try:
        verbs.deactivate(medewerker=medewerker, by=request.actor)
    except verbs.LastLeader:
        messages.error(request, last_leader())
    else:
        messages.success(
            request,
            _("%(name)s kan niet meer inloggen. Open pagina's zijn gesloten.") % {"name": medewerker.person.name},
        )
    return redirect("person", pk=pk)


def last_leader():
    return _("Er moet iemand zijn die de school leidt. Geef eerst een collega de rol schoolleiding.")


@open_to(STAFF)
@require_POST
def reactivate(request, pk):
    medewerker = get_object_or_404(visible_staff(request.actor).select_related("person__user"), person=pk)
    verbs.reactivate(medewerker=medewerker, by=request.actor)
    messages.success(request, _("%(name)s kan weer inloggen.") % {"name": medewerker.person.name})
    return redirect("person", pk=pk)


@open_to(STAFF)
@require_POST
def change_rol(request, pk):
    medewerker = get_object_or_404(visible_staff(request.actor).select_related("person"), person=pk)
    soort = request.POST.get("rol")
    if soort not in Rol.Soort.values:
        return HttpResponseBadRequest()
    try:
        if request.POST.get("give"):
            verbs.give_rol(medewerker=medewerker, soort=soort, by=request.actor)
        else:
            verbs.take_rol(medewerker=medewerker, soort=soort, by=request.actor)
    except verbs.LastLeader:
        messages.error(request, last_leader())
    else:
        messages.success(request, _("De rol van %(name)s is veranderd.") % {"name": medewerker.person.name})
    return redirect("person", pk=pk) if pk != request.actor.person.pk else redirect("home")


# --- guardians -------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_GET
def guardians(request):
    only_for_managers(request.actor)
    words = request.GET.get("q", "").strip()
    found = verbs.find_guardians(visible_relaties(request.actor), words)
    context = {
        "q": words,
        "found": found[:60],
        "total": len(found),
        "came_back": bounces.came_back(person for person, _own in found[:60]),
        "reports": visible_contact_reports(request.actor).open().order_by("created_at"),
    }
    return render(request, "school/guardians.html", context)


@open_to(STAFF)
@require_POST
def restrict(request, pk):
    relatie = get_object_or_404(visible_relaties(request.actor).select_related("person", "leerling__person"), pk=pk)
    names = {"name": relatie.person.name, "child": relatie.leerling.person.first_name}
    if request.POST.get("restrict"):
        verbs.restrict(relatie=relatie, by=request.actor)
        messages.success(request, _("%(name)s krijgt niets meer te zien over %(child)s. Dat geldt vanaf nu.") % names)
    else:
        verbs.lift_restriction(relatie=relatie, by=request.actor)
        messages.success(request, _("%(name)s mag weer meedoen met de gesprekken over %(child)s.") % names)
    return redirect("person", pk=relatie.person_id)


@open_to(STAFF)
@require_POST
def workdays(request, pk):
    """The days a colleague works, as leadership knows them."""
    only_for_managers(request.actor)
    medewerker = get_object_or_404(visible_staff(request.actor).select_related("person"), person=pk)
    form = WorkdaysForm(request.POST)
    if form.is_valid():
        verbs.set_workdays(medewerker=medewerker, days=form.cleaned_data["days"], by=request.actor)
        sentence = _("De werkdagen van %(name)s zijn bewaard. Tijden die al gegeven zijn, blijven staan.")
        messages.success(request, sentence % {"name": medewerker.person.name})
    else:
        messages.error(request, _("Er is niets bewaard. Kies dagen uit de lijst."))
    return redirect("person", pk=pk)
