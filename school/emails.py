"""Mail of the ground floor: the second step's code, and what allauth wants to tell members of staff."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from school import access, registry
from school.models import SecondStep
from school.outbox import Mail


def in_both_parts(template, context):
    """Text and html of `mail/<template>.txt` and `.html`, as two values."""
    return render_to_string(f"mail/{template}.txt", context).strip() + "\n", render_to_string(
        f"mail/{template}.html", context
    )


@registry.mail("school.second_step")
def second_step(row):
    step = SecondStep.objects.filter(pk=row.object_id, used_at__isnull=True).first()
    if step is None:
        return None
    code = access.make_code(step)
    text, html = in_both_parts("second_step", {"code": code, "school": row.school})
    return Mail(
        subject=_("Uw code voor de gesprekken van %(school)s") % {"school": row.school.name}, text=text, html=html
    )
