"""Names of reporters and editors in bylines."""

from __future__ import annotations

import re

from plugins.languages.chinese import HAN

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗"
    "山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴"
    "胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖"
    "庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红"
    "游竺权逯盖益桓公肖覃闫邸仝佟付岳代涂沐苟隋闭兰仉奕揭逮郇苑楚矫銮仵朴靳芦禤庹冼晁"
    # the same in traditional characters, where they differ
    "趙錢孫鄭馮陳褚衛蔣韓楊許呂張嚴華謝鄒竇雲蘇範魯韋馬鳳費賀倪湯羅畢鄔時齊蕭貝計談龐項閔強賈婁顏鐘駱樊萬盧經繆應單諸"
    "鈕龔邢裴陸榮甄麴儲車侯全寧欒厲劉詹龍葉韶薊懷從賴藺喬陰聞黨譚貢勞姬塗冉壽邊燕尚農溫莊閻連習魚廣祿闕東歐聶敖簡饒豐關"
    "相紅遊竺權蓋黃吳佟閆陽"
)
"""One-character family names: the Hundred Family Surnames and those that are frequent today."""

TIME_WORDS = frozenset(
    [
        "近日",
        "昨日",
        "今日",
        "日前",
        "此前",
        "目前",
        "当前",
        "今年",
        "去年",
        "当日",
        "同日",
        "北京",
        "上海",
        "广州",
        "深圳",
        "香港",
        "报道",
        "摄影",
        "从业",
        "高校",
        "方案",
        "时下",
        "公司",
        "有关",
    ]
)
"""Two characters that follow a byline, begin with a family name now and then, and are no name."""

ROLES = re.compile(
    r"(?:首席|资深|见习|实习|特约|特派|驻[\u4e00-\u9fff]{1,4}|本报|本刊|本网|每经|全媒体|融媒体)*"
    r"(?:责任编辑|责编|记者|实习生|编辑|作者|通讯员|撰文|文字|评论员|编译|采写)\s?[|｜丨/／:：]?\s?"
)
_READERS_OF_PROOFS = re.compile(rf"(?:校对|审校|审核)\s?[|｜丨/／:：]?\s?[{HAN}]{{2,4}}(?:、[{HAN}]{{2,4}})*")
_PEN_NAMES = re.compile(
    rf"(?:编辑|作者|撰文|记者)\s?[|｜丨:：]\s?(?P<names>[{HAN}]{{2,3}}(?:、[{HAN}]{{2,3}}){{0,4}})(?=$|[\s)）;；])"
)

ENGLISH_ROLES = re.compile(
    r"\b(?:(?:staff|chief|senior|special|trainee|intern|contributing|responsible|duty|copy)\s)?"
    r"(?:reporters?|reporting|editors?|editing|edited|authors?|writers?|written|writing|text|correspondents?|journalists?|interns?)\b"
    r"(?:[\s-]in[\s-]charge)?\s?(?:by\b)?\s?[:|/]?",
    re.IGNORECASE,
)
_CHINESE_NAME = re.compile(rf"[{HAN}]{{2,4}}(?:·[{HAN}]{{1,8}}){{0,3}}")
_SINGLE_PAIR = re.compile(rf"(?<![{HAN}])([{HAN}])\s([{HAN}])(?![{HAN}])")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z.’'-]{0,24}(?:\s[A-Za-z][A-Za-z.’'-]{0,24}){0,3}")


def names_in(text: str) -> tuple[str, ...]:
    """Names in a byline that holds nothing but names, roles and what divides them.

    ``记者 贺 宁 李明明；编辑 苗青`` → 贺宁, 李明明, 苗青; ``Reporting by Jane Doe; editing by Li Lei`` →
    Jane Doe, Li Lei. A part that is no name is left out, and so is who only read the proofs.
    """
    text = _READERS_OF_PROOFS.sub("", text)
    pen_names = {name for found in _PEN_NAMES.finditer(text) for name in found["names"].split("、")}
    pen_names -= TIME_WORDS
    text = ROLES.sub("、", text)
    # Newspapers set a two-character name as wide as one of three.
    text = _SINGLE_PAIR.sub(r"\1\2", text)
    if re.search(f"[{HAN}]", text):
        parts = re.split(r"[\s、，,；;/／|｜丨（）()]+", text)
        return tuple(dict.fromkeys(part for part in parts if part in pen_names or is_chinese_name(part)))
    text = ENGLISH_ROLES.sub(";", text)
    parts = (part.strip(" .:") for part in re.split(r"[,;/|()&]|\s{2,}|\sand\s", text))
    return tuple(dict.fromkeys(part for part in parts if _LATIN_NAME.fullmatch(part)))


def is_chinese_name(word: str) -> bool:
    """Whether *word* reads as a name: a family name and one or two characters, or 欧阳 and the like."""
    if not _CHINESE_NAME.fullmatch(word):
        return False
    compound = word[:2] in (
        "欧阳",
        "歐陽",
        "司馬",
        "諸葛",
        "東方",
        "尉遲",
        "公孫",
        "獨孤",
        "独孤",
        "长孙",
        "宇文",
        "呼延",
        "轩辕",
        "澹台",
        "闻人",
        "淳于",
        "单于",
        "太史",
        "申屠",
        "拓跋",
        "完颜",
        "赫连",
        "西门",
        "百里",
        "第五",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "端木",
        "南宫",
    )
    return "·" in word or compound or (word[0] in SURNAMES and len(word) <= 3 and word not in TIME_WORDS)
