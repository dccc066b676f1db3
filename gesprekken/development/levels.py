"""The ladder of functioning levels, in words and as rungs. Levels are shown as given; nothing is made of them."""

from django.utils.translation import gettext as _

from school.levels import ABOVE, BELOW, STEPS


def step_in_words(step):
    """'midden groep 5' for the number of a step."""
    half, year = STEPS[step]
    text = _("midden groep %(year)s") if half == "M" else _("eind groep %(year)s")
    return text % {"year": year}


def level_in_words(level):
    """A Level as somebody would say it who never saw the letters."""
    if level is None:
        return ""
    low = step_in_words(level.low)
    if level.bound == BELOW:
        return _("lager dan %(step)s") % {"step": low}
    if level.bound == ABOVE:
        return _("hoger dan %(step)s") % {"step": low}
    if level.low == level.high:
        return low
    return _("tussen %(low)s en %(high)s") % {"low": low, "high": step_in_words(level.high)}


def rungs_for(levels, moments=()):
    """The numbers of the steps a staircase needs, lowest first: everything that stands on it, and one step around it."""
    steps = [step for level in levels for step in (level.low, level.high)] + list(moments)
    if not steps:
        return []
    low, high = max(min(steps) - 1, 0), min(max(steps) + 1, len(STEPS) - 1)
    return list(range(low, high + 1))
