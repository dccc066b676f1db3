"""Who may see and do what with people and the school itself. `visible_*` gives a QuerySet, `may_*` a bool."""

from django.db.models import Q
from django.utils import timezone

from school import registry
from school.actor import PERSONAL
from school.models import (
    ContactReport,
    Groep,
    ImportBatch,
    Job,
    Leerling,
    Medewerker,
    Outgoing,
    Person,
    Relatie,
    School,
    Schooljaar,
)


def visible_groepen(actor):
    """Leadership and the intern begeleider see every group; a teacher the groups she teaches."""
    groepen = Groep.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return groepen
    if actor.is_staff:
        return groepen.filter(pk__in=actor.groep_ids)
    return groepen.none()


def visible_leerlingen(actor):
    """Staff: the pupils of the groups they see. A guardian: her own children. A pupil: herself."""
    leerlingen = Leerling.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return leerlingen
    if actor.is_staff:
        return leerlingen.filter(lidmaatschappen__groep__in=actor.groep_ids).distinct()
    if actor.person is None:
        return leerlingen.none()
    own = Q(relaties__in=Relatie.objects.reachable().filter(person=actor.person)) | Q(person=actor.person)
    return leerlingen.filter(own).distinct()


def visible_people(actor):
    """Everybody the school knows, for those who manage people."""
    people = Person.objects.filter(school=actor.school)
    return people if may_manage_people(actor) else people.none()


def visible_staff(actor):
    """Colleagues, for those who manage people."""
    staff = Medewerker.objects.filter(school=actor.school)
    return staff if may_manage_people(actor) else staff.none()


def visible_contacts(actor):
    """Staff and guardians: whose contact facts leadership may change. Pupils are the administration's."""
    known = Q(medewerker__isnull=False) | Q(relaties__isnull=False)
    return visible_people(actor).filter(known).distinct()


def visible_relaties(actor):
    """Who belongs to which child, for those who manage people."""
    relaties = Relatie.objects.filter(school=actor.school)
    return relaties if may_manage_people(actor) else relaties.none()


def may_report_contact(actor):
    """A guardian says that her own address or number is another one, as long as she may be reached about a child."""
    return actor.level in PERSONAL and reachable_as(actor.person).exists()


def reachable_as(person):
    """About which children this person may be reached, as Relaties."""
    return Relatie.objects.reachable().filter(person=person)


def visible_contact_reports(actor):
    """What guardians say their address is now, to confirm or decline: leadership, and the child's present teachers."""
    reports = ContactReport.objects.filter(school=actor.school).select_related("person")
    if actor.is_leiding:
        return reports
    if not actor.is_staff:
        return reports.none()
    mine = Groep.objects.filter(pk__in=actor.groep_ids, schooljaar__ends_on__gte=timezone.localdate())
    known = Relatie.objects.reachable().filter(leerling__lidmaatschappen__groep__in=mine)
    return reports.filter(person__in=known.values("person"))


def own_contact_reports(actor):
    """A guardian her own: that something was reported, and when."""
    return ContactReport.objects.filter(school=actor.school, person=actor.person)


def own_hats(actor):
    """The persons one is at each school where one works, to go from one to the other."""
    mine = Person.objects.filter(user=actor.person.user_id) if actor.person and actor.person.user_id else None
    if mine is None:
        return Person.objects.none()
    return mine.filter(medewerker__in=Medewerker.objects.active()).select_related("school").order_by("school__name")


def visible_schools(actor):
    """One's own."""
    return School.objects.filter(pk=actor.school.pk)


def visible_schooljaren(actor):
    return Schooljaar.objects.filter(school=actor.school)


def visible_jobs(actor):
    """One's own work in the background; leadership sees all of the school's."""
    jobs = Job.objects.filter(school=actor.school)
    return jobs if actor.is_leiding else jobs.filter(by=actor.person)


def visible_imports(actor):
    batches = ImportBatch.objects.filter(school=actor.school)
    return batches if may_import(actor) else batches.none()


def may_manage_people(actor):
    return actor.is_leiding


def may_import(actor):
    return actor.is_leiding


def may_see_failed_mail(actor):
    """To whom and about what, never what it said: leadership."""
    return actor.is_leiding


def visible_failed_mail(actor):
    """Without what is private between colleagues: that it was sent already says what leadership does not read (K4)."""
    rows = Outgoing.objects.filter(school=actor.school, state=Outgoing.State.FAILED).exclude(
        message__in=registry.private
    )
    return rows if may_see_failed_mail(actor) else rows.none()


def may_change_school(actor):
    return actor.is_leiding
