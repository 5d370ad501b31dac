"""The same stories for Hugo, with the least theme that shows them: what our builds are measured against."""

from __future__ import annotations

from pathlib import Path

import yaml

CONFIGURATION = """
baseURL = "https://example.org/"
title = "Duikai"
defaultContentLanguage = "en"
defaultContentLanguageInSubdir = true
[pagination]
pagerSize = 20
[taxonomies]
category = "categories"
tag = "tags"
author = "authors"
source = "source"
[languages.en]
contentDir = "content/en"
weight = 1
[languages.zh]
contentDir = "content/zh"
weight = 2
[outputs]
section = ["HTML"]
term = ["HTML"]
taxonomy = ["HTML"]
"""

LAYOUTS = {
    "baseof.html": """<!doctype html><html lang="{{ site.Language.Lang }}"><head><meta charset="utf-8">
<title>{{ .Title }}</title>{{ range .AllTranslations }}
<link rel="alternate" hreflang="{{ .Lang }}" href="{{ .Permalink }}">{{ end }}</head>
<body><main>{{ block "main" . }}{{ end }}</main></body></html>""",
    "single.html": """{{ define "main" }}<h1>{{ .Title }}</h1><time>{{ .Date.Format "2006-01-02" }}</time>
{{ .Content }}{{ range .GetTerms "tags" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}""",
    "list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>{{ range .Paginator.Pages }}
<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2><p>{{ .Summary }}</p></article>{{ end }}
{{ template "_internal/pagination.html" . }}{{ end }}""",
}


def write_site(content: Path, site: Path) -> None:
    """Write the stories of our folder *content* as a site for Hugo."""
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "hugo.toml").write_text(CONFIGURATION, encoding="utf-8")
    for name, text in LAYOUTS.items():
        (site / "layouts" / "_default" / name).write_text(text, encoding="utf-8")
    for language in ("en", "zh"):
        for file in (content / language).rglob("*.md"):
            copy_story(file, site / "content" / language / file.relative_to(content / language))


def copy_story(file: Path, to: Path) -> None:
    """One story, its front matter in the names that Hugo knows."""
    _, matter, body = file.read_text(encoding="utf-8").split("---\n", 2)
    front = yaml.load(matter, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    front["date"] = f"{front['date'].replace(' ', 'T')}:00+08:00"
    front["categories"] = [front.pop("category")]
    front["source"] = [front["source"]["name"]]
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n{body}", encoding="utf-8")
