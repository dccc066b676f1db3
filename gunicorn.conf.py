"""How gunicorn runs here; it reads this file by itself from the folder it is started in.

Everything can be overruled on the command line. What matters is the log: no tokens, no addresses, no search words,
and no network address of a visitor.
"""

from gunicorn.glogging import Logger

from school.discretion import DiscreetFormatter, discreet


class DiscreetLogger(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            handler.setFormatter(DiscreetFormatter(handler.formatter._fmt, handler.formatter.datefmt))

    def atoms(self, resp, req, environ, request_time):
        found = super().atoms(resp, req, environ, request_time)
        return {key: discreet(value) if isinstance(value, str) else value for key, value in found.items()}


logger_class = DiscreetLogger
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
bind = "127.0.0.1:8000"
workers = 2  # sync: threads do not help these pages; two for each core is plenty
timeout = 60  # a long list as PDF; imports and letters are the worker's
max_requests, max_requests_jitter = 2000, 200  # memory that the PDF engine keeps is given back
control_socket_disable = True  # nobody steers it from outside; it would want a writable home
forwarded_allow_ips = "127.0.0.1,::1"  # only the proxy on this machine may say that it was https
