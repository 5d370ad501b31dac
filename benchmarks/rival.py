"""The same newspaper for Hugo and for stock Pelican, each with the least theme that shows the same pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.newspaper import LANGUAGES, Form, Page, Story, picture_address, same_path, world, yaml_front

HUGO_SETTINGS = """
baseURL = "https://example.org/"
title = "Duikai"
defaultContentLanguage = "en"
defaultContentLanguageInSubdir = true
hasCJKLanguage = true
disableKinds = ["section", "RSS"]
[pagination]
pagerSize = 20
disableAliases = true
[taxonomies]
category = "categories"
tag = "tags"
author = "authors"
source = "sources"
month = "archive"
[languages.en]
contentDir = "content/en"
weight = 1
[languages.zh]
contentDir = "content/zh"
weight = 2
"""

HUGO_LAYOUTS = {
    "baseof.html": """<!doctype html><html lang="{{ site.Language.Lang }}"><head><meta charset="utf-8">
<title>{{ .Title }}</title>{{ range .AllTranslations }}
<link rel="alternate" hreflang="{{ .Lang }}" href="{{ .Permalink }}">{{ end }}</head>
<body><main>{{ block "main" . }}{{ end }}</main></body></html>
""",
    "single.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<time>{{ .Date.Format "2006-01-02" }}</time>
{{ range .GetTerms "authors" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ .Content }}
{{ range .GetTerms "tags" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}
""",
    "card.html": """<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<time>{{ .Date.Format "2006-01-02" }}</time>{{ with .Params.summary }}<p>{{ . }}</p>{{ end }}</article>
""",
    "term.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ range .Paginator.Pages }}{{ .Render "card" }}{{ end }}
{{ template "_internal/pagination.html" . }}{{ end }}
""",
    "taxonomy.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}
""",
    "home.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ range first 20 site.RegularPages }}{{ .Render "card" }}{{ end }}{{ end }}
""",
}

PELICAN_SETTINGS = """
PATH, OUTPUT_PATH, CACHE_PATH = "content", "public", "cache"
THEME = "simple"
SITENAME, SITEURL, TIMEZONE, DEFAULT_LANG = "Duikai", "https://example.org", "Asia/Shanghai", "en"
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
STATIC_PATHS = ["images"]
ARTICLE_URL = ARTICLE_LANG_URL = "{lang}/{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_LANG_SAVE_AS = ARTICLE_URL + "index.html"
ARTICLE_TRANSLATION_ID = "key"
MONTH_ARCHIVE_SAVE_AS = "archive/{date:%Y}/{date:%m}/index.html"
DIRECT_TEMPLATES = ["index"]
PAGINATED_TEMPLATES = {"index": None, "tag": None, "category": None, "author": None}
DEFAULT_PAGINATION = 20
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""


def _hugo_text(page: Page) -> str:
    front = {name: value for name, value in page.front.items() if name not in ("category", "source", "products")}
    date = str(front["date"])
    front["date"] = f"{date.replace(' ', 'T')}:00+08:00"
    front |= {"categories": [page.front["category"]], "sources": [page.front["source"]], "archive": [date[:7]]}
    return f"{yaml_front(front)}\n{page.body}"


def _hugo_surroundings(stories: Sequence[Story]) -> Mapping[str, str]:
    """Settings and theme, and for each term a file that gives its name in each language."""
    files = {"hugo.toml": HUGO_SETTINGS, **{f"layouts/{name}": text for name, text in HUGO_LAYOUTS.items()}}
    used = {
        "categories": ("sections", {story.section for story in stories}),
        "tags": ("tags", {tag for story in stories for tag in story.tags}),
        "authors": ("authors", {author for story in stories for author in story.authors}),
        "sources": ("sources", {story.source for story in stories}),
    }
    for taxonomy, (kind, ids) in used.items():
        for id_, names in world().taxonomy[kind].items():
            for language in LANGUAGES if id_ in ids else ():
                file = f"content/{language}/{taxonomy}/{id_}/_index.md"
                files[file] = yaml_front({"title": names[language]})
    return files


def _pelican_text(page: Page) -> str:
    def names(kind: str, ids: object) -> str:
        return ", ".join(world().taxonomy[kind][id_][page.language] for id_ in ids)  # type: ignore[attr-defined]

    front = {
        "Title": page.front["title"],
        "Date": page.front["date"],
        "Category": names("sections", [page.front["category"]]),
        "Tags": names("tags", page.front["tags"]),
        "Authors": names("authors", page.front["authors"]),
        "Source": names("sources", [page.front["source"]]),
        "Summary": page.front.get("summary", page.front["title"]),
        "Slug": page.key.rpartition("/")[2],
        "Key": page.key,
        "Lang": page.language,
    }
    return "".join(f"{name}: {value}\n" for name, value in front.items()) + f"\n{page.body}"


def _pelican_picture(key: str) -> str:
    return f"{{static}}{picture_address(key)}"


def _pelican_link(path: str) -> str:
    return f"{{filename}}{path}"


def _pelican_surroundings(_: Sequence[Story]) -> Mapping[str, str]:
    return {"settings.py": PELICAN_SETTINGS}


HUGO = Form(_hugo_text, picture_address, same_path, _hugo_surroundings, "content", "static/images")
PELICAN = Form(_pelican_text, _pelican_picture, _pelican_link, _pelican_surroundings, "content", "content/images")
