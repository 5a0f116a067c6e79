"""Files as people send them: spreadsheets by hand-zipped XML, lists as text, features by GDAL."""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyogrio
import shapely

OOX = "http://schemas.openxmlformats.org"
REL, MAIN = f"{OOX}/officeDocument/2006/relationships", f"{OOX}/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="{OOX}/package/2006/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>""",
    "_rels/.rels": f"""<?xml version="1.0"?>
<Relationships xmlns="{OOX}/package/2006/relationships">
<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{REL}">
<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<?xml version="1.0"?>
<Relationships xmlns="{OOX}/package/2006/relationships">
<Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{REL}/styles" Target="styles.xml"/></Relationships>""",
    "xl/styles.xml": f"""<?xml version="1.0"?><styleSheet xmlns="{MAIN}">
<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>
</styleSheet>""",
}


class Date(float):
    """A number that the spreadsheet shows as a date."""


def xlsx(path: Path, rows: Iterable[Sequence[Any]], merged: Sequence[str] = ()) -> Path:
    """Write a workbook of one sheet; texts inline, as WPS writes them."""
    body = "".join(
        f'<row r="{i}">{"".join(_cell(f"{_letters(k)}{i}", v) for k, v in enumerate(row))}</row>'
        for i, row in enumerate(rows, 1)
    )
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    sheet = (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>'
        + (f'<mergeCells count="{len(merged)}">{merges}</mergeCells>' if merged else "")
        + "</worksheet>"
    )
    parts = {**PARTS, "xl/worksheets/sheet1.xml": sheet}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def _letters(k: int) -> str:
    return (chr(64 + k // 26) if k >= 26 else "") + chr(65 + k % 26)


def _cell(ref: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Date):
        return f'<c r="{ref}" s="1"><v>{float(value)!r}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{ref}"><v>{value!r}</v></c>'
    text = escape(str(value))
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def features(
    path: Path, driver: str, shape: Sequence[Any], columns: dict[str, list[Any]],
    encoding: str = "UTF-8", crs: str = "EPSG:4326", **options: Any,
) -> Path:  # fmt: skip
    """Write a file of GDAL's; the type of the shapes is that of the first."""
    types = {s.geom_type for s in shape if s is not None}
    pyogrio.raw.write(
        path, np.asarray(shapely.to_wkb(np.array(shape, dtype=object)), dtype=object),
        field_data=[np.array(values, dtype=_type(values)) for values in columns.values()],
        fields=np.array(list(columns), dtype=object), driver=driver, encoding=encoding, crs=crs,
        geometry_type=types.pop() if len(types) == 1 else "Unknown", **options,
    )  # fmt: skip
    return path


def _type(values: list[Any]) -> Any:
    return object if isinstance(values[0], str) else None


def shapefile(
    path: Path, shape: Sequence[Any], columns: dict[str, list[Any]], encoding: str = "GBK",
    cpg: str | None = None, **options: Any,
) -> Path:  # fmt: skip
    """Write a zipped Shapefile; ``cpg`` None: without that file, as most are sent."""
    folder = path.with_suffix("")
    folder.mkdir()
    features(folder / "图层.shp", "ESRI Shapefile", shape, columns, encoding, **options)
    (folder / "图层.cpg").unlink(missing_ok=True)
    if cpg is not None:
        (folder / "图层.cpg").write_text(cpg)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for part in sorted(folder.iterdir()):
            parts.write(part, part.name)
    return path
