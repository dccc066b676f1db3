"""Members of staff and guardians as leadership looks after them: invite, switch off and on, roles, contact facts.

A person is changed here by name and with a trace. What an import says about people is the importers' business.
"""

import unicodedata

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from school import access, audit, outbox, registry
from school.models import Leerling, Medewerker, Person, Relatie, Rol, User

INVITATION = "school.staff_invitation"


class LastLeader(Exception):
    """Somebody has to be able to let the others in: the last active leader stays."""


class NoAddress(Exception):
    """Without a mail address nobody can be invited."""


class NobodyTalks(Exception):
    """Somebody has to be there: of the guardians who are invited at least one takes part."""


class AddressTaken(Exception):
    """Another person of this school signs in with this address."""


def add_staff(*, school, name, email, function="", rollen=(), by, now=None):
    """A member of staff by hand, invited at once. `name` is (first, prefix, last). Returns the Medewerker.

    Raises AddressTaken when the school knows a colleague with this address already, from an import for instance.
    """
    first, prefix, last = name
    if Medewerker.objects.filter(school=school, person__email__iexact=email.strip()).exists():
        raise AddressTaken
    with transaction.atomic():
        person = Person.objects.create(
            school=school, first_name=first, prefix=prefix, last_name=last, email=email.strip().lower()
        )
        medewerker = Medewerker.objects.create(school=school, person=person, function=function)
        audit.record("staff_added", medewerker, by=by)
        for soort in rollen:
            give_rol(medewerker=medewerker, soort=soort, by=by)
        invite_staff(medewerker=medewerker, by=by, now=now)
    return medewerker


def set_workdays(*, medewerker, days, by):
    """The weekdays somebody works, as numbers from 1 (Monday). Times given before stay as they are."""
    workdays = "".join(str(day) for day in sorted(set(days)))
    with transaction.atomic():
        Medewerker.objects.filter(pk=medewerker.pk).update(workdays=workdays)
        audit.record("set_workdays", medewerker, by=by, days=workdays)


def invite_staff(*, medewerker, by, now=None):
    """Ask a member of staff to choose a password; asking again sends a new link. Returns the outbox row.

    Raises NoAddress, or AddressTaken when a colleague at this school signs in with the same address.
    """
    now = now or timezone.now()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=medewerker.person_id)
        if person.user_id is None:
            _give_login(person)
        Medewerker.objects.filter(pk=medewerker.pk).update(invited_at=now)
        audit.record("staff_invited", medewerker, by=by)
        return outbox.put_again(INVITATION, person, medewerker, due_at=now)


def invite_everybody(*, by, now=None):
    """Invite every member of staff who has an address and was never asked. Returns (invited, left out)."""
    invited, left_out = 0, []
    for medewerker in Medewerker.objects.filter(school=by.school).never_invited().select_related("person"):
        try:
            invite_staff(medewerker=medewerker, by=by, now=now)
            invited += 1
        except AddressTaken:
            left_out.append(medewerker.person)
    return invited, left_out


def _give_login(person):
    """The login of this address, new or existing: somebody who works at two schools signs in once."""
    email = person.email.strip().lower()
    if not email:
        raise NoAddress
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email)
    elif Person.objects.filter(school=person.school, user=user).exists():
        raise AddressTaken
    elif not user.is_active and not user.is_superuser:  # a closed operator's account is the operators' to open
        User.objects.filter(pk=user.pk).update(is_active=True)
    Person.objects.filter(pk=person.pk).update(user=user)
    person.user = user


def deactivate(*, medewerker, by, now=None):
    """Close the school to a member of staff, at once and on every device. Raises LastLeader."""
    with transaction.atomic():
        _keep_a_leader(medewerker)
        changed = Medewerker.objects.filter(pk=medewerker.pk, deactivated_at__isnull=True).update(
            deactivated_at=now or timezone.now()
        )
        if not changed:
            return
        user = medewerker.person.user
        if user is not None:
            elsewhere = Medewerker.objects.active().filter(person__user=user).exists()
            if not elsewhere and not user.is_superuser:
                User.objects.filter(pk=user.pk).update(is_active=False)
            end_sessions(user)
        access.revoke_feeds([medewerker.person], now=now)
        audit.record("staff_deactivated", medewerker, by=by)


def reactivate(*, medewerker, by):
    """Let a member of staff in again, with the password that was; sessions of before stay ended."""
    with transaction.atomic():
        changed = Medewerker.objects.filter(pk=medewerker.pk, deactivated_at__isnull=False).update(deactivated_at=None)
        if not changed:
            return
        if medewerker.person.user_id:
            User.objects.filter(pk=medewerker.person.user_id).update(is_active=True)
        audit.record("staff_reactivated", medewerker, by=by)


def end_sessions(user):
    """Every open page of this login is closed: the round is part of each session's hash (decision 0030)."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)


def sign_out_everywhere(user):
    """End every session of this login, and the calendar address of each of its hats."""
    with transaction.atomic():
        end_sessions(user)
        access.revoke_feeds(list(user.people.all()))


def give_rol(*, medewerker, soort, by):
    with transaction.atomic():
        _, made = Rol.objects.get_or_create(
            person_id=medewerker.person_id, soort=soort, defaults={"school_id": medewerker.school_id}
        )
        if made:
            audit.record("rol_given", medewerker, by=by, rol=soort)


def take_rol(*, medewerker, soort, by):
    """Raises LastLeader when nobody would be left to lead."""
    with transaction.atomic():
        if soort == Rol.Soort.LEIDING:
            _keep_a_leader(medewerker)
        gone, _ = Rol.objects.filter(person_id=medewerker.person_id, soort=soort).delete()
        if gone:
            audit.record("rol_taken", medewerker, by=by, rol=soort)


def _keep_a_leader(medewerker):
    """Lock the leaders in a fixed order, so that two of them cannot show each other out in the same second."""
    leaders = list(
        Rol.objects.select_for_update(of=("self",))
        .filter(school=medewerker.school_id, soort=Rol.Soort.LEIDING)
        .order_by("pk")
        .values_list("person_id", flat=True)
    )
    if medewerker.person_id not in leaders:
        return
    others = Medewerker.objects.active().filter(person__in=leaders, person__user__is_active=True)
    if not others.exclude(pk=medewerker.pk).exists():
        raise LastLeader


def change_person(*, person, values, by, now=None):
    """Write the changed contact facts of a person (names, email, phone, language). Returns the names of the fields.

    A new address of somebody with a login is the new address to sign in with: all sessions end, and an invitation
    goes there, because only who reads that mailbox may go on. Raises AddressTaken.
    """
    values = {**values, "email": values.get("email", person.email).strip().lower()}
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if not changed:
        return []
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**{name: values[name] for name in changed})
        for name in changed:
            setattr(person, name, values[name])
        audit.record("person_changed", person, by=by, fields=changed)
        if "email" in changed:
            access.forget_proofs([person])
        if "email" in changed and person.user_id:
            _move_login(person, by=by)
        if "email" in changed and person.email:
            registry.tell("address_changed", person=person, by=by, now=now or timezone.now())
    return changed


def _move_login(person, *, by):
    user = person.user
    if not person.email:
        raise NoAddress
    if user.email == person.email:
        return
    if User.objects.filter(email=person.email).exclude(pk=user.pk).exists():
        raise AddressTaken
    if user.is_staff or user.is_superuser or user.people.exclude(pk=person.pk).exists():
        _part_with_login(person, by=by)
        return
    user.emailaddress_set.all().delete()
    user.email = person.email
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    end_sessions(user)
    medewerker = Medewerker.objects.filter(person=person).first()
    if medewerker and medewerker.is_active:
        invite_staff(medewerker=medewerker, by=by)


def _part_with_login(person, *, by):
    """A login that also opens another school, or the operators' desk, is not one school's to move: here it ends.

    Else whoever leads one school could move a colleague's login to a mailbox of her own and walk into the other.
    """
    Person.objects.filter(pk=person.pk).update(user=None)
    person.user = None
    medewerker = Medewerker.objects.filter(person=person).first()
    if medewerker and medewerker.is_active:
        invite_staff(medewerker=medewerker, by=by)


# --- guardians -------------------------------------------------------------------------------------------------------


def find_guardians(relaties, words):
    """The guardians whose own name, address or child's name holds every word: [(person, [relatie])], by name.

    Compared here and not in the database, because SQLite does not know that İ and i, or É and é, are one letter.
    """
    known = relaties.filter(gone=False).select_related("person", "leerling__person")
    of_person = {}
    for relatie in known.order_by("person__last_name", "person__first_name", "person_id", "pk"):
        of_person.setdefault(relatie.person, []).append(relatie)
    wanted = plain(words).split()

    def holds(person, own):
        text = plain(" ".join([person.name, person.email, *(r.leerling.person.name for r in own)]))
        return all(word in text for word in wanted)

    return [(person, own) for person, own in of_person.items() if holds(person, own)]


def plain(text):
    """Without accents and capitals, so that 'yilmaz' finds 'Yılmaz'."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return bare.replace("ı", "i")


def restrict(*, relatie, by, now=None):
    """No contact between this guardian and this child's school life: works at once, on every open page.

    Nothing that the other parent can see changes. Floors above react inside this transaction.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if not Relatie.objects.filter(pk=relatie.pk, restriction=False).update(restriction=True):
            return
        relatie.restriction = True
        audit.record("relatie_restricted", relatie, by=by)
        if not Relatie.objects.reachable().filter(person=relatie.person_id).exists():
            access.revoke_links(relatie.person, now=now)
        registry.tell("restricted", relatie=relatie, by=by, now=now)


def lift_restriction(*, relatie, by):
    """Contact is allowed again. Links that were closed stay closed; the next mail brings a new one."""
    with transaction.atomic():
        if Relatie.objects.filter(pk=relatie.pk, restriction=True).update(restriction=False):
            relatie.restriction = False
            audit.record("relatie_restriction_lifted", relatie, by=by)


def talk(*, leerling, ways, by, now=None):
    """Have each guardian take part as `ways` says ({person pk: Relatie.Talks}); who is not named stays as she was.

    Brothers and sisters with the same guardians follow. Gesprekken are the floors' above; here only the choice is
    kept, for good: a file does not change it any more. Returns the children it was done for. Raises NobodyTalks.
    """
    now = now or timezone.now()
    with transaction.atomic():
        children = same_guardians(leerling)
        # in one order, whatever is chosen for whom: somebody else may be choosing for a brother or sister
        list(Relatie.objects.select_for_update().filter(leerling__in=children).order_by("pk").values_list("pk"))
        invited = list(Relatie.objects.invited().filter(leerling=leerling))
        if invited and all(ways.get(r.person_id, r.talks) == Relatie.Talks.AFTERWARDS for r in invited):
            raise NobodyTalks
        for way in Relatie.Talks:
            people = [pk for pk, wanted in ways.items() if wanted == way]
            Relatie.objects.filter(leerling__in=children, person__in=people, gone=False).update(
                apart=way == Relatie.Talks.APART, afterwards=way == Relatie.Talks.AFTERWARDS, talks_chosen_at=now
            )
        audit.record("guardians_talk", leerling, by=by, ways={str(pk): str(way) for pk, way in ways.items()})
    return children


def same_guardians(leerling):
    """This child, and the others who have exactly the same guardians."""
    guardians = {r.person_id for r in leerling.relaties.all() if not r.gone}
    family = Leerling.objects.filter(relaties__person__in=guardians).distinct().prefetch_related("relaties")
    same = [child for child in family if {r.person_id for r in child.relaties.all() if not r.gone} == guardians]
    return same or [leerling]
