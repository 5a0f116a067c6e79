"""Arrays of a network on disk, memory-mapped: all processes share one copy.

A pack is the folder ``<root>/<district>/<version>/`` with one ``.npy`` file an array and a
manifest of their shapes and types. It is written aside and renamed, so that it is there whole or
not at all; older versions are removed once the new one stands, and whoever has mapped one of them
reads on. A pack is derived: one that is lost or damaged can be deleted and is built anew.
"""

import fcntl
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.errors import BadInput, NotFound
from gis.walk.graph import Graph, arcs

FORMAT = 1
MANIFEST = "manifest.json"
Arrays = dict[str, NDArray[Any]]


def write(root: Path, district: str, version: str, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """Write a pack and remove the district's other versions; return its folder.

    One process at a time writes a district's packs, the others wait. What an interrupted writer
    left behind is removed too.

    Raises
    ------
    BadInput
        A name cannot be the name of a file, or an array holds Python objects.
    """
    at = _folder(root, district, version)
    for name, array in arrays.items():
        _check(name, array)
    with _locked(at.parent):
        aside = Path(tempfile.mkdtemp(prefix=".", dir=at.parent))
        _fill(aside, arrays)
        if at.exists():  # the same version again: it may be damaged
            at.rename(tempfile.mkdtemp(prefix=".", dir=at.parent))
        aside.rename(at)
        for other in at.parent.iterdir():
            if other.is_dir() and other != at:
                shutil.rmtree(other)
    return at


def exists(root: Path, district: str, version: str) -> bool:
    """Tell whether there is a pack of this version."""
    return (_folder(root, district, version) / MANIFEST).is_file()


def load(root: Path, district: str, version: str) -> Arrays:
    """Map the arrays of a pack, read-only.

    Raises
    ------
    NotFound
        There is no pack of this version.
    BadInput
        The pack is incomplete, damaged, or of another format; delete it to have it built anew.
    """
    at = _folder(root, district, version)
    try:
        manifest = json.loads((at / MANIFEST).read_text())
    except FileNotFoundError:
        raise NotFound("no_pack", district=district, version=version) from None
    except ValueError:
        raise _damaged(at, "its manifest cannot be read") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _damaged(at, f"its format is not {FORMAT}")
    return {name: _map(at, name, *expected) for name, expected in manifest["arrays"].items()}


def of_graph(graph: Graph) -> Arrays:
    """Return the arrays of a graph, to be packed; graph_of() makes the graph of them again."""
    both = {"forward": graph.forward, "reversed": graph.reversed}
    return {
        f"{direction}_{field}": getattr(one, field)
        for direction, one in both.items()
        for field in ("start", "arc", "edge")
    }


def graph_of(arrays: Mapping[str, NDArray[Any]]) -> Graph:
    """Return the graph of its arrays; others may be among them."""
    both = [
        arcs(*(arrays[f"{direction}_{field}"] for field in ("start", "arc", "edge")))
        for direction in ("forward", "reversed")
    ]
    return Graph(*both)


def _folder(root: Path, district: str, version: str) -> Path:
    for name in (district, version):
        _check_name(name)
    return Path(root) / district / version


def _check_name(name: str) -> None:
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise BadInput("pack_name", name=name)


def _check(name: str, array: NDArray[Any]) -> None:
    _check_name(name)
    if array.dtype.hasobject:
        raise BadInput("pack_name", name=name, reason="it holds Python objects")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes in the folder; make it where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fill(aside: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    aside.chmod(0o755)
    for name, array in arrays.items():
        np.save(aside / f"{name}.npy", np.asarray(array, order="C"), allow_pickle=False)
    shapes = {name: [list(array.shape), array.dtype.str] for name, array in arrays.items()}
    (aside / MANIFEST).write_text(json.dumps({"format": FORMAT, "arrays": shapes}, indent=1))


def _map(at: Path, name: str, shape: list[int], dtype: str) -> NDArray[Any]:
    try:
        array = np.load(at / f"{name}.npy", mmap_mode="r" if np.prod(shape) else None)
    except FileNotFoundError:
        raise _damaged(at, f"its array {name} is missing") from None
    except (ValueError, EOFError):
        raise _damaged(at, f"its array {name} is cut off or no array") from None
    if list(array.shape) != shape or array.dtype.str != dtype:
        raise _damaged(at, f"its array {name} is not what the manifest says")
    plain: NDArray[Any] = np.asarray(array)
    plain.flags.writeable = False
    return plain


def _damaged(at: Path, why: str) -> BadInput:
    return BadInput("pack_damaged", folder=at, reason=why)
