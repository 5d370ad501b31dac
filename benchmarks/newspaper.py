"""Write a bilingual newspaper of any size: ``python -m benchmarks.newspaper --versions 10000 --into FOLDER``.

Every story has a text of its own, and the same seed gives the same bytes. Lengths, pictures, tables, links, tags and
languages are spread as in a paper's archive of ten years: most stories are in both languages, few tags are common and
most are rare.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import product, starmap
from pathlib import Path
from random import Random

from benchmarks.prose import Link, Teller, read_words

LANGUAGES = ("en", "zh")
FIRST_DAY = datetime(2014, 1, 1)
DAYS = 3652
WORKERS = 2
SHARE_IN_BOTH = 0.7
"""Of stories; the rest are in one language, half of them in each."""

Names = Mapping[str, str]
"""What something is called, by language."""


@dataclass(frozen=True)
class World:
    """Who and what the paper writes about; lists are ordered from common to rare.

    Attributes:
        sections: id → names.
        companies: of each section.
        reporters: authors by id, likewise desks, topics (of each section) and sources.
        products: id → product category and names.
        products_of: ids of those that stories of a section are about.
        taxonomy: what taxonomy.yaml holds.
    """

    sections: Mapping[str, Names]
    companies: Mapping[str, Sequence[Names]]
    cities: Sequence[Names]
    people: Sequence[Names]
    reporters: Sequence[str]
    desks: Sequence[str]
    topics: Mapping[str, Sequence[str]]
    sources: Sequence[str]
    products: Mapping[str, tuple[str, Names]]
    products_of: Mapping[str, Sequence[str]]
    taxonomy: Mapping[str, Mapping[str, Names]]


@dataclass(frozen=True)
class Story:
    """What is decided about a story before its text is told.

    Attributes:
        key: year, month and slug: ``2016/03/bank-of-wuxi-to-buy-back-shares``.
        titles: by language; a story has the languages in which it has a title.
        facts: what its texts agree on, by language.
        size: of its texts, 0 for the shortest that is usual, 1 for the longest; a few are longer.
        mentions: numbers of earlier stories.
    """

    number: int
    key: str
    date: datetime
    section: str
    titles: Names
    facts: Mapping[str, Mapping[str, str]]
    authors: Sequence[str]
    tags: Sequence[str]
    source: str
    size: float
    products: Sequence[str] = ()
    mentions: Sequence[int] = ()
    picture: bool = False


@dataclass(frozen=True)
class Page:
    """A story in one language, ready to be written for one program or another.

    Attributes:
        front: title, date, category, authors, tags, source and, where it has them, summary, products and picture.
        body: Markdown.
    """

    key: str
    language: str
    front: Mapping[str, object]
    body: str


@dataclass(frozen=True)
class Form:
    """How the files of one site generator look.

    Attributes:
        text: page → what its file holds.
        picture: key of a story → the address of its picture in a text.
        link: relative path of another story's file → its address in a text.
        surroundings: stories → the other files of the site, path → text.
        stories, pictures: where they are below the folder of the site.
    """

    text: Callable[[Page], str]
    picture: Callable[[str], str]
    link: Callable[[str], str]
    surroundings: Callable[[Sequence[Story]], Mapping[str, str]]
    stories: str = "."
    pictures: str = "images"


def duikai_text(page: Page) -> str:
    """A story as content/ has it."""
    front = {name: value for name, value in page.front.items() if name not in ("picture", "source")}
    front["source"] = {"name": page.front["source"]}
    if picture := page.front.get("picture"):
        front["image"] = {"src": f"images/{picture}.svg", "alt": page.front["title"]}
    return f"{yaml_front(front)}\n{page.body}"


def yaml_front(front: Mapping[str, object]) -> str:
    """Front matter between its lines of hyphens; JSON is YAML, and far quicker to write."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]
    return "\n".join(["---", *lines, "---", ""])


def picture_address(key: str) -> str:
    """Where the picture of a story is, from the root of the site."""
    return f"/images/{key}.svg"


def surroundings(_: Sequence[Story]) -> dict[str, str]:
    """Taxonomy, products and plain pages of content/."""
    files = {"taxonomy.yaml": json.dumps(world().taxonomy, ensure_ascii=False, indent=1)}
    random = Random("surroundings")
    for language in LANGUAGES:
        for id_, (category, names) in world().products.items():
            section = next(section for section, ids in world().products_of.items() if id_ in ids)
            text = _plain_text(language, section, names, random)
            front = {"title": names[language], "category": category, "source": {"name": "duikai"}}
            files[f"{language}/products/{id_}.md"] = f"{yaml_front(front)}\n{text}"
        for name, titles in PAGES.items():
            text = _plain_text(language, "companies", world().companies["companies"][0], random)
            files[f"{language}/pages/{name}.md"] = f"{yaml_front({'title': titles[language]})}\n{text}"
    return files


PAGES = {"about": {"en": "About this paper", "zh": "关于本报"}, "disclaimer": {"en": "Disclaimer", "zh": "免责声明"}}


def _plain_text(language: str, section: str, subject: Names, random: Random) -> str:
    people = {role: random.choice(world().people)[language] for role in ("person", "expert", "reporter")}
    city, other = (city[language] for city in random.sample(world().cities, 2))
    places = {"company": subject[language], "rival": world().companies[section][1][language], "city": city}
    facts = {**people, **places, "other": other, "year": "2023", "last": "2022", "next": "2024"}
    return Teller(language, section, facts, random).body(0.1, [city, other])


def same_path(path: str) -> str:
    """Links to .md files are meant as they are."""
    return path


DUIKAI = Form(duikai_text, picture_address, same_path, surroundings)


@cache
def world() -> World:
    """The names of ``words/names.yaml``, combined."""
    names = read_words("names")
    apart = {name: [_names(one) for one in names[name]] for name in ("stems", "cities", "sources", "desks")}
    shuffled = Random("people")
    companies = {}
    for section, trades in names["trades"].items():
        companies[section] = list(starmap(_joined, product(apart["stems"], map(_names, trades))))
        shuffled.shuffle(companies[section])
    people = [
        {"en": f"{family['en']} {given['en']}", "zh": family["zh"] + given["zh"]}
        for family, given in product(map(_names, names["families"]), map(_names, names["given"]))
    ]
    shuffled.shuffle(people)
    topics = {section: [_names(one) for one in listed] for section, listed in names["topics"].items()}
    products = {
        slug(name["en"]): (category, name)
        for category, kind in names["product_kinds"].items()
        for name in (_joined(stem, kind) for stem in apart["stems"][:4])
    }
    known = [*(one for listed in topics.values() for one in listed), *apart["cities"]]
    known += [one for listed in companies.values() for one in listed]
    taxonomy = {
        "sections": names["sections"],
        "product_categories": names["product_categories"],
        "tags": {slug(one["en"]): one for one in known},
        "sources": {slug(one["en"]): one for one in apart["sources"]},
        "authors": {slug(one["en"]): one for one in [*apart["desks"], *people[:80]]},
    }
    return World(
        sections=names["sections"],
        companies=companies,
        cities=apart["cities"],
        people=people[80:],
        reporters=[slug(one["en"]) for one in people[:80]],
        desks=[slug(one["en"]) for one in apart["desks"]],
        topics={section: [slug(one["en"]) for one in listed] for section, listed in topics.items()},
        sources=list(taxonomy["sources"]),
        products=products,
        products_of={
            section: [id_ for id_, (of, _) in products.items() if of == category]
            for section, category in names["products_of"].items()
        },
        taxonomy=taxonomy,
    )


def _names(written: str) -> Names:
    english, _, chinese = written.rpartition(" ")
    return {"en": english, "zh": chinese}


def _joined(stem: Names, kind: Names) -> Names:
    return {"en": f"{stem['en']} {kind['en']}", "zh": stem["zh"] + kind["zh"]}


def slug(text: str) -> str:
    """*text* as a part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("’", "")).strip("-")


@cache
def plan_stories(versions: int, seed: int) -> Sequence[Story]:
    """Decide everything about the stories but their texts.

    Args:
        versions: files in both languages together.
        seed: another one gives another paper.
    """
    random, taken = Random(f"{seed} {versions}"), set[str]()
    written_in: list[Sequence[str]] = []
    while versions > 0:
        both = versions > 1 and random.random() < SHARE_IN_BOTH
        written_in.append(LANGUAGES if both else (random.choice(LANGUAGES),))
        versions -= len(written_in[-1])
    days = sorted(DAYS * random.random() for _ in written_in)
    planned = enumerate(zip(days, written_in, strict=True))
    return [_plan_story(number, day, languages, random, taken) for number, (day, languages) in planned]


def _plan_story(number: int, day: float, languages: Sequence[str], random: Random, taken: set[str]) -> Story:
    names = world()
    section = random.choice(list(names.sections))
    date = FIRST_DAY + timedelta(days=int(day), hours=6, minutes=int(16 * 60 * (day % 1)))
    company, rival = (_often_the_first(names.companies[section], random) for _ in range(2))
    city, other = random.sample(names.cities, 2)
    shared = {"company": company, "rival": rival, "city": city, "other": other}
    shared |= {role: random.choice(names.people) for role in ("person", "expert", "reporter")}
    years = {"year": date.year, "last": date.year - 1, "next": date.year + 1}
    facts = {
        language: {name: value[language] for name, value in shared.items()} | {y: str(at) for y, at in years.items()}
        for language in LANGUAGES
    }
    news = random.random()
    titles = {language: Teller(language, section, facts[language], random).title(news) for language in LANGUAGES}
    base = key = f"{date:%Y/%m}/{slug(titles['en'])[:60].rpartition('-')[0]}"
    again = 1
    while key in taken:
        again += 1
        key = f"{base}-{again}"
    taken.add(key)
    tags = [_often_the_first(names.topics[section], random) for _ in range(random.choice((1, 1, 2)))]
    tags += [slug(each["en"]) for each in (city, company) if random.random() < 0.35]
    if random.random() < 0.3:
        tags.append(_often_the_first(names.topics[random.choice(list(names.topics))], random))
    authors = [_often_the_first(names.reporters, random) for _ in range(random.choice((1, 1, 1, 2)))]
    if random.random() < 0.15:
        authors = [names.desks[list(names.sections).index(section)]]
    products = names.products_of.get(section, ()) if random.random() < 0.15 else ()
    return Story(
        number=number,
        key=key,
        date=date,
        section=section,
        titles={language: titles[language] for language in languages},
        facts=facts,
        authors=list(dict.fromkeys(authors)),
        tags=list(dict.fromkeys(tags)),
        source=_often_the_first(names.sources, random),
        size=1.2 + 2 * random.random() if random.random() < 0.03 else random.random() ** 1.7,
        products=[random.choice(products)] if products else [],
        mentions=[int(number * random.random()) for _ in range(random.choice((0, 0, 1, 1, 2)))] if number else [],
        picture=random.random() < 0.08,
    )


def _often_the_first(things: Sequence, random: Random):
    """One of *things*, the n-th with a chance of about 1 to n (Zipf)."""
    return things[int((len(things) + 1) ** random.random()) - 1]


def tell(story: Story, language: str, stories: Sequence[Story], seed: int, form: Form) -> Page:
    """Tell *story* in *language*."""
    random = Random(f"{seed} {story.number} {language}")
    teller = Teller(language, story.section, story.facts[language], random)
    others = [stories[number] for number in dict.fromkeys(story.mentions)]
    links = [_mention(other, language, form) for other in others if language in other.titles]
    cities = [city[language] for city in random.sample(world().cities, random.randint(3, 8))]
    front: dict[str, object] = {
        "title": story.titles[language],
        "date": f"{story.date:%Y-%m-%d %H:%M}",
        "category": story.section,
    }
    if random.random() < 0.5:
        front["summary"] = teller.sentence("summary")
    front |= {"authors": story.authors, "tags": story.tags}
    if story.products:
        front["products"] = story.products
    front["source"] = story.source
    if story.picture:
        front["picture"] = story.key
    body_has_it = story.picture and random.random() < 0.5
    body = teller.body(story.size, cities, links, form.picture(story.key) if body_has_it else "")
    return Page(story.key, language, front, body)


def _mention(other: Story, language: str, form: Form) -> Link:
    month = f"{other.date:%B %Y}" if language == "en" else f"{other.date.year}年{other.date.month}月"
    facts = {"that_company": other.facts[language]["company"], "that_city": other.facts[language]["city"]}
    return Link(form.link(f"../../{other.key}.md"), {**facts, "that_month": month})


def write_newspaper(folder: Path, versions: int, seed: int = 1, form: Form = DUIKAI) -> Sequence[Story]:
    """Write the stories of a paper and their pictures; for ours, also taxonomy, products and plain pages.

    Args:
        folder: of the site; made when missing.
        versions: story files in both languages together.
        form: of which site generator the files are.
    Returns: what was planned.
    """
    stories = plan_stories(versions, seed)
    for directory in sorted({file.parent for story in stories for file in _files(folder, story, form)}):
        directory.mkdir(parents=True, exist_ok=True)
    shares = WORKERS if versions >= 1000 else 1
    if shares == 1:
        _write_share(folder, versions, seed, form, 0, 1)
    else:
        with ProcessPoolExecutor(shares) as executor:
            done = [executor.submit(_write_share, folder, versions, seed, form, at, shares) for at in range(shares)]
            for share in done:
                share.result()
    for name, text in form.surroundings(stories).items():
        write(folder / name, text)
    return stories


def _files(folder: Path, story: Story, form: Form) -> Iterator[Path]:
    for language in story.titles:
        yield folder / form.stories / language / f"{story.key}.md"
    if story.picture:
        yield folder / form.pictures / f"{story.key}.svg"


def _write_share(folder: Path, versions: int, seed: int, form: Form, first: int, step: int) -> None:
    stories = plan_stories(versions, seed)
    for story in stories[first::step]:
        for language in story.titles:
            page = tell(story, language, stories, seed, form)
            _overwrite(folder / form.stories / language / f"{story.key}.md", form.text(page))
        if story.picture:
            _overwrite(folder / form.pictures / f"{story.key}.svg", draw(Random(f"{seed} {story.number} picture")))


def write(file: Path, text: str) -> None:
    """Write a file and the folders it needs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    _overwrite(file, text)


def _overwrite(file: Path, text: str) -> None:
    # Bytes, so that the paper is the same on every system.
    file.write_bytes(text.encode())


def draw(random: Random) -> str:
    """A bar chart, as papers print them, as SVG."""
    bars = "".join(
        f'<rect x="{30 + 60 * at}" y="{240 - height}" width="40" height="{height}"/>'
        for at, height in enumerate(random.randint(20, 200) for _ in range(9))
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="280" viewBox="0 0 600 280">'
        f'<rect width="600" height="280" fill="#f4f1ea"/><g fill="hsl({random.randint(0, 359)} 45% 40%)">{bars}</g>'
        '<path d="M20 240h560" stroke="#333"/></svg>\n'
    )


def main(arguments: Sequence[str]) -> None:
    """Write a paper as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.newspaper", description=__doc__)
    parser.add_argument("--versions", type=int, default=2000, help="story files in both languages together")
    parser.add_argument("--seed", type=int, default=1, help="another one gives another paper")
    parser.add_argument("--into", type=Path, required=True, help="content folder to write")
    options = parser.parse_args(arguments)
    stories = write_newspaper(options.into, options.versions, options.seed)
    print(f"{len(stories)} stories in {sum(len(story.titles) for story in stories)} versions in {options.into}")


if __name__ == "__main__":
    main(sys.argv[1:])
