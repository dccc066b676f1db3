"""Django's own sessions in the database; reading one is asked on every page, so its statement is written once."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from school.statements import written_once


class SessionStore(DatabaseSessions):  # the name is part of how Django signs a session: those that are open stay good
    def _get_session_from_db(self):
        """The row, or None as Django itself gives for a session that is over or never was."""
        for row in living_sessions(key=self.session_key, now=timezone.now()):
            return row
        self._session_key = None
        return None


@written_once
def living_sessions(*, key, now):
    return Session.objects.filter(session_key=key, expire_date__gt=now)
