"""The trace: who did what to which row. Written inside the verb's own transaction."""

from school.models import AuditEvent


def record(verb, obj=None, *, by, **detail):
    """Write one event. `detail` holds counts, dates and codes, never words about a child."""
    return AuditEvent.objects.create(
        school=by.school,
        person=by.person,
        level=by.level,
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        detail=detail,
    )
