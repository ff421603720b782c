"""Scenes of people and places: the dealer family, the delivery round, the small town."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from .cars import car
from .parts import WARM_WALLS, cloud, gleam, halftone, lettering, panes, sun, tree
from .people import SKINS, Look, Pose, person
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


def family_desk(pic: Pic) -> None:
    """Grandmother, son and granddaughter of a dealer family before their store."""
    pic.fill(pic.down(mix(MIST, PETROL, 0.1), PALE, mix(SAND, APRICOT, 0.25)))
    sun(pic, 1370, 210, 74, mix(SUN, WHITE, 0.35))
    cloud(pic, 60, 190, 290, WHITE, 0.8)
    pic.rect(0, 330, 1600, 420, mix(PETROL, DEEP, 0.15))
    pic.rect(0, 330, 1600, 70, mix(PETROL, MIST, 0.12))
    pic.rect(0, 322, 1600, 14, PAPER)
    for x in (70, 560, 1050):
        pic.rect(x, 440, 440, 300, pic.slant((x, 440), (x + 440, 740), mix(SUN, PAPER, 0.5), mix(APRICOT, SAND, 0.4)))
    car(pic, "sedan", 250, 724, 0.78, PALE, glass=DEEP)
    car(pic, "suv", 1290, 724, 0.78, MIST, glass=DEEP, flip=True)
    for x in (70, 560, 1050):
        panes(pic, x, 440, 440, 300, 2, 1, DEEP, 10)
        gleam(pic, x, 440, 440, 300, 0.2)
    pic.rect(0, 736, 1600, 164, pic.down(mix(SAND, PAPER, 0.3), mix(SAND, APRICOT, 0.35)))
    pic.rect(0, 736, 1600, 8, mix(SAND, INK, 0.3))
    for x, tall in ((470, 96), (1110, 96)):
        pic.rect(x, 330 - tall, 16, tall, INK)
    pic.rect(400, 96, 800, 168, VERMILION, rx=22)
    pic.rect(400, 96, 800, 168, "none", rx=22, stroke=dark(VERMILION, 0.35), stroke_width=6)
    pic.rect(418, 114, 764, 132, "none", rx=14, stroke=PAPER, stroke_width=5)
    lettering(pic, 640, 152, 470, 20, PAPER, 7)
    lettering(pic, 640, 192, 340, 12, SUN, 4)
    with pic.group(pic.at(536, 212, 1.5)):
        pic.path("M-55 0h110q2 -20 -18 -26l-22 -4l-12 -14q-6 -8 -16 -8h-22q-10 0 -14 8l-8 16q-8 4 -8 28Z", PAPER)
        for x in (-30, 30):
            pic.circle(x, 0, 15, VERMILION)
            pic.circle(x, 0, 10, PAPER)
    for x, long in ((560, 330), (800, 350), (1030, 300)):
        pic.poly([(x - 40, 874), (x + 60, 874), (x - long * 0.9, 900), (x - long * 1.3, 900)], INK, opacity=0.2)
    granny = Look(
        skin=SKINS[3],
        hair="#dfe6e4",
        top=SUN,
        legs=mix(PETROL, DEEP, 0.5),
        style="bob",
        coat=22,
        glasses=True,
        collar=WHITE,
    )
    father = Look(
        skin=SKINS[0],
        hair=mix(INK, SAND, 0.25),
        top=DEEP,
        legs=mix(INK, DEEP, 0.4),
        style="short",
        collar=WHITE,
        coat=10,
    )
    daughter = Look(
        skin=SKINS[0],
        hair=mix(VERMILION, INK, 0.62),
        top=PAPER,
        legs=mix(PETROL, MIST, 0.25),
        style="long",
        shoes=VERMILION,
    )
    person(pic, 800, 884, 3.42, father, Pose(left=(-22, 80), right=(22, 80), bend=(1, -1)))
    person(pic, 566, 892, 3.0, granny, Pose(left=(-8, 104), right=(12, 106), bend=(1, -1)))
    person(pic, 1030, 890, 3.16, daughter, Pose(left=(8, 112), right=(-6, 118), bend=(1, -1)), flip=True)


def delivery_van(pic: Pic) -> None:
    """An electric van at the kerb of a city street, the courier with parcels."""
    pic.fill(pic.down(mix(MIST, PETROL, 0.08), PAPER))
    facades = [(-30, 250, 90), (250, 300, 30), (520, 240, 130), (790, 330, 50), (1090, 250, 110), (1360, 280, 20)]
    for index, (x, y, seed) in enumerate(facades):
        wide = (facades[index + 1][0] if index + 1 < len(facades) else 1660) - x
        _facade(pic, x, y - 230, wide, 690 - y + 230, WARM_WALLS[index % 5], seed)
    pic.poly([(0, 0), (560, 0), (0, 520)], WHITE, opacity=0.25)
    pic.rect(0, 690, 1600, 46, mix(PAPER, SAND, 0.4))
    pic.rect(0, 734, 1600, 12, mix(SAND, INK, 0.35))
    pic.rect(0, 744, 1600, 156, pic.down(mix(PETROL, MIST, 0.3), mix(PETROL, DEEP, 0.2)))
    for x in range(-60, 1700, 260):
        pic.rect(x, 860, 140, 9, PAPER, opacity=0.8)
    for x, tall in ((120, 430), (1500, 470)):
        tree(pic, x, 716, tall, mix(PETROL, MIST, 0.12))
    pic.poly([(420, 818), (1120, 818), (1330, 852), (620, 852)], INK, opacity=0.3)
    car(pic, "van", 690, 822, 1.72, mix(PETROL, MIST, 0.08), flip=True, glass=DEEP, style="disc", shadow=0.5)
    _van_side(pic)
    courier = Look(skin=SKINS[1], hair=VERMILION, top=VERMILION, legs=DEEP, style="cap", shoes=WHITE)
    pic.poly([(1262, 866), (1340, 866), (1560, 896), (1440, 896)], INK, opacity=0.25)
    for x, y, w, h, tone in (
        (1330, 566, 132, 88, SAND),
        (1342, 500, 104, 66, mix(SAND, APRICOT, 0.6)),
        (1356, 452, 70, 48, PAPER),
    ):
        pic.rect(x, y, w, h, tone)
        pic.rect(x, y, w * 0.26, h, dark(tone, 0.14))
        pic.rect(x + w * 0.46, y, w * 0.13, h, mix(tone, WHITE, 0.6) if tone != PAPER else VERMILION)
    stride = Pose(left=(44, 92), right=(40, 90), bend=(-1, -1), lean=-4, feet=((-26, 0), (24, 0)))
    person(pic, 1296, 872, 2.45, courier, stride)
    for x, y, w, h in ((1084, 790, 92, 72), (1096, 742, 66, 48)):
        pic.rect(x, y, w, h, mix(SAND, APRICOT, 0.3))
        pic.rect(x, y, w * 0.3, h, dark(SAND, 0.22))
        pic.rect(x + w * 0.52, y, w * 0.14, h, PAPER)


def _van_side(pic: Pic) -> None:
    """Livery without a name: a band and a bolt."""
    pic.poly([(640, 460), (1150, 460), (1150, 560), (590, 560)], SUN, opacity=0.95)
    pic.poly([(600, 574), (1150, 574), (1150, 588), (594, 588)], PAPER)
    pic.path("M930 466L876 516H908L892 556L958 500H924L946 466Z", DEEP)


def _facade(pic: Pic, x: float, y: float, w: float, h: float, wall: str, seed: int) -> None:
    """One house front with rows of windows and a shop below."""
    random = seeded(seed)
    pic.rect(x, y, w, h, wall)
    pic.rect(x + w - 14, y, 14, h, dark(wall, 0.14))
    pic.rect(x - 4, y, w + 8, 16, light(wall, 0.4))
    columns = 3 if w < 290 else 4
    step = w / columns
    for row in range(3):
        for column in range(columns):
            a, b = x + column * step + step * 0.24, y + 50 + row * 128
            pic.rect(a, b, step * 0.5, 84, mix(PETROL, DEEP, 0.3) if random.random() < 0.75 else mix(SUN, PAPER, 0.4))
            pic.poly([(a, b), (a + step * 0.3, b), (a, b + 56)], MIST, opacity=0.25)
            pic.rect(a + step * 0.235, b, step * 0.03, 84, PAPER)
            pic.rect(a - 5, b + 84, step * 0.5 + 10, 8, light(wall, 0.45))
    shop = y + h - 190
    pic.rect(x + 16, shop + 30, w - 46, 160, mix(DEEP, PETROL, 0.4))
    pic.poly(
        [(x + 28, shop + 44), (x + w * 0.5, shop + 44), (x + w * 0.2, shop + 176), (x + 28, shop + 176)],
        MIST,
        opacity=0.18,
    )
    stripes = 8
    for i in range(stripes):
        a, b = x + 6 + (w - 26) * i / stripes, x + 6 + (w - 26) * (i + 1) / stripes
        pic.poly(
            [(a, shop), (b, shop), (b, shop + 46), (a, shop + 46)],
            (VERMILION if seed % 4 else PETROL) if i % 2 else PAPER,
        )


def main_street(pic: Pic) -> None:
    """Main street of a small town, late sun: a rounded 1950s dealership with its fin sign."""
    pic.fill(pic.down(mix(MIST, PETROL, 0.3), mix(MIST, PAPER, 0.5), mix(SAND, APRICOT, 0.2), APRICOT))
    halftone(pic, (900, 0, 720, 330), PETROL, towards=(0.6, -0.8), opacity=0.2, step=22, biggest=8)
    pic.circle(150, 470, 90, mix(SUN, WHITE, 0.4))
    pic.circle(150, 470, 190, mix(SUN, WHITE, 0.4), opacity=0.4)
    cloud(pic, 300, 190, 400, PAPER, 0.85)
    cloud(pic, 1120, 330, 300, PAPER, 0.7)
    for x, w, top, wall in (
        (-20, 150, 400, WARM_WALLS[3]),
        (130, 130, 440, WARM_WALLS[0]),
        (260, 170, 380, mix(VERMILION, INK, 0.3)),
        (1380, 120, 400, WARM_WALLS[1]),
        (1490, 140, 350, mix(VERMILION, INK, 0.35)),
    ):
        _brick_house(pic, x, top, w, 690 - top, wall)
    _old_dealership(pic)
    pic.rect(0, 690, 1600, 40, mix(PAPER, SAND, 0.4))
    pic.rect(0, 728, 1600, 10, mix(SAND, INK, 0.35))
    pic.rect(0, 736, 1600, 164, pic.down(mix(PETROL, SAND, 0.35), mix(PETROL, DEEP, 0.1)))
    pic.poly([(0, 752), (460, 752), (160, 900), (0, 900)], PAPER, opacity=0.16)
    for x in range(-60, 1700, 300):
        pic.poly([(x, 874), (x + 160, 874), (x + 156, 884), (x - 6, 884)], SUN, opacity=0.9)
    pic.poly([(330, 812), (930, 812), (1270, 846), (560, 846)], INK, opacity=0.36)
    car(pic, "classic", 610, 816, 1.36, VERMILION, style="white", glass=DEEP, shadow=0.4)
    _gas_pump(pic, 1150, 722)
    person(
        pic,
        1010,
        726,
        1.18,
        Look(skin=SKINS[0], top=WHITE, legs=DEEP, hair=VERMILION, style="cap"),
        Pose(left=(-20, 96), right=(20, 94), bend=(-1, 1), feet=((-14, 0), (13, 0))),
        flip=True,
    )
    tree(pic, 1540, 714, 330, mix(PETROL, SUN, 0.12))
    tree(pic, 70, 714, 260, mix(PETROL, SUN, 0.12))


def _brick_house(pic: Pic, x: float, y: float, w: float, h: float, wall: str) -> None:
    pic.rect(x, y, w, h, wall)
    pic.rect(x + w * 0.86, y, w * 0.14, h, dark(wall, 0.2))
    pic.rect(x - 4, y, w + 8, 14, light(wall, 0.35))
    for row in range(2):
        for column in range(2):
            a, b = x + w * (0.16 + 0.4 * column), y + 44 + row * 78
            pic.path(f"M{a} {b + 52}v-40q{w * 0.1} -18 {w * 0.2} 0v40Z", mix(DEEP, PETROL, 0.4))
            pic.rect(a - 3, b + 52, w * 0.2 + 6, 6, light(wall, 0.4))
    pic.rect(x + w * 0.1, y + h - 92, w * 0.72, 92, mix(DEEP, INK, 0.2))
    pic.rect(x + w * 0.05, y + h - 112, w * 0.84, 24, PETROL)


def _old_dealership(pic: Pic) -> None:
    """Streamline building: rounded glass corner, canopy, tall fin with a star."""
    pic.path("M480 690V452H1180Q1360 452 1360 560V690Z", mix(PAPER, SAND, 0.25))
    pic.path("M1180 452Q1360 452 1360 560V690H1290V560Q1290 470 1180 452Z", mix(SAND, APRICOT, 0.35))
    pic.rect(500, 520, 380, 170, pic.down(mix(SUN, PAPER, 0.4), APRICOT))
    car(pic, "sedan", 690, 686, 0.66, PALE, glass=DEEP)
    panes(pic, 500, 520, 380, 170, 4, 1, PETROL, 6)
    gleam(pic, 500, 520, 380, 170, 0.22)
    pic.path("M960 690V520H1180Q1292 522 1292 600V690Z", mix(DEEP, PETROL, 0.5))
    pic.path("M980 690V536H1060L1000 690ZM1110 536H1150L1090 690H1050Z", MIST, opacity=0.2)
    for x in (1040, 1120, 1200):
        pic.rect(x, 520, 6, 170, PAPER)
    pic.path("M450 520V490H1196Q1404 494 1404 590V604H1372Q1366 522 1190 520Z", VERMILION)
    pic.path("M450 498V490H1196Q1404 494 1404 590V596Q1392 500 1190 498Z", light(VERMILION, 0.3))
    for y in (462, 472):
        pic.rect(480, y, 700, 4, PETROL)
    pic.circle(926, 186, 96, mix(SUN, WHITE, 0.4), opacity=0.4)
    pic.path("M892 690V206Q892 176 922 176H946V690Z", PETROL)
    pic.path("M946 690V176Q976 190 976 240V690Z", DEEP)
    for x in (856, 838):
        pic.path(
            f"M{x} 520V{300 + (856 - x) * 4}Q{x} {270 + (856 - x) * 4} {x + 14} {268 + (856 - x) * 4}V520Z", VERMILION
        )
    points = []
    for i in range(16):
        reach = (52, 20)[i % 2] if i % 4 else 78
        points.append((926 + reach * cos(i * pi / 8 - pi / 2), 186 + reach * sin(i * pi / 8 - pi / 2)))
    pic.poly(points, SUN)
    for i in range(5):
        pic.rect(904, 286 + i * 44, 28, 30, PAPER, rx=15 if i % 2 else 4)
        pic.rect(911, 293 + i * 44, 14, 16, PETROL, rx=8 if i % 2 else 2)


def _gas_pump(pic: Pic, x: float, y: float) -> None:
    pic.rect(x - 32, y - 8, 64, 8, INK)
    pic.rect(x - 24, y - 122, 48, 116, VERMILION, rx=8)
    pic.rect(x + 8, y - 122, 16, 116, dark(VERMILION, 0.2), rx=8)
    pic.rect(x - 15, y - 108, 30, 28, PAPER, rx=3)
    pic.circle(x, y - 140, 20, PAPER)
    pic.circle(x, y - 140, 11, SUN)
    pic.stroke(f"M{x + 24} {y - 80}q26 10 14 50q-8 20 -14 0", INK, 4)


SCENES: dict[str, Callable[[Pic], None]] = {
    "family-desk": family_desk,
    "delivery-van": delivery_van,
    "main-street": main_street,
}
