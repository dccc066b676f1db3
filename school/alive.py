"""Is everything at work? One cheap question to the database, and none about people."""

from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from school.models import Job, Outgoing

PATIENCE_MINUTES = 10  # the worker looks every second; ten minutes of waiting means there is none


def trouble(now=None):
    """What is wrong, in a few words, or an empty string."""
    long_ago = (now or timezone.now()) - timedelta(minutes=PATIENCE_MINUTES)
    try:
        if Outgoing.objects.filter(state=Outgoing.State.WAITING, due_at__lt=long_ago).exists():
            return "er wacht mail; draait de worker?"
        if Job.objects.filter(state=Job.State.WAITING, created_at__lt=long_ago).exists():
            return "er wacht werk; draait de worker?"
    except DatabaseError:
        return "de database antwoordt niet"
    return ""
