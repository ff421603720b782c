"""Scenes on the road."""

from __future__ import annotations

from collections.abc import Callable

from .cars import car, wheel
from .parts import cloud, halftone, hills, poplar
from .svg import APRICOT, DEEP, INK, MIST, PALE, PAPER, PETROL, SAND, SUN, VERMILION, WHITE, Pic, dark, light, mix


def car_hauler(pic: Pic) -> None:
    """A loaded car transporter on a highway through hills at sunrise."""
    pic.fill(pic.down(mix(MIST, PETROL, 0.2), mix(PAPER, MIST, 0.4), mix(SAND, APRICOT, 0.4), APRICOT))
    for radius, opacity in ((420, 0.14), (300, 0.2), (210, 0.3)):
        pic.circle(1120, 430, radius, mix(SUN, WHITE, 0.4), opacity=opacity)
    pic.circle(1120, 430, 140, mix(SUN, WHITE, 0.55))
    halftone(pic, (0, 0, 640, 330), PETROL, towards=(-0.8, -0.8), opacity=0.22, step=24, biggest=8)
    for x, y, w in ((150, 260, 340), (1240, 190, 290), (640, 130, 220)):
        cloud(pic, x, y, w, PAPER, 0.8)
    hills(pic, [420, 330, 450, 380, 470, 360, 420], mix(APRICOT, VERMILION, 0.3))
    hills(pic, [520, 440, 400, 520, 470, 540, 430, 500], mix(PETROL, MIST, 0.42))
    hills(pic, [540, 560, 500, 590, 540, 570, 600], mix(PETROL, MIST, 0.16))
    for x, tall in ((60, 120), (110, 90), (420, 80), (1480, 130), (1430, 90), (1540, 100), (980, 60)):
        poplar(pic, x, 606, tall, mix(DEEP, PETROL, 0.5))
    hills(pic, [620, 600, 640, 610, 630, 600, 640], mix(DEEP, PETROL, 0.6))
    pic.poly([(0, 700), (1600, 700), (1600, 900), (0, 900)], pic.down(mix(PETROL, SAND, 0.25), mix(PETROL, DEEP, 0.5)))
    pic.rect(0, 694, 1600, 9, mix(SAND, PETROL, 0.2))
    for x in range(-40, 1640, 130):
        pic.rect(x, 650, 10, 50, mix(MIST, PETROL, 0.4))
    pic.rect(0, 652, 1600, 20, mix(MIST, SAND, 0.3))
    pic.rect(0, 662, 1600, 10, mix(MIST, PETROL, 0.5))
    for x in range(-90, 1700, 330):
        pic.poly([(x, 858), (x + 190, 858), (x + 184, 869), (x - 10, 869)], SUN)
    pic.poly([(150, 798), (1440, 798), (1300, 838), (-40, 838)], INK, opacity=0.32)
    _trailer(pic)
    _tractor(pic)


def _trailer(pic: Pic) -> None:
    """Two decks of cars; the trailer's frame and wheels."""
    frame = mix(INK, DEEP, 0.4)
    car(pic, "suv", 300, 734, 0.78, PALE, shadow=0, glass=DEEP)
    car(pic, "sedan", 660, 724, 0.78, VERMILION, shadow=0, glass=DEEP)
    car(pic, "hatch", 990, 690, 0.78, SUN, shadow=0, glass=DEEP, turn=-7)
    for x in (128, 480, 838, 1140):
        pic.line([(x, 740 - (30 if x > 1000 else 0)), (x, 560)], frame, 12)
        pic.line([(x + 4, 740 - (30 if x > 1000 else 0)), (x + 4, 560)], mix(MIST, PETROL, 0.4), 3)
    pic.poly(
        [(110, 724), (840, 724), (900, 712), (1160, 680), (1160, 700), (910, 738), (850, 750), (110, 750)], VERMILION
    )
    pic.poly(
        [(110, 738), (845, 738), (905, 726), (1160, 692), (1160, 700), (910, 738), (850, 750), (110, 750)],
        dark(VERMILION, 0.35),
    )
    pic.poly([(90, 560), (1150, 540), (1480, 503), (1480, 517), (1150, 556), (90, 576)], VERMILION)
    pic.poly([(90, 570), (1150, 549), (1480, 511), (1480, 517), (1150, 556), (90, 576)], dark(VERMILION, 0.35))
    car(pic, "hatch", 256, 558, 0.78, PETROL, shadow=0, glass=DEEP, turn=-1)
    car(pic, "sedan", 606, 551, 0.78, MIST, shadow=0, glass=DEEP, turn=-1)
    car(pic, "suv", 972, 544, 0.78, APRICOT, shadow=0, glass=DEEP, turn=-1)
    car(pic, "hatch", 1310, 524, 0.78, WHITE, shadow=0, glass=DEEP, turn=-6.4)
    for x in (250, 350, 450):
        wheel(pic, x, 772, 42, MIST, "disc")
        pic.stroke(f"M{x - 50} 764A50 50 0 0 1 {x + 50} 764", frame, 8)


def _tractor(pic: Pic) -> None:
    """The lorry's cab under the front of the upper deck."""
    cab = PETROL
    pic.rect(1010, 742, 470, 30, mix(INK, DEEP, 0.3))
    pic.path("M1190 764V576Q1190 556 1210 556H1390Q1424 556 1438 590L1470 668Q1476 680 1476 700V764Z", cab)
    pic.path("M1190 764V700H1476V764Z", dark(cab, 0.3))
    pic.path("M1190 700V690H1474L1476 700Z", light(cab, 0.3))
    pic.path("M1330 582H1390Q1410 582 1420 604L1446 664H1330Z", dark(DEEP, 0.2))
    pic.path("M1350 582H1376L1350 664H1330V640Z", MIST, opacity=0.3)
    pic.rect(1216, 586, 80, 70, dark(cab, 0.2), rx=8)
    pic.line([(1312, 566), (1312, 756)], dark(cab, 0.5), 3)
    pic.rect(1326, 684, 34, 8, INK, rx=4)
    pic.rect(1452, 700, 26, 24, WHITE, rx=6)
    pic.poly([(1478, 700), (1600, 690), (1600, 770), (1478, 726)], pic.across(SUN, SUN, alpha=(0.5, 0)))
    pic.rect(1452, 590, 16, 62, INK, rx=6)
    pic.rect(1180, 752, 310, 24, mix(INK, DEEP, 0.3), rx=6)
    for x in (1080, 1400):
        pic.stroke(f"M{x - 54} 766A54 54 0 0 1 {x + 54} 766", mix(INK, DEEP, 0.2), 12)
        wheel(pic, x, 768, 46, MIST, "disc")


SCENES: dict[str, Callable[[Pic], None]] = {"car-hauler": car_hauler}
