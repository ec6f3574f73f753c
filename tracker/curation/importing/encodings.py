"""The encoding of a text file: by its mark, by being valid UTF-8, else GB18030 or Big5 by what reads like Chinese."""

from __future__ import annotations

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from .file_rows import Unreadable

CHOICES = ("utf-8", "gb18030", "big5", "utf-16")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 256 * 1024
_BLOCK = 1024 * 1024


def detected(path: Path) -> str:
    """The codec of a text file.

    :raises Unreadable: it is none of the encodings that texts of ours come in.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if _decodes(path, "utf-8"):
        return "utf-8"
    guess = from_bytes(_telling(sample), cp_isolation=["gb18030", "big5"]).best()
    likely = [guess.encoding] if guess else []
    for name in dict.fromkeys([*likely, "gb18030", "big5"]):
        if _decodes(path, name):
            return name
    raise Unreadable("看不出文件的编码：不是 UTF-8、GB18030 或 Big5；请另存为 UTF-8 再传 "
                     "the encoding is none of UTF-8, GB18030 and Big5: save it as UTF-8")  # fmt: skip


def _telling(sample: bytes) -> bytes:
    """Whole lines that hold more than ASCII: the others say nothing and water the guess down."""
    lines = sample.split(b"\n")[:-1] or [sample]
    return b"\n".join(line for line in lines if not line.isascii()) or sample


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def newlines(path: Path) -> int:
    """How many lines there are, roughly the rows of a text file."""
    count = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            count += block.count(b"\n")
    return count
