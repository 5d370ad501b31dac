"""One page has many addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.mirror.text.addresses import address_key, normal_address, same_address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example.ORG:80/A/./b/../C.html#top", "http://news.example.org/A/C.html"),
        ("https://a.example:443", "https://a.example/"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://user:word@a.example/x", "https://a.example/x"),
        ("https://a.example/x?b=2&utm_source=mail&a=1&spm=0.0&fbclid=Z", "https://a.example/x?b=2&a=1"),
        ("https://a.example/新闻/%e4%b8%ad%41", "https://a.example/%E6%96%B0%E9%97%BB/%E4%B8%ADA"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://港口.example/x", "https://xn--6orv52d.example/x"),
        ("https://a.example/x;jsessionid=0A1B?id=7", "https://a.example/x?id=7"),
        ("//a.example/x", "http://a.example/x"),
        ("  https://a.example/x\n", "https://a.example/x"),
        # what is no address of the web stays as it is
        ("mailto:a@a.example", "mailto:a@a.example"),
        ("javascript:void(0)", "javascript:void(0)"),
        ("/a/b", "/a/b"),
        ("http://[", "http://["),
        ("", ""),
    ],
)
def test_an_address_has_one_spelling(url: str, expected: str) -> None:
    """What is written down and fetched does not depend on who linked the page."""
    assert expected == normal_address(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.harbour.example/a/", "https://harbour.example/a"),
        ("https://m.harbour.example/a.html", "https://www.harbour.example/a.html"),
        ("https://wap.harbour.example/a.html?from=timeline&isappinstalled=0", "https://harbour.example/a.html"),
        ("https://harbour.example/2024/05/tide/amp/", "https://harbour.example/2024/05/tide/"),
        ("https://amp.harbour.example/tide.html", "https://harbour.example/tide.html"),
        ("https://harbour.example/tide.amp.html", "https://harbour.example/tide.html"),
        ("https://harbour.example/tide?outputType=amp", "https://harbour.example/tide"),
        ("https://harbour.example/news/index.shtml", "https://harbour.example/news/"),
        ("https://harbour.example//a///b", "https://harbour.example/a/b"),
        ("https://harbour.example/v?id=7&p=2", "https://harbour.example/v?p=2&id=7&ref=home"),
        ("https://harbour.example/v?id=7&t=1714963800", "https://harbour.example/v?id=7&_=0.1234567"),
        ("https://harbour.example/%7Eann/", "https://harbour.example/~ann"),
    ],
)
def test_two_addresses_of_one_page_are_the_same(one: str, other: str) -> None:
    """A story that is linked in two ways is one story."""
    assert address_key(one) == address_key(other)
    assert same_address(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://harbour.example/v?id=7", "https://harbour.example/v?id=8"),
        ("https://harbour.example/v?from=7", "https://harbour.example/v?from=8"),
        ("https://harbour.example/v?t=7", "https://harbour.example/v?t=8"),
        ("https://harbour.example/a_2.html", "https://harbour.example/a.html"),
        ("https://en.harbour.example/a", "https://zh.harbour.example/a"),
        ("https://harbour.example/A", "https://harbour.example/a"),
        ("https://harbour.example:8080/a", "https://harbour.example/a"),
        ("https://m.example/a", "https://wap.example/a"),
        ("https://harbour.example/lamp", "https://harbour.example/l"),
    ],
)
def test_two_pages_stay_two(one: str, other: str) -> None:
    """What may be another story is never taken for the same."""
    assert address_key(one) != address_key(other)


_URLS = st.one_of(
    st.text(max_size=80),
    st.builds("{}://{}{}".format, st.sampled_from(["http", "HTTPS"]), st.text(max_size=20), st.text(max_size=60)),
)


@given(_URLS)
def test_any_text_has_a_key(url: str) -> None:
    """Nothing that stands in an href raises, and the normal form of a normal form is itself."""
    normal = normal_address(url)
    assert normal == normal_address(normal)
    assert address_key(url) == address_key(normal)
