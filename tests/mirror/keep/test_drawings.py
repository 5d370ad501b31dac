"""SVG from strangers: what draws stays, what acts goes."""

from __future__ import annotations

import pytest

from plugins.mirror.keep.drawings import is_drawing, read_drawing
from plugins.mirror.keep.renditions import render
from plugins.mirror.keep.unusable import Unusable

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def cleaned(inside: str) -> str:
    """What is left of *inside* of a drawing."""
    text = read_drawing(f"{HEAD}{inside}</svg>".encode()).decode("utf-8")
    return text.partition(">")[2].removesuffix("</svg>") if not text.endswith("/>") else ""


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0h9v9z" fill="#a3231f" style="stroke:red"/>',
        '<text x="1" y="2" font-family="sans-serif">财经 <tspan>3.2%</tspan></text>',
        '<linearGradient id="a"><stop offset="0"/></linearGradient><rect fill="url(#a)" style="mask:url(#m)"/>',
        '<style>.bar{fill:red}</style><g class="bar"><circle r="2"/></g>',
        '<title>Chart</title><use href="#a" x="3"/>',
    ],
)
def test_a_chart_stays_as_it_is(inside: str) -> None:
    assert inside == cleaned(inside)


@pytest.mark.parametrize(
    ("attack", "left"),
    [
        ("<script>alert(1)</script><path/>", "<path/>"),
        ('<path onclick="alert(1)" ONLOAD="x"/>', "<path/>"),
        ('<a href="javascript:alert(1)"><path/></a>', "<g><path/></g>"),
        ('<text><a href="https://a.example">words</a></text>', "<text><tspan>words</tspan></text>"),
        ('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject><path/>', "<path/>"),
        ('<image href="https://a.example/count.gif"/>', ""),
        ('<image href="data:image/png;base64,AAAA"/>', ""),
        ('<use href="https://a.example/a.svg#b"/>', "<use/>"),
        ('<use xlink:href=" JavaScript:alert(1)"/>', "<use/>"),
        ("<style>@import 'https://a.example/a.css';</style>", ""),
        ("<style>*{background:url(https://a.example/a)}</style>", ""),
        ('<rect style="fill:u\\72l(https://a.example)" fill="url( &quot;//a.example/b#c&quot;)"/>', "<rect/>"),
        ('<rect filter="url(data:image/svg+xml,x)"/>', "<rect/>"),
        ('<path><set attributeName="href" to="javascript:alert(1)"/></path>', "<path/>"),
        ("<!-- private --><?php x ?><metadata>private</metadata>words<path/>", "words<path/>"),
        ('<path xmlns:i="https://i.example" i:label="C:/Users/jo"/>', "<path/>"),
    ],
)
def test_nothing_acts_and_nothing_is_fetched(attack: str, left: str) -> None:
    """Programs, handlers, links, pictures inside of pictures and addresses of others go; shapes and words stay."""
    assert left == cleaned(attack)


@pytest.mark.parametrize(
    ("drawing", "why"),
    [
        (f"{HEAD}<path>", "The drawing is damaged."),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}&a;</svg>', "The drawing declares entities."),
        (HEAD.replace(' viewBox="0 0 9 9"', "") + "</svg>", "The drawing says no size."),
        ("<svg><path/></svg>", "The file is no drawing."),
        (
            f'{HEAD}<g id="a"><path/></g><g id="b"><use href="#a"/><use href="#a"/></g><use xlink:href="#b"/></svg>',
            "The drawing copies copies of itself.",
        ),
        (f"{HEAD}{'<path/>' * 60_000}</svg>", "The drawing has more than 50,000 parts."),
    ],
)
def test_a_drawing_that_cannot_be_trusted_is_refused(drawing: str, why: str) -> None:
    with pytest.raises(Unusable) as refused:
        read_drawing(drawing.encode())
    assert why == str(refused.value)


def test_a_drawing_is_known_by_its_beginning() -> None:
    """Declarations and comments may stand before it; a page that contains one is a page."""
    assert is_drawing(b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><!-- b -->\n<svg/>')
    assert is_drawing(b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>')
    assert not is_drawing(b"<html><svg></svg></html>")
    assert not is_drawing(b"<!---->" * 5000)


def test_a_drawing_has_no_lighter_forms() -> None:
    rendition = render(f'{HEAD}<path d="M0 0h9"/></svg>'.encode())
    assert (".svg", ()) == (rendition.ending, rendition.lighter)
