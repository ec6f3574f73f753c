"""The browsable documentation: its bundled script draws with inline styles, so its page alone may."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator


def docs(view: type[Any]) -> type[Any]:
    """The documentation view with the one exception its page needs."""
    relaxed = csp_update({"style-src": [SELF, UNSAFE_INLINE], "script-src": [SELF]})
    return type("DocsView", (view,), {"dispatch": method_decorator(relaxed)(view.dispatch)})
