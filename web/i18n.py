"""Texts in the languages of people: one JSON file a language, for server and browser alike.

The language of a process is Chinese unless ``YIGE_LANG`` or ``--lang`` says otherwise; a request
names its own.
"""

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "translations"
LANGUAGES = ("zh", "en")


@cache
def texts(language: str) -> dict[str, str]:
    """Return all texts of a language by their keys."""
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return found


def language() -> str:
    """Return the language of this process."""
    asked = os.environ.get("YIGE_LANG", "")[:2]
    return asked if asked in LANGUAGES else LANGUAGES[0]


def t(key: str, /, **values: object) -> str:
    """Return the text ``key`` in the language of this process; see `translate`."""
    return translate(language(), key, **values)


def reason(into: str, one: Mapping[str, Any]) -> str:
    """Return why a row of a file is refused, from its key and values; the column first."""
    values = dict(one["values"])
    label = f"field.{values.get('name')}"
    if label in texts(into):
        values["name"] = translate(into, label)
    fault = f"shape.{str(values.get('reason', '')).lower().replace(' ', '_').replace('-', '_')}"
    if fault in texts(into):
        values["reason"] = translate(into, fault)
    said = translate(into, f"error.{one['key']}", **values)
    column = values.get("column")
    if not column or str(column) in said:
        return said
    return translate(into, "import.in_column", column=column, reason=said)


def translate(into: str, key: str, /, **values: object) -> str:
    """Return the text ``key`` in a language, filled in with ``values``.

    Raises
    ------
    KeyError
        There is no such text, or it names a value that is not given.
    """
    return texts(into)[key].format(**values)
