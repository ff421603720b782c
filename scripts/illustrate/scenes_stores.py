"""Scenes at a dealer's store: hail on the lot, the showroom at night."""

from __future__ import annotations

from collections.abc import Callable

from .camera import Camera, Spot, box, hull, stand
from .cars import car
from .parts import (
    lamp,
    pylon,
)
from .people import SKINS, Look, Pose
from .solid import SHAPES, Placed, solid_car
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


def hail_lot(pic: Pic) -> None:
    """Hail comes down on a dealer's lot; two people pull covers over the cars."""
    cam = Camera((-330, 400, -900), (40, 190, 700), 1120, (800, 470))
    pic.fill(pic.down(mix(INK, DEEP, 0.3), mix(PETROL, DEEP, 0.3), mix(MIST, PETROL, 0.45)))
    for x, y, w, t in ((-260, 60, 900, 0.25), (420, 20, 900, 0.1), (980, 110, 820, 0.3), (-60, 170, 620, 0.5)):
        _storm_cloud(pic, x, y, w, mix(INK, PETROL, t))
    horizon = cam.see((0, 0, 20000))[1]
    pic.rect(0, horizon - 70, 1600, 90, pic.down(MIST, mix(MIST, PAPER, 0.5), alpha=(0, 0.8)))
    pic.poly(
        [(1290, 0), (1200, 150), (1256, 150), (1180, 300), (1322, 126), (1264, 126), (1340, 0)], mix(SUN, WHITE, 0.6)
    )
    pic.rect(
        0,
        horizon,
        1600,
        900 - horizon,
        pic.down(mix(MIST, PETROL, 0.25), mix(PETROL, MIST, 0.35), mix(PETROL, DEEP, 0.25)),
    )
    box(pic, cam, (-2600, 0, 2100), (60, 520, 3000), (MIST, mix(PETROL, DEEP, 0.6), DEEP))
    glass = [cam.see(s) for s in ((-2500, 20, 2099), (-2500, 380, 2099), (-30, 380, 2099), (-30, 20, 2099))]
    pic.poly(glass, mix(SUN, APRICOT, 0.25))
    for x in range(-2300, 0, 260):
        pic.line([cam.see((x, 20, 2098)), cam.see((x, 380, 2098))], DEEP, 5)
    pic.poly([cam.see(s) for s in ((-2700, 520, 2050), (-2700, 440, 2050), (120, 440, 2050), (120, 520, 2050))], INK)
    post = cam.see((900, 0, 2300))
    pylon(pic, post[0], post[1], 130, 330, mix(VERMILION, INK, 0.2))
    cars = [
        ("suv", -700, 1500, PALE, 0),
        ("sedan", -200, 1500, PETROL, 1),
        ("suv", 300, 1500, SAND, 0),
        ("hatch", 800, 1500, MIST, 0),
        ("suv", -640, 720, PETROL, 1),
        ("sedan", -60, 720, APRICOT, 0),
        ("suv", 560, 760, PALE, 1),
        ("hatch", -470, 10, MIST, 0),
        ("sedan", 120, -20, VERMILION, 2),
    ]
    near = Look(skin=SKINS[0], top=SUN, legs=INK, hair=SUN, style="cap", coat=14)
    far = Look(skin=SKINS[2], top=VERMILION, legs=DEEP, hair=VERMILION, style="cap", coat=14)
    for kind, x, z, colour, cover in cars:
        if cover == 2:
            stand(pic, cam, 318, 60, near, Pose(left=(-64, 128), right=(-58, 118), lean=-10, bend=(1, 1), face=-1))
        solid_car(pic, cam, kind, x, z, -62, colour, sun=0.85, shadow=(30, -40), shadow_opacity=0.35, lamps=cover == 2)
        if cover:
            _cover(pic, cam, kind, x, z, mix(PALE, PAPER, 0.5) if cover == 2 else mix(SAND, PAPER, 0.3), cover == 2)
    stand(
        pic,
        cam,
        742,
        520,
        far,
        Pose(left=(-60, 96), right=(-54, 86), lean=-12, bend=(1, 1), feet=((-18, 0), (20, 0)), face=-1),
    )
    _hail(pic)


def _storm_cloud(pic: Pic, x: float, y: float, width: float, colour: str) -> None:
    tall = width * 0.13
    pic.path(
        f"M{x} {y + tall}q{width * 0.02} {-tall * 0.9} {width * 0.18} {-tall * 0.7}"
        f"q{width * 0.08} {-tall * 1.1} {width * 0.28} {-tall * 0.7}"
        f"q{width * 0.16} {-tall * 0.8} {width * 0.28} {tall * 0.2}"
        f"q{width * 0.2} {-tall * 0.3} {width * 0.26} {tall * 1.2}Z",
        colour,
    )


def _cover(pic: Pic, cam: Camera, kind: str, x: float, z: float, colour: str, half: bool) -> None:
    """A cloth over a car, or over its rear half while it is being pulled."""
    shape = SHAPES[kind]
    placed = Placed(cam, shape, x, z, -62)
    side = shape.width / 2 + 5
    stop = shape.length * 0.56 if half else shape.length + 6
    lower: list[Spot] = []
    for along, high in (
        (-6.0, shape.deck[0][1]),
        (stop * 0.5, shape.belt[2] + 4),
        (stop, shape.belt[2] + 2 if half else shape.deck[-1][1]),
    ):
        lower += [(along, 24, side), (along, 24, -side), (along, high, side * 0.95), (along, high, -side * 0.95)]
    pic.poly(hull([placed.see(*spot) for spot in lower]), dark(colour, 0.14))
    back, fore, high = shape.roof[0] - 6, min(shape.roof[1], stop), shape.roof[2] + 5
    front = min(shape.belt[1] + 12, stop)
    upper: list[Spot] = []
    for s in (1.0, -1.0):
        upper += [
            (max(shape.belt[0] - 10, -6), shape.belt[2], s * side * 0.95),
            (front, shape.belt[2] + 2, s * side * 0.95),
        ]
        upper += [(back, high, s * side * 0.76), (fore, high, s * side * 0.76)]
    pic.poly(hull([placed.see(*spot) for spot in upper]), dark(colour, 0.05))
    top = [placed.see(a, high + 1, s * side * 0.74) for a, s in ((back, 1), (fore, 1), (fore, -1), (back, -1))]
    pic.poly(top, light(colour, 0.6), stroke=light(colour, 0.6), stroke_width=5, stroke_linejoin="round")
    for share in (0.12, 0.26, 0.42, 0.58, 0.76):
        if share * shape.length < stop - 20:
            along = share * shape.length
            pic.curve(
                [
                    placed.see(along, 28, -side),
                    placed.see(along + 12, 70, -side * 1.01),
                    placed.see(along + 8, shape.belt[2], -side * 0.97),
                ],
                dark(colour, 0.34),
                2.4,
            )


def _hail(pic: Pic) -> None:
    """Slanted streaks with white stones, denser to the back, some bouncing."""
    random = seeded(5)
    for _ in range(120):
        x, y, size = random.uniform(0, 1650), random.uniform(-20, 880), random.choice((2.5, 3.5, 5, 7))
        pic.line([(x, y), (x + size * 4.5, y - size * 11)], WHITE, size * 0.5, opacity=0.22)
        pic.circle(x, y, size, WHITE, opacity=0.92)
    for _ in range(70):
        x, y = random.uniform(0, 1600), random.uniform(640, 890)
        pic.ellipse(x, y, 5, 3.4, WHITE, opacity=0.9)


def dealership_night(pic: Pic) -> None:
    """A lit glass showroom at night, doubled on the wet forecourt."""
    pic.fill(pic.down("#0b141b", DEEP, mix(PETROL, DEEP, 0.3)))
    random = seeded(3)
    for _ in range(60):
        pic.circle(random.uniform(0, 1600), random.uniform(0, 300), random.choice((1, 1.4, 2)), MIST, opacity=0.6)
    pic.path("M214 84A52 52 0 1 0 262 152A42 42 0 1 1 214 84Z", mix(SUN, PAPER, 0.6))
    pic.rect(0, 560, 1600, 340, pic.down(mix(DEEP, INK, 0.2), "#0b141b"))
    with pic.group("translate(0 1122) scale(1 -1)", opacity=0.62):
        _night_store(pic)
    pic.rect(0, 560, 1600, 340, pic.down(DEEP, DEEP, "#0b141b", alpha=(0.1, 0.45, 0.95)))
    for _ in range(42):
        y = random.uniform(575, 890)
        wide = random.uniform(80, 420)
        pic.rect(random.uniform(-100, 1500), y, wide, (y - 540) / 60, mix(DEEP, INK, 0.4), rx=3, opacity=0.6)
    _night_store(pic)
    pic.rect(0, 558, 1600, 5, mix(INK, PETROL, 0.4))
    with pic.group("translate(0 1604) scale(1 -1)", opacity=0.3):
        car(pic, "sedan", 520, 800, 1.62, VERMILION, glass=DEEP, shadow=0)
    car(pic, "sedan", 520, 800, 1.62, VERMILION, glass=DEEP, lights=True, shadow=0.6)
    pic.poly([(884, 672), (1600, 620), (1600, 830), (894, 694)], pic.across(PAPER, PAPER, alpha=(0.5, 0)))
    for x, flip in ((92, 1), (1508, -1)):
        lamp(pic, x, 566, 340, 70 * flip)


def _night_store(pic: Pic) -> None:
    """The building alone, so that it can be mirrored."""
    pic.rect(250, 250, 1100, 312, mix(SUN, APRICOT, 0.3))
    pic.rect(250, 250, 1100, 312, pic.down(WHITE, SUN, alpha=(0.75, 0)))
    pic.rect(250, 500, 1100, 62, mix(APRICOT, SAND, 0.4))
    for x in range(330, 1330, 130):
        pic.poly([(x - 10, 268), (x + 10, 268), (x + 60, 520), (x - 60, 520)], WHITE, opacity=0.16)
        pic.rect(x - 14, 262, 28, 7, WHITE)
    pic.rect(960, 330, 150, 175, mix(APRICOT, SAND, 0.5))
    pic.rect(985, 370, 100, 6, PETROL)
    car(pic, "suv", 460, 552, 0.72, PETROL, glass=DEEP, shadow=0.25)
    car(pic, "hatch", 790, 552, 0.72, APRICOT, glass=DEEP, shadow=0.25, flip=True)
    car(pic, "sedan", 1170, 552, 0.72, PAPER, glass=DEEP, shadow=0.25, flip=True)
    for i in range(12):
        pic.rect(250 + i * 100 - 3, 250, 6, 312, INK)
    pic.rect(250, 400, 1100, 3, INK, opacity=0.5)
    pic.poly([(190, 190), (1440, 190), (1410, 262), (220, 262)], mix(INK, DEEP, 0.35))
    pic.poly([(190, 190), (1440, 190), (1436, 200), (194, 200)], mix(PETROL, MIST, 0.3))
    pic.rect(1160, 130, 150, 62, VERMILION, rx=6)
    pic.circle(1194, 161, 16, "none", stroke=WHITE, stroke_width=6)
    pic.rect(1222, 150, 70, 7, WHITE, rx=3)
    pic.rect(1222, 165, 46, 7, WHITE, rx=3)


SCENES: dict[str, Callable[[Pic], None]] = {
    "hail-lot": hail_lot,
    "dealership-night": dealership_night,
}
