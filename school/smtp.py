"""Django's way to the mail server, with one difference: it knows when nobody can know whether a message went.

Until the whole message was handed over, whatever goes wrong may be tried again. After that, without an answer, the
server may have taken it; then trying again may be sending twice (docs/decisions/0005-outbox.md).
"""

import re
import smtplib

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as DjangosBackend


class NoAnswer(Exception):
    """The message was handed over and the mail server never said whether it took it."""


class Careful:
    def data(self, msg):
        code, reply = self.docmd("data")
        if code != 354:
            raise smtplib.SMTPDataError(code, reply)
        dotted = re.sub(rb"(?m)^\.", b"..", msg)
        self.send(dotted + (b"" if dotted.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        self.sock.settimeout(settings.EMAIL_ANSWER_SECONDS)
        try:
            code, reply = self.getreply()
        except smtplib.SMTPException as error:
            raise NoAnswer from error
        if not 200 <= code < 600:
            raise NoAnswer
        return code, reply


class CarefulSMTP(Careful, smtplib.SMTP):
    pass


class CarefulSMTPOverTLS(Careful, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangosBackend):
    @property
    def connection_class(self):
        return CarefulSMTPOverTLS if self.use_ssl else CarefulSMTP
