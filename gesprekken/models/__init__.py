"""What: the year's rondes, the gesprekken in them, and what is prepared, said, agreed and done with it there."""

from gesprekken.models.afterwards import Advies, Feedback, FeedbackGiven, Overdracht
from gesprekken.models.development import NormBand, PortfolioItem, RouteLevel, ShownChart
from gesprekken.models.preparing import (
    Answer,
    Bespreekpunt,
    Presentation,
    Question,
    Slide,
    StandardText,
    Visibility,
    Voorbereiding,
)
from gesprekken.models.recording import (
    Agreement,
    Confidential,
    DraftVersion,
    Outcome,
    Verslag,
    VerslagQuerySet,
    WorkingNote,
)
from gesprekken.models.ronde import Aanvraag, Deelname, Gesprek, Ronde, RondeGroep
from gesprekken.models.year import Activiteit, Jaarplan, JaarplanVersie, Soort

__all__ = [
    "Aanvraag",
    "Activiteit",
    "Advies",
    "Agreement",
    "Answer",
    "Bespreekpunt",
    "Confidential",
    "Deelname",
    "DraftVersion",
    "Feedback",
    "FeedbackGiven",
    "Gesprek",
    "Jaarplan",
    "JaarplanVersie",
    "NormBand",
    "Outcome",
    "Overdracht",
    "PortfolioItem",
    "Presentation",
    "Question",
    "Ronde",
    "RondeGroep",
    "RouteLevel",
    "ShownChart",
    "Slide",
    "Soort",
    "StandardText",
    "Verslag",
    "VerslagQuerySet",
    "Visibility",
    "Voorbereiding",
    "WorkingNote",
]
