"""A mail server of one's own that keeps what it takes, tells what it is at, and misbehaves as it is told."""

import asyncio
from collections import Counter
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.proof.conftest import free_port

# Every point in the life of one message at which the other side may stop.
POINTS = ["connect", "helo", "mail", "rcpt", "data", "content", "read", "taken", "quit", "gone"]


class MailServer:
    """`taken`: (address, EmailMessage) in the order in which it was answered for.

    `faults`: {address: [fault of the first attempt, of the second ...]}, a fault being an SMTP answer, or one of "slow",
    "hangs up", "dies in content" and "takes it and is silent".
    """

    def __init__(self, patience=30):
        self.taken, self.faults, self.patience = [], {}, patience
        self.reached, self.stop = Counter(), None
        self.port = free_port()
        self.controller = Sessions(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *details):
        self.controller.stop()

    def addresses(self):
        return Counter(address for address, _message in self.taken)

    # --- killing whoever sends ---------------------------------------------------------------------------------------

    def kill_at(self, point, process, *, after):
        """Kill this process, without a word, when it reaches this point for so many times."""
        self.stop = (point, process, self.reached[point] + after)

    def stops_next_at(self, point):
        return bool(self.stop) and self.stop[0] == point and self.reached[point] + 1 >= self.stop[2]

    def reach(self, point):
        stops = self.stops_next_at(point)
        self.reached[point] += 1
        if stops:
            process, self.stop = self.stop[1], None
            process.kill()
            process.wait()

    def fault_of(self, address, *kinds):
        """The fault for this attempt, taken off the list, if it is one of these kinds (or begins with one)."""
        waiting = self.faults.get(address)
        return waiting.pop(0) if waiting and waiting[0].startswith(kinds) else ""

    # --- what aiosmtpd asks ------------------------------------------------------------------------------------------

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.reach("helo")
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.reach("mail")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.reach("rcpt")
        fault = self.fault_of(address, "slow", "hangs up", "4", "5")
        if fault == "slow":
            await asyncio.sleep(self.patience)
        if fault == "hangs up":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return fault if fault[:1] in ("4", "5") else "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.reach("read")
        (address,) = envelope.rcpt_tos
        fault = self.fault_of(address, "after the content", "takes it")
        if fault.startswith("after"):
            return fault.removeprefix("after the content ")
        self.taken.append((address, message_from_bytes(envelope.content, policy=policy.default)))
        self.reach("taken")
        if fault:
            await asyncio.sleep(self.patience)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        self.reach("quit")
        return "221 Bye"


class Session(SMTP):
    def __init__(self, handler, mail_server):
        super().__init__(handler, hostname="proof.example", enable_SMTPUTF8=True)
        self.mail_server = mail_server

    def connection_made(self, transport):
        self.mail_server.reach("connect")
        super().connection_made(transport)

    def connection_lost(self, error):
        self.mail_server.reach("gone")
        super().connection_lost(error)

    async def smtp_DATA(self, arg):
        self.mail_server.reach("data")
        dies = self.mail_server.fault_of(self.envelope.rcpt_tos[0], "dies")
        if dies or self.mail_server.stops_next_at("content"):
            await self.push("354 Go on")
            await asyncio.sleep(0.1)  # the content is on its way
            self.mail_server.reach("content")
            self.transport.abort()
            return
        self.mail_server.reach("content")
        await super().smtp_DATA(arg)


class Sessions(Controller):
    def factory(self):
        return Session(self.handler, self.handler)
