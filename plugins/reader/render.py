"""Tokens of Markdown to HTML, as markdown-it writes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict


class StoryRenderer(RendererHTML):
    """markdown-it's renderer, quick for what a text mostly is: words, and tags without attributes.

    It writes ``<br>``, never ``<br />``.
    """

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        """The HTML of *tokens*, which are the blocks of a text."""
        return "".join(self.parts(tokens, options, env))

    def parts(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> list[str]:
        """The HTML of each of *tokens*, which are the blocks of a text."""
        out: list[str] = []
        for index, token in enumerate(tokens):
            if token.type == "prose":
                out.append("<p>" + "</p>\n<p>".join(paragraphs(token)) + "</p>\n")
            elif token.type == "inline":
                children = token.children or ()
                if is_one_text(children):
                    out.append(escapeHtml(children[0].content))
                else:
                    out.append(self.renderInline(children, options, env))
            elif token.type in self.rules:
                out.append(self.rules[token.type](tokens, index, options, env))
            elif token.nesting == -1 and not token.hidden:
                out.append(f"</{token.tag}>\n")
            else:
                out.append(self.renderToken(tokens, index, options, env))
        return out

    def renderToken(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """One tag, with the line break that stands before or after it."""
        token = tokens[idx]
        if token.hidden:
            return ""
        if token.nesting == -1:
            return f"</{token.tag}>\n" if token.block else f"</{token.tag}>"
        tag = f"<{token.tag}{self.renderAttrs(token)}>" if token.attrs else f"<{token.tag}>"
        if not token.block:
            return tag
        if idx and tokens[idx - 1].hidden:
            tag = "\n" + tag
        if token.nesting == 1 and idx + 1 < len(tokens):
            inside = tokens[idx + 1]
            if inside.type == "inline" or inside.hidden or (inside.nesting == -1 and inside.tag == token.tag):
                return tag
        return tag + "\n"

    @staticmethod
    def renderAttrs(token: Token) -> str:
        """The attributes of a tag; their names are ours."""
        return "".join([f' {name}="{escapeHtml(str(value))}"' for name, value in token.attrs.items()])


def paragraphs(prose: Token) -> list[str]:
    """The paragraphs of a token of the type ``prose`` (see blocks.py), whose lines have empty ones between them."""
    return prose.content.split("\n")[::2]


def is_one_text(tokens: Sequence[Token]) -> bool:
    """Whether *tokens*, of one paragraph or cell, are nothing but text."""
    return len(tokens) == 1 and tokens[0].type == "text"
