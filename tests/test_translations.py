"""Every text is there in both languages, asks for the same values, and is used."""

import ast
import re
import string
from pathlib import Path

import pytest

from web.i18n import LANGUAGES, texts, translate

ROOT = Path(__file__).parents[1]
SOURCES = [*ROOT.glob("gis/**/*.py"), *ROOT.glob("sql/**/*.py"), *ROOT.glob("web/**/*.py")]
ERRORS = {"BadInput", "NotFound", "Conflict", "NoNetwork", "Infeasible", "TilingError"} | {
    "DatabaseError"
}


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_languages_have_the_same_keys_and_values() -> None:
    one, other = (texts(language) for language in LANGUAGES)
    assert one.keys() == other.keys()
    for key in one:
        assert fields(one[key]) == fields(other[key]), key


def raised() -> list[tuple[str, set[str]]]:
    """Key and names of the values of every error raised with a key."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            key = node.args[0]
            if (
                called in ERRORS
                and isinstance(key, ast.Constant)
                and re.fullmatch(r"[a-z_]+", str(key.value))
            ):
                found.append((str(key.value), {k.arg or "" for k in node.keywords}))
    return found


@pytest.mark.parametrize(("key", "values"), raised(), ids=lambda v: v if isinstance(v, str) else "")
def test_error_has_a_text_that_its_values_fill(key: str, values: set[str]) -> None:
    for language in LANGUAGES:
        assert fields(texts(language)[f"error.{key}"]) <= values, key


def test_unknown_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        translate("zh", "no.such.text")
