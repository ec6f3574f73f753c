"""What the environment means: the database, the broker and the secret, with defaults that need no other service."""

from __future__ import annotations

import secrets
from datetime import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import dj_database_url
from celery.schedules import crontab


def database(url: str, var: Path) -> dict[str, Any]:
    """The default database: PostgreSQL by ``DATABASE_URL``, else SQLite below ``var``.

    :raises ValueError: for a URL of another kind; both kinds are tested, others are not.
    """
    settings: dict[str, Any] = dict(dj_database_url.parse(url or f"sqlite:///{var / 'tracker.sqlite3'}"))
    if settings["ENGINE"].endswith("postgresql"):
        settings.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
        # compiling a query of many counts takes longer than answering it
        settings.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
        return settings
    if not settings["ENGINE"].endswith("sqlite3"):
        raise ValueError(f"DATABASE_URL must begin with postgres:// or sqlite:///, not {url.partition(':')[0]}:")
    settings["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    settings["TEST"] = {"NAME": str(var / "test.sqlite3")}
    return settings


def broker_options(url: str, var: Path) -> dict[str, Any]:
    """Transport options; the embedded transport passes messages as files below ``var``."""
    if not url.startswith("filesystem:"):
        return {}
    folders = {name: var / "broker" / name for name in ("messages", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    messages = str(folders["messages"])
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(folders["control"]),
        "polling_interval": 0.5,
    }


def transport(url: str) -> str | None:
    """Which of Kombu's transports carries the messages; None: the one that the URL names."""
    return "tracker.jobs.transport:Transport" if url.startswith("filesystem:") else None


def cache(url: str) -> dict[str, Any]:
    """The cache: Redis by ``CACHE_URL``, shared by all processes; else the memory of each process.

    :raises ValueError: for a URL of another kind.
    """
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError(f"CACHE_URL must begin with redis://, not {url.partition(':')[0]}:")
    patience = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds; a cache that is away must not stop us
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "OPTIONS": patience}


class Mail(NamedTuple):
    """A mail server, as Django's settings want it."""

    backend: str = "django.core.mail.backends.smtp.EmailBackend"
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    ssl: bool = False


def mail(url: str) -> Mail:
    """Where letters go: to the server of ``EMAIL_URL``; without one they are written to the output.

    :raises ValueError: for a URL of another kind.
    """
    if not url:
        return Mail("django.core.mail.backends.console.EmailBackend")
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ValueError("EMAIL_URL must be smtp://, smtp+tls:// or smtps://user:password@host:port")
    return Mail(host=parts.hostname, port=parts.port or ports[parts.scheme], user=unquote(parts.username or ""),
                password=unquote(parts.password or ""), starttls=parts.scheme == "smtp+tls",
                ssl=parts.scheme == "smtps")  # fmt: skip


def daily(text: str) -> crontab | None:
    """Once a day at ``03:30``, Asia/Shanghai; None for an empty text: never.

    :raises ValueError: it is not a time of the day.
    """
    if not text:
        return None
    try:
        moment = time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"SNAPSHOT_AT must be a time such as 03:30, or empty for never, not {text}") from error
    return crontab(minute=str(moment.minute), hour=str(moment.hour))


def map_sources(tiles: str, outlines: str, licence: str, review: str) -> dict[str, str]:
    """What the map draws below the points: nothing, or the tiles and outlines of a publisher, with its words.

    A map that is published in China carries the number under which it was reviewed (审图号), and its source.

    :raises ValueError: tiles or outlines without licence or number; an address that is not one.
    """
    for url in filter(None, (tiles, outlines)):
        if not url.startswith(("https://", "http://", "/")):
            raise ValueError(f"MAP_TILES_URL and MAP_OUTLINES_URL begin with https:// or /, not {url}")
    if (tiles or outlines) and not (licence and review):
        raise ValueError("MAP_TILES_URL and MAP_OUTLINES_URL need MAP_LICENCE and MAP_REVIEW_NUMBER (审图号)")
    return {"tiles": tiles, "outlines": outlines, "licence": licence, "review": review}


def origins(*urls: str) -> list[str]:
    """The origins of addresses elsewhere, for the Content-Security-Policy; ``{s}`` stands for any subdomain."""
    parts = [urlsplit(url.replace("{s}", "*")) for url in urls if url.startswith("http")]
    return [f"{part.scheme}://{part.netloc}" for part in parts]


def secret_key(var: Path) -> str:
    """The secret of this installation, made once and kept in ``var/secret-key``."""
    path = var / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()
