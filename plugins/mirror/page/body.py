"""Where the text of an article is on its page, and what it says: `find_body`."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from plugins.mirror.article import Block, Image
from plugins.mirror.page.candidates import Candidate, Scene, ask_trafilatura, candidates, is_askable, look
from plugins.mirror.page.choice import Choice, choose, is_clear
from plugins.mirror.page.embedded import embedded_text, is_unseen, told_text
from plugins.mirror.page.leaves import grow_leaves
from plugins.mirror.page.markdown import Written, write
from plugins.mirror.page.selectors import Selectors
from plugins.mirror.page.tree import Tree
from plugins.mirror.page.trimming import credits_beside, trim

NO_SELECTORS = Selectors()

SHORT, LEAST, MUCH_MORE = 200, 15, 1.5
"""Reading size below which the page's data is asked, too; what it must hold, and how many times what the page shows."""

VERY_SHORT = 30
"""Characters below which a text may not be all of the article."""


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article.

    Attributes:
        blocks: in order, credits still among them.
        images: the pictures that stand in it.
        links: the addresses that it links to.
        where: the block elements that hold it, in order.
        warnings: sentences for the editor.
        provenance: what spoke for this place, in plain words: ``selector``, ``data of a script``, ``article element``,
            ``text container, trafilatura agrees`` and the like.
    """

    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[str, ...] = ()
    where: tuple[HtmlElement, ...] = ()
    warnings: tuple[str, ...] = ()
    provenance: str = ""


def find_body(tree: Tree, title: str, lang: str, selectors: Selectors = NO_SELECTORS) -> Body:
    """Find the text of an article and write it as blocks.

    Args:
        title: the headline, which the text begins below; may be empty.
        lang: ``zh`` or ``en``.
        selectors: `body` of them wins over everything, if it matches.
    Returns: the body; without blocks when the page holds no text.
    """
    scene = look(tree.leaves, title, tree.first_meta("description", "og:description"))
    if selectors.body and (body := _selected(tree, scene, lang, selectors.body)):
        return body
    choice = choose(scene, candidates(scene))
    if (not choice or not is_clear(choice)) and is_askable(scene.leaves):
        scene.by_trafilatura = ask_trafilatura(tree, scene.all)
        choice = choose(scene, candidates(scene))
    numbers = trim(scene, choice.candidate) if choice else []
    size = sum(max(scene.worth[at], 0.0) for at in numbers)
    if is_unseen(told_text(tree), (leaf.text for leaf in scene.all)):
        size = 0.0  # whatever is shown is another text
    if size < SHORT and (body := _embedded(tree, title, lang, size)):
        return body
    if not choice:
        return Body(warnings=("The page holds no text.",))
    written = _written(tree, scene, numbers, lang)
    return _body(written, _doubts(choice, written), _provenance(choice))


def _embedded(tree: Tree, title: str, lang: str, size: float) -> Body | None:
    """The body from the data of a script, when that holds far more than the page shows."""
    root = embedded_text(tree, title)
    if root is None:
        return None
    scene = look(grow_leaves(root), title)
    numbers = trim(scene, Candidate(0, len(scene.all)))
    if sum(max(scene.worth[at], 0.0) for at in numbers) < max(MUCH_MORE * size, LEAST):
        return None
    return _body(_written(tree, scene, numbers, lang), (), "data of a script")


def _selected(tree: Tree, scene: Scene, lang: str, css: str) -> Body | None:
    spans = [scene.leaves.spans[element] for element in tree.root.cssselect(css) if element in scene.leaves.spans]
    if not spans:
        return None
    numbers = sorted({at for start, end in spans for at in trim(scene, Candidate(start, end, called=1.0))})
    return _body(_written(tree, scene, numbers, lang), (), "selector")


def _written(tree: Tree, scene: Scene, numbers: list[int], lang: str) -> Written:
    credits = credits_beside(scene, numbers)
    return write(tree, [scene.all[at] for at in sorted({*numbers, *credits})], lang, frozenset(credits))


def _body(written: Written, warnings: tuple[str, ...], provenance: str) -> Body:
    return Body(written.blocks, written.images, written.links, written.where, warnings, provenance)


def _provenance(choice: Choice) -> str:
    evidence = dict(choice.evidence)
    place = next(words for least, words in PLACES if evidence["called"] >= least)
    if not evidence["agreement"]:
        return place
    return f"{place}, trafilatura {'agrees' if evidence['agreement'] >= AGREES else 'differs'}"


PLACES = [(1.0, "articleBody element"), (0.8, "text container"), (0.4, "article element"), (0.0, "densest text")]
"""How clearly the page calls a place its text, and the words for that."""

AGREES = 0.8
"""F1 of two texts that are the same for an editor."""


def _doubts(choice: Choice, written: Written) -> tuple[str, ...]:
    evidence = dict(choice.evidence)
    warnings = []
    if sum(len(block.text) for block in written.blocks) < VERY_SHORT:
        warnings.append("The text is very short: this may not be all of it.")
    if 0 < evidence["agreement"] < 0.4 and not is_clear(choice):
        warnings.append("The text is a guess: trafilatura found another part of the page.")
    elif choice.margin < 0.3:
        warnings.append("The text is a guess: another part of the page is nearly as likely to be it.")
    return tuple(warnings)
