"""The text of a story: Markdown to sanitised HTML, plain text and references.

CommonMark with tables, ~~strikethrough~~, footnotes and definition lists; punctuation stays as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore, normalize, text_join
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from plugins.languages import Language
from plugins.reader.blocks import StoryBlocks
from plugins.reader.chinese import ChineseInline, join_chinese_lines
from plugins.reader.paragraphs import PLAIN_ADDRESS
from plugins.reader.place import Note
from plugins.reader.proof import proofread
from plugins.reader.render import StoryRenderer, is_one_text, paragraphs
from plugins.reader.sanitise import (
    LABELS,
    as_cleaned,
    finish,
    is_harmless,
    plain_text,
    sanitise,
    with_single_blanks,
)
from plugins.reader.story import Reference

_PLAIN_ADDRESS = re.compile(PLAIN_ADDRESS)

_NOT_IN_IDS = re.compile(r"[\W_]+")

MAX_NESTING = 100
"""Blocks inside blocks: what lies deeper is lost, and CommonMark's preset stops at 20."""


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a story.

    Attributes:
        html: sanitised; addresses of other files are still as written.
        text: its words, a line a block.
        references: links and pictures that lead to files of the portal.
    """

    html: str
    text: str
    references: tuple[Reference, ...]


def read_body(source: str, language: Language, first_line: int, note: Note) -> Body:
    """Read the text of a story.

    Args:
        source: Markdown, lines ending in ``\\n``.
        language: of the story: labels, and which line breaks are spaces.
        first_line: the line of the file that *source* starts in.
        note: is told everything that is wrong.
    """
    env = {"language": language, "labels": LABELS[language.path], "footnotes_defined": []}
    try:
        tokens = PARSER.parse(source, env)
        parts = PARSER.renderer.parts(tokens, PARSER.options, env)
    except RecursionError:
        note(first_line, "the text nests brackets too deeply.", "Remove brackets inside of brackets.")
        return Body("", "", ())
    references = proofread(tokens, env, first_line, note)
    # Raw HTML begins with "<", and the plugin's footnotes can leave tags open.
    well_nested = "<" not in source and ("[" not in source or "[^" not in source)
    prose = [(token, part) for token, part in zip(tokens, parts, strict=True) if token.type == "prose"]
    frame = ""
    if prose and well_nested and _MARK not in source:
        frame = "".join([_PLACE if token.type == "prose" else part for token, part in zip(tokens, parts, strict=True)])
    if not frame or not is_harmless(frame.replace(_PLACE, "")):
        html = finish(sanitise("".join(parts), well_nested), env["labels"])
        return Body(html, plain_text(html), references)
    # In prose, which most texts are, there is nothing to clean or to complete, and its words are those of the source:
    # the rest goes its way without it.
    html = finish(as_cleaned(frame), env["labels"])
    text = _filled(plain_text(html), _MARK, ["\n".join(paragraphs(token)) for token, _ in prose])
    html = _filled(html, _PLACE, [part for _, part in prose])
    return Body(html, with_single_blanks(text).strip(), references)


_MARK = "\1"
"""Stands for prose while the rest is finished."""

_PLACE = f"<p>{_MARK}</p>\n"


def _filled(frame: str, place: str, prose: list[str]) -> str:
    """*frame* with one piece of *prose* at each *place*."""
    pieces = frame.split(place)
    pieces[1:] = chain.from_iterable(zip(prose, pieces[1:], strict=True))
    return "".join(pieces)


def normalize_lines(state: StateCore) -> None:
    """As markdown-it does; the files that we read have come so far without these characters."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def join_texts(state: StateCore) -> None:
    """As markdown-it does, but what is one text already is passed over."""
    everything = state.tokens
    state.tokens = [token for token in everything if token.children and not is_one_text(token.children)]
    text_join(state)
    state.tokens = everything


def name_headings(state: StateCore) -> None:
    """Give each heading an id that can be read, in Chinese too, and that no other has."""
    taken: set[str] = set()
    repeated: dict[str, int] = {}
    for index, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        name = unique = slug(_words(state.tokens[index + 1].children or [])) or "section"
        while unique in taken:
            repeated[name] = repeated.get(name, 1) + 1
            unique = f"{name}-{repeated[name]}"
        taken.add(unique)
        token.attrSet("id", unique)


def frame_pictures(state: StateCore) -> None:
    """Make a figure of a picture that is alone in its paragraph and has a title, which becomes the caption."""
    if "!" not in state.src or "![" not in state.src:
        return
    for index, token in enumerate(state.tokens):
        if token.type != "inline" or state.tokens[index - 1].type != "paragraph_open":
            continue
        picture = token.children[0] if len(token.children or ()) == 1 else None
        if picture is None or picture.type != "image" or not (caption := str(picture.attrs.pop("title", "")).strip()):
            continue
        for around in (state.tokens[index - 1], state.tokens[index + 1]):
            around.tag = "figure"
            around.hidden = False  # as in a list without blank lines, where paragraphs have no tags
        token.children += [Token("figcaption_open", "figcaption", 1), *_lines(caption)]
        token.children.append(Token("figcaption_close", "figcaption", -1))


def _lines(text: str) -> Iterator[Token]:
    """*text* as tokens, so that its line breaks are read as those of any paragraph."""
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Token("softbreak", "br", 0)
        yield Token("text", "", 0, content=line.strip())


def dress_tables(state: StateCore) -> None:
    """Say what header cells head, align by class (no styles in pages), make no header of an empty cell."""
    if "|" not in state.src:
        return
    for index, token in enumerate(state.tokens):
        if token.type not in ("th_open", "td_open"):
            continue
        style = token.attrs.pop("style", None)
        if token.type == "th_open":
            if state.tokens[index + 1].content:
                token.attrSet("scope", "col")
            else:
                token.tag = state.tokens[index + 2].tag = "td"
        if style:
            token.attrSet("class", "align-" + style.removeprefix("text-align:"))


def list_footnotes(state: StateCore) -> None:
    """Keep where footnotes are defined; the plugin forgets it when it moves them to the end."""
    if "footnotes" in state.env:
        state.env["footnotes_defined"] = [
            (token.meta["label"], token.map[0]) for token in state.tokens if token.type == "footnote_reference_open"
        ]


RULES = [
    ("frame_pictures", frame_pictures),
    ("join_chinese_lines", join_chinese_lines),
    ("name_headings", name_headings),
    ("dress_tables", dress_tables),
]
"""What happens to parsed Markdown, in this order."""


def slug(title: str) -> str:
    """*title* as an id: small letters, digits, Chinese characters and hyphens; may be empty."""
    return _NOT_IN_IDS.sub("-", title.lower().replace("'", "").replace("’", "")).strip("-")


_READ = ("text", "code_inline", "softbreak", "hardbreak")


def _words(tokens: list[Token]) -> str:
    return "".join(" " if token.tag == "br" else token.content for token in tokens if token.type in _READ)


# The plugin's footnotes have no names for screen readers. Ids contain the language, because the bilingual
# page shows both versions.


def _render_reference(renderer, tokens, index, options, env) -> str:
    meta = tokens[index].meta
    note, again = f"{env['language'].path}-{meta['id'] + 1}", f":{meta['subId']}" if meta["subId"] else ""
    return (
        f'<sup class="footnote-ref"><a href="#fn-{note}" id="fnref-{note}{again}" role="doc-noteref">'
        f"[{meta['id'] + 1}]</a></sup>"
    )


def _render_footnotes(renderer, tokens, index, options, env) -> str:
    label = env["labels"].footnotes
    return f'<section class="footnotes" role="doc-endnotes" aria-label="{label}">\n<ol class="footnotes-list">\n'


def _render_footnote(renderer, tokens, index, options, env) -> str:
    return f'<li id="fn-{env["language"].path}-{tokens[index].meta["id"] + 1}">'


def _render_back(renderer, tokens, index, options, env) -> str:
    meta = tokens[index].meta
    again = f":{meta['subId']}" if meta["subId"] else ""
    label = env["labels"].back.format(f"{meta['id'] + 1}{again}")
    # U+FE0E, or iOS shows the arrow as an emoji.
    return (
        f' <a href="#fnref-{env["language"].path}-{meta["id"] + 1}{again}" class="footnote-backref"'
        f' role="doc-backlink" aria-label="{label}">↩\ufe0e</a>'
    )


class StoryMarkdown(MarkdownIt):
    """markdown-it, quick with the addresses of most links."""

    def normalizeLink(self, url: str) -> str:
        """*url* with escapes where it needs them."""
        return url if _PLAIN_ADDRESS.fullmatch(url) else super().normalizeLink(url)


def make_parser(blocks: ParserBlock, inline: ParserInline) -> MarkdownIt:
    """A parser of stories that reads blocks and what is in them with *blocks* and *inline*."""
    parser = StoryMarkdown(renderer_cls=StoryRenderer)
    parser.block = blocks
    parser.inline = inline
    parser.configure("commonmark", {"maxNesting": MAX_NESTING, "xhtmlOut": False})
    parser.enable(["table", "strikethrough", "prose"], ignoreInvalid=True)
    parser.use(deflist_plugin)
    parser.use(footnote_plugin, inline=False)
    parser.core.ruler.before("footnote_tail", "list_footnotes", list_footnotes)
    parser.core.ruler.at("normalize", normalize_lines)
    parser.core.ruler.at("text_join", join_texts)
    for name, rule in RULES:
        parser.core.ruler.push(name, rule)
    parser.add_render_rule("footnote_ref", _render_reference)
    parser.add_render_rule("footnote_block_open", _render_footnotes)
    parser.add_render_rule("footnote_open", _render_footnote)
    parser.add_render_rule("footnote_anchor", _render_back)
    return parser


PARSER = make_parser(StoryBlocks(), ChineseInline())
"""Made once per process: it keeps nothing of the texts it reads."""
