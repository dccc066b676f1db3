"""The words of a kind of conversation, as parents and pupils read them."""

from django import template

from gesprekken import standard_words

register = template.Library()


@register.filter
def as_read(text):
    """`{{ ronde.purpose|as_read }}`: what comes with the product in the reader's language, else as it was written."""
    return standard_words.as_read(text)
