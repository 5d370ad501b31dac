"""Words out of what may hold markup."""

from __future__ import annotations

import re

_WITH_CONTENT = re.compile(
    r"<(script|style|iframe|object|noscript|template|svg|textarea)\b[^<>]{0,400}>.{0,2000}?</\1\s{0,3}>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,400}|!--[^<>]{0,400})>")


def without_tags(text: str) -> str:
    """*text* without tags; a script goes with its content: of ``Maren Holt<script>…</script>`` the name is left."""
    return _TAG.sub("", _WITH_CONTENT.sub("", text)) if "<" in text else text
