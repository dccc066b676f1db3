"""Reading the environment: a missing or strange value stops the start with advice, never with a traceback."""

import os
import secrets
from pathlib import Path


def stop(advice):
    """Refuse to start; `advice` is one or two sentences for the person who runs this."""
    raise SystemExit(f"gesprekken cannot start: {advice}")


def text(name, default=None, *, advice=""):
    """The value of `name`; without a default it must be set, and `advice` says how."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        stop(f"{name} is not set. {advice}")
    return value


def one_of(name, choices, default):
    value = text(name, default)
    if value not in choices:
        stop(f"{name} is '{value}', but it must be one of: {', '.join(choices)}.")
    return value


def number(name, default):
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        stop(f"{name} is '{value}', but it must be a whole number, such as {default}.")
    return int(value)


def words(name, default=""):
    return [word.strip() for word in text(name, default).split(",") if word.strip()] if text(name, default) else []


def mailbox():
    """Where `manage.py bounces --imap` reads returned mail: host, port, user, password, folder. None without a host."""
    host = text("GESPREKKEN_BOUNCES_HOST", "")
    if not host:
        return None
    port = number("GESPREKKEN_BOUNCES_PORT", 993)
    if "/" in host or ":" in host:
        stop(f"GESPREKKEN_BOUNCES_HOST is '{host}', but it must be a name only, such as imap.school.nl.")
    if not 0 < port < 65536 or port == 143:
        stop(
            f"GESPREKKEN_BOUNCES_PORT is {port}, but the mailbox is read over TLS only, which is 993 almost everywhere."
        )
    advice = "It belongs to the mailbox in GESPREKKEN_BOUNCES_HOST."
    return {
        "host": host,
        "port": port,
        "user": text("GESPREKKEN_BOUNCES_USER", advice=advice),
        "password": text("GESPREKKEN_BOUNCES_PASSWORD", advice=advice),
        "folder": text("GESPREKKEN_BOUNCES_FOLDER", "INBOX"),
    }


def openid_providers():
    """What allauth needs to offer Microsoft and Google, for those that are configured (decision 0032)."""
    providers = []
    client = text("GESPREKKEN_MICROSOFT_CLIENT_ID", "")
    if client:
        tenant = text("GESPREKKEN_MICROSOFT_TENANT", advice="Give the tenant id of the school; find it in Entra ID.")
        if tenant in ("common", "organizations", "consumers"):
            stop(
                f"GESPREKKEN_MICROSOFT_TENANT is '{tenant}', so anybody's Microsoft account could claim an address "
                "of the school. Give the tenant id of the school itself."
            )
        domains = words("GESPREKKEN_MICROSOFT_DOMAINS")
        if not domains:
            stop(
                "GESPREKKEN_MICROSOFT_DOMAINS is not set. Microsoft does not say whether an address was verified; "
                "name the mail domains the school's tenant owns, such as school.nl"
            )
        server = f"https://login.microsoftonline.com/{tenant}/v2.0"
        providers.append(openid_provider("microsoft", "Microsoft", client, server, verified_email=domains))
    client = text("GESPREKKEN_GOOGLE_CLIENT_ID", "")
    if client:
        providers.append(openid_provider("google", "Google", client, "https://accounts.google.com"))
    return providers


def openid_provider(code, label, client, server, **more):
    advice = f"It belongs to the client id of {label}."
    secret = text(f"GESPREKKEN_{code.upper()}_SECRET", advice=advice)
    settings = {"server_url": server, **more}
    return {"provider_id": code, "name": label, "client_id": client, "secret": secret, "settings": settings}


def openid_hosts(providers):
    """The origins a sign-in form may lead to."""
    return ["/".join(provider["settings"]["server_url"].split("/")[:3]) for provider in providers]


def local_secret(path: Path):
    """A key for a machine of one's own: made once, kept in `path`, readable by this user only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()
