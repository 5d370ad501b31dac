"""Words that stand around a text and are no part of it: datelines, bylines, sources, pictures, notices.

`RULES` is the order of work: each rule reads one block and says what it found, or None. `take_credits` goes
through a body from its end and collects the findings, so that nothing that leaves the body is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from plugins.mirror.article import Article, Block, Image
from plugins.mirror.text.calendars import ENGLISH_DAY, ISO_DAY
from plugins.mirror.text.datelines import (
    OUTLET,
    PERSON,
    PHOTOGRAPHER,
    PICTURE_IN_BRACKETS,
    PICTURE_LABEL,
    ROLE,
    read_dateline,
)
from plugins.mirror.text.people import ENGLISH_ROLES, ROLES, names_in


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands.

    Attributes:
        lang: of the article.
        head: among the first blocks.
        tail: nothing that belongs to the body comes after it.
        ending: at most two blocks of the body come after it.
        opening: among the first, and no sentence stands before.
    """

    lang: str
    head: bool
    tail: bool
    ending: bool
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule read in a block; *rest* stays in the body."""

    authors: tuple[str, ...] = ()
    source: str | None = None
    title: str | None = None
    dateline: str | None = None
    notice: str | None = None
    credit: str | None = None
    tags: tuple[str, ...] = ()
    image: Image | None = None
    day: str = ""
    modified: str = ""
    warning: str | None = None
    rest: str = ""


Rule = Callable[[str, Place], Finding | None]

# --- the rules -------------------------------------------------------------------------------------------


def original_title(text: str, place: Place) -> Finding | None:
    """Original title: X · （原标题：X）."""
    found = _ORIGINAL_TITLE.fullmatch(text)
    return Finding(title=found["title"].strip()) if found else None


_ORIGINAL_TITLE = re.compile(
    r"[(（]?(?:Original (?:title|headline)|原标题|原题)\s?[:：]\s?(?P<title>.{1,200}?)[)）]?", re.IGNORECASE
)


def moment(text: str, place: Place) -> Finding | None:
    """2024-02-05 18:30 来源：X 作者：Y · Published: Feb 5, 2024 · 更新时间：…, a line of its own."""
    found = _MOMENT.match(text) if len(text) <= 120 and (place.head or place.tail) else None
    if not found or not (found["label"] or re.match(r"20|.* 20\d\d$", found["day"])):
        return None
    changed = re.match(r"更新|修改|Updated|Last|Modified", found["label"] or "", re.IGNORECASE)
    when = {"modified" if changed else "day": found["day"]}
    rest = text[found.end() :].strip(" \t|｜/·,，")
    if not rest:
        return Finding(credit=text, **when)
    source = re.match(r"(?:来源|Source)\s?[:：]\s?(?P<name>\S{1,30}(?:\s[A-Z]\S{1,20}){0,3})", rest)
    names = names_in(rest[source.end() :] if source else rest)
    if not source and not names:
        return None
    return Finding(source=source["name"] if source else None, authors=names, credit=text, **when)


_MOMENT = re.compile(
    r"(?P<label>(?:发布|发表|更新|修改)(?:时间|日期|于)\s?[:：]?\s?"
    r"|(?:Published|Posted|Updated|Release (?:date|time)|Date|Last updated|Modified)(?: on| at)?\s?:?\s)?"
    rf"(?P<day>{ISO_DAY}|{ENGLISH_DAY}(?:,?\s\d{{1,2}}:\d{{2}})?)",
    re.IGNORECASE,
)


def picture(text: str, place: Place) -> Finding | None:
    """图源：X · （图片来源：X） · Image source/Xinhua · 图为工厂。新华社记者 张三 摄."""
    if found := PICTURE_IN_BRACKETS.match(text):
        return Finding(image=Image(credit=found["credit"].strip()), rest=text[found.end() :].strip())
    if found := PICTURE_LABEL.match(text):
        credit = text[found.end() :].strip()
        stops = re.search(r"[。！？.!?]$", credit)
        return Finding(image=Image(credit=credit)) if 0 < len(credit) <= 60 and not stops else None
    if PHOTOGRAPHER.fullmatch(text) or re.fullmatch(rf"{PERSON}\s?[/／]?\s?(?:摄影?|供图|制图)", text):
        return Finding(image=Image(credit=text))
    found = _CAPTION.fullmatch(text)
    return Finding(image=Image(alt=found["alt"], credit=found["credit"])) if found else None


_CAPTION = re.compile(
    rf"(?P<alt>(?:图为|[△▲]).{{2,80}}?)[。\s]?"
    rf"(?P<credit>(?:(?:{OUTLET})?(?:记者|通讯员)\s?)?{PERSON}\s?[/／]?\s?(?:摄影?|供图|制图))[)）]?"
)


def source_line(text: str, place: Place) -> Finding | None:
    """来源：海港日报·海港网 · Source: China Daily, alone or after the last sentence."""
    if not (place.head or place.ending):
        return None
    start = max(0, len(text) - 120)
    found = _SOURCE.search(text, start)
    if not found or (found.start() > 0 and not place.ending) or found["name"].endswith("."):
        return None
    return Finding(source=found["name"].strip(), rest=text[: found.start()].rstrip())


_SOURCE = re.compile(
    r"(?:^|(?<=[。！？.!?”\"]))\s?[(（\[]?"
    r"(?:(?:稿件|文章|信息|消息)?来源|Sources?(?: of (?:the )?article)?|转载?自|[Rr]eprinted from)"
    r"\s?[:：/丨|｜]\s?"
    r"(?P<name>[^。！？:：;；]{1,60}?)[)）\]]?$"
)


def closing_bracket(text: str, place: Place) -> Finding | None:
    """… (Reporting by X; editing by Y) · （责任编辑：X） · (data desk): a bracket after the last stop."""
    found = _CLOSING_BRACKET.search(text, max(0, len(text) - 160)) if place.ending else None
    if not found:
        return None
    words, inside, rest = found[0].strip(), found[1].strip(), text[: found.start()].rstrip()
    if _NOTICE.search(inside):
        return Finding(notice=words, rest=rest)
    if re.search(r"[。！？.!?]$", inside):
        return None
    if by_picture := PICTURE_IN_BRACKETS.fullmatch(words):
        return Finding(image=Image(credit=by_picture["credit"].strip()), rest=rest)
    byline = read_dateline(inside, place.lang)
    names = byline.authors if byline else names_in(inside) if _roles(place).match(inside) else ()
    if names or _HELPERS.match(inside):
        return Finding(authors=names, source=byline.outlet if byline else None, credit=words, rest=rest)
    short = len(inside) <= 12 if place.lang == "zh" else len(inside.split()) <= 3
    plain = words[0] in "(（" and not re.search(r"\d", inside)
    return Finding(credit=words, rest=rest) if short and plain else None


_CLOSING_BRACKET = re.compile(r"(?:^|(?<=[。！？.!?”’\"…摄]))\s?[(（【]([^()（）【】]{1,120})[)）】]\s?$")


def byline(text: str, place: Place) -> Finding | None:
    """By Jane Doe · Evening News reporter, Lin Weiqing · Reporter: X  Editor: Y, a line of its own."""
    plain = text.strip("■▪●◆▶·• \t")
    if len(plain) > 120 or re.search(r"(?<!\b[A-Z])[.!?。！？]$", plain):
        return None
    if found := _BY.fullmatch(plain) if place.head else None:
        names = names_in(found["names"])
        return Finding(authors=names, source=found["outlet"], dateline=plain) if names else None
    if found := _REPORTER_OF.fullmatch(plain):
        outlet = None if found["outlet"] in ("Our", "The", "A", "This") else found["outlet"]
        return Finding(authors=names_in(found["names"]), source=outlet, dateline=plain)
    if found := _REPORTER.fullmatch(plain) if place.head or place.tail else None:
        return Finding(authors=names_in(found["names"]), dateline=plain)
    role = _roles(place).match(plain)
    names = names_in(plain) if role and re.search(r"(?:[:：|｜丨/]|\bby)\s?$", role[0]) else ()
    if not (place.head or place.ending):
        return None
    if not names:
        return Finding(credit=plain) if _HELPERS.match(plain) else None
    whole = read_dateline(plain, place.lang)
    outlet = whole.outlet if whole and whole.end == len(plain) else None
    where = {"credit" if place.tail else "dateline": plain}
    return Finding(authors=names, source=outlet, **where)


def _roles(place: Place) -> re.Pattern[str]:
    return ROLES if place.lang == "zh" else ENGLISH_ROLES


_HELPERS = re.compile(
    r"(?:校对|审校|审核|监制|排版|统筹|制图|视觉)\s?[:：|｜丨]\s?\S{2,20}$"
    r"|(?:Proofread(?:ing|er)?|Typesetting|Layout|Producer|Design)(?: by)?\s?:\s?[A-Z][\w .,’'-]{1,40}$"
)
"""People who are named below a text and did not write it."""


_BY = re.compile(r"[Bb]y (?P<names>[A-Z][^,:;]{2,60})(?:,\s?(?P<outlet>[A-Z][\w .&’'-]{2,40}))?")
_REPORTER = re.compile(r"(?:Reporter|Correspondent):?\s(?P<names>[A-Z][A-Za-z’'-]+(?:\s[A-Za-z’'-]+){1,2})")
_REPORTER_OF = re.compile(
    # «Evening News/Eye Reporter, X»: the desk after the slash is not the paper.
    r"(?P<outlet>[A-Z][\w&.’'-]*(?:\s[A-Z][\w&.’'-]*){0,6}?)(?:/\s?(?:[A-Z]\w+\s){0,3}?|\s)"
    r"(?:[Ss]taff |[Cc]hief |[Ss]enior |[Tt]rainee )?"
    r"(?:[Rr]eporter|[Cc]orrespondent|[Jj]ournalist|[Ee]ditor)s?"
    r"(?:,|:|\s\||/)?\s(?P<names>[A-Z][A-Za-z’'-]+(?:[\s,]\s?[A-Za-z’'-]+){0,7})"
)


def dateline(text: str, place: Place) -> Finding | None:
    """海港社5月6日讯（编辑 苗青） · BEIJING, Feb. 5 (Xinhua) -- A sentence follows."""
    found = read_dateline(text, place.lang) if place.opening else None
    if not found:
        return None
    rest = text[found.end :].strip()
    return Finding(authors=found.authors, source=found.outlet, dateline=found.words, day=found.day, rest=rest)


def closing_name(text: str, place: Place) -> Finding | None:
    """……。本报记者 张三: who wrote it, after the last full stop."""
    found = _CLOSING_NAME.search(text[-60:]) if place.lang == "zh" and place.ending else None
    if not found or not names_in(found[0]):
        return None
    rest = text[: len(text) - len(found[0])].rstrip()
    return Finding(authors=names_in(found[0]), credit=found[0].strip(), rest=rest)


_CLOSING_NAME = re.compile(
    rf"(?<=[。！？”])\s?(?:{OUTLET}|本报|本网)?{ROLE}\s?[|｜丨/:：]?\s?{PERSON}(?:[\s、]{PERSON}){{0,3}}$"
)


def keywords(text: str, place: Place) -> Finding | None:
    """关键词：A B C · Keywords: a, b."""
    labelled = _KEYWORDS.fullmatch(text) if place.head or place.ending else None
    return Finding(tags=_words(labelled["words"], place.lang)) if labelled else None


def bare_keywords(text: str, place: Place) -> Finding | None:
    """A bare list of words as the last line."""
    if not place.tail or len(text) > 300 or re.search(r"[。！？；.!?;:：”\"（(]", text):
        return None
    words = _words(text, place.lang)
    if place.lang == "zh":
        listed = len(words) >= 3 and max(map(len, words)) <= 10
    else:
        listed = len(words) >= 4 and max(len(word.split()) for word in words) <= 4
    return Finding(tags=words) if listed else None


_KEYWORDS = re.compile(
    r"[(（【\[]?(?:关键词|关键字|标签|Key ?words?|Tags?)\s?[:：]\s?(?P<words>.{1,300}?)[)）】\]]?",
    re.IGNORECASE,
)


def _words(text: str, lang: str) -> tuple[str, ...]:
    divider = r"\s*[,，、;；/|]\s*" + (r"|\s+" if lang == "zh" else "")
    return tuple(dict.fromkeys(word for word in re.split(divider, text.strip()) if word))


def notice(text: str, place: Place) -> Finding | None:
    """On reprinting, copyright and investment risk: the last words of an article, kept word for word."""
    if place.tail and place.lang == "en" and len(text) <= 200 and _NOTE.match(text):
        return Finding(notice=text)
    if not place.tail or len(text) > 500 or not _NOTICE.search(text):
        return None
    sentences = re.split(r"(?<=[。！？])(?=\S)|(?<=[.!?])\s+(?=[A-Z\"])", text)
    first = next((at for at, sentence in enumerate(sentences) if _NOTICE.search(sentence)), 0)
    # A long last paragraph may end in the notice: then its sentences before stay in the body.
    if first == 0 or len(text) <= 250 or _NOTE.match(text):
        return Finding(notice=text)
    joint = "" if place.lang == "zh" else " "
    return Finding(notice=joint.join(sentences[first:]), rest=joint.join(sentences[:first]))


_NOTE = re.compile(r"(?:注|声明|提示|Note|Disclaimer|Statement)\s?[:：]")
_NOTICE = re.compile(
    r"未经[^。]{0,12}(?:授权|许可|允许)|不得转载|版权声明|版权(?:归|属于)|转载(?:请|须|时|需)"
    r"|不构成(?:任何)?投资(?:建议|依据)|仅代表(?:作者|嘉宾)|仅供参考|风险提示[:：]|(?:特别|免责|郑重)声明[:：]|^声明[:：]"
    r"|侵权(?:请|必究)|[市投]资?有风险|投资需谨慎"
    r"|\bcopyright of (?:this|the)\b|\bif you reprint\b|\breprint(?:ed|ing)? (?:without|or quot)"
    r"|\bwithout (?:prior )?(?:written )?permission\b|\ball rights reserved\b"
    r"|\bnot (?:constitute|be)?\s?(?:any )?(?:investment|financial) advice\b"
    r"|^(?:Disclaimer|Copyright notice|Risk (?:warning|tip|reminder)|Special statement|Statement)\s?:"
    r"|\bviews? (?:expressed )?(?:in this article )?(?:are|is) (?:solely )?(?:those of )?the author",
    re.IGNORECASE,
)


def debris(text: str, place: Place) -> Finding | None:
    """Up to three words without a stop between notices and keywords: words that fell off the page."""
    size = len(text) if place.lang == "zh" else 3 * len(text.split())
    if not place.tail or size > 9 or not re.fullmatch(r"[\w\s-]+", text):
        return None
    return Finding(credit=text, warning=f"Left out “{text}” at the end, which reads as debris of the page.")


RULES: list[tuple[str, Rule]] = [
    ("original_title", original_title),
    ("moment", moment),
    ("picture", picture),
    ("source_line", source_line),
    ("closing_bracket", closing_bracket),
    ("byline", byline),
    ("dateline", dateline),
    ("closing_name", closing_name),
    ("keywords", keywords),
    ("bare_keywords", bare_keywords),
    ("notice", notice),
]
"""In this order; the first that finds something has the block, and what it leaves is read again."""


def stated_moment(text: str, place: Place) -> Finding | None:
    """As `moment`; but the bare day that ends a notice, below the office that signs it, is a part of it."""
    found = moment(text, place)
    bare = found and not (found.source or found.authors or _MOMENT.match(text)["label"])
    return None if bare and not place.head else found


OF_A_PAGE = [
    ("moment", stated_moment) if name == "moment" else (name, rule) for name, rule in RULES if name != "bare_keywords"
]
"""A list of words without a label may be a line of the text, where the page tells lines apart."""


ENDINGS = ("original_title", "source_line", "closing_bracket", "keywords", "bare_keywords", "notice")
"""Rules whose finding ends an article."""


# --- using them ------------------------------------------------------------------------------------------


def take_credits(article: Article, of_a_page: bool = False) -> Article:
    """Move what the `RULES` find out of the body into the fields of the article.

    Args:
        of_a_page: the text has its own paragraphs, so that only whole ones are credits: what stands inside one is
            read and stays, such as a dateline.
    """
    findings: list[list[Finding]] = []
    kept: list[Block] = []
    # From the end, because only what stands after the whole body is a notice or a list of keywords.
    for at in range(len(article.blocks) - 1, -1, -1):
        block = article.blocks[at]
        place = Place(
            article.lang,
            head=at <= 3,
            tail=at > 0 and not kept,
            ending=at > 0 and len(kept) < 3,
            opening=at <= 3 and not any(_is_sentence(above) for above in article.blocks[:at]),
        )
        if of_a_page and block.kind not in ("paragraph", "heading", "credit"):
            kept.append(block)
            continue
        found, rest = read(block.text, place, OF_A_PAGE if of_a_page else RULES)
        if not found and findings and not of_a_page and (fallen := debris(block.text, place)):
            found, rest = [fallen], ""
        if found:
            findings.append(found)
        if rest:
            kept.append(Block(rest) if found and not of_a_page else block)
    for finding in (finding for found in reversed(findings) for finding in found):
        article = _noted(article, finding)
    return replace(article, blocks=tuple(reversed(kept)))


def _is_sentence(block: Block) -> bool:
    return block.kind == "paragraph" and bool(re.search(r"[。！？.!?][”’」』\"]*$", block.text))


def is_credit(text: str, lang: str, bare_words: bool = True) -> bool:
    """Whether a line with its punctuation restored is nothing but a credit, wherever it stands.

    Args:
        bare_words: count a list of words without a label.
    """
    place = Place(lang, head=True, tail=True, ending=True, opening=True)
    _, rest = read(text, place)
    return not rest and (bare_words or not bare_keywords(text, place))


def ends_an_article(text: str, lang: str) -> bool:
    """Whether a line with its punctuation restored is or ends in what stands below an article."""
    place = Place(lang, head=False, tail=True, ending=True)
    if any(rule(text, place) for name, rule in RULES if name in ENDINGS):
        return True
    # A body that runs on to its end holds several: 来源：X 责任编辑：Y.
    return lang == "zh" and bool(_LAST_LABEL.search(text[-100:]))


_LAST_LABEL = re.compile(r"[。！？”\s]\s?[(（]?(?:来源|责任编辑|责编|编辑|原标题|关键词)[:：][^。]{1,60}$")


def read(text: str, place: Place, rules: list[tuple[str, Rule]] = RULES) -> tuple[list[Finding], str]:
    """What the rules find in a block, one after the other, and the text that is left."""
    found: list[Finding] = []
    for _ in range(4):  # （图片来源：X）海港社5月6日讯（编辑 Y）…（责任编辑：Z）
        finding = next((finding for _, rule in rules if (finding := rule(text, place))), None)
        if not finding:
            break
        found.append(finding)
        text = finding.rest
        if not text:
            break
    return found, text


def _noted(article: Article, finding: Finding) -> Article:
    """*article* with what was found; the first source, title and day count, names and words add up."""
    old = article.source
    another = finding.source if old.name not in (None, finding.source) else None
    words = finding.credit or (another if not finding.dateline else None)
    source = replace(
        old,
        name=old.name or finding.source,
        title=old.title or finding.title,
        dateline=" ".join(filter(None, (old.dateline, finding.dateline))) or None,
        notice="\n".join(filter(None, (old.notice, finding.notice))) or None,
        credits=(*old.credits, *filter(None, (words,))),
    )
    return replace(
        article,
        source=source,
        authors=tuple(dict.fromkeys((*article.authors, *finding.authors))),
        tags=tuple(dict.fromkeys((*article.tags, *finding.tags))),
        images=(*article.images, *filter(None, (finding.image,))),
        day=article.day or finding.day,
        modified=article.modified or finding.modified or None,
        warnings=(*article.warnings, *filter(None, (finding.warning,))),
    )
