"""What a preview found, kept beside its upload as files and read a page at a time.

A preview is written as a folder of its own, which the notes of the upload then name: nobody meets
half of one. In it are ``seen.json``, what is told of the whole; ``rows.jsonl``, a line a row;
``refused.json``, the rows that cannot come in as their file has them; the shapes in well-known
binary; and ``index.npz``: where each row and shape begins, state and box.
"""

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.districts import District
from gis.exchange import differences
from gis.exchange.outline import Outline
from gis.exchange.preview import REFUSED, STATES, Preview

MENDED = 500
DRAWN = 4000
PIXELS = 1000  # a map is about so wide
DOT_PX = 4
RANK = np.array([2, 1, 3, 0])  # of STATES: what is refused or changed is drawn first

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
Box = tuple[float, float, float, float]


def keep(folder: Path, ready: Preview, outline: Outline, home: District) -> str:
    """Write a preview into the folder of its upload; return the name of its own folder."""
    name = f"seen-{secrets.token_hex(4)}"
    place = folder / name
    place.mkdir(mode=0o700)
    shape = np.full(len(ready.state), None, dtype=object) if ready.seen is None else ready.seen
    box = np.asarray(shapely.bounds(shape))
    told = {**_whole(ready, box), **asdict(outline)}
    (place / "seen.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    refusals = json.dumps(ready.refused(), ensure_ascii=False)
    (place / "refused.json").write_text(refusals, "utf-8")
    lines = (json.dumps(one, ensure_ascii=False) for one in differences.rows(ready, home))
    np.savez(
        place / "index.npz", box=box, state=[STATES.index(one) for one in ready.state],
        row=_write(place / "rows.jsonl", (f"{line}\n".encode() for line in lines)),
        shape=_write(place / "shapes.wkb", (one or b"" for one in shapely.to_wkb(shape))),
    )  # fmt: skip
    return name


def forget(folder: Path, but: str) -> None:
    """Throw away the previews of an upload but one."""
    for other in folder.glob("seen-*"):
        if other.name != but:
            shutil.rmtree(other, ignore_errors=True)


def whole(place: Path) -> dict[str, Any]:
    """Return what is told of a preview as a whole."""
    found: dict[str, Any] = json.loads((place / "seen.json").read_text("utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a preview: how many there are of that state, the first one's place, the rows."""

    total: int
    start: int
    rows: list[dict[str, Any]]


def rows(place: Path, state: str | None, start: int, limit: int, n: int | None = None) -> Page:
    """Return a page of the rows of a state, of all without one; ``n``: the page with that row."""
    with np.load(place / "index.npz") as index:
        of, begin, box = index["state"], index["row"], index["box"]
    found = np.flatnonzero(_is_of(of, state))
    if n is not None:
        start = int(np.searchsorted(found, n)) // limit * limit
    some = found[start : start + limit]
    read = []
    for k, line in zip(some.tolist(), _parts(place / "rows.jsonl", begin, some), strict=True):
        read.append({"n": k, **json.loads(line), "box": _box(box[k])})
    return Page(len(found), start, read)


def refused(place: Path) -> list[dict[str, Any]]:
    """Return line, key, values and cells of every refused row."""
    found: list[dict[str, Any]] = json.loads((place / "refused.json").read_text("utf-8"))
    return found


def drawn(place: Path, within: Box | None, state: str | None = None) -> dict[str, Any]:
    """Return what a map draws of the rows in a box (west, south, east, north), or of all.

    Where there are too many some of each state are left out, evenly; ``total`` says how many there
    are. What would be a few pixels has a point alone, the rest is simplified to half a pixel.
    """
    with np.load(place / "index.npz") as index:
        of, begin, box = index["state"], index["shape"], index["box"]
    at = np.flatnonzero(_meets(box, within) & _is_of(of, state))
    some = _some(at, of[at])
    shape = shapely.from_wkb(_parts(place / "shapes.wkb", begin, some))
    pixel = _pixel(box[at], within)
    return {
        "total": len(at),
        "shapes": [
            {"n": k, "state": STATES[of[k]], **told}
            for k, told in zip(some.tolist(), _shapes(shape, pixel), strict=True)
        ],
    }


def _whole(ready: Preview, box: Floats) -> dict[str, Any]:
    has = np.isfinite(box).all(axis=1)
    good = has & (ready.state != REFUSED)
    shown = box[good if good.any() else has]
    around = [*shown[:, :2].min(axis=0), *shown[:, 2:].max(axis=0)] if len(shown) else None
    return {
        "kind": ready.kind.name, "counts": ready.counts, "columns": ready.match.fields,
        "left": ready.match.left, "checked": ready.fit is not None, "placed": int(has.sum()),
        "bbox": around and [float(one) for one in around],
        "mended": [asdict(one) for one in ready.mended[:MENDED]],
    }  # fmt: skip


def _write(path: Path, parts: Any) -> Positions:
    """Write parts one after another; return where each begins, and where the last ends."""
    starts = [0]
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
            starts.append(starts[-1] + len(part))
    return np.array(starts, dtype=np.int64)


def _parts(path: Path, begin: Positions, some: Positions) -> list[bytes]:
    with path.open("rb") as file:
        return [os.pread(file.fileno(), begin[k + 1] - begin[k], begin[k]) for k in some.tolist()]


def _is_of(of: NDArray[np.uint8], state: str | None) -> NDArray[np.bool_]:
    return np.ones(len(of), dtype=bool) if state is None else of == STATES.index(state)


def _meets(box: Floats, within: Box | None) -> NDArray[np.bool_]:
    has = np.isfinite(box).all(axis=1)
    if within is None:
        return np.asarray(has)
    west, south, east, north = within
    with np.errstate(invalid="ignore"):
        inside = (box[:, 0] <= east) & (box[:, 2] >= west)
        return np.asarray(has & inside & (box[:, 1] <= north) & (box[:, 3] >= south))


def _some(at: Positions, state: NDArray[np.uint8]) -> Positions:
    """Return at most `DRAWN` of some rows: of each state evenly, the first in rank most."""
    mine = [at[state == k] for k in np.argsort(RANK).tolist()]
    chosen: list[Positions] = []
    left = DRAWN
    for k, rows in enumerate(mine):
        others = sum(min(len(one), DRAWN // 8) for one in mine[k + 1 :])
        step = np.linspace(0, len(rows) - 1, min(len(rows), left - others)).astype(np.int64)
        chosen.append(rows[np.unique(step)])
        left -= len(chosen[-1])
    return np.sort(np.concatenate(chosen))


def _pixel(box: Floats, within: Box | None) -> float:
    """Return the width of a pixel in degrees."""
    if within is None:
        within = (*box[:, :2].min(axis=0), *box[:, 2:].max(axis=0)) if len(box) else (0, 0, 0, 0)
    return float(max(within[2] - within[0], within[3] - within[1])) / PIXELS


def _shapes(shape: Any, pixel: float) -> list[dict[str, Any]]:
    """Return point and, where it is more than a dot, GeoJSON of each shape."""
    sides = np.asarray(shapely.bounds(shape)).reshape(-1, 4)
    large = (sides[:, 2:] - sides[:, :2]).max(axis=1, initial=0) >= DOT_PX * pixel
    simple = shapely.simplify(shape, pixel / 2)
    point = shapely.get_coordinates(shapely.point_on_surface(shape)).round(7)
    return [
        {"point": xy, **({"shape": json.loads(text)} if is_large else {})}
        for xy, text, is_large in zip(
            point.tolist(), shapely.to_geojson(simple), large.tolist(), strict=True
        )
    ]


def _box(box: Floats) -> list[float] | None:
    return box.tolist() if np.isfinite(box).all() else None
