"""A solid car model with flat shaded faces, seen through a camera.

Car coordinates: along from tail to nose, up, and side, positive to the left of the nose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

from .camera import Camera, Spot, hull
from .svg import (
    APRICOT,
    DEEP,
    INK,
    MIST,
    PETROL,
    SUN,
    VERMILION,
    WHITE,
    Pic,
    Point,
    dark,
    light,
    mix,
    smooth,
    straight,
)


@dataclass(frozen=True)
class Shape:
    """Proportions of a solid car; x runs from the tail (0) to the nose (length)."""

    length: float
    width: float
    wheels: tuple[float, float]
    radius: float
    deck: tuple[Point, ...]
    belt: tuple[float, float, float]
    roof: tuple[float, float, float]
    pillars: tuple[float, ...]
    bed: float = 0


SHAPES = {
    "sedan": Shape(
        470,
        182,
        (92, 374),
        35,
        ((0, 98), (40, 104), (110, 104), (340, 100), (420, 88), (470, 72)),
        (86, 344, 101),
        (150, 284, 143),
        (0.5,),
    ),
    "hatch": Shape(
        402,
        178,
        (78, 322),
        35,
        ((0, 92), (30, 102), (286, 102), (350, 90), (402, 72)),
        (14, 290, 102),
        (58, 226, 149),
        (0.3, 0.62),
    ),
    "suv": Shape(
        465,
        190,
        (92, 372),
        40,
        ((0, 106), (30, 116), (340, 115), (410, 106), (465, 86)),
        (12, 342, 115),
        (46, 276, 171),
        (0.28, 0.6),
    ),
    "pickup": Shape(
        566,
        200,
        (120, 456),
        43,
        ((0, 124), (206, 124), (400, 126), (490, 118), (566, 94)),
        (214, 396, 126),
        (228, 346, 187),
        (0.55,),
        bed=206,
    ),
    "van": Shape(
        540,
        204,
        (110, 434),
        38,
        ((0, 120), (40, 122), (480, 122), (510, 112), (540, 92)),
        (4, 500, 122),
        (8, 420, 236),
        (0.77,),
    ),
}


class Placed:
    """A car shape standing on the ground at (x, z), its nose turned by `heading` degrees."""

    def __init__(self, camera: Camera, shape: Shape, x: float, z: float, heading: float, lift: float = 0) -> None:
        self.camera = camera
        self.shape = shape
        self.place = (x, lift, z)
        self.turn = (cos(heading * pi / 180), sin(heading * pi / 180))

    def world(self, along: float, up: float, side: float) -> Spot:
        """World spot of car coordinates; `side` is positive to the left of the nose."""
        ahead = along - self.shape.length / 2
        c, s = self.turn
        x, y, z = self.place
        return (x + ahead * c - side * s, y + up, z + ahead * s + side * c)

    def see(self, along: float, up: float, side: float) -> Point:
        """Canvas point of car coordinates."""
        return self.camera.see(self.world(along, up, side))

    def skin(self, angle: float, up: float) -> Spot:
        """A spot on the rounded flank; angle 0 is the nose, 90 the left side, 180 the tail."""
        shape = self.shape
        turn = angle * pi / 180
        c, s = cos(turn), sin(turn)
        reach = (abs(c) ** 5 + abs(s) ** 5) ** (-1 / 5)
        tuck = 1 - 0.05 * abs((up - 68) / 50) ** 2
        nose = 1 - 0.018 * abs((up - 60) / max(34, shape.deck[0][1] - 62)) ** 2
        return self.world(shape.length / 2 * (1 + c * reach * nose), up, shape.width / 2 * s * reach * tuck)

    def deck(self, angle: float) -> float:
        """Height of the upper edge of the body at an angle."""
        turn = angle * pi / 180
        c, s = cos(turn), sin(turn)
        along: float = self.shape.length / 2 * (1 + c * (abs(c) ** 5 + abs(s) ** 5) ** (-1 / 5))
        points = self.shape.deck
        for (left, low), (right, high) in pairwise(points):
            if along <= right:
                return low + (high - low) * (along - left) / (right - left)
        return points[-1][1]

    def patch(
        self, angles: tuple[float, float], ups: tuple[float | None, float | None], steps: int = 10
    ) -> list[Point]:
        """A band of skin between two angles and two heights; None stands for the upper edge."""
        sweep = [angles[0] + (angles[1] - angles[0]) * i / steps for i in range(steps + 1)]
        low = [self.camera.see(self.skin(a, self.deck(a) if ups[0] is None else ups[0])) for a in sweep]
        high = [self.camera.see(self.skin(a, self.deck(a) if ups[1] is None else ups[1])) for a in sweep]
        return low + high[::-1]

    def shows(self, angle: float) -> bool:
        """Whether the skin at an angle is turned towards the camera."""
        step = 2
        corners = [self.skin(angle + step, 40), self.skin(angle - step, 40), self.skin(angle - step, 80)]
        return self.camera.faces(corners)


def shade(base: str, light_share: float) -> str:
    """Tint (positive) or shade (negative) of a paint."""
    return light(base, light_share) if light_share > 0 else dark(base, -light_share)


def solid_car(
    pic: Pic,
    camera: Camera,
    kind: str,
    x: float,
    z: float,
    heading: float,
    colour: str,
    *,
    lift: float = 0,
    sun: float = 1,
    lamps: bool = False,
    shadow: Point = (0, 0),
    shadow_opacity: float = 0.4,
) -> None:
    """A car in perspective. `sun` scales light and shade, `shadow` is the (x, z) reach of its cast shadow."""
    placed = Placed(camera, SHAPES[kind], x, z, heading, lift)
    _shadow(pic, placed, shadow, shadow_opacity)
    _underside(pic, placed)
    _flanks(pic, placed, colour, sun)
    _ends(pic, placed, colour, sun, lamps)
    _top(pic, placed, colour, sun)
    _cabin(pic, placed, colour, sun)


def _shadow(pic: Pic, placed: Placed, reach: Point, opacity: float) -> None:
    outline = [placed.skin(a, 0) for a in range(0, 360, 12)]
    pic.poly([placed.camera.see((x, 0, z)) for x, _, z in outline], INK, opacity=opacity)
    if reach != (0, 0):
        far = [(x + reach[0], z + reach[1]) for x, _, z in outline]
        every = [placed.camera.see((x, 0, z)) for x, _, z in outline] + placed.camera.floor(far)
        pic.poly(hull(every), INK, opacity=opacity * 0.7)


def _underside(pic: Pic, placed: Placed) -> None:
    """Dark mass between the wheels, and the tyres seen under the far side."""
    dusk = mix(INK, DEEP, 0.2)
    shape = placed.shape
    for side in (-1, 1):
        for along in shape.wheels:
            pic.poly(hull(_ring(placed, along, side, 1, 0) + _ring(placed, along, side, 1, -24)), dusk)
    outline = [placed.skin(a, 30) for a in range(0, 360, 12)] + [placed.skin(a, 18) for a in range(0, 360, 12)]
    pic.poly(hull([placed.camera.see(spot) for spot in outline]), dusk)


def _ring(placed: Placed, along: float, side: int, share: float, inset: float) -> list[Point]:
    radius = placed.shape.radius
    flank = side * (placed.shape.width / 2 + inset)
    return [
        placed.see(along + radius * share * cos(a * pi / 12), radius + radius * share * sin(a * pi / 12), flank)
        for a in range(24)
    ]


def _flanks(pic: Pic, placed: Placed, colour: str, sun: float) -> None:
    shape = placed.shape
    for side, middle in ((1, 90), (-1, 270)):
        if not placed.shows(middle):
            continue
        angles = (middle - 52.0, middle + 52.0)
        tone = (0.0 if side > 0 else -0.12) * sun
        body = placed.patch(angles, (24, None), 24)
        pic.poly(body, shade(colour, tone - 0.18 * sun))
        pic.poly(placed.patch(angles, (shape.deck[1][1] * 0.74, None), 24), shade(colour, tone + 0.02 * sun))
        pic.poly(placed.patch(angles, (24, 48), 24), shade(colour, tone - 0.34 * sun))
        pic.poly(placed.patch(angles, (20, 30), 24), dark(colour, 0.8))
        with pic.group(clip="M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in body) + "Z"):
            for along in shape.wheels:
                pic.poly(_ring(placed, along, side, 1.2, -1), mix(INK, DEEP, 0.1))
        for along in shape.wheels:
            _wheel(pic, placed, along, side)


def _wheel(pic: Pic, placed: Placed, along: float, side: int) -> None:
    pic.poly(_ring(placed, along, side, 1, 0), mix(INK, DEEP, 0.3))
    pic.poly(_ring(placed, along, side, 0.68, 0), MIST)
    pic.poly(_ring(placed, along, side, 0.56, 0), dark(MIST, 0.62))
    radius = placed.shape.radius * 0.6
    flank = side * placed.shape.width / 2
    for spoke in range(5):
        arms = []
        for offset, reach in ((-0.5, 0.15), (-0.26, 1), (0.26, 1), (0.5, 0.15)):
            a = spoke * 2 * pi / 5 + offset * (1 if reach == 1 else 2)
            arms.append(
                placed.see(along + radius * reach * cos(a), placed.shape.radius + radius * reach * sin(a), flank)
            )
        pic.poly(arms, MIST)


def _ends(pic: Pic, placed: Placed, colour: str, sun: float, lamps: bool) -> None:
    """Nose and tail with lamps, grille and plate."""
    top = placed.shape.deck[-1][1]
    if placed.shows(0):
        pic.poly(placed.patch((-38, 38), (24, None), 20), shade(colour, -0.08 * sun))
        pic.poly(placed.patch((-38, 38), (24, 44), 20), shade(colour, -0.3 * sun))
        pic.poly(placed.patch((-26, 26), (26, 42)), mix(INK, DEEP, 0.3))
        pic.poly(placed.patch((-17, 17), (top * 0.7, top * 0.84)), mix(INK, DEEP, 0.3))
        pic.poly(placed.patch((-8, 8), (40, 52)), WHITE)
        for side in (-1, 1):
            pic.poly(placed.patch((side * 22, side * 42), (top * 0.72, top * 0.9)), SUN if lamps else WHITE)
    if placed.shows(180):
        edge = placed.shape.deck[0][1]
        pic.poly(placed.patch((142, 218), (24, None), 20), shade(colour, -0.14 * sun))
        pic.poly(placed.patch((142, 218), (24, 46), 20), dark(colour, 0.5))
        pic.poly(placed.patch((172, 188), (56, 70)), WHITE)
        for side in (-1, 1):
            lamp = (180 + side * 22, 180 + side * 44)
            pic.poly(placed.patch(lamp, (edge * 0.72, edge * 0.9)), APRICOT if colour == VERMILION else VERMILION)


def _top(pic: Pic, placed: Placed, colour: str, sun: float) -> None:
    """Bonnet, boot lid and the pickup's open bed."""
    rim = [placed.camera.see(placed.skin(a, placed.deck(a))) for a in range(0, 360, 6)]
    pic.path(smooth(rim), shade(colour, 0.16 * sun))
    shape = placed.shape
    half = shape.width / 2
    if shape.bed:
        run = ((24.0, 0.6), (32.0, 0.74), (54.0, 0.83), (shape.bed, 0.84))
        inner = [(a, half * s) for a, s in run] + [(a, -half * s) for a, s in run[::-1]]
        mouth = [placed.see(a, shape.deck[0][1], s) for a, s in inner]
        pic.poly(mouth, dark(colour, 0.78))
        with pic.group(clip=straight(mouth)):
            pic.poly([placed.see(a, 70, s * 0.96) for a, s in inner], dark(colour, 0.6))
    front = shape.belt[1]
    for side in (-1, 1):
        ends = [
            (front - 10, shape.belt[2], side * half * 0.7),
            (shape.length - 30, shape.deck[-2][1] - 6, side * half * 0.56),
        ]
        pic.line([placed.see(*spot) for spot in ends], dark(colour, 0.25), 1.2, opacity=0.6)


def _cabin(pic: Pic, placed: Placed, colour: str, sun: float) -> None:
    """Windows and roof, the faces turned to the camera only."""
    shape = placed.shape
    rear, front, low = shape.belt
    back, fore, high = shape.roof
    wide, narrow = shape.width / 2 * 0.93, shape.width / 2 * (0.86 if shape.length == 540 else 0.74)
    tail_wide = min(wide, shape.width / 2 * (1 - (1 - 2 * rear / shape.length) ** 5) ** 0.2)
    glass = dark(PETROL, 0.45)

    def quad(spots: Sequence[Spot]) -> list[Spot]:
        return [placed.world(*spot) for spot in spots]

    def seen(spots: Sequence[Spot]) -> list[Point]:
        return [placed.camera.see(spot) for spot in spots]

    def inset(spots: Sequence[Spot], share: float, lift: float) -> list[Spot]:
        middle = tuple(sum(spot[i] for spot in spots) / len(spots) for i in range(3))
        return [
            (s[0] + (middle[0] - s[0]) * share, s[1] + (middle[1] - s[1]) * lift, s[2] + (middle[2] - s[2]) * share)
            for s in spots
        ]

    tail = [(rear, low, tail_wide), (back, high, narrow), (back, high, -narrow), (rear, low, -tail_wide)]
    wind = [(front, low, -wide), (fore, high, -narrow), (fore, high, narrow), (front, low, wide)]
    for spots, lit in ((tail, -0.05), (wind, 0.0)):
        corners = quad(spots)
        if placed.camera.faces(corners):
            pic.poly(seen(corners), shade(colour, lit * sun))
            pane = inset(spots, 0.1, 0.12)
            pic.poly(seen(quad(pane)), glass)
            a, b, c, d = pane
            gleam = [_between(a, d, 0.1), _between(b, c, 0.3), _between(b, c, 0.55), _between(a, d, 0.4)]
            pic.poly(seen(quad(gleam)), MIST, opacity=0.22 * max(sun, 0.4))
    for side in (1, -1):
        spots = [
            (front, low, side * wide),
            (fore, high, side * narrow),
            (back, high, side * narrow),
            (rear, low, side * tail_wide),
        ]
        corners = quad(spots)
        outward = placed.camera.faces(corners if side > 0 else corners[::-1])
        if not outward:
            continue
        pic.poly(seen(corners), shade(colour, (0.0 if side > 0 else -0.12) * sun))
        a, b, c, d = inset(spots, 0.07, 0.12)
        if shape.length == 540:
            c, d = _between(b, c, 0.2), _between(a, d, 0.26)
        pic.poly(seen(quad([a, b, c, d])), glass)
        gleam = [_between(a, d, 0.3), _between(b, c, 0.16), _between(b, c, 0.34), _between(a, d, 0.52)]
        pic.poly(seen(quad(gleam)), MIST, opacity=0.2 * max(sun, 0.4))
        for share in shape.pillars if shape.length != 540 else ():
            bar = [
                _between(a, d, share),
                _between(b, c, share),
                _between(b, c, share + 0.05),
                _between(a, d, share + 0.04),
            ]
            pic.poly(seen(quad(bar)), dark(colour, 0.5))
    rim: list[Spot] = [(back, high, narrow), (fore, high, narrow), (fore, high, -narrow), (back, high, -narrow)]
    middle = (back + fore) / 2
    crown = [
        rim[0],
        (middle, high + 3, narrow + 1),
        rim[1],
        (fore + 7, high - 1, 0),
        rim[2],
        (middle, high + 3, -narrow - 1),
        rim[3],
        (back - 6, high - 1, 0),
    ]
    pic.poly(
        seen(quad(crown)),
        shade(colour, 0.26 * sun),
        stroke=shade(colour, 0.26 * sun),
        stroke_width=2,
        stroke_linejoin="round",
    )


def _between(a: Spot, b: Spot, share: float) -> Spot:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)
