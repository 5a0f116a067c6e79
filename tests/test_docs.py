"""What README names exists, and what exists is named."""

import re
import tomllib
from pathlib import Path

import pytest

from gis.exchange.geopackage import LAYERS
from web.cli import COMMANDS

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh-CN.md"]


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_told_and_no_other(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    told = set(re.findall(r"\./yige ([a-z]+)", text))
    assert told <= set(COMMANDS)
    missing = set(COMMANDS) - told
    assert missing <= ({"bench"} if name != "README.md" else set())


def test_every_dependency_has_its_line() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    table = text.split("### Dependencies")[1].split("### Decisions")[0]
    for requirement in wanted:
        assert re.match(r"[a-z0-9-]+", requirement).group() in table  # type: ignore[union-attr]


def test_every_layer_of_the_export_is_told() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for layer in (*LAYERS, "setting"):
        assert f"`{layer}`" in text


@pytest.mark.parametrize("name", READMES)
def test_pictures_and_links_are_there(name: str) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / name).read_text("utf-8")):
        assert (ROOT / target).exists(), target


def test_no_lock_file_names_a_host() -> None:
    for lock in [*ROOT.glob("requirements*.lock"), *ROOT.glob("bench/*.lock")]:
        text = lock.read_text("utf-8")
        assert "://" not in text and "--hash=sha256:" in text, lock.name
