"""Desk pieces and graphics seen from above: contract, ledger, map."""

from __future__ import annotations

from collections.abc import Callable

from .cars import car
from .parts import halftone, lettering, text_lines
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


def finance_desk(pic: Pic) -> None:
    """From above: contract, pen, calculator, car key and coffee on a petrol desk."""
    pic.fill(pic.slant((0, 0), (1600, 900), mix(PETROL, MIST, 0.14), mix(PETROL, DEEP, 0.6)))
    pic.poly([(0, 0), (620, 0), (0, 560)], WHITE, opacity=0.07)
    pic.poly([(860, 0), (1120, 0), (240, 900), (0, 900), (0, 830)], WHITE, opacity=0.07)
    with pic.group("rotate(-7 720 450)"):
        pic.rect(474, 120, 500, 690, INK, opacity=0.3, transform="translate(26 26)")
        pic.rect(456, 96, 500, 690, mix(MIST, PAPER, 0.3), transform="rotate(4 700 440)")
        pic.rect(470, 104, 500, 690, PAPER)
        pic.rect(520, 154, 86, 86, VERMILION, rx=10)
        pic.path("M536 214h54l-6 -14q-3 -6 -9 -6h-22q-6 0 -9 6l-8 6Z", PAPER)
        lettering(pic, 630, 166, 280, 20, INK, 5)
        text_lines(pic, 630, 208, 230, 2, 18, mix(INK, PAPER, 0.5), 2, 6)
        text_lines(pic, 520, 286, 400, 5, 24, mix(INK, PAPER, 0.55), 3, 7)
        for row in range(4):
            pic.rect(520, 430 + row * 44, 400, 36, mix(SAND, PAPER, 0.5) if row % 2 else mix(MIST, PAPER, 0.4))
            pic.rect(536, 444 + row * 44, 150 - row * 14, 8, mix(INK, PAPER, 0.3), rx=4)
            pic.rect(826, 444 + row * 44, 76, 8, VERMILION if row == 3 else mix(INK, PAPER, 0.3), rx=4)
        text_lines(pic, 520, 634, 400, 2, 22, mix(INK, PAPER, 0.55), 4, 7)
        pic.rect(520, 742, 190, 4, INK)
        pic.rect(760, 742, 160, 4, INK)
        pic.stroke(
            "M532 730C548 690 570 690 566 720C562 744 586 700 600 706C612 712 604 738 622 726"
            "C640 712 650 706 664 724C676 738 690 722 702 712",
            PETROL,
            6,
        )
    _pen(pic)
    _calculator(pic)
    _coffee(pic, 1330, 210)
    _car_key(pic)
    _hand(pic)


def _pen(pic: Pic) -> None:
    with pic.group("translate(742 700) rotate(-42)"):
        pic.rect(14, 10, 330, 22, INK, rx=11, opacity=0.28)
        pic.path("M0 0L34 -10V10Z", SUN)
        pic.path("M0 0L12 -3.6V3.6Z", INK)
        pic.rect(34, -13, 300, 26, VERMILION, rx=8)
        pic.rect(34, 2, 300, 11, dark(VERMILION, 0.3), rx=5)
        pic.rect(190, -15, 14, 30, SUN, rx=3)
        pic.rect(236, -18, 90, 7, SUN, rx=3)


def _calculator(pic: Pic) -> None:
    with pic.group("translate(1120 420) rotate(9)"):
        pic.rect(20, 24, 300, 400, INK, rx=26, opacity=0.3)
        pic.rect(0, 0, 300, 400, mix(SAND, PAPER, 0.4), rx=26)
        pic.rect(0, 376, 300, 24, dark(SAND, 0.15), rx=12)
        pic.rect(28, 30, 244, 80, mix(MIST, PETROL, 0.3), rx=10)
        for i in range(4):
            pic.rect(150 + i * 28, 54, 18, 34, INK, rx=5)
        for row in range(4):
            for column in range(4):
                colour = VERMILION if (row, column) == (3, 3) else APRICOT if column == 3 else WHITE
                pic.rect(28 + column * 63, 134 + row * 60, 52, 48, dark(colour, 0.22), rx=10)
                pic.rect(28 + column * 63, 130 + row * 60, 52, 46, colour, rx=10)


def _coffee(pic: Pic, x: float, y: float) -> None:
    pic.circle(x + 26, y + 30, 132, INK, opacity=0.28)
    pic.circle(x, y, 132, PAPER)
    pic.circle(x, y, 118, mix(PAPER, SAND, 0.5))
    pic.path(f"M{x + 70} {y + 50}l66 46q26 -8 18 -34l-60 -44Z", WHITE)
    pic.circle(x, y, 88, WHITE)
    pic.circle(x, y, 74, mix(VERMILION, INK, 0.72))
    pic.path(f"M{x - 74} {y}A74 74 0 0 1 {x + 40} {y - 62}A92 92 0 0 0 {x - 60} {y + 42}Z", mix(APRICOT, INK, 0.5))
    pic.circle(x + 18, y + 20, 10, mix(APRICOT, INK, 0.35))


def _car_key(pic: Pic) -> None:
    with pic.group("translate(250 250) rotate(-24)"):
        pic.rect(-50, -80, 130, 236, INK, rx=50, opacity=0.28)
        pic.circle(0, -130, 52, "none", stroke=MIST, stroke_width=11)
        pic.rect(-17, -116, 34, 40, mix(MIST, PETROL, 0.3), rx=8)
        pic.rect(-66, -90, 132, 230, INK, rx=52)
        pic.rect(-54, -78, 108, 206, mix(INK, PETROL, 0.45), rx=44)
        for i, colour in enumerate((MIST, MIST, VERMILION)):
            pic.circle(0, -34 + i * 62, 23, mix(INK, PETROL, 0.15))
            pic.circle(0, -34 + i * 62, 10, colour)
    with pic.group("translate(172 92) rotate(34)"):
        pic.rect(-20, 6, 110, 150, INK, rx=14, opacity=0.2)
        pic.rect(-50, 0, 110, 150, SUN, rx=14)
        pic.circle(5, 24, 9, PETROL)
        pic.rect(-26, 62, 62, 9, DEEP, rx=4)
        pic.rect(-26, 86, 46, 9, DEEP, rx=4)


def _hand(pic: Pic) -> None:
    """A sleeve reaching in from the lower left, resting on the contract."""
    skin = "#c98a5e"
    pic.poly([(0, 700), (0, 900), (250, 900), (350, 800), (270, 690)], INK, opacity=0.22)
    pic.poly([(-10, 640), (-10, 900), (180, 900), (300, 780), (236, 670)], mix(INK, DEEP, 0.5))
    pic.poly([(236, 664), (306, 782), (330, 766), (262, 650)], WHITE)
    pic.path(
        "M258 660C300 626 350 612 396 616C440 596 500 590 516 604C524 614 510 624 470 630"
        "C520 626 546 634 546 646C546 658 510 660 476 662"
        "C514 664 536 674 532 686C528 696 496 694 462 692C490 700 502 712 494 720C484 730 440 722 410 716"
        "C376 740 340 756 316 768Z",
        skin,
    )
    pic.stroke("M470 630L430 634M476 662L432 664M462 692L424 690", dark(skin, 0.3), 3)


def ledger(pic: Pic) -> None:
    """An open account ledger with fountain pen, an old photograph and key tags."""
    wood = mix(VERMILION, INK, 0.62)
    pic.fill(pic.slant((0, 0), (1600, 900), mix(wood, APRICOT, 0.25), mix(wood, INK, 0.2)))
    for i in range(7):
        pic.rect(0, i * 140 - 40, 1600, 3, INK, opacity=0.22)
    pic.poly([(420, 0), (980, 0), (520, 900), (-60, 900)], SUN, opacity=0.12)
    with pic.group("rotate(3 800 450)"):
        pic.rect(300, 130, 1090, 720, INK, rx=14, opacity=0.35)
        pic.rect(268, 92, 1090, 716, mix(PETROL, DEEP, 0.5), rx=16)
        for side in range(3):
            pic.rect(
                286 + side * 4,
                108 + side * 3,
                1054 - side * 8,
                684 - side * 6,
                mix(SAND, INK, 0.16 - side * 0.05),
                rx=6,
            )
        pic.rect(298, 116, 516, 668, pic.across(mix(PAPER, SAND, 0.15), mix(PAPER, SAND, 0.25), mix(SAND, INK, 0.16)))
        pic.rect(814, 116, 516, 668, pic.across(mix(SAND, INK, 0.2), mix(PAPER, SAND, 0.3), mix(PAPER, SAND, 0.1)))
        for left in (298, 814):
            _ledger_page(pic, left)
        pic.rect(1046, 784, 30, 74, VERMILION)
    _old_photo(pic)
    _fountain_pen(pic)
    for x, y, turn, colour in ((1210, 690, -18, VERMILION), (1376, 560, 74, SUN), (1120, 766, 12, MIST)):
        _key_tag(pic, x, y, turn, colour)


def _ledger_page(pic: Pic, left: float) -> None:
    """Ruled columns with handwriting-like entries."""
    random = seeded(int(left))
    pic.rect(left + 30, 196, 456, 3, VERMILION, opacity=0.7)
    lettering(pic, left + 40, 156, 240, 15, mix(INK, PAPER, 0.15), int(left) % 7)
    for x in (96, 330, 410):
        pic.rect(left + x, 196, 2, 560, VERMILION, opacity=0.35)
    for row in range(12):
        y = 240 + row * 44
        pic.rect(left + 30, y + 8, 456, 1.6, PETROL, opacity=0.3)
        if row > (10 if left < 500 else 7):
            continue
        pic.rect(left + 44, y - 6, 34, 5, mix(INK, PETROL, 0.5), rx=2)
        points: list[Point] = [(left + 108, y)]
        while points[-1][0] < left + 108 + random.uniform(110, 200):
            points.append(
                (points[-1][0] + random.uniform(7, 12), y + (-9 if len(points) % 2 else 3) + random.uniform(-3, 1))
            )
        pic.curve(points, mix(INK, PETROL, 0.5), 2.6)
        for x in (346, 424):
            if random.random() < 0.8:
                pic.rect(
                    left + x,
                    y - 7,
                    random.choice((26, 38, 48)),
                    6,
                    mix(INK, PETROL, 0.5) if row != 6 else VERMILION,
                    rx=3,
                )


def _old_photo(pic: Pic) -> None:
    """A deckle-edged photograph of a store and a car."""
    with pic.group("translate(120 96) rotate(-11)"):
        pic.rect(16, 20, 420, 320, INK, opacity=0.32)
        pic.rect(0, 0, 420, 320, PAPER)
        pic.rect(22, 22, 376, 254, pic.down(mix(SAND, PAPER, 0.3), mix(SAND, APRICOT, 0.4)))
        pic.rect(90, 92, 270, 150, mix(SAND, INK, 0.35))
        pic.rect(106, 128, 238, 100, mix(SAND, INK, 0.65))
        pic.rect(78, 84, 294, 22, mix(SAND, INK, 0.55))
        pic.rect(190, 46, 70, 46, mix(SAND, INK, 0.5))
        pic.rect(22, 238, 376, 38, mix(SAND, INK, 0.2))
        car(pic, "classic", 210, 262, 0.5, mix(SAND, INK, 0.5), rim=SAND, style="disc", glass=INK)
        pic.poly([(250, 22), (398, 22), (398, 150)], WHITE, opacity=0.25)


def _fountain_pen(pic: Pic) -> None:
    with pic.group("translate(1010 560) rotate(-33)"):
        pic.rect(30, 18, 470, 30, INK, rx=15, opacity=0.3)
        pic.path("M0 0Q30 -16 74 -15V15Q30 16 0 0Z", SUN)
        pic.line([(6, 0), (54, 0)], dark(SUN, 0.5), 2)
        pic.circle(54, 0, 4, dark(SUN, 0.5))
        pic.path("M74 -13L130 -19V19L74 13Z", mix(INK, DEEP, 0.4))
        pic.rect(130, -22, 330, 44, PETROL, rx=8)
        pic.path("M452 -22h30q24 22 0 44h-30Z", PETROL)
        pic.rect(130, 4, 350, 18, dark(PETROL, 0.4), rx=8)
        pic.rect(140, -14, 310, 6, mix(PETROL, MIST, 0.5), rx=3)
        for x in (126, 262):
            pic.rect(x, -23, 12, 46, SUN, rx=3)


def _key_tag(pic: Pic, x: float, y: float, turn: float, colour: str) -> None:
    with pic.group(f"translate({x} {y}) rotate({turn})"):
        pic.path("M10 14h120l40 36l-40 36h-120Z", INK, opacity=0.28)
        pic.path("M-4 -4h120l40 36l-40 36h-120Z", colour)
        pic.circle(124, 32, 9, mix(VERMILION, INK, 0.62))
        pic.rect(14, 12, 80, 8, light(colour, 0.6), rx=3)
        pic.rect(14, 30, 56, 8, light(colour, 0.6), rx=3)
        pic.rect(14, 48, 68, 8, light(colour, 0.6), rx=3)
        pic.circle(150, 34, 30, "none", stroke=MIST, stroke_width=6)
        pic.path("M176 28h86v14h-12v12h-12v-12h-14v8h-12v-8h-36Z", mix(SUN, MIST, 0.5))


def map_pins(pic: Pic) -> None:
    """An abstract regional map with roads, a river and store pins."""
    pic.fill(mix(PAPER, SAND, 0.25))
    random = seeded(19)
    pic.blob([(-100, 90), (240, 60), (330, 260), (180, 430), (-100, 460)], mix(MIST, PALE, 0.3))
    pic.blob([(1180, 560), (1420, 480), (1700, 560), (1700, 960), (1080, 960)], mix(MIST, PALE, 0.3))
    pic.blob([(640, -80), (980, -60), (940, 160), (760, 210), (600, 110)], mix(SAND, APRICOT, 0.25))
    for _ in range(46):
        x, y = random.uniform(0, 1560), random.uniform(0, 880)
        pic.rect(
            x,
            y,
            random.uniform(24, 70),
            random.uniform(18, 46),
            mix(SAND, APRICOT, 0.2),
            rx=3,
            opacity=0.55,
            transform=f"rotate(-14 {x:.0f} {y:.0f})",
        )
    river = (
        "M-40 620C160 560 280 700 470 640C660 580 640 420 820 380C1010 340 1060 200 1240 180C1400 160 1500 60 1660 40"
    )
    pic.stroke(river, mix(MIST, PETROL, 0.4), 64)
    pic.stroke(river, mix(MIST, PETROL, 0.28), 50)
    small = [
        "M120 -20C140 220 320 260 360 460S300 800 420 940",
        "M-20 300C240 340 420 300 600 330S900 560 1120 560S1500 420 1640 440",
        "M700 940C700 780 860 720 900 600S880 300 1000 160S1080 40 1080 -20",
        "M1300 940C1290 760 1400 640 1380 480S1260 240 1330 -20",
    ]
    for road in small:
        pic.stroke(road, mix(SAND, INK, 0.25), 17)
        pic.stroke(road, WHITE, 11)
    big = "M-20 840C260 800 420 720 620 600S1000 460 1180 330S1500 220 1640 200"
    pic.stroke(big, dark(SUN, 0.35), 30)
    pic.stroke(big, SUN, 22)
    pic.stroke("M347 380C350 330 450 316 600 330S900 560 1120 560", VERMILION, 8, stroke_dasharray="2 18")
    halftone(pic, (1150, 0, 450, 380), PETROL, towards=(0.8, -0.8), opacity=0.16, step=30, biggest=9)
    stores = [
        (347, 380, 1.0, PETROL),
        (620, 600, 1.15, PETROL),
        (1120, 560, 1.1, APRICOT),
        (1352, 336, 1.0, PETROL),
        (180, 760, 0.9, APRICOT),
        (1010, 150, 0.9, PETROL),
        (1330, 790, 1.0, APRICOT),
        (860, 380, 1.9, VERMILION),
    ]
    for x, y, size, colour in stores:
        _pin(pic, x, y, size, colour)
    with pic.group("translate(1480 760)"):
        pic.circle(0, 0, 62, PAPER, opacity=0.9)
        pic.poly([(0, -52), (15, 0), (-15, 0)], VERMILION)
        pic.poly([(0, 52), (15, 0), (-15, 0)], PETROL)


def _pin(pic: Pic, x: float, y: float, size: float, colour: str) -> None:
    """A map pin with a small house in it."""
    with pic.group(pic.at(x, y, size)):
        pic.poly([(0, 0), (70, -36), (104, -46), (96, -22), (40, -2)], INK, opacity=0.2)
        pic.path("M0 0C-8 -34 -46 -56 -46 -98A46 46 0 0 1 46 -98C46 -56 8 -34 0 0Z", colour)
        pic.path("M0 0C8 -34 46 -56 46 -98A46 46 0 0 0 10 -143C34 -110 26 -60 0 0Z", dark(colour, 0.22))
        pic.circle(0, -98, 30, PAPER)
        pic.path("M-17 -86v-16h34v16Z", dark(colour, 0.2))
        pic.path("M-22 -102l8 -14h28l8 14Z", colour)
        pic.rect(-6, -97, 12, 11, PAPER)


SCENES: dict[str, Callable[[Pic], None]] = {"finance-desk": finance_desk, "ledger": ledger, "map-pins": map_pins}
