"""What a file says of itself before it is understood: its layers, headings and first cells."""

from dataclasses import dataclass
from pathlib import Path

from gis.exchange import archive, cells, columns, excel, reading
from gis.exchange.kinds import Kind
from gis.exchange.sheet import Sheet

SHOWN, LONG = 3, 40


@dataclass(frozen=True, slots=True)
class Outline:
    """The layers or sheets of a file, the headings of one with its first cells, its encoding.

    ``fields`` is which heading was recognised as which field; ``shaped`` whether the format itself
    carries shapes; ``rows`` how many there are.
    """

    layers: list[str]
    headings: list[str]
    samples: dict[str, list[str]]
    fields: dict[str, str]
    encoding: str
    shaped: bool
    rows: int


def layers(path: Path) -> list[str]:
    """Return the names of the layers or sheets of a file, in its order; none: there are no such.

    Raises
    ------
    BadInput
        The file cannot be opened.
    """
    archive.check(path)
    suffix = path.suffix.lower()
    if suffix == ".zip":
        with archive.shapefiles(path) as found:
            return [one.stem for one in found]
    if suffix in (".xlsx", ".xls", ".ods"):
        return excel.sheets(path)
    return reading.layers(path) if suffix in (".gpkg", ".kml", ".geojson", ".json") else []


def outline(path: Path, kind: Kind, layer: str | None = None, encoding: str = "") -> Outline:
    """Return the outline of one layer; raises as `reading.read`."""
    return of_sheet(reading.read(path, kind, layer, encoding), kind, layers(path))


def of_sheet(sheet: Sheet, kind: Kind, those: list[str]) -> Outline:
    """Return the outline of a sheet that was read."""
    headings = list(columns.joined(sheet))
    return Outline(
        those, headings, {name: _samples(sheet, name) for name in headings},
        columns.match(kind, headings, {}).fields, sheet.encoding,
        sheet.shape is not None and any(shape is not None for shape in sheet.shape), len(sheet),
    )  # fmt: skip


def _samples(sheet: Sheet, name: str) -> list[str]:
    """Return the first different cells of a column that say anything."""
    said = (cells.plain(value)[:LONG] for value in sheet.columns[name][:200])
    return list(dict.fromkeys(text for text in said if text))[:SHOWN]
