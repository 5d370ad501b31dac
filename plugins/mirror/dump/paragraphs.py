"""The lines of an article → paragraphs, subheads and credits.

A Chinese dump runs a whole body together with single spaces, so the breaks are read from what stands on the
two sides of a space; an English one has a line per paragraph, so its subheads are read from their length and
punctuation.
"""

from __future__ import annotations

import re
import statistics

from plugins.languages.chinese import HAN
from plugins.mirror.article import Block
from plugins.mirror.dump.lines import Line
from plugins.mirror.text.datelines import cut_labels, opening_credit

LONGEST_HEADING = 40
"""Characters of a Chinese subhead."""
SHORTEST_LEAD_IN = 8
"""Characters that end in a colon and are a paragraph."""

_SENTENCE_END = r"[。！？!?…][”’」』）)》】\"']{0,3}"
_BREAK = re.compile(
    rf"(?P<end>{_SENTENCE_END})\s+"  # a space after a sentence
    r"|(?P<quote>[,，][」”』])\s+"  # a quotation that ends its paragraph with a comma inside
    r"|(?P<address>[:：]\s?(?:https?://|www\.)[!-~]{1,2000})\s+"  # an address that a colon announced
    r"|(?P<wide>[^\s,，、:：;；(（《“「])(?:\t|\u3000|[ \u00a0]{2,})\s*"  # a gap that no sentence has
)
_COLON = re.compile(rf"[:：]\s+(?=[{HAN}“「]|[(（][{HAN}]{{1,3}}[)）]|\d{{1,2}}[、.．])")
_COLON_BEFORE_A_LIST = re.compile(
    r"[:：]\s+(?=\d{1,2}[、.．]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第一[,，]|[“「])"
)
_SENTENCE = re.compile(_SENTENCE_END)
_CHINESE_LEFT = re.compile(rf"[{HAN}”」』》）)】％]")
_CHINESE_RIGHT = re.compile(rf"[{HAN}“「『《（【]")
_OPEN = {"《": "》", "“": "”", "「": "」", "（": "）", "(": ")", "『": "』", "【": "】"}
_NUMBERED = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]|第[一二三四五六七八九十]{1,3}[章节部]|【|其[一二三四]"
)
_BULLET = re.compile(r"^[■◆●▲▪◎★▌│|]\s?")
_NEVER_A_HEADING = re.compile(
    r"(?:近日|日前|昨日|今日|目前|此前|据悉|据了解|其中|此外|同时|另外|因此|不过|但是|如果|由于|随着)$"
    r"|(?:记者|编辑|通讯员|作者|实习生)\s?(?!手记|观察|调查|探访|札记)[^，,]{0,4}$"
)
_UNFINISHED = re.compile(
    r"[的了和与及或在于从到对为向以把被将由给跟让是也又最很该这那每各某、,，:：;；(（—\-/·&+=《“「]$"
)
_NAMES_IT_IN_LATIN = re.compile(rf"[{HAN}]{{2,8}}[:：]\s?[A-Za-z][A-Za-z0-9]*(?: [A-Za-z0-9+&/.-]+)+$")
"""技术路线:Lumen + Nova, before a sentence in Chinese."""
_SET_OFF_LEFT = re.compile(rf"[{HAN}]\s[A-Za-z0-9][A-Za-z0-9 .+-]{{0,30}}$")
_SET_OFF_RIGHT = re.compile(rf"[A-Za-z0-9][A-Za-z0-9 .+-]{{0,30}}\s[{HAN}]")
_TOPICS = re.compile(
    r"(?:由来|原理|影响|展望|背景|方法|应用|意义|趋势|前景|挑战|问题|现状|分析|总结|结语|写在最后|是什么|为什么|怎么办"
    r"|之路|时代|故事|未来|看法|观点)$"
)


def chinese_blocks(lines: list[Line]) -> list[Block]:
    """Blocks of a Chinese body: one line that runs everything together, or a line per paragraph."""
    texts = [line.text for line in lines]
    spaced = _is_spaced(" ".join(texts))
    blocks: list[Block] = []
    for text in texts:
        blocks += _flow_blocks(text, spaced, first=not any(block.kind == "paragraph" for block in blocks))
    return _settled(_with_questions(blocks))


def english_blocks(lines: list[Line]) -> list[Block]:
    """Blocks of an English body: each line is one."""
    blocks = [_english_block(line.text) for line in lines]
    return _settled(_with_sentence_headings(blocks))


# --- Chinese ---------------------------------------------------------------------------------------------


def _flow_blocks(text: str, spaced: bool, first: bool) -> list[Block]:
    """Cut one line at its paragraph breaks, and each piece at its subheads and credits."""
    blocks: list[Block] = []
    for chunk in _chunks(text):
        # Credits come one after the other: (图片来源：X) 海港社5月6日讯(编辑 Y)……
        at_top = first and all(block.kind != "paragraph" for block in blocks)
        while length := opening_credit(chunk, at_top):
            blocks.append(Block(chunk[:length].strip(), "credit"))
            chunk = chunk[length:].lstrip()
        for piece in cut_labels(chunk):
            blocks += _headed(piece, spaced)
    return blocks


def _chunks(text: str) -> list[str]:
    """Cut *text* after its sentences that are followed by a space."""
    chunks, start = [], 0
    for gap in _BREAK.finditer(text):
        end = gap.end(gap.lastgroup)
        if gap.lastgroup == "end" and _inside_title(text, gap.start()):
            continue
        chunks.append(text[start:end])
        start = gap.end()
    chunks.append(text[start:])
    return [part for chunk in chunks for part in _cut_after_colon(chunk) if part]


def _inside_title(text: str, at: int) -> bool:
    """Whether a 《 stands open: a work's name may hold ？ and a space."""
    before = text[max(0, at - 60) : at]
    return before.rfind("《") > before.rfind("》")


def _cut_after_colon(chunk: str) -> list[str]:
    """«……如下: 第一段话……。»: a colon and a space end a paragraph before a list, a quotation, a long sentence."""
    parts, start = [], 0
    for found in _COLON.finditer(chunk):
        before_long = len(chunk) - found.end() >= 15 or _COLON_BEFORE_A_LIST.match(chunk, found.start())
        if found.start() - start >= SHORTEST_LEAD_IN and before_long:
            parts.append(chunk[start : found.start() + 1])
            start = found.end()
    return [*parts, chunk[start:]]


def _headed(chunk: str, spaced: bool) -> list[Block]:
    """Take the subheads off the front of *chunk*; halves of one headline stay together."""
    headings: list[str] = []
    while at := _heading_end(chunk, spaced):
        headings.append(chunk[:at])
        chunk = chunk[at:].lstrip()
    merged: list[str] = []
    for heading in headings:
        if merged and not _NUMBERED.match(merged[-1]) and not _NUMBERED.match(heading):
            merged[-1] += " " + heading
        else:
            merged.append(heading)
    blocks = [Block(_BULLET.sub("", heading).strip("【】"), "heading") for heading in merged]
    if chunk:
        alone = len(chunk) <= LONGEST_HEADING and not _SENTENCE.search(chunk) and _reads_as_heading(chunk)
        text = _BULLET.sub("", chunk) if alone else chunk
        blocks.append(Block(text.strip("【】") if alone else text, "heading" if alone else "paragraph"))
    return blocks


def _heading_end(chunk: str, spaced: bool) -> int:
    """Where the subhead at the front of *chunk* ends, 0 when there is none."""
    for gap in re.finditer(r"\s+", chunk[: LONGEST_HEADING + 2]):
        left, right = chunk[: gap.start()], chunk[gap.end() :]
        if _SENTENCE.search(left):
            return 0
        if not right or not _reads_as_heading(left) or not _SENTENCE.search(right, 0, 2000):
            continue
        if _divides(left, right, spaced):
            return gap.start()
    return 0


def _divides(left: str, right: str, spaced: bool) -> bool:
    """Whether the space between the two can be a break: nobody writes one between Chinese characters."""
    chinese_left, chinese_right = _CHINESE_LEFT.match(left[-1]), _CHINESE_RIGHT.match(right[0])
    if chinese_right and (chinese_left or _NAMES_IT_IN_LATIN.match(left)):
        return True
    words = (left[-1].isalnum() or left[-1] in "%+" or chinese_left) and (right[0].isalnum() or chinese_right)
    if not words or not (chinese_left or chinese_right):
        return False
    # «经 Birdnet 模型» is set off with spaces, even where the rest of the text is not.
    set_off = _SET_OFF_LEFT.search(left) or _SET_OFF_RIGHT.match(right)
    if not spaced and not set_off:
        return True
    # Where Latin words stand between spaces, a space beside one says nothing: the subject has to come again.
    word = re.match(r"[A-Za-z]{3,30}", right)
    return bool(chinese_left and ((word and word[0] in left) or _TOPICS.search(left)))


def _reads_as_heading(text: str) -> bool:
    """A short fragment: Chinese in it, brackets closed, no sentence and no unfinished phrase at the end."""
    return (
        2 <= len(text) <= LONGEST_HEADING
        and len(re.findall(f"[{HAN}]", text)) >= 2
        and len(re.findall(r"[,，]", text)) <= 2
        and not re.search(r"[。;；]|[:：].*[,，]", text)
        and not _UNFINISHED.search(text)
        and not re.search(r"[,，].{0,2}$", text)
        and not _NEVER_A_HEADING.search(text)
        and all(text.count(mark) == text.count(end) for mark, end in _OPEN.items())
    )


def _with_questions(blocks: list[Block]) -> list[Block]:
    """A short question or call between two paragraphs is a subhead: «效果如何？»."""
    result = list(blocks)
    for at in range(len(blocks) - 1):
        text, following = blocks[at].text, blocks[at + 1]
        between = blocks[at].kind == following.kind == "paragraph" and len(following.text) >= 2 * len(text)
        if between and re.fullmatch(r"[^。！？!?…“”「」]{3,24}[?？!！]", text):
            result[at] = Block(text, "heading")
    return result


def _is_spaced(text: str) -> bool:
    """Whether the writer sets Latin words and numbers off with spaces: «一部 Nova Fold 手机»."""
    apart = len(re.findall(rf"[{HAN}]\s[A-Za-z0-9]|[A-Za-z0-9%]\s[{HAN}]", text))
    together = len(re.findall(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9%][{HAN}]", text))
    return apart > together


# --- English ---------------------------------------------------------------------------------------------


def _english_block(text: str) -> Block:
    if kicker := re.fullmatch(r"[\[【]([^\[\]]{2,60})[\]】]", text):
        return Block(kicker[1].strip(), "heading")
    plain = _BULLET.sub("", text)
    return Block(plain, "heading") if _reads_as_english_heading(plain) else Block(text)


def has_several_sentences(text: str) -> bool:
    """«It turns. It stops!»; a headline of two asks: «It stops. What now?», «Does it stop? It does!»."""
    ends = re.findall(r"(?:[a-z]{2}|\d|[A-Z]{2}|%)([.!?])[\"”’)]*(?=\s[\"“‘(]?[A-Z]|$)", text)
    return len(ends) > 2 or (len(ends) == 2 and "?" not in ends)


def _reads_as_english_heading(text: str) -> bool:
    words = text.split()
    asks = text.rstrip('"”’').endswith(("?", "!"))
    spoken = text[0] in '"“' and text.rstrip('"”').endswith((".", ",", "?", "!"))
    return (
        len(text) <= 110
        and len(words) <= (18 if asks else 14)
        and not text.rstrip('"”’)').endswith((".", ",", ";", ":"))
        and not spoken
        and not has_several_sentences(text)
        and any(char.isalpha() for char in text)
    )


def _with_sentence_headings(blocks: list[Block]) -> list[Block]:
    """A translator may end a subhead with a full stop: one sentence, far shorter than any paragraph.

    Only where other subheads are, and between two paragraphs, since reporters write short paragraphs too.
    """
    lengths = [len(block.text) for block in blocks if block.kind == "paragraph"]
    if len(lengths) < 5 or sum(block.kind == "heading" for block in blocks) < 2:
        return blocks
    usual = statistics.median(lengths)
    result = list(blocks)
    for at in range(1, len(blocks) - 1):
        text = blocks[at].text
        others = [length for length in lengths if length != len(text)]
        alone = all(
            blocks[near].kind == "paragraph" and len(blocks[near].text) > 3 * len(text) for near in (at - 1, at + 1)
        )
        one_sentence = re.fullmatch(r"[A-Z][^.!?:\"“”]{10,80}\.", text)
        said = re.search(r"\b(?:said|says|told|added|declined|according|denied|confirmed|noted)\b", text)
        if alone and one_sentence and not said and min(others) > 2 * len(text) and usual > 5 * len(text):
            result[at] = Block(text, "heading")
    return result


# --- both ------------------------------------------------------------------------------------------------


def _settled(blocks: list[Block]) -> list[Block]:
    """Nothing empty, no blanks at the edges."""
    cleaned = (Block(re.sub(r"[ \t\u00a0\u3000]+", " ", block.text).strip(), block.kind) for block in blocks)
    return [block for block in cleaned if block.text]
