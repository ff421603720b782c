"""Scenes with many cars in perspective: auction, quay, lot."""

from __future__ import annotations

from collections.abc import Callable

from .camera import Camera, stand
from .parts import (
    cloud,
    halftone,
    sun,
)
from .people import SKINS, Look, Pose
from .solid import solid_car
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
    mix,
    seeded,
)


def auction_lanes(pic: Pic) -> None:
    """Three lanes of cars roll towards us out of the light of the open doors."""
    cam = Camera((300, 400, -720), (60, 150, 900), 1120, (800, 430))
    far, high, wide = 2900.0, 880.0, 1300.0
    pic.fill(pic.down(mix(DEEP, INK, 0.4), mix(PETROL, DEEP, 0.4)))
    wall = [cam.see((x, y, far)) for x, y in ((-wide, 0), (-wide, high), (wide, high), (wide, 0))]
    pic.poly(
        [cam.see(s) for s in ((-wide, 0, -300), (-wide, high, -300), (-wide, high, far), (-wide, 0, far))],
        mix(DEEP, INK, 0.25),
    )
    pic.poly(
        [cam.see(s) for s in ((wide, 0, -300), (wide, high, -300), (wide, high, far), (wide, 0, far))],
        mix(PETROL, DEEP, 0.35),
    )
    pic.poly(wall, mix(PETROL, DEEP, 0.1))
    pic.poly(
        cam.floor([(-wide, -500), (-wide, far), (wide, far), (wide, -500)]),
        pic.down(mix(MIST, PAPER, 0.6), mix(MIST, PETROL, 0.35), mix(PETROL, MIST, 0.2)),
    )
    pic.poly(
        [cam.see(s) for s in ((-wide, high, -300), (-wide, high, far), (wide, high, far), (wide, high, -300))],
        mix(INK, DEEP, 0.35),
    )
    for z in range(500, 2900, 480):
        left, right = cam.see((-wide, high, z)), cam.see((wide, high, z))
        drop = 46 * cam.zoom / cam.depth((0, high, z))
        pic.poly(
            [left, right, (right[0], right[1] + drop), (left[0], left[1] + drop)], mix(DEEP, PETROL, 0.25), opacity=0.5
        )
    for x in (-620.0, 0.0, 620.0):
        door = [cam.see((x + a, b, far)) for a, b in ((-210, 0), (-210, 560), (210, 560), (210, 0))]
        pic.poly(door, pic.down(WHITE, mix(SUN, WHITE, 0.4)))
        pic.poly(
            [
                cam.see((x - 210, 0, far)),
                cam.see((x + 210, 0, far)),
                cam.see((x * 1.0 + 330, 0, -420)),
                cam.see((x - 330, 0, -420)),
            ],
            pic.down(mix(SUN, WHITE, 0.55), mix(SAND, PAPER, 0.5), PAPER, alpha=(1, 0.8, 0.35)),
        )
        fan = [
            cam.see((x - 210, 560, far)),
            cam.see((x + 210, 560, far)),
            cam.see((x + 330, 0, 300)),
            cam.see((x - 330, 0, 300)),
        ]
        pic.poly(fan, pic.down(PAPER, PAPER, alpha=(0.34, 0)))
    for x in (-310, 310):
        pic.poly(cam.floor([(x - 9, -420), (x - 9, far), (x + 9, far), (x + 9, -420)]), PALE, opacity=0.75)
    paints = [[MIST, PETROL, SAND, VERMILION], [SAND, MIST, APRICOT, VERMILION], [PETROL, APRICOT, PALE, SUN]]
    kinds = [["sedan", "suv", "hatch", "pickup"], ["suv", "pickup", "hatch", "sedan"], ["hatch", "sedan", "suv", "suv"]]
    for row, z in enumerate((2350, 1650, 930, 190)):
        for lane in (0, 2, 1):
            solid_car(
                pic,
                cam,
                kinds[lane][row],
                (lane - 1) * 620,
                z - (60 if lane == 1 else 0),
                -90,
                paints[lane][row],
                shadow=(0, -190),
                shadow_opacity=0.34,
            )
    _bidders(pic, cam)
    _lane_signs(pic, cam)
    halftone(pic, (1080, 0, 520, 420), INK, towards=(0.8, -0.8), opacity=0.3, step=24, biggest=8)


def _bidders(pic: Pic, cam: Camera) -> None:
    """Buyers between the lanes, one with a raised hand."""
    folded = Pose(left=(8, 112), right=(-4, 116), bend=(1, -1))
    raised = Pose(right=(26, 192), left=(-22, 84), bend=(-1, -1))
    crowd = (
        (-330, 1700, PETROL, 0, folded, False),
        (320, 1500, DEEP, 2, folded, True),
        (-345, 980, APRICOT, 4, raised, False),
        (345, 760, WHITE, 1, raised, True),
        (-310, 350, VERMILION, 2, folded, True),
    )
    for x, z, top, skin, pose, flip in crowd:
        stand(
            pic,
            cam,
            x,
            z,
            Look(skin=SKINS[skin], top=top, legs=INK, hair=mix(INK, VERMILION, 0.1 * skin)),
            pose,
            flip,
            0.2,
        )


def _lane_signs(pic: Pic, cam: Camera) -> None:
    for lane, x in enumerate((-620, 0, 620)):
        a, b = cam.see((x - 120, 640, 1300)), cam.see((x + 120, 540, 1300))
        pic.rect(a[0] + 20, a[1] - 240, 4, 240, INK)
        pic.rect(b[0] - 24, a[1] - 240, 4, 240, INK)
        pic.rect(a[0], a[1], b[0] - a[0], b[1] - a[1], VERMILION if lane == 1 else mix(PETROL, MIST, 0.2), rx=6)
        for dot in range(lane + 1):
            pic.circle((a[0] + b[0]) / 2 + (dot - lane / 2) * 22, (a[1] + b[1]) / 2, 7.5, WHITE)


def port_carrier(pic: Pic) -> None:
    """A car carrier's tall hull behind rows of new cars on the quay, early light from the left."""
    cam = Camera((-100, 640, -1050), (0, 120, 900), 1080, (800, 400))
    pic.fill(pic.down(mix(MIST, PETROL, 0.15), mix(PALE, SAND, 0.4), mix(SAND, APRICOT, 0.5)))
    horizon = cam.see((0, 0, 9000))[1]
    sun(pic, 330, horizon - 20, 54, mix(SUN, WHITE, 0.3))
    cloud(pic, 40, horizon - 60, 210, WHITE, 0.7)
    pic.rect(0, horizon, 1600, 300, pic.down(mix(MIST, PETROL, 0.2), mix(PETROL, MIST, 0.35)))
    for i in range(6):
        wide = 120 - i * 9
        pic.rect(330 - wide / 2 + (i % 2) * 16, horizon + 10 + i * 26, wide, 6, mix(SUN, WHITE, 0.3), rx=3, opacity=0.8)
    _crane(pic, 110, cam.see((0, 0, 1900))[1] + 4, mix(PETROL, DEEP, 0.3))
    _ship(pic)
    pic.poly(
        cam.floor([(-4000, 1900), (4000, 1900), (4000, -900), (-4000, -900)]),
        pic.down(mix(SAND, PAPER, 0.4), mix(SAND, APRICOT, 0.25)),
    )
    pic.poly(cam.floor([(-4000, 1900), (4000, 1900), (4000, 1860), (-4000, 1860)]), dark(SAND, 0.5))
    for x in range(-1800, 1801, 300):
        pic.poly(cam.floor([(x - 5, 1500), (x + 5, 1500), (x + 5, -800), (x - 5, -800)]), WHITE, opacity=0.8)
    kinds = ("suv", "sedan", "suv")
    paints = ((PALE, MIST, PALE, SAND), (PETROL, MIST, DEEP, PETROL), (PALE, SAND, PETROL, MIST))
    for row, z in enumerate((1250, 620, -60)):
        for i in range(-5, 6):
            x = i * 300 + 150
            if (row, i) == (2, -1):
                continue
            colour = (
                VERMILION
                if (row, i) in ((2, 0), (1, -4))
                else SUN
                if (row, i) == (2, -3)
                else paints[row][(i + 8) % 4 if row % 2 else (i * 3 + 8) % 4]
            )
            solid_car(pic, cam, kinds[row], x, z, -90, colour, shadow=(130, -50), shadow_opacity=0.3)
    look = Look(skin=SKINS[2], top=APRICOT, legs=DEEP, hair=SUN, style="helmet")
    stand(pic, cam, -150, -20, look, Pose(left=(-24, 86), right=(40, 172), bend=(-1, -1)))


def _crane(pic: Pic, x: float, floor: float, colour: str) -> None:
    """A tall quay crane."""
    for a, b in ((0, 20), (150, 130)):
        pic.line([(x + a, floor), (x + b, floor - 250)], colour, 10)
    pic.line([(x + 10, floor - 120), (x + 140, floor - 120)], colour, 8)
    pic.line([(x + 12, floor - 118), (x + 130, floor - 246)], colour, 4)
    pic.line([(x - 110, floor - 254), (x + 320, floor - 254)], colour, 12)
    pic.line([(x - 104, floor - 256), (x + 60, floor - 340), (x + 314, floor - 256)], colour, 4)
    pic.line([(x + 60, floor - 254), (x + 60, floor - 340)], colour, 9)
    pic.line([(x + 260, floor - 250), (x + 260, floor - 190)], colour, 3)
    pic.rect(x + 244, floor - 192, 32, 16, VERMILION)


def _ship(pic: Pic) -> None:
    """The box-like hull with its stern ramp down."""
    hull_paint = pic.slant((520, 0), (1600, 0), PALE, mix(MIST, PETROL, 0.25))
    pic.path("M560 96Q566 84 582 84L1640 84L1640 470L520 470Q500 330 560 96Z", hull_paint)
    pic.path("M519 296L1640 296L1640 490L530 490Q512 390 519 296Z", PETROL)
    pic.path("M560 96Q566 84 582 84L1640 84L1640 108L556 108Z", VERMILION)
    pic.rect(640, 36, 150, 50, PALE, rx=5)
    pic.rect(652, 46, 126, 14, DEEP)
    pic.rect(900, 20, 70, 66, DEEP)
    pic.rect(900, 20, 70, 14, APRICOT)
    for column in range(26):
        pic.rect(620 + column * 38, 126, 20, 8, mix(PETROL, MIST, 0.4), rx=4)
    pic.poly([(770, 296), (930, 108), (1010, 108), (850, 296)], VERMILION)
    pic.poly([(866, 296), (1026, 108), (1046, 108), (886, 296)], APRICOT)
    for y in (172, 236):
        pic.rect(540, y, 1060, 2, mix(PETROL, MIST, 0.5), opacity=0.6)
    pic.rect(1020, 220, 250, 180, mix(INK, DEEP, 0.5), rx=6)
    pic.rect(1034, 234, 222, 160, pic.down(mix(SUN, APRICOT, 0.4), mix(APRICOT, VERMILION, 0.3)), opacity=0.85)
    for x in (1090, 1145, 1200):
        pic.rect(x, 234, 6, 160, INK, opacity=0.5)
    pic.poly([(1034, 408), (1256, 408), (1330, 500), (990, 500)], mix(INK, PETROL, 0.5))
    pic.poly([(1060, 408), (1230, 408), (1290, 500), (1030, 500)], mix(PETROL, MIST, 0.3))


def lot_from_above(pic: Pic) -> None:
    """Looking straight down on rows of cars; one space is empty."""
    cam = Camera((0, 4200, -330), (60, 0, 40), 2750, (800, 450))
    pic.fill(pic.slant((0, 0), (1600, 900), mix(MIST, PETROL, 0.28), mix(MIST, PETROL, 0.5)))
    random = seeded(11)
    for z in (-560, 560):
        pic.poly(cam.floor([(-2200, z - 22), (2200, z - 22), (2200, z + 22), (-2200, z + 22)]), mix(SAND, PAPER, 0.3))
        for x in range(-1500, 1600, 560):
            _crown(pic, cam, x + 140, z, 96)
    for band, z in enumerate((860, 260, -260, -860)):
        for i in range(-6, 7):
            for edge in (i * 270 - 165, i * 270 + 105):
                pic.poly(
                    cam.floor([(edge - 5, z - 250), (edge + 5, z - 250), (edge + 5, z + 250), (edge - 5, z + 250)]),
                    WHITE,
                    opacity=0.85,
                )
            if (band, i) == (2, 1):
                _empty_space(pic, cam, i * 270 - 30, z)
    kinds = ("sedan", "suv", "hatch", "sedan", "pickup", "suv")
    paints = (PALE, MIST, PETROL, PALE, DEEP, SAND, APRICOT, WHITE, PETROL, SUN)
    for band, z in enumerate((860, 260, -260, -860)):
        for i in range(-5, 6):
            x = i * 270 - 30
            if (band, i) == (2, 1):
                continue
            colour = VERMILION if (band, i) in ((1, -2), (3, 4)) else random.choice(paints)
            solid_car(
                pic,
                cam,
                random.choice(kinds),
                x + random.uniform(-8, 8),
                z + random.uniform(-14, 14),
                90 if band % 2 else -90,
                colour,
                shadow=(105, 62),
                shadow_opacity=0.42,
            )


def _crown(pic: Pic, cam: Camera, x: float, z: float, radius: float) -> None:
    """A tree from above with its shadow."""
    centre, reach = cam.see((x, 0, z)), radius * cam.zoom / cam.depth((x, 0, z))
    pic.ellipse(centre[0] + reach * 0.9, centre[1] - reach * 0.5, reach * 1.1, reach * 0.9, INK, opacity=0.3)
    pic.circle(centre[0], centre[1], reach, dark(PETROL, 0.1))
    pic.circle(centre[0] - reach * 0.16, centre[1] + reach * 0.16, reach * 0.76, mix(PETROL, MIST, 0.16))
    pic.circle(centre[0] - reach * 0.3, centre[1] + reach * 0.3, reach * 0.42, mix(PETROL, MIST, 0.34))


def _empty_space(pic: Pic, cam: Camera, x: float, z: float) -> None:
    """The one free space, dry tarmac with an oil spot and the light on it."""
    pic.poly(
        cam.floor([(x - 128, z - 244), (x + 128, z - 244), (x + 128, z + 244), (x - 128, z + 244)]),
        mix(MIST, PAPER, 0.75),
    )
    outline = cam.floor([(x - 118, z - 234), (x + 118, z - 234), (x + 118, z + 234), (x - 118, z + 234)])
    pic.poly(outline, "none", stroke=VERMILION, stroke_width=9, stroke_dasharray="34 20", stroke_linejoin="round")
    spot = cam.see((x + 14, 0, z - 60))
    pic.ellipse(spot[0], spot[1], 17, 12, INK, opacity=0.22)
    for side in (-52, 52):
        pic.poly(
            cam.floor(
                [(x + side - 11, z - 150), (x + side + 11, z - 150), (x + side + 11, z + 520), (x + side - 11, z + 520)]
            ),
            INK,
            opacity=0.13,
        )


SCENES: dict[str, Callable[[Pic], None]] = {
    "auction-lanes": auction_lanes,
    "port-carrier": port_carrier,
    "lot-from-above": lot_from_above,
}
