"""Turn the segments of seventeen cities into plain arrays. Runs in the bench's own environment."""

import sys

import numpy as np
import pyarrow.parquet as pq

M_PER_DEGREE = 111_320.0
APART_M = 1_000_000.0


def metres(lon, lat, city):
    """Project each city around its own middle, the cities far apart from each other."""
    count = np.bincount(city)
    middle = [np.bincount(city, each) / count for each in (lon, lat)]
    x = (lon - middle[0][city]) * M_PER_DEGREE * np.cos(np.radians(middle[1][city]))
    return x + city * APART_M, (lat - middle[1][city]) * M_PER_DEGREE


def main(source, target):
    """Write nodes 0 … n - 1 with metres, and segments with their cost, at least 1 cm."""
    table = pq.read_table(source)
    column = {
        name: table[name].to_numpy() for name in ("u", "v", "x1", "y1", "x2", "y2", "length_m")
    }
    city = table["city"].combine_chunks().dictionary_encode().indices.to_numpy()
    _, first, number = np.unique(
        np.concatenate([column["u"], column["v"]]), return_index=True, return_inverse=True
    )
    lon, lat = (np.concatenate([column[f"{a}1"], column[f"{a}2"]])[first] for a in "xy")
    x, y = metres(lon, lat, np.tile(city, 2)[first])
    cost = np.maximum(1, np.rint(column["length_m"].astype(float) * 100)).astype(np.int64)
    u, v = np.split(number, 2)
    np.savez(target, x=x, y=y, source=u, target=v, cost=cost)


if __name__ == "__main__":
    main(*sys.argv[1:])
