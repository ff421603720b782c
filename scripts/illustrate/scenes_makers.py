"""Scenes of making cars: assembly line, battery, engine."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from .camera import Camera, Spot, box
from .parts import (
    gear_points,
    halftone,
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
    Point,
    dark,
    light,
    mix,
)


def pickup_line(pic: Pic) -> None:
    """Pickups on a moving line which runs to the left, robot arms over them."""
    cam = Camera((-420, 330, -700), (220, 130, 420), 1120, (800, 450))
    pic.fill(pic.down(mix(PETROL, DEEP, 0.55), mix(PETROL, MIST, 0.28)))
    for x in range(-1600, 6000, 500):
        top, foot = cam.see((x, 900, 1500)), cam.see((x, 0, 1500))
        pic.rect(top[0] - 12, top[1], 24, foot[1] - top[1], mix(PETROL, DEEP, 0.3), opacity=0.8)
        a, b = cam.see((x + 110, 780, 1510)), cam.see((x + 400, 380, 1510))
        pic.poly(
            [a, (b[0], cam.see((x + 400, 780, 1510))[1]), b, (a[0], cam.see((x + 110, 380, 1510))[1])],
            mix(MIST, PAPER, 0.5),
            opacity=0.85,
        )
    floor = cam.floor([(-800, 1500), (6000, 1500)])
    pic.poly(
        [(-900, floor[0][1] + 20), *floor, (1700, 900), (-900, 900)],
        pic.down(mix(MIST, PETROL, 0.4), mix(MIST, SAND, 0.4)),
    )
    for z, tone in ((640, 0.5), (-110, 0.5)):
        pic.poly(cam.floor([(-760, z), (6000, z), (6000, z + 46), (-760, z + 46)]), SUN)
        for x in range(-760, 4000, 110):
            pic.poly(cam.floor([(x, z), (x + 50, z), (x + 90, z + 46), (x + 40, z + 46)]), mix(INK, DEEP, tone))
    pic.poly(cam.floor([(-800, -40), (6000, -40), (6000, 620), (-800, 620)]), mix(PETROL, DEEP, 0.4))
    for x in range(-760, 4200, 90):
        pic.line([cam.see((x, 0, -40)), cam.see((x, 0, 620))], mix(PETROL, MIST, 0.25), 2)
    for x, kind in ((2680, 0), (1960, 1), (1220, 0), (470, 1)):
        _robot(pic, cam, (x, 0, 840), (x - 220, 236, 330), APRICOT if kind else VERMILION)
    for x, colour in ((2500, MIST), (1760, PETROL), (1020, PALE), (260, VERMILION), (-500, SAND)):
        box(pic, cam, (x - 240, 0, 200), (x + 240, 26, 380), (mix(INK, PETROL, 0.4), INK, INK))
        solid_car(pic, cam, "pickup", x, 290, 180, colour, lift=22, shadow=(60, -60), shadow_opacity=0.4)
    look = Look(skin=SKINS[0], top=SUN, legs=DEEP, hair=WHITE, style="helmet")
    foot = cam.see((-190, 0, -60))
    person(
        pic,
        foot[0],
        foot[1],
        cam.zoom / cam.depth((-190, 0, -60)),
        look,
        Pose(left=(30, 118), right=(36, 112), bend=(-1, -1), lean=2),
    )


def _robot(pic: Pic, cam: Camera, base: Spot, tool: Spot, colour: str) -> None:
    """An articulated arm between its base and its tool, drawn flat at the right scale."""
    foot, tip = cam.see(base), cam.see(tool)
    size = cam.zoom / cam.depth(base)
    shoulder = (foot[0], foot[1] - 110 * size)
    elbow = (foot[0] + (foot[0] - tip[0]) * 0.25, shoulder[1] - 250 * size)
    wrist = (tip[0], tip[1] - 90 * size)
    pic.ellipse(foot[0], foot[1], 80 * size, 20 * size, INK, opacity=0.4)
    pic.poly(
        [
            (foot[0] - 60 * size, foot[1]),
            (foot[0] - 38 * size, shoulder[1]),
            (foot[0] + 38 * size, shoulder[1]),
            (foot[0] + 60 * size, foot[1]),
        ],
        dark(colour, 0.5),
    )
    _bone(pic, shoulder, elbow, 62 * size, 44 * size, colour)
    _bone(pic, elbow, wrist, 46 * size, 28 * size, light(colour, 0.14))
    for centre, radius in ((shoulder, 40), (elbow, 33), (wrist, 20)):
        pic.circle(centre[0], centre[1], radius * size, dark(colour, 0.3))
        pic.circle(centre[0], centre[1], radius * 0.5 * size, mix(INK, DEEP, 0.4))
    pic.line([wrist, tip], mix(INK, DEEP, 0.3), 14 * size)
    pic.circle(tip[0], tip[1], 24 * size, PAPER, opacity=0.4)
    for turn in range(0, 360, 45):
        a = turn * pi / 180
        pic.line([tip, (tip[0] + 40 * size * cos(a), tip[1] + 40 * size * sin(a))], WHITE, 3 * size)


def _bone(pic: Pic, a: Point, b: Point, wide_a: float, wide_b: float, colour: str) -> None:
    dx, dy = b[0] - a[0], b[1] - a[1]
    size = (dx * dx + dy * dy) ** 0.5
    nx, ny = -dy / size / 2, dx / size / 2
    shape = [
        (a[0] + nx * wide_a, a[1] + ny * wide_a),
        (b[0] + nx * wide_b, b[1] + ny * wide_b),
        (b[0] - nx * wide_b, b[1] - ny * wide_b),
        (a[0] - nx * wide_a, a[1] - ny * wide_a),
    ]
    pic.poly(shape, colour)
    pic.poly([a, b, shape[2], shape[3]], dark(colour, 0.16))


def battery_pack(pic: Pic) -> None:
    """An exploded view: car body, pack lid, modules, skateboard chassis."""
    cam = Camera((-1500, 1420, -2300), (10, 262, 10), 3350, (800, 462))
    pic.fill(pic.glow(mix(PETROL, MIST, 0.18), mix(PETROL, DEEP, 0.45), mix(DEEP, INK, 0.2)))
    halftone(pic, (0, 540, 620, 360), INK, towards=(-0.8, 0.8), opacity=0.35, step=26, biggest=9)
    pic.poly(cam.floor([(-330, -150), (330, -150), (330, 190), (-330, 190)], -40), INK, opacity=0.3)
    _skateboard(pic, cam)
    for z in range(3):
        for x in range(5):
            low = (-150 + x * 62.0, 150.0, 66 - z * 66.0)
            lit = (x, z) == (1, 2)
            tops = (
                (light(VERMILION, 0.16), VERMILION, dark(VERMILION, 0.3))
                if lit
                else (SUN, mix(SUN, APRICOT, 0.7), dark(APRICOT, 0.3))
            )
            raised = 26 if lit else 0
            box(pic, cam, (low[0], low[1] + raised, low[2]), (low[0] + 54, low[1] + 32 + raised, low[2] + 58), tops)
            spot = cam.see((low[0] + 27, low[1] + 32 + raised, low[2] + 29))
            for side in (-12, 12):
                pic.ellipse(spot[0] + side, spot[1] - side * 0.2, 6, 4, mix(INK, PETROL, 0.2))
    lid_tops = (mix(MIST, WHITE, 0.3), mix(MIST, PETROL, 0.35), mix(MIST, PETROL, 0.55))
    box(pic, cam, (-165, 290, -80), (175, 302, 140), lid_tops)
    for x in range(-130, 150, 48):
        pic.line([cam.see((x, 302, -64)), cam.see((x, 302, 124))], mix(MIST, PETROL, 0.4), 4)
    for x, z in ((-165, -80), (175, -80), (175, 140)):
        for foot, head in ((62, 150), (190, 288), (306, 420)):
            a, b = cam.see((x, foot, z)), cam.see((x, head, z))
            pic.line([a, b], WHITE, 2.4, stroke_dasharray="2 9", opacity=0.85)
    solid_car(pic, cam, "suv", 5, 30, 180, MIST, lift=430, sun=0.8, shadow_opacity=0.0)
    _callouts(pic, cam)


def _callouts(pic: Pic, cam: Camera) -> None:
    """Hairlines to mute captions beside the parts."""
    notes: list[tuple[Spot, float, float]] = [
        ((175, 296, 60), 1250, 330),
        ((30, 186, -66), 470, 560),
        ((190, 60, 2), 1290, 700),
        ((-232, 520, -40), 420, 190),
    ]
    for spot, x, y in notes:
        start = cam.see(spot)
        side = 1 if x > 800 else -1
        pic.line([start, (x, y), (x + side * 40, y)], mix(MIST, PETROL, 0.2), 2)
        pic.circle(start[0], start[1], 6, WHITE)
        for row, long in enumerate((150, 110)):
            left = x + side * 56 if side > 0 else x - 56 - long
            pic.rect(left, y - 12 + row * 18, long, 7, mix(MIST, PETROL, 0.2 + row * 0.3), rx=3)


def _skateboard(pic: Pic, cam: Camera) -> None:
    """Frame rails, axles, motors, wheels and the empty battery tray."""
    for x in (-190, 190):
        _tyre(pic, cam, x, 118)
    frame = (mix(PETROL, MIST, 0.55), mix(PETROL, MIST, 0.3), mix(PETROL, MIST, 0.16))
    for x in (-190, 190):
        box(pic, cam, (x - 12, 26, -60), (x + 12, 46, 118), frame)
        box(pic, cam, (x - 34, 20, 2), (x + 34, 70, 62), (light(VERMILION, 0.1), VERMILION, dark(VERMILION, 0.3)))
    box(pic, cam, (-235, 24, 96), (235, 44, 112), frame)
    box(
        pic,
        cam,
        (-165, 16, -80),
        (175, 48, 140),
        (mix(DEEP, PETROL, 0.4), mix(PETROL, MIST, 0.3), mix(PETROL, MIST, 0.16)),
    )
    inner = [cam.see((a, 48, b)) for a, b in ((-155, -70), (165, -70), (165, 130), (-155, 130))]
    pic.poly(inner, mix(INK, DEEP, 0.5))
    for x in range(-92, 160, 62):
        pic.line([cam.see((x, 48, -70)), cam.see((x, 48, 130))], mix(PETROL, DEEP, 0.2), 4)
    box(pic, cam, (-235, 24, -62), (-165, 44, -46), frame)
    box(pic, cam, (175, 24, -62), (235, 44, -46), frame)
    for x in (-190, 190):
        _tyre(pic, cam, x, -78)


def _tyre(pic: Pic, cam: Camera, x: float, z: float) -> None:
    def ring(radius: float, deep: float) -> list[Point]:
        return [cam.see((x + radius * cos(a * pi / 18), 38 + radius * sin(a * pi / 18), z + deep)) for a in range(36)]

    for deep in (22, 16, 10, 5):
        pic.poly(ring(40, deep), INK)
    pic.poly(ring(40, 0), mix(INK, PETROL, 0.25))
    pic.poly(ring(27, 0), MIST)
    pic.poly(ring(21, 0), dark(MIST, 0.55))
    for spoke in range(5):
        a = spoke * 2 * pi / 5
        pic.line([cam.see((x, 38, z)), cam.see((x + 25 * cos(a), 38 + 25 * sin(a), z))], MIST, 7)


def diesel_engine(pic: Pic) -> None:
    """A big in-line diesel on a stand, an engineer beside it."""
    pic.fill(pic.across(mix(SAND, PAPER, 0.5), SAND))
    pic.circle(760, 400, 350, mix(APRICOT, SAND, 0.55), opacity=0.7)
    halftone(pic, (410, 60, 700, 680), VERMILION, towards=(0.2, 0.8), opacity=0.13, step=26, biggest=8)
    pic.rect(0, 740, 1600, 160, pic.down(mix(MIST, SAND, 0.35), mix(MIST, PETROL, 0.25)))
    pic.rect(0, 736, 1600, 6, mix(SAND, INK, 0.3))
    pic.poly([(420, 812), (1150, 812), (1500, 872), (700, 872)], INK, opacity=0.2)
    steel, body = mix(INK, DEEP, 0.5), PETROL
    pic.rect(400, 690, 760, 26, VERMILION, rx=4)
    for x in (470, 1060):
        pic.poly([(x, 712), (x + 34, 712), (x + 60, 812), (x - 30, 812)], dark(VERMILION, 0.2))
        pic.rect(x - 70, 806, 170, 20, VERMILION, rx=6)
        for side in (-52, 78):
            pic.circle(x + side, 834, 14, INK)
    pic.path("M500 610H1060V660Q1060 692 1020 692H640Q600 692 590 664L500 650Z", dark(body, 0.5))
    pic.rect(450, 400, 640, 220, body, rx=8)
    pic.rect(450, 540, 640, 80, dark(body, 0.22))
    pic.rect(470, 320, 600, 90, mix(body, MIST, 0.3), rx=6)
    for i in range(6):
        x = 482 + i * 98
        pic.rect(x, 262, 86, 66, VERMILION, rx=12)
        pic.rect(x, 300, 86, 28, dark(VERMILION, 0.2), rx=6)
        pic.rect(x + 30, 246, 26, 22, steel, rx=4)
        pic.rect(x + 18, 344, 50, 42, mix(body, MIST, 0.12), rx=8)
        pic.circle(x + 43, 470, 30, mix(body, MIST, 0.2))
        pic.circle(x + 43, 470, 19, dark(body, 0.25))
        for side in (8, 78):
            pic.circle(x + side, 398, 5, MIST)
    pic.stroke("M500 300C470 250 520 214 580 214L980 214C1040 214 1060 240 1052 300", MIST, 34)
    pic.stroke("M506 296C478 252 524 206 582 206L980 206", WHITE, 8, opacity=0.7)
    _turbo(pic, 1010, 210)
    pic.rect(1086, 330, 90, 320, steel, rx=10)
    pic.circle(1140, 520, 118, mix(INK, PETROL, 0.2))
    pic.poly(gear_points(1140, 520, 124, 30, 9), mix(INK, PETROL, 0.35))
    pic.circle(1140, 520, 78, MIST)
    pic.circle(1140, 520, 50, dark(MIST, 0.4))
    for turn in range(6):
        pic.circle(1140 + 64 * cos(turn * pi / 3), 520 + 64 * sin(turn * pi / 3), 6, INK)
    _pulleys(pic)
    for x in (560, 760, 900):
        pic.rect(x, 556, 96, 26, mix(body, MIST, 0.35), rx=13)
    pic.rect(640, 586, 70, 96, SUN, rx=10)
    pic.rect(640, 604, 70, 10, dark(SUN, 0.3))
    look = Look(
        skin=SKINS[3], hair="#b9c4c4", top=WHITE, legs=DEEP, style="short", coat=26, collar=PETROL, glasses=True
    )
    person(pic, 1350, 852, 3.05, look, Pose(left=(38, 112), right=(30, 106), bend=(-1, -1), lean=4), flip=True)
    pic.poly([(1196, 486), (1262, 500), (1250, 586), (1184, 572)], INK)
    pic.poly([(1203, 494), (1254, 505), (1244, 577), (1193, 566)], MIST)


def _turbo(pic: Pic, x: float, y: float) -> None:
    pic.circle(x + 60, y - 40, 74, dark(APRICOT, 0.25))
    pic.circle(x + 56, y - 44, 70, APRICOT)
    pic.circle(x + 56, y - 44, 44, dark(APRICOT, 0.45))
    for turn in range(9):
        a = turn * 2 * pi / 9
        pic.line([(x + 56, y - 44), (x + 56 + 38 * cos(a), y - 44 + 38 * sin(a + 0.4))], light(APRICOT, 0.5), 5)
    pic.rect(x + 100, y - 60, 90, 44, APRICOT, rx=8)
    pic.rect(x + 176, y - 72, 18, 68, dark(APRICOT, 0.3), rx=4)


def _pulleys(pic: Pic) -> None:
    """Fan, belt and pulleys at the front end."""
    wheels: list[tuple[float, float, float]] = [(420, 580, 66), (402, 390, 46), (500, 470, 30)]
    pic.stroke("M354 580L356 390M486 584L530 474M444 372L524 452", INK, 10)
    for x, y, radius in wheels:
        pic.circle(x, y, radius, mix(INK, DEEP, 0.4))
        pic.circle(x, y, radius * 0.72, MIST)
        pic.circle(x, y, radius * 0.4, dark(MIST, 0.5))
        pic.circle(x, y, radius * 0.14, WHITE)
    pic.rect(322, 250, 22, 290, mix(SUN, APRICOT, 0.3), rx=11)
    pic.rect(314, 372, 40, 40, INK, rx=8)
    pic.rect(340, 382, 34, 20, INK)


SCENES: dict[str, Callable[[Pic], None]] = {
    "pickup-line": pickup_line,
    "battery-pack": battery_pack,
    "diesel-engine": diesel_engine,
}
