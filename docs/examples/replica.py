"""Keep a copy of everything the tracker publishes, with nothing but Python's standard library.

    python replica.py http://localhost:8000 copy.sqlite3           catch up with the feed
    python replica.py http://localhost:8000 copy.sqlite3 follow    … and go on following it
    python replica.py http://localhost:8000 copy.sqlite3 check     prove the copy equal, or say where it is not

A page of the feed and how far the copy has come are written in one transaction: it may be killed at any moment, and
goes on where it was. TRACKER_TOKEN in the environment is sent along.
"""

import json
import os
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from http.client import HTTPException
from itertools import chain
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (kind TEXT, key TEXT, version INTEGER, document TEXT, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY, action TEXT, kind TEXT, key TEXT, successor TEXT);
CREATE TABLE IF NOT EXISTS state (through INTEGER);
INSERT INTO state SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM state);
"""
PAUSE = float(os.environ.get("REPLICA_PAUSE", "10"))
"""Seconds between two questions whether there is something new."""


def main(site: str, file: str, task: str = "catch-up") -> int:
    copy = sqlite3.connect(file)
    copy.executescript(SCHEMA)
    if task == "check":
        differences = list(check(site, copy))
        sys.stdout.writelines(f"{difference}\n" for difference in differences or ["equal"])
        return 1 if differences else 0
    while True:
        catch_up(site, copy)
        if task != "follow":
            return 0
        time.sleep(PAUSE)


# --- following ----------------------------------------------------------------------------------------------------


def catch_up(site: str, copy: sqlite3.Connection) -> None:
    """Read on from where the copy stands until there is nothing new."""
    more = True
    while more:
        page = get(f"{site}/api/v1/changes/?after={through(copy)}&include=document&page_size=200")
        with copy:  # one transaction: all of the page and its number, or nothing
            for change in page["results"]:
                apply(copy, change)
            copy.execute("UPDATE state SET through = ?", [page["through"]])
        more = page["next"] is not None


def through(copy: sqlite3.Connection) -> int:
    """The feed number up to which the copy is whole."""
    [number] = copy.execute("SELECT through FROM state").fetchone()
    return int(number)


def apply(copy: sqlite3.Connection, change: dict[str, Any]) -> None:
    """One change: the document as it is from here on, or its end."""
    values = [change[name] for name in ("seq", "action", "kind", "key", "successor")]
    copy.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?)", values)
    if change["document"] is None:  # withdrawn or merged
        copy.execute("DELETE FROM documents WHERE kind = ? AND key = ?", [change["kind"], change["key"]])
    else:
        row = [change["kind"], change["key"], change["seq"], exact(change["document"])]
        copy.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", row)


def get(url: str) -> Any:
    """The answer as JSON. Waits while the tracker is away, or asks to be asked less often."""
    headers = {"Accept": "application/json"}
    if token := os.environ.get("TRACKER_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    while True:
        try:
            with urlopen(Request(url, headers=headers), timeout=60) as answer:
                return json.load(answer, parse_float=Decimal)
        except HTTPError as error:
            if error.code not in (429, 502, 503, 504):
                raise SystemExit(f"{error.code} {url}\n{error.read().decode()}") from error
            time.sleep(float(error.headers.get("Retry-After", 5)))
        except (URLError, TimeoutError, ConnectionError, HTTPException):
            time.sleep(5)


def exact(value: Any) -> str:
    """JSON with its numbers as they came: no float, which would round some."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{exact(name)}:{exact(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(exact(item) for item in value) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


# --- proving ------------------------------------------------------------------------------------------------------


def check(site: str, copy: sqlite3.Connection) -> Iterator[str]:
    """Compare the digests of the copy with the tracker's at the same feed number; says in which buckets they differ."""
    at = f"{site}/api/v1/changes/digests/?through={through(copy)}"
    buckets: dict[str, list[list[str]]] = defaultdict(lambda: [[] for _ in range(256)])
    for kind, key, version in copy.execute("SELECT kind, key, version FROM documents"):
        buckets[kind][sha256(key.encode()).digest()[0]].append(f"{key} {version}\n")
    for theirs in get(at)["kinds"]:
        kind = theirs["kind"]
        if theirs["sha256"] != digest(chain.from_iterable(buckets[kind])):
            [whole] = get(f"{at}&kind={kind}")["kinds"]
            for number, (expected, lines) in enumerate(zip(whole["buckets"], buckets[kind], strict=True)):
                if expected != digest(lines):
                    yield f"{kind}: bucket {number} differs"


def digest(lines: Iterable[str]) -> str:
    """SHA-256 of lines “key version” in the order of their bytes."""
    return sha256("".join(sorted(lines)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
