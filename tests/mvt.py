"""A decoder of vector tiles, after the Mapbox Vector Tile specification 2.1, for recounts."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import shapely

POINT, LINE, POLYGON = 1, 2, 3


@dataclass
class Feature:
    id: int
    properties: dict[str, Any]
    shape: Any  # in steps from the upper left, y down


@dataclass
class Layer:
    name: str = ""
    extent: int = 4096
    features: list[Feature] = field(default_factory=list)


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield number and value of each field of a protobuf message."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = {1: (8, at), 5: (4, at)}.get(key & 7) or varint(data, at)
            value, at = data[at : at + size], at + size
        yield key >> 3, value


def packed(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def zigzag(n: int) -> int:
    return (n >> 1) ^ -(n & 1)


def scalar(data: bytes) -> Any:
    [(kind, value)] = fields(data)
    if kind == 1:
        return value.decode()
    if kind in (2, 3):
        return struct.unpack("<f" if kind == 2 else "<d", value)[0]
    return zigzag(value) if kind == 6 else bool(value) if kind == 7 else value


def lines(commands: list[int]) -> list[list[tuple[int, int]]]:
    """Return the paths that the pen draws; each ring ends where it began."""
    found: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        for _ in range(count):
            if command == 7:
                found[-1].append(found[-1][0])
                continue
            x, y = x + zigzag(commands[at]), y + zigzag(commands[at + 1])
            at += 2
            if command == 1:
                found.append([])
            found[-1].append((x, y))
    return found


def shape(kind: int, commands: list[int]) -> Any:
    paths = lines(commands)
    if kind == POINT:
        return shapely.MultiPoint([path[0] for path in paths])
    if kind == LINE:
        return shapely.MultiLineString(paths)
    polygons: list[tuple[Any, list[Any]]] = []
    for path in paths:
        turn = sum(a * d - c * b for (a, b), (c, d) in pairwise(path))
        assert turn != 0, "a ring without an area"
        if turn > 0:  # clockwise on the screen: an outer ring
            polygons.append((path, []))
        else:
            polygons[-1][1].append(path)
    return shapely.MultiPolygon(polygons)


def decode(tile: bytes) -> dict[str, Layer]:
    """Return the layers of a tile by their names."""
    return {layer.name: layer for number, data in fields(tile) if number == 3
            for layer in [_layer(data)]}  # fmt: skip


def _layer(data: bytes) -> Layer:
    layer, keys, values, bodies = Layer(), [], [], []
    for number, value in fields(data):
        if number == 1:
            layer.name = value.decode()
        elif number == 3:
            keys.append(value.decode())
        elif number == 4:
            values.append(scalar(value))
        elif number == 5:
            layer.extent = value
        elif number == 2:
            bodies.append(dict(fields(value)))
    for body in bodies:
        tags = packed(body.get(2, b""))
        said = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        layer.features.append(Feature(body.get(1, 0), said, shape(body[3], packed(body[4]))))
    return layer
