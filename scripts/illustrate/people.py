"""Full-length people in flat shapes. Units are centimetres, feet on y = 0, y upwards."""

from __future__ import annotations

from dataclasses import dataclass

from .svg import INK, PETROL, VERMILION, Pic, Point, dark, light, mix, smooth

SKINS = ("#e9b48c", "#c98a5e", "#8d5636", "#f0c8a4", "#a86c45")


@dataclass(frozen=True)
class Look:
    """Clothes and colours of a figure."""

    skin: str = SKINS[0]
    hair: str = INK
    top: str = PETROL
    legs: str = INK
    shoes: str = "#0c151c"
    style: str = "short"
    coat: float = 0
    collar: str = ""
    glasses: bool = False


@dataclass(frozen=True)
class Pose:
    """Where hands, feet and head are; elbows and knees follow."""

    left: Point = (-24, 82)
    right: Point = (24, 82)
    feet: tuple[Point, Point] = ((-12, 0), (12, 0))
    hips: Point = (0, 90)
    lean: float = 0
    bend: tuple[int, int] = (-1, 1)
    knees: tuple[int, int] = (1, 1)
    face: int = 1
    back: bool = False


def _joint(start: Point, end: Point, upper: float, lower: float, side: int) -> Point:
    """The elbow or knee between two points; limbs reaching far are straight."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    reach = max((dx * dx + dy * dy) ** 0.5, 0.01)
    if reach > (upper + lower) * 0.94:
        upper, lower = reach * 0.506, reach * 0.496
    along = (upper**2 - lower**2 + reach**2) / (2 * reach)
    off = max(upper**2 - along**2, 0) ** 0.5 * side
    return (start[0] + dx / reach * along - dy / reach * off, start[1] + dy / reach * along + dx / reach * off)


def limb(pic: Pic, points: tuple[Point, Point, Point], widths: tuple[float, float, float], colour: str) -> None:
    """A tapered arm or leg over two bones."""
    for point, width in zip(points, widths, strict=True):
        pic.circle(point[0], point[1], width / 2, colour)
    for (a, wa), (b, wb) in zip(
        zip(points, widths, strict=True), list(zip(points, widths, strict=True))[1:], strict=False
    ):
        dx, dy = b[0] - a[0], b[1] - a[1]
        size = max((dx * dx + dy * dy) ** 0.5, 0.01)
        nx, ny = -dy / size / 2, dx / size / 2
        pic.poly(
            [
                (a[0] + nx * wa, a[1] + ny * wa),
                (b[0] + nx * wb, b[1] + ny * wb),
                (b[0] - nx * wb, b[1] - ny * wb),
                (a[0] - nx * wa, a[1] - ny * wa),
            ],
            colour,
        )


def person(
    pic: Pic, x: float, y: float, scale: float, look: Look, pose: Pose, flip: bool = False, shadow: float = 0.3
) -> None:
    """A standing or working person; (x, y) is the ground between the feet."""
    with pic.group(pic.at(x, y, scale, flip)):
        if shadow:
            pic.ellipse(0, 0, 34, 5, INK, opacity=shadow)
        with pic.group("scale(1 -1)"):
            _figure(pic, look, pose)


def _figure(pic: Pic, look: Look, pose: Pose) -> None:
    hip_x, hip_y = pose.hips
    top = (hip_x + pose.lean, hip_y + 53)
    shoulders = ((top[0] - 16.5, top[1] - 6), (top[0] + 16.5, top[1] - 6))
    far, near = (0, 1) if pose.face > 0 else (1, 0)
    hands = (pose.left, pose.right)
    _arm(pic, shoulders[far], hands[far], pose.bend[far], dark(look.top, 0.22), dark(look.skin, 0.12))
    for which in (far, near):
        foot = pose.feet[which]
        hip = (hip_x + (-8 if which == 0 else 8), hip_y)
        ankle = (foot[0], foot[1] + 7)
        knee = _joint(hip, ankle, 43, 42, pose.knees[which] * pose.face)
        colour = dark(look.legs, 0.25) if which == far else look.legs
        pic.path(
            f"M{foot[0] - 6 * pose.face} {foot[1]}h{20 * pose.face}q1 6 {-8 * pose.face} 8l{-10 * pose.face} 3Z",
            look.shoes,
        )
        limb(pic, (hip, knee, ankle), (20, 15, 11), colour)
    _torso(pic, look, pose, top)
    _head(pic, look, pose, (top[0] + pose.lean * 0.12, top[1]))
    _arm(pic, shoulders[near], hands[near], pose.bend[near], mix(look.top, INK, 0.1), look.skin)


def _arm(pic: Pic, shoulder: Point, hand: Point, bend: int, sleeve: str, skin: str) -> None:
    elbow = _joint(shoulder, hand, 30, 29, bend)
    wrist = (hand[0] + (elbow[0] - hand[0]) * 0.12, hand[1] + (elbow[1] - hand[1]) * 0.12)
    pic.circle(hand[0], hand[1], 5.6, skin)
    limb(pic, (shoulder, elbow, wrist), (13, 11.5, 9), sleeve)


def _torso(pic: Pic, look: Look, pose: Pose, top: Point) -> None:
    hip_x, hip_y = pose.hips
    hem = hip_y - 6 - look.coat
    tx, ty = top
    outline = (
        f"M{tx - 7} {ty + 6}C{tx - 12} {ty + 1} {tx - 23} {ty + 1} {tx - 23} {ty - 10}"
        f"L{hip_x - 16} {hip_y + 14}L{hip_x - 18 - look.coat * 0.12} {hem}L{hip_x + 18 + look.coat * 0.12} {hem}"
        f"L{hip_x + 16} {hip_y + 14}L{tx + 23} {ty - 10}C{tx + 23} {ty + 1} {tx + 12} {ty + 1} {tx + 7} {ty + 6}Z"
    )
    pic.path(outline, look.top)
    with pic.group(clip=outline):
        shade_x = 6 * -pose.face
        pic.poly(
            [
                (tx + shade_x, ty + 8),
                (tx - 40 * pose.face, ty + 8),
                (hip_x - 40 * pose.face, hem),
                (hip_x + shade_x * 1.4, hem),
            ],
            dark(look.top, 0.16),
        )
        if look.collar and not pose.back:
            pic.poly([(tx - 7, ty + 7), (tx + 9 * 1, ty + 7), (tx + 2 * pose.face, ty - 22)], look.collar)
        if look.coat and not pose.back:
            pic.line([(hip_x + 2 * pose.face, hem), (tx + 2 * pose.face, ty - 20)], dark(look.top, 0.45), 1.2)


def _head(pic: Pic, look: Look, pose: Pose, neck: Point) -> None:
    """Neck, head in three-quarter view and hair; no features but nose, ear and glasses."""
    x, y = neck
    f = pose.face
    pic.path(
        f"M{x - 5.6} {y + 10}L{x - 6.4} {y + 3}Q{x} {y - 3} {x + 6.4} {y + 3}L{x + 5.6} {y + 12}Z",
        dark(look.skin, 0.14),
    )
    cx, cy = x + 1.5 * f, y + 19
    if look.style == "long":
        pic.path(
            smooth(
                [
                    (cx - 12, cy + 6),
                    (cx, cy + 15),
                    (cx + 12, cy + 6),
                    (cx + 11, cy - 14),
                    (cx, cy - 18),
                    (cx - 12, cy - 14),
                ]
            ),
            dark(look.hair, 0.15),
        )
    if look.style == "bun":
        pic.circle(cx - 10 * f, cy + 9, 6.5, look.hair)
    if pose.back:
        pic.ellipse(cx, cy, 10.5, 13, look.hair if look.style != "bald" else look.skin)
        return
    pic.path(
        smooth(
            [
                (cx - 9.5, cy + 4),
                (cx - 6, cy + 12),
                (cx + 6, cy + 12),
                (cx + 9.8, cy + 4),
                (cx + 7.5, cy - 8),
                (cx + 3 * f, cy - 13),
                (cx - 7, cy - 8),
            ]
        ),
        look.skin,
    )
    pic.path(f"M{cx + 8.8 * f} {cy + 3.4}q{1.6 * f} -2.6 {3.4 * f} -5q{0.4 * f} -2 {-4.4 * f} -1.8Z", look.skin)
    pic.ellipse(cx - 5 * f, cy - 1, 2.4, 3.6, dark(look.skin, 0.18))
    _hair(pic, look, f, cx, cy)
    pic.circle(cx + 4.6 * f, cy + 1.6, 1.1, INK)
    pic.stroke(f"M{cx + 3.4 * f} {cy - 7}q{2.4 * f} -1.6 {4 * f} 0.4", dark(look.skin, 0.55), 1)
    if look.glasses:
        pic.circle(cx + 5 * f, cy + 1.2, 3.3, "none", stroke=INK, stroke_width=0.9)
        pic.line([(cx + 1.8 * f, cy + 1.6), (cx - 5 * f, cy + 2.2)], INK, 0.9)


def _hair(pic: Pic, look: Look, f: int, cx: float, cy: float) -> None:
    if look.style == "bald":
        pic.path(f"M{cx - 9.5 * f} {cy + 6}q{-1 * f} -8 {3 * f} -12q{2 * f} 6 {1 * f} 11Z", look.hair)
    elif look.style == "cap":
        pic.path(
            f"M{cx - 11 * f} {cy + 4}q0 11 {11 * f} 11q{9 * f} 0 {10 * f} -9.5l{8 * f} -1q0 -3 {-6 * f} -2.6Z",
            look.hair,
        )
    elif look.style == "helmet":
        pic.path(
            f"M{cx - 12 * f} {cy + 4}q0 14 {12 * f} 14q{11 * f} 0 {12 * f} -12l{4 * f} -0.6q0 -3 {-4 * f} -2.6Z",
            look.hair,
        )
        pic.rect(cx - 2, cy + 14, 4, 5, light(look.hair, 0.3), rx=2)
    else:
        falls = look.style in ("bob", "long")
        front = [(10.8, 12), (10, 7.6), (5.6, 9.6), (0.6, 7), (-2.6, 3)]
        side = [(-1.6, -5), (-3.6, -13), (-11.4, -12)] if falls else [(-2, -1), (-4.2, -0.6), (-6.6, -5.4), (-9.4, -4)]
        crown = [(-12.2, 4), (-8.6, 13.4), (0.6, 17)]
        pic.path(smooth([(cx + a * f, cy + b) for a, b in (*front, *side, *crown)]), look.hair)


MECHANIC = Look(skin=SKINS[1], hair=VERMILION, top=mix(PETROL, "#ffffff", 0.12), legs=dark(PETROL, 0.45), style="cap")
