"""Which languages are spoken to whom. Some are for parents and pupils alone (settings.STAFF_LANGUAGES names the others)."""

from django.conf import settings
from django.utils import translation

from school.models import Medewerker


def languages_of(school, *, for_staff=False):
    """{code: name} of the languages this school offers its screens and mail in; Dutch always. All of them without a school.

    `for_staff`: without those that only the pages and the mail of parents and pupils are written in.
    """
    offered = {code: name for code, name in settings.LANGUAGES if code in settings.STAFF_LANGUAGES or not for_staff}
    chosen = school.languages if school else []
    if not chosen:
        return offered
    return {code: name for code, name in offered.items() if code in chosen or code == settings.LANGUAGE_CODE}


def language_of(person):
    """The language to write to this person in: her own, where the school offers it and it exists for her; else Dutch."""
    return languages_of_people([person])[person.pk]


def languages_of_people(people):
    """The same of many people: {person id: language}. At most one question for all, and one per school."""
    people = list(people)
    found = dict.fromkeys([person.pk for person in people], settings.LANGUAGE_CODE)
    people = [person for person in people if person.language != settings.LANGUAGE_CODE]
    one_of_each = {person.school_id: person for person in people}
    offered = {pk: languages_of(person.school) for pk, person in one_of_each.items()}
    spoken = {person.pk: person.language for person in people if person.language in offered[person.school_id]}
    of_parents = {pk for pk, own in spoken.items() if own not in settings.STAFF_LANGUAGES}
    if of_parents:
        staff = Medewerker.objects.filter(person__in=of_parents).values_list("person", flat=True)
        spoken |= dict.fromkeys(staff, settings.LANGUAGE_CODE)
    return found | spoken


def choose_language(request, person, *, for_staff=False):
    """Lay down on the request which languages `person` (None: a stranger) is offered, and which one she gets.

    That is what she chose on this device, else her own. Returns its code.
    """
    request.languages = languages_of(person.school if person else None, for_staff=for_staff)
    wanted = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), person.language if person else None]
    request.LANGUAGE_CODE = next((code for code in wanted if code in request.languages), settings.LANGUAGE_CODE)
    return request.LANGUAGE_CODE


def paper_language():
    """What a parent keeps as a PDF is in a language that colleagues read too: she lays it beside what the school has.

    Use as `with paper_language():` around everything that words it.
    """
    language = translation.get_language()
    return translation.override(language if language in settings.STAFF_LANGUAGES else settings.LANGUAGE_CODE)
