"""Files become sheets: GeoJSON, GeoPackage, Shapefile, KML, CSV, Excel."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from gis import crs
from gis.errors import BadInput
from gis.exchange import archive, columns, encoding, excel
from gis.exchange.kinds import Kind
from gis.exchange.sheet import Sheet

ROWS = 2_000_000
csv.field_size_limit(64 * archive.MB)


def read(path: Path, kind: Kind, layer: str | None = None, asked: str = "") -> Sheet:
    """Read a file of any format; ``layer`` names one of several, ``asked`` an encoding.

    Raises
    ------
    BadInput
        It cannot be read, is too large, empty, or holds several layers and none is named.
    """
    archive.check(path)
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise BadInput("file_kind", file=path.name, known=" ".join(READERS))
    sheet = READERS[suffix](path, kind, layer, asked)
    if not len(sheet):
        raise BadInput("file_empty", file=path.name)
    return sheet


def _text(path: Path, kind: Kind, layer: str | None, asked: str) -> Sheet:
    """Read CSV; the separator is the one of , ; tab that the first line has most of."""
    text, name = encoding.of_text(path.read_bytes(), asked)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        headings = [heading.strip() for heading in next(reader)]
        rows = [(reader.line_num, row) for row in reader if any(row)]
    except (csv.Error, StopIteration) as error:
        raise BadInput("cannot_read", file=path.name, reason=error) from None
    width = len(headings)
    cells = [[*row, *[""] * (width - len(row))] for _, row in rows]
    found = {name: [row[k] or None for row in cells] for k, name in enumerate(headings) if name}
    return Sheet(found, np.array([line for line, _ in rows], dtype=np.int64), encoding=name)


def _workbook(path: Path, kind: Kind, layer: str | None, asked: str) -> Sheet:
    if path.suffix.lower() != ".xls":
        archive.check_zip(path)
    return excel.read(path, lambda headings: columns.recognised(kind, headings), layer)


def _shapefile(path: Path, kind: Kind, layer: str | None, asked: str) -> Sheet:
    with archive.shapefiles(path) as found:
        if layer:
            found = [shp for shp in found if shp.stem == layer]
        if not found:
            raise BadInput("no_shapefile", file=path.name)
        if len(found) > 1:
            raise BadInput("which_layer", file=path.name, known="、".join(s.stem for s in found))
        return _bare_shapefile(found[0], kind, None, asked)


def _bare_shapefile(path: Path, kind: Kind, layer: str | None, asked: str) -> Sheet:
    for other in (".dbf", ".shx") if path.suffix.lower() == ".shp" else ():
        if not path.with_suffix(other).exists():
            raise BadInput("shapefile_part", file=path.name, part=other)
    return _ogr(path, None, encoding.of_dbf(path, asked))


def _features(path: Path, kind: Kind, layer: str | None, asked: str) -> Sheet:
    return _ogr(path, _layer(path, kind, layer))


def layers(path: Path) -> list[str]:
    """Return the names of the layers of a file of features.

    Raises
    ------
    BadInput
        It cannot be read.
    """
    try:
        return [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except (pyogrio.errors.DataSourceError, OSError) as error:
        raise BadInput("cannot_read", file=path.name, reason=error) from None


def _layer(path: Path, kind: Kind, layer: str | None) -> str:
    """Return the layer to read: the only one, the one named, or the one named after the kind."""
    names = layers(path)
    fitting = [name for name in names if name == layer or (not layer and kind.name in name.lower())]
    if len(fitting) == 1 or (len(names) == 1 and not layer):
        return (fitting or names)[0]
    raise BadInput("which_layer", file=path.name, known="、".join(names))


def _ogr(path: Path, layer: str | None, encoded: str = "") -> Sheet:
    options: dict[str, Any] = {
        "layer": layer,
        "encoding": encoded or None,
        "datetime_as_string": True,
    }
    try:
        if pyogrio.read_info(path, layer=layer, encoding=encoded or None)["features"] > ROWS:
            raise BadInput("file_rows", file=path.name, most=ROWS)
        meta, _, shapes, values = pyogrio.raw.read(path, **options)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, UnicodeError,
            LookupError, ValueError, OSError) as error:  # fmt: skip
        raise BadInput("cannot_read", file=path.name, reason=error) from None
    names = [str(name) for name in meta["fields"]]
    count = len(values[0]) if values else len(shapes)
    found = {name: _list(column) for name, column in zip(names, values, strict=True)}
    with np.errstate(invalid="ignore"):  # what is no number is refused by its row
        shape = None if shapes is None else shapely.from_wkb(shapes, on_invalid="ignore")
    if shape is not None and meta["crs"]:
        shape = crs.unprojected(shape, meta["crs"])
    return Sheet(found, np.arange(1, count + 1), shape, encoded)


def _list(column: Any) -> list[Any]:
    """Return a column as plain values; what is missing is None."""
    if column.dtype.kind == "f":
        return [None if v != v else v for v in column.tolist()]
    return [None if v is None or v == "" else v for v in column.tolist()]


Reader = Callable[[Path, Kind, str | None, str], Sheet]
READERS: dict[str, Reader] = {
    ".geojson": _features, ".json": _features, ".gpkg": _features, ".kml": _features,
    ".zip": _shapefile, ".shp": _bare_shapefile, ".csv": _text, ".txt": _text,
    ".xlsx": _workbook, ".xls": _workbook, ".ods": _workbook,
}  # fmt: skip
