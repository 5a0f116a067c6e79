"""Network health: what is wrong with a network, each a place one can go to and mend."""

from typing import Any

from psycopg.rows import dict_row

from gis.districts import District
from gis.walk.variants import Variant
from sql import query
from sql.database import Conn

LONG_CONNECTOR_CM = 5_000


def health(conn: Conn, home: District, name: str, variant: Variant) -> dict[str, Any]:
    """Return counts, components, and lists of places ordered by code (lon, lat in degrees).

    ``unconnected_buildings`` have no access to the largest component nor to one with a station;
    ``long_connectors`` are buildings whose nearest way is over 50 m from their door or outline.
    """
    asked = {
        "district": home.code,
        "shut": list(variant.shut),
        "step_free": variant.step_free,
        "long": LONG_CONNECTOR_CM,
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        totals = cursor.execute(query("health.totals"), asked).fetchone()
        components = cursor.execute(query("health.components"), asked).fetchall()
        places = {
            kind: cursor.execute(query(f"health.{kind}"), asked).fetchall()
            for kind in ("unconnected_buildings", "long_connectors", "one_way_gates", "shut_gates")
        }
    assert totals is not None
    return {
        "district": home.code,
        "name": home.name,
        "sample": home.sample,
        "data_date": str(home.data_date),
        "variant": name,
        **totals,
        "components": _components(components),
        **places,
    }


def _components(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Sum up the components; the list holds the ten largest by length."""
    total = sum(row["length_cm"] for row in rows)
    largest = max((row["length_cm"] for row in rows), default=0)
    return {
        "count": len(rows),
        "largest_share": largest / total if total else 0.0,
        "largest": rows[:10],
    }
