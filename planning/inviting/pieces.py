"""A document of letters in pieces: a head, a sheet per letter and a tail, for who lays out so many at a time."""

import base64

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info

from school.schools import read_logo
from school.templatetags.house import direction

BETWEEN = "<!-- letters -->"


def document(*, school, about, groep, pages):
    """What the template of the whole document needs. `about`: the ronde or the activity, `pages`: what each letter says."""
    return {
        "pages": pages,
        "school": school,
        "about": about,
        "groep": groep,
        "site": settings.BASE_URL,
        "logo": logo_as_data(school),
    }


def in_pieces(whole):
    """(head, [a sheet per letter], tail) as HTML."""
    with translation.override("nl"):
        head, tail = render_to_string("pdf/letters.html", whole | {"pages": []}).split(BETWEEN)
        sheets = (render_to_string("pdf/letter.html", whole | {"page": page}) for page in whole["pages"])
        return head, tuple(sheets), tail


def from_their_own_side(text, language):
    """Among lines from the right a line of the school's own Dutch keeps its full stop at its end.

    As the mail does with unicode-bidi: plaintext, which the printer does not know. Of a line it breaks in two it forgets
    how that began; so what follows the full stop is a mark that runs from the left.
    """
    if not get_language_info(language)["bidi"]:
        return text
    lines = text.split("\n")
    return "\n".join(f"{each}\u200e" if each[:1].isalpha() and direction(each) == "ltr" else each for each in lines)


def logo_as_data(school):
    """The school's logo as a data: address, or an empty string."""
    picture = read_logo(school.slug)
    return "data:image/png;base64," + base64.b64encode(picture).decode() if picture else ""
