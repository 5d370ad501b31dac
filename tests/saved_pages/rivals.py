"""What other extractors answer: lines {path, url} in, lines {title, date, authors, source, body, seconds} out.

``PYTHON tests/saved_pages/rivals.py TOOL`` with a Python that has the tool; it imports nothing of ours.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path


def use_trafilatura(data: bytes, url: str) -> dict:
    """trafilatura as its documentation calls it, comments left out."""
    import trafilatura

    found = trafilatura.bare_extraction(data, url=url or None, with_metadata=True, include_comments=False)
    if found is None:
        return {}
    authors = re.split(r"[;；]\s*", found.author or "")
    return {
        "title": found.title,
        "date": found.date,
        "authors": authors,
        "source": found.sitename,
        "body": found.text,
    }


def use_readability(data: bytes, url: str) -> dict:
    """readability-lxml: a title and a body."""
    import lxml.html
    import readability

    document = readability.Document(data)
    body = lxml.html.fromstring(document.summary(html_partial=True))
    return {"title": document.short_title(), "body": body.text_content()}


def use_gne(data: bytes, url: str) -> dict:
    """gne, GeneralNewsExtractor; it takes text, so trafilatura decodes for it."""
    import gne
    from trafilatura.utils import decode_file

    found = gne.GeneralNewsExtractor().extract(decode_file(data), host=url or "")
    authors = [found.get("author") or ""]
    return {"title": found["title"], "date": found["publish_time"], "authors": authors, "body": found["content"]}


def use_newspaper4k(data: bytes, url: str) -> dict:
    """newspaper4k with the page's text given; its Chinese needs jieba, which is not there."""
    import newspaper
    from trafilatura.utils import decode_file

    article = newspaper.Article(url or "https://example.org/")
    article.download(input_html=decode_file(data))
    article.parse()
    date = article.publish_date.date().isoformat() if article.publish_date else None
    return {"title": article.title, "date": date, "authors": article.authors, "body": article.text}


TOOLS = {
    "trafilatura": use_trafilatura,
    "readability": use_readability,
    "gne": use_gne,
    "newspaper4k": use_newspaper4k,
}


def ask(tool: str, data: bytes, url: str) -> dict:
    """One tool's answer for one page; a tool that fails answers nothing."""
    start = time.perf_counter()
    try:
        answer = TOOLS[tool](data, url)
    except Exception as failure:
        answer = {"error": repr(failure)}
    return answer | {"seconds": time.perf_counter() - start}


def main() -> None:
    """Answer every line of the standard input."""
    tool = sys.argv[1]
    ask(tool, b"<html><title>warm</title><p>warm</p></html>", "https://example.org/")
    out = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        page = json.loads(line)
        print(json.dumps(ask(tool, Path(page["path"]).read_bytes(), page["url"]), default=str), file=out, flush=True)


if __name__ == "__main__":
    main()
