"""The pages in docs/ list what there is, no more and no less."""

from __future__ import annotations

import ast
import re

from tracker.testing.plugin import ROOT


def rows(page: str) -> set[str]:
    """The names that begin the rows of a page's tables."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def variables_read() -> set[str]:
    """The first argument of every ``env.reader("NAME", …)`` in the settings."""
    tree = ast.parse((ROOT / "tracker" / "settings.py").read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    return {
        str(call.args[0].value) for call in calls
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env" and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip


def required() -> set[str]:
    """Packages asked for, without those they bring along."""
    found: set[str] = set()
    for file in ("requirements.txt", "requirements-dev.txt"):
        asked_for = (ROOT / file).read_text(encoding="utf-8").partition("# brought along")[0]
        found |= set(re.findall(r"^([A-Za-z][\w-]*)", asked_for, re.MULTILINE))
    return found


def test_every_setting_is_described_and_nothing_else() -> None:
    assert rows("settings.md") == variables_read()


def test_every_dependency_has_its_reason() -> None:
    assert rows("dependencies.md") == required()


def test_every_dependency_is_pinned() -> None:
    for file in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        loose = [line for line in lines if line and line[0] not in "#-" and "==" not in line]
        assert loose == [], file
