"""What the preview adds to a page: the script that loads it anew, and the list of problems above it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from markupsafe import Markup

from plugins.problems import Problem

ADDRESS = "/livereload"
"""Where the preview answers to the script; no page of the portal can have it, because they begin with a language."""

# livereload's script asks what plugins are there, and sends what they tell to the server: so it knows what is shown.
_SCRIPT = """<script>window.LiveReloadPluginPreview = function () {{
  this.analyze = function () {{ return {{ shown: {shown} }}; }};
}};
window.LiveReloadPluginPreview.identifier = "preview";
window.LiveReloadPluginPreview.version = "1";
(function () {{
  var script = document.createElement("script");
  script.src = "{address}.js?mindelay=200&maxdelay=2000&host=" + location.hostname + "&port=" + (location.port || 80);
  document.head.appendChild(script);
}})();</script>"""

_OVERLAY = Markup("""<dialog open role="alertdialog" id="preview-problems" tabindex="-1" lang="en"
 aria-labelledby="preview-problems-title"><style>
#preview-problems {{ position: fixed; inset: auto 0 0 0; z-index: 1000; box-sizing: border-box; inline-size: 100%;
  max-inline-size: none; max-block-size: 60vh; overflow: auto; margin: 0; padding: 1rem 1.5rem; border: 0;
  border-block-start: 4px solid #b3261e; background: #fff; color: #1b1b1b; font: 1rem/1.5 system-ui, sans-serif;
  box-shadow: 0 0 2rem #0006; }}
#preview-problems h2 {{ margin: 0 0 .5rem; font: inherit; font-weight: 700; color: #b3261e; }}
#preview-problems ol {{ margin: 0 0 1rem; padding-inline-start: 1.5rem; }}
#preview-problems li {{ margin-block-end: .5rem; overflow-wrap: anywhere; }}
#preview-problems code {{ display: block; background: none; color: inherit; font: .875em ui-monospace, monospace; }}
#preview-problems button {{ padding: .375rem 1rem; border: 1px solid; border-radius: 4px; background: none;
  color: inherit; font: inherit; cursor: pointer; }}
#preview-problems :focus-visible {{ outline: 3px solid currentColor; outline-offset: 2px; }}
@media (prefers-color-scheme: dark) {{
  #preview-problems {{ background: #161616; color: #e8e8e8; border-color: #ff8a80; }}
  #preview-problems h2 {{ color: #ff8a80; }} }}
</style><h2 id="preview-problems-title">{headline}</h2><ol>{problems}</ol>
<form method="dialog"><button>Close</button></form><script>(function () {{
  var box = document.getElementById("preview-problems");
  box.addEventListener("keydown", function (event) {{ if (event.key === "Escape") box.close(); }});
  box.focus();
}})();</script></dialog>""")

_PROBLEM = Markup("<li><code>{place}</code>{what} {fix}</li>")


def script(shown: str) -> bytes:
    """What makes a page follow the preview.

    Args:
        shown: changes when the page has to be loaded anew.
    """
    return _SCRIPT.format(shown=json.dumps(shown), address=ADDRESS).encode()


def overlay(problems: Sequence[Problem]) -> bytes:
    """All *problems* above a page; nothing where there are none. Escape or a button closes it."""
    if not problems:
        return b""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    items = Markup("").join(
        _PROBLEM.format(place=f"{one.path}:{one.line}" if one.line else one.path, what=one.what, fix=one.fix)
        for one in problems
    )
    headline = f"{count}; this is the last good page"
    return str(_OVERLAY.format(headline=headline, problems=items)).encode()


BARE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body><main><h1>There is no page to show yet</h1></main></body></html>"""
"""What stands under the problems where there never was a good page."""


def with_additions(page: bytes, shown: str, problems: Sequence[Problem]) -> bytes:
    """The page as the preview serves it."""
    page = page.replace(b"</head>", script(shown) + b"</head>", 1)
    above = overlay(problems)
    if above:
        before, end, after = page.rpartition(b"</body>")
        page = before + above + end + after if end else page + above
    return page
