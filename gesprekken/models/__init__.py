"""What: the year's rondes, the gesprekken in them, and what is prepared, said and agreed there."""

from gesprekken.models.preparing import Answer, Question, Visibility, Voorbereiding
from gesprekken.models.recording import Agreement, Confidential, Verslag, VerslagQuerySet, WorkingNote
from gesprekken.models.ronde import Aanvraag, Deelname, Gesprek, Ronde, RondeGroep
from gesprekken.models.year import Activiteit, Jaarplan, JaarplanVersie, Soort

__all__ = [
    "Aanvraag",
    "Activiteit",
    "Agreement",
    "Answer",
    "Confidential",
    "Deelname",
    "Gesprek",
    "Jaarplan",
    "JaarplanVersie",
    "Question",
    "Ronde",
    "RondeGroep",
    "Soort",
    "Verslag",
    "VerslagQuerySet",
    "Visibility",
    "Voorbereiding",
    "WorkingNote",
]
