"""Writing one file of a snapshot: whole, counted, hashed, compressed beside it, under its name only when it is done."""

from __future__ import annotations

import gzip
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

BLOCK = 1024 * 1024


class Draft(NamedTuple):
    """A finished file that does not have its name yet."""

    path: Path
    name: str
    bytes: int
    sha256: str

    def settle(self) -> None:
        """Give it its name; one that a worker before us left there gives way."""
        self.path.rename(self.path.with_name(self.name))


def unnamed(folder: Path) -> Path:
    """A path of this worker alone: another one that holds the same job writes elsewhere."""
    return folder / f".{uuid.uuid4().hex}.tmp"


def write_text(path: Path, texts: Iterable[str]) -> int:
    """Write the texts one after the other; returns how many there were."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for text in texts:
            file.write(text)
            count += 1
    return count


def draft(path: Path, name: str) -> Draft:
    """Count and hash a file that is written, once it is on the disk itself."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    digest, size = sha256(), 0
    for block in blocks(path):
        digest.update(block)
        size += len(block)
    return Draft(path, name, size, digest.hexdigest())


def compressed(path: Path, name: str, blocks_of: Iterable[bytes]) -> Draft:
    """The same file by gzip, beside it; without a time, so that equal files stay equal."""
    target = unnamed(path.parent)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as file:
        for block in blocks_of:
            file.write(block)
    return draft(target, f"{name}.gz")


def blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def remove_unnamed(folder: Path) -> None:
    """Remove what workers that died have left in a folder."""
    for path in folder.glob(".*.tmp*"):
        path.unlink() if path.is_file() else shutil.rmtree(path)
