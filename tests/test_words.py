"""Every text of the translations is asked for somewhere, and every text asked for is there.

A key is asked for as a whole, or composed: a beginning in the sources and the rest, which is a
number or a word of the sources. Keys are looked for in the sources of server, browser and pages.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from web.i18n import LANGUAGES, texts

ROOT = Path(__file__).parents[1]
FOLDERS = ("gis", "layers", "sql", "web", "bench")
ENDINGS = (".py", ".js", ".html", ".sql")
QUOTED = re.compile(r"""["'`]([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)["'`]""")
COMPOSED = re.compile(r"""(?:f["']|`|")([a-z][a-z0-9_.]*)(?:\$?\{|"\s?[+~])""")
GIVEN = re.compile(r"""\w\(["']([a-z][a-z0-9_.]*[._])["'],""")  # to what composes the rest
TWICE = re.compile(r"""`([a-z][a-z0-9_.]*)\$\{\w+\}_\$\{""")  # two words with a stroke between
NOT_OURS = "shape."  # goes on with what is wrong with a shape, in the words of GEOS
TABLED = re.compile(r"""_word\("([a-z]+)",""")
CALLED = re.compile(
    r"""(?<![\w.])(?:t|say|translate)\((?:\w+, )?["'`]([a-z][a-z0-9_.]*)["'`][,)]"""
)
ASKED_BY_NAME = re.compile(r"""(?:\bt|words|has)\(`([a-z][a-z0-9_.]*)\$\{""")


@cache
def sources() -> str:
    """Return the text of all sources that may ask for texts."""
    return "\n".join(
        path.read_text("utf-8")
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in ENDINGS and "vendor" not in path.parts
    )


def is_composed(key: str, beginnings: set[str], words: set[str]) -> bool:
    """Tell whether a key begins with something composed and goes on with a word or a number."""
    rests = [key[len(one) :] for one in beginnings if key.startswith(one)]
    return any(rest.isdigit() or rest.removesuffix("_label") in words for rest in rests)


def unused(keys: set[str], text: str) -> list[str]:
    """Return the keys that nothing asks for."""
    whole, beginnings = set(QUOTED.findall(text)), set(COMPOSED.findall(text))
    beginnings = {one for one in beginnings if "." in one}
    beginnings |= {one for one in GIVEN.findall(text) if "." in one}
    beginnings |= {f"{table}." for table in TABLED.findall(text)} | {"error.http_"}
    words = {word for one in re.findall(r"[A-Za-z0-9_]+", text) for word in (one, one.lower())}
    twice = {f"{one}{first}_" for one in TWICE.findall(text) for first in words if first.isalpha()}
    return sorted(
        key
        for key in keys
        if key not in whole
        and not key.startswith(NOT_OURS)
        and not is_composed(key, beginnings | twice, words)
    )


def test_every_text_is_asked_for() -> None:
    assert unused(set(texts("zh")), sources()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_asked_for_is_there(language: str) -> None:
    asked = set(CALLED.findall(sources()))
    assert len(asked) > 400
    assert sorted(asked - texts(language).keys()) == []


def test_every_composed_beginning_has_texts() -> None:
    beginnings = set(ASKED_BY_NAME.findall(sources()))
    assert "level." in beginnings
    assert [one for one in beginnings if not any(key.startswith(one) for key in texts("zh"))] == []


def test_what_nothing_asks_for_is_told() -> None:
    text = 't("a.one") + t(`level.${one}`) + "grid"'
    assert unused({"a.one", "level.grid", "level.7"}, text) == []
    assert unused({"a.two", "level.town", "levelgrid"}, text) == [
        "a.two",
        "level.town",
        "levelgrid",
    ]
