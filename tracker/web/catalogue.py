"""The English of the pages: reads ``django.po`` and writes ``django.mo``, so that no gettext need be installed.

``python -m tracker.web.catalogue`` compiles; a test holds the compiled file to its text and the text to the templates.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
PO = HERE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
PARTS = (HERE.parent, HERE.parents[1] / "policies", HERE.parents[1] / "parks")
"""The folders whose modules say something to people."""

_LINE = re.compile(r'^(?:(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?(".*")$')
_IN_TEMPLATE = re.compile(r"""(?:\{%\s*translate\s+|[:= ]_\()(?:"([^"]+)"|'([^']+)')""")
_BLOCK = re.compile(r"\{%\s*blocktranslate([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def read(text: str) -> dict[str, str]:
    """Messages by their id as the compiled file keys them: plural forms are joined by NUL on both sides.

    :raises ValueError: naming the line that is neither a comment nor a message.
    """
    messages: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text):
        parts = _parts(block)
        if "msgid" in parts:
            plural = parts.get("msgid_plural")
            key = parts["msgid"] + (f"\0{plural}" if plural is not None else "")
            forms = [parts[name] for name in sorted(parts) if name.startswith("msgstr")]
            messages[key] = "\0".join(forms)
    return messages


def _parts(block: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line.strip())
        if not match:
            raise ValueError(f"not a line of a catalogue: {line}")
        name = match[1] or name
        parts[name] = parts.get(name, "") + ast.literal_eval(match[2])
    return parts


def compiled(messages: dict[str, str]) -> bytes:
    """The bytes of a GNU .mo file: header, two tables of lengths and offsets, then the texts, sorted by id."""
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items() if text or not key)
    count = len(pairs)
    start = 28 + 16 * count
    ids, texts = b"", b""
    id_table: list[int] = []
    text_table: list[int] = []
    all_ids = sum(len(key) + 1 for key, _ in pairs)
    for key, text in pairs:
        id_table += [len(key), start + len(ids)]
        ids += key + b"\0"
        text_table += [len(text), start + all_ids + len(texts)]
        texts += text + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    return header + struct.pack(f"<{4 * count}I", *id_table, *text_table) + ids + texts


def wanted() -> Iterator[str]:
    """Every message id in Chinese that a template or a module of the pages asks for; others are Django's own."""
    return (message for message in _asked_for() if _CHINESE.search(message))


def _asked_for() -> Iterator[str]:
    for path in sorted(path for part in PARTS for path in part.rglob("templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        yield from (first or second for first, second in _IN_TEMPLATE.findall(text))
        for head, body in _BLOCK.findall(text):
            yield from _block_ids(head, body)
    for part in PARTS:
        for path in sorted(part.rglob("*.py")):
            if "tests" not in path.parts:
                yield from _in_module(path)


def _block_ids(head: str, body: str) -> Iterator[str]:
    clean = body.strip() if "trimmed" in head else body
    forms = re.split(r"\{%\s*plural\s*%\}", clean)
    said = [_VARIABLE.sub(r"%(\1)s", form.strip() if "trimmed" in head else form) for form in forms]
    yield "\0".join(said)


def _in_module(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            not isinstance(node, ast.Call)
            or not isinstance(node.func, ast.Name)
            or node.func.id not in ("_", "_n", "gettext", "gettext_lazy", "gettext_noop")
        ):
            continue
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if texts:
            yield "\0".join(texts[:2]) if node.func.id == "_n" else texts[0]


def write() -> int:
    """Compile the catalogue; returns the number of messages."""
    messages = read(PO.read_text(encoding="utf-8"))
    MO.write_bytes(compiled(messages))
    return len(messages)


if __name__ == "__main__":
    sys.stdout.write(f"{write()} messages in {MO.relative_to(HERE)}\n")
