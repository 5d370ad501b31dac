"""The pictures of articles: fetched or found beside the page, made safe and light, stored below content/images/."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll

from plugins.mirror.article import Article, Image
from plugins.mirror.document import Document
from plugins.mirror.keep.files import Unsafe, safe_path
from plugins.mirror.keep.picture_credit import credit_of
from plugins.mirror.keep.renditions import MOST_BYTES, look_alike, moves, render
from plugins.mirror.keep.unusable import Unusable
from plugins.mirror.lists.archives import PicturesInside, is_archive
from plugins.mirror.lists.folders import picture_beside
from plugins.mirror.text.markdown_text import escape

if TYPE_CHECKING:
    from plugins.mirror.web.client import Fetched

ENDINGS = (".jpg", ".png", ".svg")
"""Of main files."""

AT_ONCE = 2
"""Pictures of one article that are fetched and drawn together: one host waits while another picture is drawn."""

LONGEST_SHOWN = 150
"""Characters of an address in a warning."""

NO_WORDS = {"zh": "图片", "en": "Picture"}
"""What stands for a picture of a text that nobody has described; the reader insists on words."""


class Fetch(Protocol):
    """Fetches an address: Client.fetch."""

    def __call__(self, url: str, *, purpose: str, referer: str | None) -> Fetched: ...


Recall = Callable[[str], Document | None]
"""Address → what it held at an earlier pull: Store.document."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored picture.

    Attributes:
        path: of the main file below content/ (``images/3f/3f0c….jpg``).
        credit: as the file itself says; empty when it names nobody.
        moves: it had several frames, and the first was kept.
    """

    path: str
    credit: str = ""
    moves: bool = False


Fate = Kept | str | None
"""What became of a picture: it is stored; or a sentence says why not; a tracking pixel needs none."""


class Pictures:
    """Keeps the pictures of articles; may be used by several threads.

    Args:
        into: the content folder.
        fetch: of pictures on the web; None keeps those beside saved pages only.
        recall: what an address held when it was last fetched, for a host that does not answer today: a story must
            not lose its pictures to that.
    """

    def __init__(self, into: Path, fetch: Fetch | None = None, recall: Recall | None = None) -> None:
        self._into = into
        self._fetch = fetch
        self._recall = recall
        self._lock = threading.Lock()
        self._archive: PicturesInside | None = None

    def keep(self, article: Article, page: Path | None = None) -> tuple[Article, list[str]]:
        """Store the pictures of *article*.

        Args:
            article: its pictures, in `images` and in the body, have the addresses of the page.
            page: the file that the article was read from, for pictures that were saved beside it or, when it is a web
                archive, in it.
        Returns: the article with paths below content/ (``images/…``; in the body ``/images/…``), without the pictures
            that cannot be shown; and a sentence for the editor on each of those and on what was guessed or lost.
        """
        base = article.source.url or article.canonical or ""
        captions = _captions(article)
        if not captions:
            return article, []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            obtained = pool.map(lambda address: self._obtain(address, base, page), captions)
            fates = dict(zip(captions, obtained, strict=True))
        body, warnings = _with_pictures(article, fates)
        images = [kept for image in article.images if (kept := _image(image, fates))]
        if images and images[0].src:
            images[0] = replace(images[0], src=self._as_in_text(images[0].src, body))
        return replace(article, images=tuple(images), body=body), [*_losses(fates, captions), *warnings]

    def _as_in_text(self, main: str, body: str) -> str:
        """The picture of the text that looks as the *main* one does, else that: portals give previews of links the
        same picture in another size, and a story would show it twice."""
        shown = list(dict.fromkeys(_SHOWN.findall(body)))
        if main in shown:
            return main
        return next((path for path in shown if look_alike(self._into / main, self._into / path)), main)

    def _obtain(self, address: str, base: str, page: Path | None) -> Fate:
        try:
            if page is not None and (data := self._saved(page, address, base)) is not None:
                return self._store(data)
            return self._from_web(urljoin(base, address), base)
        except Unusable as problem:
            return str(problem)
        except Unsafe as problem:
            return f"It cannot be stored: {problem}."
        except ValueError:  # «http://[»
            return "Its address is broken."

    def _saved(self, page: Path, address: str, base: str) -> bytes | None:
        """What was saved with the page, beside it or in the same archive."""
        with self._lock:
            if self._archive is None or self._archive.path != page:
                # One archive at a time: its articles come one after another.
                self.close()
                self._archive = PicturesInside(page) if is_archive(page) else None
            if self._archive is not None:
                return self._archive.find(urljoin(base, address))
        return beside(page, address, base)

    def close(self) -> None:
        """Close the archive that was read last."""
        if self._archive is not None:
            self._archive.close()
        self._archive = None

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _from_web(self, url: str, referer: str) -> Fate:
        if self._fetch is None:
            return "It was not saved with the page; --fetch fetches it."
        if urlsplit(url).scheme not in ("http", "https"):
            return "Its address is not one of the web."
        fetched = self._fetch(url, purpose="picture", referer=referer or None)
        document = fetched.document
        if document is None and fetched.outcome == "failed" and self._recall is not None:
            document = self._recall(url)
        return self._store(document.data) if document else fetched.why

    def _store(self, data: bytes) -> Kept | None:
        """Store the picture in *data* under a name that its bytes decide; nothing is done when it is there."""
        name = hashlib.sha256(data).hexdigest()[:16]
        stem = f"images/{name[:2]}/{name}"
        for ending in ENDINGS:
            if safe_path(self._into, stem + ending).is_file():
                return Kept(stem + ending, credit_of(data), moves(data))
        rendition = render(data)
        if rendition is None:
            return None
        with self._lock:
            # The main file last: where it is, all are.
            for width, lighter in rendition.lighter:
                _write_whole(safe_path(self._into, f"{stem}-{width}.webp"), lighter)
            _write_whole(safe_path(self._into, stem + rendition.ending), rendition.main)
        return Kept(stem + rendition.ending, credit_of(data), moves(data))


def without_pictures(article: Article) -> Article:
    """The article as it may be kept where the right is not to all of it: nobody has given us its pictures."""
    return replace(article, images=(), body=text_without_pictures(article.body))


def text_without_pictures(body: str) -> str:
    """A Markdown text without its pictures, and without the lines and links that only they needed."""
    if "![" not in body:
        return body.strip("\n")
    parts = [part if code else _tidied(_PICTURE.sub(_GONE, part)) for part, code in _parts(body)]
    return "".join(parts).strip("\n")


# --- files -------------------------------------------------------------------------------------------------


def beside(page: Path, address: str, base: str) -> bytes | None:
    """The bytes of a picture that was saved with a page (`picture_beside`); None when it is not there."""
    file = picture_beside(page, address, base)
    if file is None:
        return None
    try:
        # One byte more than is allowed is enough to see that it is too large.
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError:
        return None


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    # Another pull may have been stopped here.
    draft.unlink(missing_ok=True)
    # Exclusive, so that no link that somebody left here is followed.
    with draft.open("xb") as file:
        file.write(data)
    draft.replace(path)


# --- texts -------------------------------------------------------------------------------------------------

_PICTURE = re.compile(
    r"(?<!\\)!\[(?P<alt>(?:\\.|\[(?:\\.|[^\[\]\\])*\]|[^\[\]\\])*)\]"
    r"\([ \n]*(?P<src><[^<>\n]*>|(?:\\.|[^\s()<\\]|\((?:\\.|[^\s()\\])*\))(?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\])*\))*)"
    r"(?:[ \n]+(?P<title>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\)))?[ \n]*\)",
    re.DOTALL,
)
"""A picture of a text; groups are still escaped. No two branches begin alike, so that it takes linear time."""

_SHOWN = re.compile(r"\]\(/(images/[0-9a-f]{2}/[0-9a-f]{16}\.(?:jpg|png))")
_GONE = "\0"
_GONE_LINK = re.compile(r"\[[ \n]*\0[ \n]*\]\((?:<[^<>\n]*>|[^\s()]*)(?:[ \n]+\"[^\"]*\")?[ \n]*\)")
_GONE_LINE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:\0[ \t]*)+(?:\n|\Z)", re.MULTILINE)
_GONE_WORD = re.compile(r" ?\0")
_BLANK_LINES = re.compile(r"\n{3,}")
_NO_ALT = re.compile(
    r"\W*|(?:图片|配图|插图|image|img|photo|picture|undefined|null)?[\W\d]*|\{\{.*\}\}|\S*\.(?:jpe?g|png|gif|webp|avif|bmp|svg)",
    re.IGNORECASE,
)
_CREDITED = re.compile(r"摄|图源|图/|图：|供图|制图|来源|©|\b(?:photo|image|picture|graphic|credit)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_BLOCKS = MarkdownIt("commonmark").disable("inline")


def _captions(article: Article) -> dict[str, str]:
    """Address of each picture, in the order of the page → the words below it, else those that stand for it."""
    captions = {image.src: image.caption or image.alt or "" for image in article.images if image.src}
    for part, code in _parts(article.body):
        for match in [] if code else _PICTURE.finditer(part):
            address, alt, caption = _read(match)
            captions[address] = captions.get(address) or caption or alt
    return captions


def _losses(fates: Mapping[str, Fate], captions: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each picture that is missing, with the words that stood below it, or that lost something."""
    for address, fate in fates.items():
        if isinstance(fate, str):
            shown = address if len(address) <= LONGEST_SHOWN else f"{address[:LONGEST_SHOWN]}…"
            words = f" With it stood: {captions[address]}" if captions[address] else ""
            yield f"The picture {shown} is left out. {fate}{words}"
        elif fate is not None and fate.moves:
            yield f"The picture {fate.path} moved; only its first frame was kept."


def _parts(body: str) -> Iterable[tuple[str, bool]]:
    """*body* cut into texts and code, in its order: (part, whether it is code)."""
    if "![" not in body:
        return [(body, False)]
    lines = body.split("\n")
    parts, end = [], 0
    for token in _BLOCKS.parse(body):
        if token.type in ("fence", "code_block") and token.map:
            start, stop = token.map
            parts += [(_lines(lines, end, start), False), (_lines(lines, start, stop), True)]
            end = stop
    return [*parts, ("\n".join(lines[end:]), False)]


def _lines(lines: list[str], start: int, stop: int) -> str:
    return "".join(f"{line}\n" for line in lines[start:stop])


def _read(match: re.Match[str]) -> tuple[str, str, str]:
    """Address, alternative text and caption of a picture, without escapes and line breaks."""
    title = match["title"][1:-1] if match["title"] else ""
    alt, caption = (" ".join(unescapeAll(words).split()) for words in (match["alt"], title))
    return unescapeAll(match["src"].strip("<>")), alt, caption


def _with_pictures(article: Article, fates: Mapping[str, Fate]) -> tuple[str, list[str]]:
    """The body with its stored pictures and without all others; and warnings of what had to be guessed."""
    credits = {image.src: image.credit for image in article.images}
    warnings: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        address, alt, caption = _read(match)
        kept = fates.get(address)
        if not isinstance(kept, Kept):
            return _GONE
        alt = _alt(alt, caption)
        if not alt:
            warnings.append(f"Nobody has said what the picture {kept.path} shows; write it between its brackets.")
            alt = NO_WORDS.get(article.lang, NO_WORDS["en"])
        if kept.credit and not credits.get(address) and not _CREDITED.search(caption) and kept.credit not in caption:
            caption = _with_credit(caption, kept.credit, article.lang)
        return f"![{_escaped_alt(alt)}](/{kept.path}{_escaped_title(caption)})"

    parts = [part if code else _tidied(_PICTURE.sub(replaced, part)) for part, code in _parts(article.body)]
    return "".join(parts).strip("\n"), list(dict.fromkeys(warnings))


def _tidied(text: str) -> str:
    """*text* without the lines, links and spaces that only the pictures needed that are gone."""
    if _GONE not in text:
        return text
    text = _GONE_LINE.sub("", _GONE_LINK.sub(_GONE, text))
    return _BLANK_LINES.sub("\n\n", _GONE_WORD.sub("", text))


def _image(image: Image, fates: Mapping[str, Fate]) -> Image | None:
    """The picture with its path; None when it cannot be shown."""
    if not image.src:
        return image
    kept = fates[image.src]
    if not isinstance(kept, Kept):
        return None
    alt = _alt(image.alt or "", image.caption or "")
    return replace(image, src=kept.path, alt=alt or None, credit=image.credit or kept.credit or None)


def _alt(alt: str, caption: str) -> str:
    """What a picture shows; the name of its file says nothing."""
    alt = " ".join(alt.split())
    return caption if _NO_ALT.fullmatch(alt) else alt


def _with_credit(caption: str, credit: str, lang: str) -> str:
    if not caption:
        return credit
    if lang == "zh":
        return f"{caption.rstrip('。')}，{credit}"
    return f"{caption} {credit}" if caption.endswith((".", "!", "?")) else f"{caption}, {credit}"


def _escaped_alt(words: str) -> str:
    return re.sub(r"(?<!\\)([\[\]])", r"\\\1", escape(words))


def _escaped_title(words: str) -> str:
    if not words:
        return ""
    plain = re.sub(r'([\\"])', r"\\\1", words)
    return f' "{_ENTITY.sub(chr(92) + "&", plain)}"'
