"""What stands the same around many mails is rendered once: the school's paper, and the button."""

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

HERE = mark_safe("<!-- here -->")  # no name can hold it: what is filled in beside it is escaped


class Frames:
    """Templates with one word that differs from mail to mail. For the mails of one batch, in every language."""

    def __init__(self):
        self._kept = {}

    def around(self, template, same, **differs):
        """As render_to_string, for the one word in `differs`. `same` differs only with its ids and words."""
        ((name, value),) = differs.items()
        key = (template, get_language(), *same.values())
        if key not in self._kept:
            self._kept[key] = render_to_string(template, {**same, name: HERE}).split(HERE)
        return mark_safe(str(conditional_escape(value)).join(self._kept[key]))  # noqa: S308 - escaped here and there
