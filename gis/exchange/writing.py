"""Layers and tables as files, as far as one's rights go, in the formats that can be read again.

A column ``datum`` says in each row which datum the coordinates are of; longitude comes first. What
is too long for a cell of its format goes on in columns ``name_2``, ``name_3``.
"""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis import crs
from gis.crs import DATUMS
from gis.districts import District
from gis.errors import BadInput
from gis.exchange import encoding as encodings
from gis.exchange import known
from sql.database import Conn

LAYERS = ("areas", "buildings", "stations", "members", "ways", "compounds", "gates", "barriers",
          "water", "land", "services", "organisations", "assignments")  # fmt: skip
INNER = ("id", "version", "shape_id")
CELL = {".xlsx": 32_000, ".zip": 254}
JOINT = {"services": ",", "roles": "、", "skills": "、"}


def write(
    conn: Conn,
    home: District,
    layer: str,
    path: Path,
    datum: str = "cgcs2000",
    encoding: str = "UTF-8",
) -> int:
    """Write a layer as the actor of this transaction sees it; return how many rows.

    The file is written aside and renamed; an old one is lost only then.

    Raises
    ------
    BadInput
        There is no such layer, format or datum, or the file cannot be written there.
    """
    if layer not in LAYERS:
        raise BadInput("no_layer", name=layer, known="、".join(LAYERS))
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        raise BadInput("file_kind", file=path.name, known=" ".join(WRITERS))
    frame = _texts(known.stored(conn, home, layer), datum)
    shape = frame.pop("geometry").to_numpy(dtype=object) if "geometry" in frame else None
    if shape is not None:
        frame["datum"] = datum
        shape = _shifted(shape, datum)
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".yige-") as folder:
            aside = Path(folder, f"{layer}{suffix}")
            WRITERS[suffix](frame, shape, aside, encoding)
            aside.replace(path)
    except (OSError, pyogrio.errors.DataSourceError, UnicodeError) as error:
        raise BadInput("cannot_write", file=path.name, reason=error) from None
    return len(frame)


def _texts(frame: pd.DataFrame, datum: str) -> pd.DataFrame:
    """Return the columns as a file has them: lists joined, doors as text, nothing inner."""
    if datum not in DATUMS:
        raise BadInput("datum", datum=datum, known="、".join(DATUMS))
    frame = frame.drop(columns=[name for name in INNER if name in frame])
    for name, joint in JOINT.items():
        if name in frame:
            frame[name] = pd.Series([joint.join(cell) for cell in frame[name]], dtype=object)
    if "doors" in frame:
        doors = _shifted(frame["doors"].to_numpy(dtype=object), datum)
        frame["doors"] = pd.Series(wkt(doors), dtype=object)
    return frame


def wkt(shape: Any) -> list[str | None]:
    """Return shapes as text with all nine decimals, None where there is none."""
    return [
        None if s is None else shapely.to_wkt(s, rounding_precision=9, trim=True) for s in shape
    ]


def _shifted(shape: Any, datum: str) -> Any:
    def shift(xy: Any) -> Any:
        return np.stack(crs.shifted(xy[:, 0], xy[:, 1], datum), axis=1)

    return shapely.transform(np.asarray(shape, dtype=object), shift)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give columns of one sort of value its type, so that numbers are written as numbers."""
    return frame.apply(lambda column: column.convert_dtypes(convert_string=False))


def _ogr(driver: str, **options: Any) -> "Writer":
    def write(frame: pd.DataFrame, shape: Any, path: Path, encoding: str) -> None:
        _write(driver, frame, shape, path, **options)

    return write


def _write(
    driver: str,
    frame: pd.DataFrame,
    shape: Any,
    path: Path,
    encoding: str = "UTF-8",
    **options: Any,
) -> None:
    values, masks = _arrays(frame)
    pyogrio.raw.write(
        path, None if shape is None else np.asarray(shapely.to_wkb(shape), dtype=object),
        field_data=values, field_mask=masks, fields=np.array(list(frame), dtype=object),
        driver=driver, layer=path.stem, encoding=encoding,
        **({} if shape is None else _geometry(shape)), **options,
    )  # fmt: skip


def _geometry(shape: Any) -> dict[str, Any]:
    types = sorted({s.geom_type for s in shape if s is not None})
    return {"geometry_type": types[0] if len(types) == 1 else "Unknown", "crs": "EPSG:4490"}


def _arrays(frame: pd.DataFrame) -> tuple[list[Any], list[Any]]:
    """Return the columns as arrays of one type each, and where they are missing."""
    values, masks = [], []
    for name in frame:
        cells = frame[name].tolist()
        has = [cell for cell in cells if cell is not None]
        kinds = {type(cell) for cell in has}
        if kinds and kinds <= {bool}:
            column = np.array([bool(cell) for cell in cells])
        elif kinds and kinds <= {int}:
            column = np.array([cell or 0 for cell in cells], dtype=np.int64)
        elif kinds and kinds <= {int, float}:
            column = np.array([cell or 0.0 for cell in cells], dtype=np.float64)
        else:
            column = np.array([None if cell is None else str(cell) for cell in cells], dtype=object)
        values.append(column)
        masks.append(np.array([cell is None for cell in cells], dtype=bool))
    return values, masks


def _continued(frame: pd.DataFrame, most: int, size: Callable[[str], int]) -> pd.DataFrame:
    """Part what is longer than a cell holds over further columns."""
    parted: dict[str, list[Any]] = {}
    for name in frame:
        cells = [_parts(cell, most, size) for cell in frame[name]]
        for k in range(max([1, *map(len, cells)])):
            key = str(name) if k == 0 else f"{name}_{k + 1}"
            parted[key] = [cell[k] if k < len(cell) else None for cell in cells]
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in parted.items()})


def _parts(cell: Any, most: int, size: Callable[[str], int]) -> list[Any]:
    if not isinstance(cell, str) or size(cell) <= most:
        return [cell]
    step = most * len(cell) // size(cell) - 4
    return [cell[at : at + step] for at in range(0, len(cell), step)]


def _csv(frame: pd.DataFrame, shape: Any, path: Path, encoding: str) -> None:
    frame = _with_text(frame, shape)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(list(frame))
    lines.writerows(
        ["" if cell is None else cell for cell in row] for row in frame.itertuples(index=False)
    )
    mark = "utf-8-sig" if encodings.known(encoding) == "UTF-8" else encoding
    path.write_bytes(text.getvalue().encode(mark))


def _excel(frame: pd.DataFrame, shape: Any, path: Path, encoding: str) -> None:
    _write("XLSX", _continued(_with_text(frame, shape), CELL[".xlsx"], len), None, path)


def _with_text(frame: pd.DataFrame, shape: Any) -> pd.DataFrame:
    """Add the shapes: points as longitude and latitude, others as text."""
    if shape is None:
        return frame
    if all(s is not None and s.geom_type == "Point" for s in shape):
        return frame.assign(lon=[s.x for s in shape], lat=[s.y for s in shape])
    return frame.assign(geometry=pd.Series(wkt(shape), dtype=object))


def _shapefile(frame: pd.DataFrame, shape: Any, path: Path, encoding: str) -> None:
    name = encodings.known(encoding)
    frame = _continued(frame, CELL[".zip"], lambda text: len(text.encode(name)))
    with TemporaryDirectory(prefix="yige-") as folder:
        home = Path(folder, f"{path.stem}.shp")
        _write("ESRI Shapefile", frame, shape, home, "GBK" if name == "GB18030" else name)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
            for part in sorted(home.parent.iterdir()):
                parts.write(part, part.name)


Writer = Callable[[pd.DataFrame, Any, Path, str], None]
WRITERS: dict[str, Writer] = {
    ".geojson": _ogr("GeoJSON", COORDINATE_PRECISION="9", RFC7946="NO"),
    ".gpkg": _ogr("GPKG"), ".kml": _ogr("LIBKML"),
    ".zip": _shapefile, ".csv": _csv, ".xlsx": _excel,
}  # fmt: skip
