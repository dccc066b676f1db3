"""How mail, letters and pages say it to parents: when, where, with whom, who comes along.

Names and places are other people's words: `harmless` keeps a mail program from making a link of them.
"""

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from gesprekken.models import Ronde
from planning.around.languages import language_name
from school.discretion import harmless
from school.templatetags.house import day


def apart(words):
    """Words of another script keep their own order, and the line keeps its own: isolated where one reads from the right."""
    return f"\u2068{words}\u2069" if get_language_bidi() else str(words)


def and_list(words):
    words = [apart(word) for word in words]
    return words[0] if len(words) == 1 else get_text_list(words, _("en"))


def how_to_choose(ronde, closes_on):
    """How this ronde's parents get a time, and until when they can say so; who comes late hears what can be done then."""
    if closes_on < timezone.localdate(timezone=ronde.school.zone):
        if ronde.is_wishing:
            return _("Wij maken nu de planning. U hoort uw tijd zodra die klaar is.")
        return _("Zelf kiezen kan niet meer. Klik op uw pagina op 'Bel mij'. Dan zoekt de leerkracht met u een tijd.")
    sentence = (
        _("Geef aan wanneer u kunt. Dat kan tot en met %(until)s. Daarna maken wij een planning en hoort u uw tijd.")
        if ronde.is_wishing
        else _("Kies zelf een tijd die u past. Dat kan tot en met %(until)s.")
    )
    return sentence % {"until": day(closes_on)}


def button_label(ronde, *, is_too_early_or_late=False):
    """What the button to the parent's own page says."""
    if is_too_early_or_late:
        return _("Naar uw pagina")
    return _("Geef aan wanneer u kunt") if ronde.is_wishing else _("Kies een tijd")


def either(words):
    """'15', '15 of 30': of brothers and sisters one gesprek may be longer, or elsewhere."""
    words = [str(word) for word in words]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s of %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def opening_in_words(ronde, opens_at):
    """From when this family chooses, as a sentence; empty where that is no longer to come."""
    if opens_at is None:
        return ""
    opens_at = opens_at.astimezone(ronde.school.zone)
    return _("Kiezen kan vanaf %(day)s om %(time)s uur. Eerder staan er nog geen tijden op uw pagina.") % {
        "day": day(opens_at.date()),
        "time": opens_at.strftime("%H:%M"),
    }


def pupils_in_words(children, invited):
    """Which of the children come along; of brothers and sisters one may and another need not."""
    staying = [name for name in children if name not in invited]
    sentences = []
    if invited:
        sentence = ngettext("%(names)s mag erbij zijn.", "%(names)s mogen erbij zijn.", len(invited))
        sentences.append(sentence % {"names": and_list(map(harmless, invited))})
    if staying:
        sentence = ngettext("%(names)s hoeft niet mee.", "%(names)s hoeven niet mee.", len(staying))
        sentences.append(sentence % {"names": and_list(map(harmless, staying))})
    return " ".join(sentences)


def preparing_in_words(children, invited):
    """How a family gets ready, with the child where it comes along."""
    names = and_list(map(harmless, invited or children))
    sentence = (
        _(
            "Bedenk samen met %(names)s wat goed gaat, wat beter kan en wat u wilt vragen. "
            "U kunt het op uw pagina opschrijven. Wij bereiden ons ook voor."
        )
        if invited
        else _(
            "Bedenk wat goed gaat met %(names)s, wat beter kan en wat u wilt vragen. "
            "U kunt het op uw pagina opschrijven. Wij bereiden ons ook voor."
        )
    )
    return sentence % {"names": names}


def interpreter_in_words(gesprekken):
    """That an interpreter can be asked for, is being looked for, or comes, and in which language."""
    requests = [request for g in gesprekken if (request := getattr(g, "interpreter_request", None))]
    sure = [request.language for request in requests if request.state == request.State.CONFIRMED]
    if any(sure):
        languages = and_list(dict.fromkeys(language_name(code) for code in sure if code))
        sentence = _("Er komt een tolk mee (%(language)s). Dat kost u niets. Uw kind hoeft niet te tolken.")
        return sentence % {"language": languages}
    if sure:
        return _("Er komt een tolk mee. Dat kost u niets. Uw kind hoeft niet te tolken.")
    if requests:
        return looking_for_interpreter()
    return _("Wilt u een tolk bij het gesprek? Vraag die op uw pagina. Dat kost u niets. Uw kind hoeft niet te tolken.")


def looking_for_interpreter():
    return _("Wij zoeken een tolk voor u. Dat kost u niets. Uw kind hoeft niet te tolken.")


def form_in_words(where, *, with_link=False):
    """How and where one speaks, of a gesprek or of a whole ronde: 'op school (lokaal 5)'.

    `with_link`: also the link of a video call, which lets whoever has it into the room. Only for what goes to the
    guardian's own address, and for who passed the second step. A number to call is for the school alone.
    """
    form, words = where.actual_form, str(where.actual_form.label)
    shown = form != Ronde.Form.PHONE and (with_link or form != Ronde.Form.VIDEO)
    return f"{words} ({where.actual_place})" if where.actual_place and shown else words


def period_in_words(ronde):
    if ronde.starts_on == ronde.ends_on:
        return _("op %(day)s") % {"day": day(ronde.starts_on)}
    return _("van %(first)s tot en met %(last)s") % {
        "first": day(ronde.starts_on),
        "last": day(ronde.ends_on),
    }


def what_if_not(closes_on, ronde):
    """What somebody does whom the planned time does not suit."""
    if closes_on < timezone.localdate(timezone=ronde.school.zone):
        return _("Past de tijd niet? Bel ons. Dan zoeken wij samen een andere tijd.")
    return _("Past de tijd niet? Kies tot en met %(until)s een tijd die nog vrij is, of bel ons.") % {
        "until": day(closes_on)
    }


def time_in_words(name, booking):
    starts, ends = (timezone.localtime(at, booking.school.zone) for at in (booking.starts_at, booking.ends_at))
    return _("%(name)s: %(day)s van %(from)s tot %(until)s uur, met %(teacher)s.") % {
        "name": name,
        "day": day(starts.date()),
        "from": starts.strftime("%H:%M"),
        "until": ends.strftime("%H:%M"),
        "teacher": harmless(booking.medewerker.person.name),
    }


def who_joins(gesprekken, booking=None, *, others=None):
    """Teachers and colleagues by name, as parents know them; always told beforehand (I1). With `booking`: whose time it
    is; else all teachers of the group. An interpreter is named by her language, once she is confirmed. `others`: who
    sits in besides, as registry.who_else says it.
    """
    names = {}
    for gesprek in gesprekken:
        teachers = [booking.medewerker] if booking else [les.medewerker for les in gesprek.groep.lesgeven.all()]
        names |= dict.fromkeys(teacher.person.name for teacher in teachers)
        for deelname in gesprek.deelnames.all():
            if deelname.as_role in ("tweede_collega", "expert"):
                names[deelname.person.name + (f" ({deelname.what})" if deelname.what else "")] = None
        request = getattr(gesprek, "interpreter_request", None)
        if request and request.state == request.State.CONFIRMED:
            names[_("een tolk (%(language)s)") % {"language": language_name(request.language)}] = None
        names |= dict.fromkeys((others or {}).get(gesprek.pk, ()))
    return list(names) or [_("de leerkracht")]
