"""Scenes behind the showroom: workshop, reconditioning bay, parts store."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, sin
from random import Random

from .camera import Camera
from .cars import car
from .parts import (
    cone_light,
)
from .people import MECHANIC, SKINS, Look, Pose, person
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
    dark,
    light,
    mix,
    seeded,
)


def service_bay(pic: Pic) -> None:
    """A hatchback on a two-post lift, a technician working under it, tools on the wall."""
    pic.fill(pic.across(mix(SAND, PAPER, 0.35), mix(SAND, APRICOT, 0.25)))
    pic.rect(0, 560, 1600, 180, mix(PETROL, MIST, 0.2))
    pic.rect(0, 552, 1600, 10, PAPER)
    pic.rect(0, 735, 1600, 165, pic.down(mix(MIST, PETROL, 0.35), mix(MIST, PETROL, 0.6)))
    pic.poly([(980, 0), (1330, 0), (700, 735), (200, 735)], WHITE, opacity=0.22)
    pic.poly([(1400, 0), (1500, 0), (960, 735), (820, 735)], WHITE, opacity=0.16)
    pic.poly([(200, 735), (700, 735), (560, 900), (20, 900)], WHITE, opacity=0.2)
    with pic.group("translate(-40 -10)"):
        _tool_wall(pic)
    _tyre_rack(pic)
    pic.ellipse(910, 846, 460, 24, INK, opacity=0.22)
    for x in (534, 1286):
        pic.rect(x - 62, 812, 124, 26, mix(INK, DEEP, 0.5), rx=4)
        pic.rect(x - 26, 110, 52, 710, VERMILION)
        pic.rect(x - 26, 110, 16, 710, light(VERMILION, 0.2))
        pic.rect(x + 4, 126, 10, 680, dark(VERMILION, 0.5))
    car(pic, "hatch", 910, 452, 1.72, PETROL, shadow=0, glass=DEEP)
    pic.rect(520, 448, 780, 26, mix(INK, DEEP, 0.4), rx=4)
    pic.rect(520, 448, 780, 7, mix(PETROL, MIST, 0.3), rx=3)
    for x in (534, 1286):
        pic.rect(x - 34, 420, 68, 74, mix(INK, DEEP, 0.3), rx=6)
    cone_light(pic, 905, 474, 280, 360, PAPER, 0.5)
    person(
        pic,
        880,
        842,
        1.92,
        MECHANIC,
        Pose(left=(-4, 194), right=(36, 188), lean=4, bend=(1, -1), feet=((-16, 0), (16, 0))),
    )
    pic.circle(952, 470, 44, WHITE, opacity=0.3)
    pic.rect(944, 462, 16, 34, INK, rx=6)
    pic.circle(952, 462, 13, WHITE)
    _tool_cart(pic, 1452, 852)


def _tool_wall(pic: Pic) -> None:
    """Pegboard with tool silhouettes."""
    pic.rect(70, 170, 430, 300, mix(PETROL, DEEP, 0.3), rx=8)
    pic.rect(70, 170, 430, 12, mix(PETROL, MIST, 0.3), rx=6)
    for i in range(7):
        x, size = 112 + i * 34, 74 - i * 7
        pic.line([(x, 214), (x, 214 + size)], MIST, 9)
        pic.circle(x, 212, 11, MIST)
        pic.circle(x, 208, 5, mix(PETROL, DEEP, 0.3))
        pic.circle(x, 216 + size, 9, MIST)
    for i in range(5):
        x = 372 + i * 24
        pic.rect(x - 4, 208, 8, 40, APRICOT if i % 2 else VERMILION, rx=4)
        pic.rect(x - 2, 246, 4, 42, MIST)
    pic.line([(110, 350), (250, 350)], MIST, 11)
    pic.rect(100, 336, 22, 28, MIST, rx=4)
    pic.stroke("M290 330q-26 34 0 70M310 330q26 34 0 70", APRICOT, 8)
    pic.line([(292, 330), (308, 330)], MIST, 10)
    pic.rect(360, 326, 80, 24, MIST, rx=5)
    pic.rect(392, 350, 15, 74, SUN, rx=5)
    pic.circle(180, 412, 28, "none", stroke=MIST, stroke_width=8)


def _tyre_rack(pic: Pic) -> None:
    for row in range(2):
        pic.rect(1340, 250 + row * 120, 270, 8, mix(INK, DEEP, 0.4))
        for i in range(4):
            x = 1378 + i * 70
            pic.circle(x, 216 + row * 120, 34, mix(INK, DEEP, 0.5))
            pic.circle(x, 216 + row * 120, 18, mix(SAND, PAPER, 0.2))
            pic.circle(x, 216 + row * 120, 34, "none", stroke=PETROL, stroke_width=3)


def _tool_cart(pic: Pic, x: float, y: float) -> None:
    pic.ellipse(x, y, 120, 10, INK, opacity=0.35)
    pic.rect(x - 95, y - 190, 190, 170, VERMILION, rx=8)
    pic.rect(x + 40, y - 190, 55, 170, dark(VERMILION, 0.2), rx=8)
    for i in range(4):
        pic.rect(x - 82, y - 176 + i * 38, 164, 30, light(VERMILION, 0.12), rx=3)
        pic.rect(x - 30, y - 166 + i * 38, 60, 6, dark(VERMILION, 0.5), rx=3)
    for side in (-70, 70):
        pic.circle(x + side, y - 10, 12, INK)
    pic.rect(x - 100, y - 200, 200, 12, INK, rx=4)
    pic.line([(x - 60, y - 204), (x - 20, y - 212)], MIST, 8)
    pic.rect(x + 20, y - 226, 44, 26, MIST, rx=4)


def recon_line(pic: Pic) -> None:
    """A sedan under foam in the wash bay, one person rinsing it and big brushes waiting."""
    random = seeded(14)
    pic.fill(pic.down(mix(PETROL, MIST, 0.25), mix(MIST, PALE, 0.2)))
    for row in range(9):
        for column in range(15):
            if random.random() < 0.22:
                pic.rect(column * 110 + 3, row * 76 + 3, 104, 70, WHITE, opacity=0.12)
    for i in range(15):
        pic.rect(i * 110 - 2, 0, 3, 690, PALE, opacity=0.3)
    for i in range(10):
        pic.rect(0, i * 76 - 2, 1600, 3, PALE, opacity=0.3)
    pic.rect(0, 0, 1600, 90, mix(DEEP, PETROL, 0.3))
    for x in (200, 640, 1080, 1480):
        pic.rect(x - 110, 84, 220, 16, WHITE, rx=6)
        cone_light(pic, x, 98, 250, 600, WHITE, 0.34)
    pic.rect(0, 690, 1600, 210, pic.down(mix(PETROL, MIST, 0.35), mix(PETROL, DEEP, 0.25)))
    pic.rect(0, 684, 1600, 10, mix(PETROL, DEEP, 0.3))
    for x in range(-100, 1700, 120):
        pic.rect(x, 838, 84, 10, mix(DEEP, INK, 0.3), rx=5)
    for x, colour in ((150, VERMILION), (1462, APRICOT)):
        _brush(pic, x, colour)
    with pic.group("translate(0 1584) scale(1 -1)", opacity=0.18):
        car(pic, "sedan", 800, 792, 2.1, SUN, shadow=0)
    car(pic, "sedan", 800, 792, 2.1, SUN, glass=DEEP, shadow=0.5)
    _foam(pic, random)
    look = Look(
        skin=SKINS[4],
        top=DEEP,
        legs=mix(PETROL, DEEP, 0.5),
        shoes=VERMILION,
        style="cap",
        hair=VERMILION,
        collar=APRICOT,
    )
    person(
        pic,
        1300,
        850,
        2.45,
        look,
        Pose(left=(34, 118), right=(54, 122), bend=(-1, -1), lean=6, feet=((-22, 0), (20, 0))),
        flip=True,
    )
    pic.line([(1246, 560), (1110, 512)], INK, 9)
    pic.poly([(1112, 508), (1112, 516), (905, 540), (860, 450)], pic.across(WHITE, WHITE, alpha=(0.15, 0.75)))
    pic.stroke("M1240 566C1290 650 1390 700 1420 860", INK, 8)


def _brush(pic: Pic, x: float, colour: str) -> None:
    """A tall rotating brush."""
    pic.rect(x - 14, 90, 28, 640, mix(INK, DEEP, 0.4))
    pic.ellipse(x, 744, 104, 20, INK, opacity=0.35)
    for layer in range(9):
        y = 200 + layer * 60
        points = []
        for i in range(9):
            points += [(x - 96 + i * 24, y), (x - 84 + i * 24, y + 74)]
        pic.poly(
            [(x - 70, y - 14), (x + 70, y - 14), (x + 100, y), *points[::-1]],
            mix(colour, INK if layer % 2 else WHITE, 0.14),
        )


def _foam(pic: Pic, random: Random) -> None:
    """A blanket of foam over boot, roof and rear flank, running down in tongues."""
    crest = [
        (352, 600),
        (372, 572),
        (420, 560),
        (470, 556),
        (516, 540),
        (566, 506),
        (620, 480),
        (690, 464),
        (760, 460),
        (830, 464),
        (890, 478),
        (934, 500),
    ]
    flank = [
        (380, 620),
        (430, 612),
        (486, 604),
        (540, 584),
        (600, 548),
        (410, 656),
        (460, 648),
        (520, 630),
        (570, 612),
        (440, 690),
        (496, 668),
        (384, 664),
        (660, 520),
        (724, 496),
        (792, 492),
    ]
    drips = [(396, 740), (436, 776), (474, 716), (512, 744), (548, 678), (590, 660), (632, 590), (686, 560), (746, 538)]
    for x, end in drips:
        wide = random.uniform(15, 24)
        pic.rect(x - wide / 2, end - 130, wide, 130, WHITE, rx=wide / 2)
    for x, y in crest:
        pic.circle(x + 8, y + 10, random.uniform(38, 50), mix(MIST, WHITE, 0.45))
    for x, y in flank:
        pic.circle(x, y, random.uniform(26, 38), WHITE)
    for x, y in crest:
        pic.circle(x, y, random.uniform(32, 44), WHITE)
    for x, y in crest[::2] + flank[::3]:
        radius = random.uniform(14, 22)
        pic.stroke(
            f"M{x - radius} {y + 6}A{radius} {radius} 0 0 1 {x + radius * 0.6:.1f} {y - radius * 0.8:.1f}",
            mix(MIST, WHITE, 0.35),
            4,
        )
    for _ in range(34):
        angle, reach = random.uniform(-2.7, -0.5), random.uniform(90, 330)
        pic.circle(660 + reach * 1.4 * cos(angle), 520 + reach * sin(angle), random.uniform(3, 13), WHITE, opacity=0.55)
    for x, wide in ((430, 150), (620, 90), (860, 120), (1020, 60)):
        pic.ellipse(x, 812 + wide * 0.06, wide * 0.6, 10, WHITE, opacity=0.85)


def parts_shelves(pic: Pic) -> None:
    """A long aisle of parts shelves in one-point perspective, a person with a cart."""
    random = seeded(27)
    cam = Camera((0, 210, -420), (0, 214, 1000), 760, (800, 440))
    pic.fill(pic.glow(PAPER, mix(SAND, APRICOT, 0.3), mix(PETROL, DEEP, 0.4)))
    far = 3400.0
    pic.poly(
        [cam.see(s) for s in ((-215, 0, far), (-215, 560, far), (215, 560, far), (215, 0, far))], mix(SUN, WHITE, 0.6)
    )
    pic.poly(
        [cam.see(s) for s in ((-215, 560, -300), (-215, 560, far), (215, 560, far), (215, 560, -300))],
        mix(PETROL, DEEP, 0.4),
    )
    for z in range(100, 3300, 420):
        pic.poly([cam.see(s) for s in ((-40, 558, z), (-40, 558, z + 220), (40, 558, z + 220), (40, 558, z))], WHITE)
    pic.poly(
        [cam.see(s) for s in ((-215, 0, -300), (-215, 0, far), (215, 0, far), (215, 0, -300))],
        pic.down(mix(SAND, WHITE, 0.5), mix(MIST, PETROL, 0.35)),
    )
    for x in (-150, 150):
        pic.poly(cam.floor([(x - 5, -300), (x - 5, far), (x + 5, far), (x + 5, -300)]), VERMILION, opacity=0.9)
    for side in (-1, 1):
        wall = [(215 * side, 0, -300), (215 * side, 560, -300), (215 * side, 560, far), (215 * side, 0, far)]
        pic.poly([cam.see((x, y, z)) for x, y, z in wall], mix(INK, DEEP, 0.5) if side < 0 else mix(DEEP, PETROL, 0.3))
        _shelf_side(pic, cam, side, random)
    foot = cam.see((40, 0, 400))
    size = cam.zoom / cam.depth((40, 0, 400))
    look = Look(skin=SKINS[4], hair=INK, top=VERMILION, legs=DEEP, style="bun", shoes=WHITE)
    person(
        pic,
        foot[0] + 44,
        foot[1],
        size,
        look,
        Pose(left=(-46, 106), right=(-50, 104), bend=(1, 1), lean=-7, feet=((-24, 0), (22, 0)), face=-1),
    )
    _cart(pic, foot[0] + 44 - 114 * size, foot[1] + 6, size)


def _shelf_side(pic: Pic, cam: Camera, side: int, random: Random) -> None:
    """Boxes and bins from far to near between the shelf boards of one side."""
    levels = (18, 128, 238, 348, 458)
    tones = (SAND, mix(SAND, APRICOT, 0.6), PETROL, MIST, mix(PETROL, MIST, 0.4), PAPER, APRICOT, VERMILION, SUN)
    weights = (6, 5, 4, 4, 3, 3, 2, 1, 1)
    face = 214.0 * side
    z = 3380.0
    while z > -260:
        long = random.choice((70, 90, 120))
        fade = min(max((z - 200) / 3600, 0), 0.75)
        for level in levels:
            if random.random() < 0.1:
                continue
            tall = random.choice((46, 62, 78, 88))
            tone = mix(random.choices(tones, weights)[0], mix(SUN, WHITE, 0.6), fade)
            tone = dark(tone, 0.26 if side > 0 else 0.08)
            pic.poly(
                [
                    cam.see(s)
                    for s in (
                        (face, level, z - long + 8),
                        (face, level + tall, z - long + 8),
                        (face, level + tall, z),
                        (face, level, z),
                    )
                ],
                tone,
            )
            if z < 1600:
                label = [
                    (face, level + tall * 0.5, z - long * 0.7),
                    (face, level + tall * 0.72, z - long * 0.7),
                    (face, level + tall * 0.72, z - long * 0.4),
                    (face, level + tall * 0.5, z - long * 0.4),
                ]
                pic.poly([cam.see(s) for s in label], mix(tone, WHITE, 0.55))
        z -= long
    for level in (*levels, 556):
        board = [(face, level - 12, -300), (face, level, -300), (face, level, 3400), (face, level - 12, 3400)]
        pic.poly([cam.see((x, y, z)) for x, y, z in board], mix(PETROL, MIST, 0.3 if side < 0 else 0.1))
    for z in range(3300, -300, -330):
        post = [(face * 0.99, 0, z), (face * 0.99, 560, z), (face * 0.99, 560, z + 14), (face * 0.99, 0, z + 14)]
        pic.poly([cam.see((x, y, float(d))) for x, y, d in post], mix(VERMILION, SAND, min(max(z / 5000, 0), 0.6)))


def _cart(pic: Pic, x: float, y: float, size: float) -> None:
    with pic.group(pic.at(x, y, size)):
        pic.ellipse(0, 0, 62, 6, INK, opacity=0.3)
        for left in (-42, 42):
            pic.circle(left, -7, 7, INK)
        pic.rect(-54, -22, 108, 9, mix(INK, PETROL, 0.4), rx=3)
        pic.line([(54, -18), (66, -104)], mix(INK, PETROL, 0.4), 5)
        pic.rect(-48, -62, 52, 40, APRICOT)
        pic.rect(-48, -62, 52, 9, dark(APRICOT, 0.2))
        pic.rect(6, -50, 44, 28, PALE)
        pic.rect(-30, -92, 40, 30, SUN)
        pic.circle(28, -68, 18, INK)
        pic.circle(28, -68, 9, MIST)


SCENES: dict[str, Callable[[Pic], None]] = {
    "service-bay": service_bay,
    "recon-line": recon_line,
    "parts-shelves": parts_shelves,
}
