"""Scenes of the retail trade: chargers, handover, vending tower."""

from __future__ import annotations

from collections.abc import Callable

from .camera import Camera
from .cars import car
from .parts import (
    charger,
    gleam,
    halftone,
    panes,
    poplar,
    skyline,
    tree,
)
from .people import SKINS, Look, Pose, person
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
)


def ev_chargers(pic: Pic) -> None:
    """Three charging posts at dusk, a crossover plugged in at the edge of the lot."""
    pic.fill(
        pic.down(DEEP, PETROL, mix(PETROL, MIST, 0.45), mix(SAND, MIST, 0.25), APRICOT, mix(APRICOT, SUN, 0.3), APRICOT)
    )
    halftone(pic, (0, 0, 700, 380), INK, towards=(-1, -0.9), opacity=0.3, step=24, biggest=8)
    pic.circle(420, 640, 120, mix(SUN, WHITE, 0.2), opacity=0.9)
    pic.circle(420, 640, 220, mix(SUN, WHITE, 0.3), opacity=0.25)
    for x, y, w in ((90, 330, 400), (1010, 230, 420), (720, 390, 240)):
        pic.rect(x, y, w, 12, mix(APRICOT, PAPER, 0.4), rx=6, opacity=0.6)
        pic.rect(x + w * 0.3, y + 20, w * 0.8, 8, mix(APRICOT, PAPER, 0.4), rx=4, opacity=0.5)
    skyline(pic, 650, (40, 120), mix(PETROL, MIST, 0.12), SUN, 8, 0.1)
    pic.rect(1020, 470, 640, 190, DEEP)
    pic.rect(1060, 510, 540, 140, mix(SUN, APRICOT, 0.35))
    panes(pic, 1060, 510, 540, 140, 6, 1, DEEP, 7)
    pic.poly([(980, 452), (1640, 452), (1640, 486), (1000, 486)], INK)
    for x, tall in ((60, 190), (150, 150), (250, 210), (900, 170), (960, 130)):
        poplar(pic, x, 662, tall, mix(DEEP, PETROL, 0.3))
    pic.rect(0, 648, 1600, 252, pic.down(mix(PETROL, MIST, 0.12), mix(DEEP, PETROL, 0.5), DEEP))
    for i in range(7):
        pic.rect(330 - i * 22 + (i % 2) * 30, 664 + i * 34, 180 + i * 30, 7 + i, APRICOT, rx=5, opacity=0.5 - i * 0.05)
    pic.poly([(0, 742), (1600, 742), (1600, 756), (0, 756)], mix(PETROL, MIST, 0.2), opacity=0.7)
    for x in (150, 700, 1250):
        pic.poly([(x, 756), (x + 12, 756), (x - 118, 900), (x - 136, 900)], MIST, opacity=0.35)
    for x, glow in ((190, SUN), (640, SUN), (1420, VERMILION)):
        pic.ellipse(x, 736, 150, 24, mix(APRICOT, MIST, 0.4), opacity=0.25)
        charger(pic, x, 738, 350, glow)
    car(pic, "suv", 1085, 826, 1.66, MIST, flip=False, style="disc", glass=DEEP, shadow=0.6, lights=True)
    pic.poly([(1470, 684), (1640, 640), (1640, 800), (1471, 704)], pic.across(PAPER, PAPER, alpha=(0.55, 0.1)))
    pic.stroke("M650 578C690 590 676 820 730 806C772 794 742 700 742 664", INK, 9)
    pic.rect(728, 636, 26, 36, INK, rx=6)
    pic.circle(741, 650, 5, SUN)


def showroom_handover(pic: Pic) -> None:
    """A saleswoman hands a key to a customer; the new car stands behind them in the daylight."""
    cam = Camera((0, 250, -1000), (0, 150, 600), 1180, (800, 430))
    pic.fill(pic.down(mix(MIST, PALE, 0.5), PAPER))
    pic.rect(0, 0, 1600, 560, pic.down(mix(MIST, PETROL, 0.12), PALE, mix(PAPER, SAND, 0.3)))
    pic.circle(1290, 170, 80, mix(SUN, WHITE, 0.5))
    pic.circle(1290, 170, 150, mix(SUN, WHITE, 0.5), opacity=0.4)
    skyline(pic, 520, (50, 150), mix(MIST, PETROL, 0.22), PALE, 21, 0.0)
    for x, tall in ((90, 230), (330, 190), (1180, 210), (1500, 260)):
        tree(pic, x, 535, tall, mix(PETROL, MIST, 0.35), mix(PETROL, MIST, 0.1))
    pic.rect(0, 520, 1600, 60, mix(SAND, PAPER, 0.3))
    pic.rect(0, 560, 1600, 340, pic.down(mix(PAPER, SAND, 0.5), mix(SAND, APRICOT, 0.15)))
    panes(pic, -40, -20, 1680, 584, 6, 2, mix(PETROL, DEEP, 0.4), 11)
    pic.rect(0, 552, 1600, 14, mix(PETROL, DEEP, 0.4))
    for x in range(-220, 2100, 280):
        pic.poly([(x, 566), (x + 236, 566), (x - 140, 900), (x - 376, 900)], WHITE, opacity=0.42)
    gleam(pic, 0, 0, 1600, 552, 0.12)
    solid_car(pic, cam, "suv", 232, -170, -146, VERMILION, shadow=(-120, -50), shadow_opacity=0.26)
    seller = Look(
        skin=SKINS[3], hair=mix(INK, VERMILION, 0.35), top=PETROL, legs=DEEP, style="bun", collar=WHITE, coat=8
    )
    buyer = Look(
        skin=SKINS[2], hair=INK, top=SUN, legs=mix(PETROL, MIST, 0.15), style="short", shoes=mix(VERMILION, INK, 0.5)
    )
    person(pic, 300, 884, 3.45, seller, Pose(left=(-22, 84), right=(56, 116), bend=(-1, -1), lean=3))
    person(pic, 676, 884, 3.6, buyer, Pose(left=(-20, 82), right=(50, 114), bend=(-1, -1), lean=2), flip=True)
    pic.circle(496, 500, 16, "none", stroke=INK, stroke_width=5)
    pic.rect(484, 514, 24, 48, INK, rx=9)
    pic.rect(490, 522, 12, 13, VERMILION, rx=3)


def vending_tower(pic: Pic) -> None:
    """A glass tower stacked with cars over the evening city."""
    pic.fill(pic.down(DEEP, PETROL, mix(PETROL, MIST, 0.4), mix(SAND, APRICOT, 0.4), APRICOT))
    halftone(pic, (900, 0, 700, 460), INK, towards=(0.7, -0.7), opacity=0.3, step=24, biggest=8)
    skyline(pic, 780, (170, 350), mix(PETROL, MIST, 0.3), SUN, 4, 0.07)
    skyline(pic, 780, (60, 220), mix(PETROL, DEEP, 0.5), SUN, 9, 0.22)
    pic.rect(0, 770, 1600, 130, pic.down(mix(DEEP, PETROL, 0.4), mix(INK, DEEP, 0.5)))
    pic.poly([(480, 800), (1000, 800), (1160, 900), (320, 900)], pic.down(SUN, APRICOT, alpha=(0.6, 0.1)))
    with pic.group("translate(38 41) scale(.95)"):
        _tower(pic)
    pic.ellipse(1200, 852, 250, 22, mix(INK, DEEP, 0.4))
    pic.ellipse(1200, 844, 250, 22, mix(PETROL, MIST, 0.3))
    car(pic, "hatch", 1200, 844, 0.98, VERMILION, glass=DEEP, lights=True, flip=True, shadow=0.4)
    person(pic, 300, 866, 0.98, Look(skin=SKINS[1], top=APRICOT, legs=INK, style="long", hair=INK), Pose())
    person(
        pic,
        362,
        870,
        1.02,
        Look(skin=SKINS[0], top=MIST, legs=INK, hair=mix(INK, VERMILION, 0.3)),
        Pose(right=(50, 172), left=(-22, 84), bend=(-1, -1)),
    )


def _tower(pic: Pic) -> None:
    """The tower: a lit front of two bays and two darker flanks."""
    left, right, top, floors, tall = 545, 935, 62, 8, 86
    for edge, sign in ((left, -1), (right, 1)):
        side = [(edge, top), (edge + sign * 105, top + 34), (edge + sign * 105, 800), (edge, 806)]
        pic.poly(side, mix(PETROL, SUN, 0.12) if sign < 0 else mix(DEEP, PETROL, 0.4))
    pic.rect(left, top, right - left, 744, pic.down(mix(SUN, PAPER, 0.45), mix(SUN, APRICOT, 0.55)))
    paints = [
        VERMILION,
        PALE,
        PETROL,
        APRICOT,
        MIST,
        SUN,
        DEEP,
        WHITE,
        PETROL,
        VERMILION,
        PALE,
        SAND,
        PALE,
        PETROL,
        VERMILION,
        MIST,
    ]
    kinds = ["sedan", "hatch", "suv", "sedan", "hatch", "suv"]
    for level in range(floors):
        floor = top + 30 + (level + 1) * tall
        for bay in range(2):
            index = level * 2 + bay
            if index == 7:
                continue
            car(
                pic,
                kinds[index % 6],
                left + 97 + bay * 196,
                floor - 4,
                0.375,
                paints[index],
                glass=DEEP,
                shadow=0.2,
                flip=bay == 1,
            )
        for edge, sign in ((left, -1), (right, 1)):
            with pic.group(
                f"translate({edge + sign * 52} {floor - 2}) skewY({sign * 3 - sign * level * 0.3:.1f}) scale(.46 1)"
            ):
                car(
                    pic,
                    kinds[(level + 2) % 6],
                    0,
                    0,
                    0.375,
                    dark(paints[(level * 3 + (sign > 0)) % 16], 0.25),
                    glass=INK,
                    shadow=0,
                )
            pic.line([(edge, floor), (edge + sign * 105, floor + (18 - level * 2.4))], INK, 4)
        pic.rect(left, floor, right - left, 5, INK)
    for x in (left, (left + right) / 2, right):
        pic.rect(x - 4, top, 8, 744, INK)
    for x in (left - 105, right + 105):
        pic.line([(x, top + 34), (x, 800)], INK, 6)
    pic.poly(
        [
            (left - 112, top + 36),
            (left, top - 4),
            (right, top - 4),
            (right + 112, top + 36),
            (right + 112, top + 20),
            (right, top - 26),
            (left, top - 26),
            (left - 112, top + 20),
        ],
        INK,
    )
    pic.rect(left + 110, top - 62, 170, 40, VERMILION, rx=6)
    pic.circle(left + 140, top - 42, 10, "none", stroke=WHITE, stroke_width=4)
    pic.rect(left + 162, top - 46, 92, 7, WHITE, rx=3)
    gleam(pic, left, top, right - left, 744, 0.2)


SCENES: dict[str, Callable[[Pic], None]] = {
    "ev-chargers": ev_chargers,
    "showroom-handover": showroom_handover,
    "vending-tower": vending_tower,
}
