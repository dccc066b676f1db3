"""Words that are ready to be put into a field with one tap: from an earlier gesprek, or a text of the teacher's own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    key: str  # "antwoord12": the row it comes from; the page sends it back together with the question
    label: str  # on the button
    text: str
    teacher_only: bool = False  # its words were for the teacher only, and stay so wherever they are put
    said_on: object = None  # the date of the gesprek it comes from


def together(*sources):
    """{question pk: [Offer]} of several sources, the first source in front."""
    found = {}
    for offers in sources:
        for question_pk, some in offers.items():
            found.setdefault(question_pk, []).extend(some)
    return found


def chosen_from(offers, sent):
    """(question pk, Offer) for what a button sent ("antwoord12-345"), or None when that is not offered here."""
    key, _found, question = (sent or "").rpartition("-")
    for question_pk, some in offers.items():
        for offer in some:
            if offer.key == key and str(question_pk) == question:
                return question_pk, offer
    return None
