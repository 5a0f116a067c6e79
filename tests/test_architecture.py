"""The rules of the house: who imports whom, how long things are, where SQL stands."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = ["sql", "gis", "layers", "web"]  # each may import what stands before it
OWNERS = {
    "flask": {"web"},
    "gunicorn": {"web"},
    "click": {"web"},
    "folium": {"layers"},
    "psycopg_pool": {"sql", "web"},
    "numba": {"gis"},
}
FILES = [path for top in ORDER for path in sorted((ROOT / top).rglob("*.py"))]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_down(path: Path) -> None:
    here = path.relative_to(ROOT).parts[0]
    for module in imports(path):
        top = module.split(".")[0]
        if top in ORDER:
            assert ORDER.index(top) <= ORDER.index(here), f"{here} imports {module}"
        assert here in OWNERS.get(top, {here}), f"{here} imports {module}"
        assert top not in ("tests", "bench") or here == "web", f"{here} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_module_has_one_subject(path: Path) -> None:
    most = 310 if path.stem == "kernels" else 300  # numba asks for one file
    assert len(path.read_text("utf-8").splitlines()) <= most
    assert path.stem not in {"utils", "helpers", "services", "managers", "common"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_sql_stands_in_sql(path: Path) -> None:
    """Longer statements are named queries."""
    if path.relative_to(ROOT).parts[0] == "sql":
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.split()
            is_sql = words[:1] in (["SELECT"], ["UPDATE"], ["INSERT"], ["DELETE"], ["WITH"])
            assert not is_sql or len(node.value) < 110, f"{name(path)}: {node.value[:60]}"


def test_functions_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 12
    assert lengths[int(len(lengths) * 0.9)] <= 30


@pytest.mark.parametrize("top", ORDER)
def test_no_other_package_of_our_names(top: str) -> None:
    found = importlib.util.find_spec(top)
    assert found is not None and found.origin is not None
    assert Path(found.origin).is_relative_to(ROOT)
