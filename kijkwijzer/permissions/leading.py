"""Who reads the leadership's pages: how far the gesprekken are, never what was scored (K4)."""

from gesprekken.permissions import visible_rondes


def may_see_overview(actor):
    """Reach and follow-up per ronde and group: leadership and the intern begeleider."""
    return actor.is_leiding or actor.is_ib


def visible_rondes_to_follow(actor):
    """The rondes of the overview: those that are or were open."""
    rondes = visible_rondes(actor) if may_see_overview(actor) else visible_rondes(actor).none()
    return rondes.exclude(state="draft")
