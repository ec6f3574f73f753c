"""The few shapes the chart is drawn with. Positions across are per cent, down they are px; text is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString

from tracker.web.phrases import NOTHING as NOTHING
from tracker.web.phrases import safe as safe


def rect(classes: str, x: float, y: int, width: float, height: int | str, *, round_: int = 0) -> SafeString:
    corner = f' rx="{round_}"' if round_ else ""
    return safe(f'<rect class="{classes}" x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{height}"{corner}/>')


def tick(classes: str, x: float, y: int, height: int) -> SafeString:
    """An upright stroke of a fixed width, its middle at x by the style sheet."""
    return safe(f'<rect class="{classes}" x="{x:.2f}%" y="{y}" width="4" height="{height}" rx="1"/>')


def line(classes: str, x: float) -> SafeString:
    """From top to bottom."""
    return safe(f'<line class="{classes}" x1="{x:.2f}%" x2="{x:.2f}%" y1="0" y2="100%"/>')


def text(classes: str, x: float, y: int, words: object, *, shift: int = 0) -> SafeString:
    """Words at x, moved by ``shift`` px; safe words are taken as they are."""
    named = f' class="{classes}"' if classes else ""
    moved = f' dx="{shift}"' if shift else ""
    shown = words if isinstance(words, SafeString) else escape(str(words))
    return safe(f'<text{named} x="{x:.2f}%" y="{y}"{moved}>{shown}</text>')


def link(classes: str, href: str, label: str, shape: SafeString, **data: str) -> SafeString:
    """A mark that leads somewhere; ``data`` is what its card shows."""
    told = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    return safe(f'<a class="{classes}" href="{escape(href)}" aria-label="{escape(label)}"{told}>{shape}</a>')


def drawing(classes: str, height: int | str, pieces: Iterable[SafeString], *, label: str = "") -> SafeString:
    """A whole drawing; without a label it is decoration."""
    named = f'role="group" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return safe(f'<svg class="{classes}" width="100%" height="{height}" {named}>{joined(*pieces)}</svg>')


def joined(*pieces: SafeString) -> SafeString:
    return safe("".join(pieces))


def escaped(words: str) -> SafeString:
    return escape(words)
