"""Props and settings which several scenes share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi, sin

from .svg import (
    APRICOT,
    DEEP,
    INK,
    MIST,
    PALE,
    PAPER,
    PETROL,
    SAND,
    SUN,
    VERMILION,
    WHITE,
    Pic,
    Point,
    dark,
    light,
    mix,
    seeded,
)


def halftone(
    pic: Pic,
    box: tuple[float, float, float, float],
    colour: str,
    *,
    step: float = 20,
    biggest: float = 6,
    opacity: float = 0.16,
    towards: Point = (1, 0),
) -> None:
    """A field of print dots over (x, y, w, h) which grow in one direction and fade out at the other edges."""
    left, top, wide, high = box
    dots = []
    for row in range(int(high / step * 2)):
        for column in range(int(wide / step)):
            x = (column + (row % 2) / 2) * step
            y = row * step / 2
            across = x / wide if towards[0] >= 0 else 1 - x / wide
            down = y / high if towards[1] >= 0 else 1 - y / high
            radius = biggest * max(0, across) ** abs(towards[0]) * max(0, down) ** abs(towards[1])
            if radius > 0.7:
                dots.append(
                    f"M{left + x - radius:.1f} {top + y:.1f}a{radius:.1f} {radius:.1f} 0 1 0 {2 * radius:.1f} 0"
                    f"a{radius:.1f} {radius:.1f} 0 1 0 {-2 * radius:.1f} 0"
                )
    pic.path("".join(dots), colour, opacity=opacity)


def cloud(pic: Pic, x: float, y: float, width: float, colour: str, opacity: float = 1) -> None:
    """A flat-bottomed cloud with a long foot; (x, y) is the left end of its base."""
    with pic.group(opacity=opacity):
        with pic.group(clip=f"M{x - width} {y - width}H{x + 2 * width}V{y}H{x - width}Z"):
            for along, lift, radius in ((0.22, 0.0, 0.1), (0.38, 0.05, 0.15), (0.56, 0.02, 0.13), (0.7, 0.0, 0.08)):
                pic.circle(x + width * along, y - width * lift, width * radius, colour)
            pic.rect(x, y - width * 0.06, width, width * 0.12, colour, rx=width * 0.06)
        pic.rect(x - width * 0.1, y + width * 0.035, width * 0.46, width * 0.028, colour, rx=width * 0.014)


def sun(pic: Pic, x: float, y: float, radius: float, colour: str = SUN, halo: str = "#f9e3a8") -> None:
    """A sun disc in rings of light."""
    for share, opacity in ((3.4, 0.14), (2.3, 0.2), (1.55, 0.3)):
        pic.circle(x, y, radius * share, halo, opacity=opacity)
    pic.circle(x, y, radius, colour)


def hills(pic: Pic, heights: Sequence[float], colour: str, floor: float = 900) -> None:
    """A ridge line across the canvas through evenly spaced heights."""
    step = (pic.width + 200) / (len(heights) - 1)
    points = [(-100 + i * step, y) for i, y in enumerate(heights)]
    parts = [f"M-100 {floor}L{points[0][0]} {points[0][1]}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        parts.append(f"C{x0 + step / 2:.0f} {y0} {x1 - step / 2:.0f} {y1} {x1:.0f} {y1}")
    pic.path("".join(parts) + f"L{pic.width + 100} {floor}Z", colour)


def tree(pic: Pic, x: float, y: float, tall: float, colour: str = PETROL, trunk: str = INK) -> None:
    """A round street tree, lit from the left."""
    wide = tall * 0.33
    pic.poly(
        [
            (x - tall * 0.022, y),
            (x - tall * 0.012, y - tall * 0.6),
            (x + tall * 0.012, y - tall * 0.6),
            (x + tall * 0.022, y),
        ],
        trunk,
    )
    crown = [
        (-0.5, 0.36),
        (-0.92, 0.46),
        (-1, 0.64),
        (-0.78, 0.84),
        (-0.36, 0.97),
        (0.12, 0.99),
        (0.56, 0.9),
        (0.9, 0.72),
        (0.98, 0.54),
        (0.7, 0.4),
        (0.1, 0.35),
    ]
    pic.blob([(x + a * wide, y - b * tall) for a, b in crown], dark(colour, 0.3))
    pic.blob([(x - wide * 0.1 + a * wide * 0.88, y - tall * 0.03 - b * tall * 0.97) for a, b in crown], colour)
    pic.blob(
        [(x - wide * 0.22 + a * wide * 0.5, y - tall * 0.3 - b * tall * 0.6) for a, b in crown], light(colour, 0.12)
    )


def poplar(pic: Pic, x: float, y: float, tall: float, colour: str) -> None:
    """A slim tree for the distance."""
    pic.ellipse(x, y - tall * 0.52, tall * 0.15, tall * 0.46, colour)
    pic.rect(x - tall * 0.015, y - tall * 0.2, tall * 0.03, tall * 0.2, dark(colour, 0.3))


def skyline(
    pic: Pic, floor: float, heights: tuple[float, float], colour: str, lit: str, seed: int, share: float = 0.25
) -> None:
    """Plain city blocks with a few lit windows."""
    random = seeded(seed)
    x = -40.0
    while x < pic.width:
        wide, tall = random.uniform(60, 150), random.uniform(*heights)
        pic.rect(x, floor - tall, wide, tall + 4, mix(colour, INK, random.uniform(0, 0.14)))
        if random.random() < 0.3:
            pic.rect(x + wide * 0.3, floor - tall - 22, wide * 0.25, 24, colour)
        for row in range(int(tall / 30) - 1):
            for column in range(int(wide / 24) - 1):
                if random.random() < share:
                    pic.rect(
                        x + 16 + column * 24,
                        floor - tall + 20 + row * 30,
                        9,
                        14,
                        lit,
                        opacity=random.choice((0.35, 0.7, 1)),
                    )
        x += wide + random.uniform(-6, 18)


def lettering(pic: Pic, x: float, y: float, width: float, height: float, colour: str, seed: int = 1) -> None:
    """A heading set in bars of word length, which reads as lettering but says nothing."""
    random = seeded(seed)
    at = x
    while at < x + width - height:
        long = min(height * random.uniform(2.2, 4.6), x + width - at)
        pic.rect(at, y, long, height, colour, rx=height * 0.3)
        at += long + height * 0.5


def text_lines(
    pic: Pic, x: float, y: float, width: float, count: int, gap: float, colour: str, seed: int, thick: float = 4
) -> None:
    """Lines of small print."""
    random = seeded(seed)
    for row in range(count):
        long = width * (random.uniform(0.35, 0.7) if row == count - 1 else random.uniform(0.88, 1))
        pic.rect(x, y + row * gap, long, thick, colour, rx=thick / 2)


def charger(pic: Pic, x: float, y: float, tall: float, glow: str = SUN) -> None:
    """A charging post with a lit screen; (x, y) is the middle of its foot."""
    wide = tall * 0.3
    pic.ellipse(x, y, wide * 0.9, tall * 0.03, INK, opacity=0.5)
    pic.rect(x - wide * 0.62, y - tall * 0.03, wide * 1.24, tall * 0.04, mix(INK, DEEP, 0.3), rx=3)
    pic.rect(x - wide / 2, y - tall, wide, tall * 0.98, PALE, rx=wide * 0.16)
    pic.path(
        f"M{x + wide * 0.22} {y - tall}h{wide * 0.12}q{wide * 0.16} 0 {wide * 0.16} {wide * 0.16}"
        f"v{tall * 0.98 - wide * 0.16}h{-wide * 0.28}Z",
        mix(MIST, PETROL, 0.25),
    )
    pic.rect(x - wide * 0.36, y - tall * 0.9, wide * 0.54, tall * 0.24, DEEP, rx=wide * 0.05)
    pic.path(
        f"M{x - wide * 0.04} {y - tall * 0.88}l{-wide * 0.16} {tall * 0.11}h{wide * 0.1}l{-wide * 0.04} {tall * 0.085}"
        f"l{wide * 0.18} {-tall * 0.12}h{-wide * 0.1}Z",
        glow,
    )
    pic.rect(x - wide * 0.36, y - tall * 0.58, wide * 0.54, tall * 0.03, VERMILION, rx=2)
    pic.rect(x - wide * 0.2, y - tall * 0.48, wide * 0.24, tall * 0.12, dark(MIST, 0.6), rx=wide * 0.06)


def lamp(pic: Pic, x: float, y: float, tall: float, reach: float, glow: str = SUN, lit: bool = True) -> None:
    """A slim lot lamp with an arm."""
    pic.line([(x, y), (x, y - tall), (x + reach, y - tall)], INK, 6)
    pic.rect(min(x + reach - 12, x + reach + 12), y - tall - 4, 26, 8, INK, rx=3)
    if lit:
        pic.ellipse(x + reach, y - tall + 8, 46, 30, pic.glow(glow, glow, alpha=(0.8, 0)))
        pic.rect(x + reach - 9, y - tall + 3, 20, 4, light(glow, 0.5))


def pylon(pic: Pic, x: float, y: float, width: float, height: float, face: str = VERMILION, post: str = INK) -> None:
    """A dealer's pylon sign without a name; (x, y) is the middle of its foot."""
    pic.rect(x - width * 0.06, y - height, width * 0.12, height, post)
    pic.rect(x - width / 2, y - height, width, width * 0.72, face, rx=width * 0.1)
    pic.circle(x, y - height + width * 0.3, width * 0.17, "none", stroke=WHITE, stroke_width=width * 0.06)
    pic.rect(x - width * 0.3, y - height + width * 0.54, width * 0.6, width * 0.06, WHITE, rx=2)


def panes(
    pic: Pic, x: float, y: float, w: float, h: float, columns: int, rows: int, bar: str, thick: float = 4
) -> None:
    """Glazing bars over a window."""
    for i in range(columns + 1):
        pic.rect(x + w * i / columns - thick / 2, y, thick, h, bar)
    for i in range(rows + 1):
        pic.rect(x, y + h * i / rows - thick / 2, w, thick, bar)


def gleam(pic: Pic, x: float, y: float, w: float, h: float, opacity: float = 0.18) -> None:
    """Slanted reflections over a pane."""
    with pic.group(clip=f"M{x} {y}h{w}v{h}h{-w}Z", opacity=opacity):
        for start, wide in ((0.12, 0.16), (0.32, 0.05), (0.62, 0.2)):
            a = x + w * start
            pic.poly(
                [(a + h * 0.3, y), (a + w * wide + h * 0.3, y), (a + w * wide - h * 0.3, y + h), (a - h * 0.3, y + h)],
                WHITE,
            )


def cone_light(
    pic: Pic, x: float, y: float, spread: float, fall: float, colour: str = SUN, opacity: float = 0.35
) -> None:
    """A cone of lamp light falling from (x, y)."""
    paint = pic.down(colour, colour, alpha=(opacity, 0))
    pic.poly([(x - spread * 0.12, y), (x + spread * 0.12, y), (x + spread, y + fall), (x - spread, y + fall)], paint)


def gear_points(x: float, y: float, radius: float, teeth: int, depth: float) -> list[Point]:
    """Outline of a toothed wheel."""
    points = []
    for i in range(teeth * 4):
        reach = radius if i % 4 < 2 else radius - depth
        angle = 2 * pi * i / (teeth * 4)
        points.append((x + reach * cos(angle), y + reach * sin(angle)))
    return points


WARM_WALLS = (
    SAND,
    mix(SAND, APRICOT, 0.45),
    mix(PAPER, SAND, 0.4),
    mix(VERMILION, SAND, 0.35),
    mix(APRICOT, SAND, 0.2),
)
