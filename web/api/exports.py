"""Layers and tables as files, as far as one's rights go; empty forms for what is brought in."""

from typing import Any

from flask import Response

from gis import districts
from gis.crs import DATUMS
from gis.errors import BadInput
from gis.exchange import tables, writing
from gis.exchange.kinds import KINDS, Field
from web import downloads
from web.api.declared import TEXT, operation
from web.asked import acting, t
from web.bearer import by_token
from web.params import Parameter, choice, query

FORMATS = tuple(suffix.removeprefix(".") for suffix in writing.WRITERS)
ENCODINGS = ("UTF-8", "GBK")
ASKED = (
    Parameter("datum", choice(*DATUMS), {"type": "string", "enum": [*DATUMS]},
              "The datum of the coordinates", default="cgcs2000"),
    Parameter("encoding", choice(*ENCODINGS), {"type": "string", "enum": [*ENCODINGS]},
              "The encoding of the texts of a list or a Shapefile", default="UTF-8"),
)  # fmt: skip


@operation("GET", "/<district>/export/<layer>/<suffix>", TEXT, query=ASKED)
@by_token
def export(district: str, layer: str, suffix: str) -> Response:
    """Write what one may see of a layer as geojson, gpkg, kml, zip (Shapefile), csv or xlsx."""
    asked = query(ASKED)
    _refuse_format(suffix, FORMATS)
    with acting() as conn:
        home = districts.district(conn, district)
        name = t(f"export.{layer}") if layer in writing.LAYERS else layer
        shown = f"{home.name}-{name}-{asked['datum'].upper()}.{suffix}"
        return downloads.sent(
            f"{layer}.{suffix}", shown,
            lambda path: writing.write(conn, home, layer, path, asked["datum"], asked["encoding"]),
        )  # fmt: skip


@operation("GET", "/forms/<kind>/<suffix>", TEXT)
def form(kind: str, suffix: str) -> Response:
    """Write an empty table to fill in, csv or xlsx, with the headings of a kind."""
    query(())
    if kind not in KINDS:
        raise BadInput("parameter_choice", name="kind", text=kind[:60], known="、".join(KINDS))
    _refuse_format(suffix, ("csv", "xlsx"))
    of = KINDS[kind]
    hints = {field.heading: _hint(field) for field in of.fields}
    hints |= {name: t("imports.hint_required") for name in ("经度", "纬度", "几何")}
    return downloads.sent(f"{kind}.{suffix}", f"{t(f'imports.kind_{kind}')}.{suffix}",
                          lambda path: tables.form(of, hints, path))  # fmt: skip


def _refuse_format(suffix: str, known: tuple[str, ...]) -> None:
    if suffix not in known:
        raise BadInput("file_kind", file=suffix[:20], known=" ".join(known))


def _hint(field: Field) -> str:
    """Return what stands above a heading: whether it must be filled in, and with what."""
    said: list[Any] = [t("imports.hint_required" if field.required else "imports.hint_optional")]
    if field.options:
        words = {value: word for word, value in reversed([*field.options.items()])}
        said.append(t("imports.hint_words", words="、".join(words.values())))
    if field.refers:
        said.append(t("imports.hint_refers"))
    if field.name == "hours":
        said.append(t("imports.hint_hours"))
    return t("imports.hint_joint").join(said)
