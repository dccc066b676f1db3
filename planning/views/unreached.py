"""What staff read of who is not reached by mail: they tell it themselves."""

from django.utils.translation import gettext as _

from school.outbox import address_of


def tell_yourself(person):
    """That this guardian is to be told, and why no mail does it."""
    if address_of(person):
        return _("Mail aan %(name)s komt terug: vertel het zelf.") % {"name": person.name}
    return _("%(name)s heeft geen e-mailadres: vertel het zelf.") % {"name": person.name}


def tell_them(people):
    """The same of several, none of whom mail reaches."""
    if any(address_of(person) for person in people):
        return _("Mail aan deze ouders komt niet aan; vertel het ze zelf.")
    return _("Deze ouders hebben geen e-mailadres; vertel het ze zelf.")
