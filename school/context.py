"""What every template may ask: who is looking, under which school's roof, and what the menu holds."""

from django.conf import settings

from school.menu import menu_for


def who(request):
    actor = getattr(request, "actor", None)
    worn_both = "hat" in request.session and request.session.get("link_person") if hasattr(request, "session") else None
    return {
        "actor": actor,
        "school": actor.school if actor else None,
        "languages": getattr(request, "languages", {}),
        "demo_mode": settings.DEMO,
        "has_both_hats": bool(actor and worn_both and request.user.is_authenticated),
        "menu": menu_for(actor, request.path) if actor and actor.is_staff else None,
    }
