"""Cars seen from the side. Units are centimetres, the ground is y = 0, the nose points right."""

from __future__ import annotations

from dataclasses import dataclass, field

from .svg import APRICOT, DEEP, INK, MIST, PALE, PETROL, SUN, VERMILION, WHITE, Pic, dark, light, mix


@dataclass(frozen=True)
class Side:
    """The side view of one type of car, as path data with y upwards."""

    length: float
    body: str
    glass: str
    shoulder: str
    wheels: tuple[float, float]
    radius: float
    pillars: tuple[str, ...]
    seams: tuple[str, ...]
    head: str
    tail: str
    handles: tuple[tuple[float, float], ...] = ()
    mirror: tuple[float, float] | None = None
    sill: float = 36
    chrome: tuple[str, ...] = field(default=())


SIDES = {
    "sedan": Side(
        470,
        "M18 27C8 32 4 46 6 62L9 92C10 101 15 105 28 106L80 111C114 130 150 144 204 145C250 146 286 138 314 122"
        "L350 103C390 99 428 92 450 81C463 74 468 60 467 46L465 34C463 27 456 25 446 25L30 25Z",
        "M104 112C130 128 160 138 202 139C244 140 276 131 300 118L325 104C300 103 200 105 112 109Z",
        "M0 82C120 92 300 93 470 72L470 0L0 0Z",
        (92, 374),
        35,
        ("M208 100L204 142L213 142L218 100Z", "M138 100L131 142L135 142L143 100Z"),
        ("M214 106C218 80 218 60 214 38", "M326 103C332 86 334 60 330 40", "M128 109C120 96 124 82 132 76"),
        "M467 64L438 70C428 73 420 78 416 82C432 82 448 78 456 75Z",
        "M7 82L42 88C44 93 42 97 36 99L10 98Z",
        ((232, 92), (146, 93)),
        (318, 106),
    ),
    "hatch": Side(
        402,
        "M18 27C8 33 4 46 6 62L9 86C10 94 12 100 18 106L46 136C54 145 78 150 132 151C184 152 222 144 250 128"
        "L290 105C326 101 362 93 382 81C394 73 400 60 399 46L397 34C395 27 389 25 380 25L30 25Z",
        "M52 112C64 132 84 144 134 145C180 146 212 138 238 124L268 106C230 105 110 106 52 112Z",
        "M0 80C100 94 260 94 402 72L402 0L0 0Z",
        (78, 322),
        35,
        ("M156 100L154 146L164 146L167 100Z", "M82 100L88 148L94 148L90 100Z"),
        ("M164 106C167 80 167 60 163 38", "M270 105C276 88 278 60 274 40"),
        "M399 64L372 70C360 74 352 79 350 83C366 83 380 79 388 76Z",
        "M8 78L40 86C42 92 40 98 36 104L17 104C12 98 9 90 8 78Z",
        ((182, 93), (96, 94)),
        (264, 108),
    ),
    "suv": Side(
        465,
        "M18 34C8 40 4 54 6 70L9 106C10 113 12 118 17 124L40 158C46 167 56 170 82 171L208 173C254 173 282 163 306 145"
        "L342 119C386 115 424 109 446 97C460 88 465 76 464 58L462 44C460 36 453 33 443 33L30 33Z",
        "M46 126C54 150 62 162 86 163L206 165C246 165 270 156 292 139L318 119C270 118 120 120 46 126Z",
        "M0 98C110 110 300 110 470 88L470 0L0 0Z",
        (92, 372),
        40,
        ("M196 112L193 168L204 168L208 112Z", "M106 112L112 168L119 168L115 112Z"),
        ("M204 120C207 92 207 70 203 48", "M318 118C324 100 326 72 322 50", "M112 122C108 104 114 94 124 86"),
        "M464 78L432 84C422 88 416 93 414 97C432 97 446 93 454 89Z",
        "M8 98L46 102C50 108 46 114 40 116L12 114Z",
        ((222, 107), (134, 108)),
        (314, 122),
        50,
    ),
    "pickup": Side(
        566,
        "M12 48L8 58L10 120C10 124 12 126 16 126L206 126C209 126 210 130 211 134L216 172C218 182 224 186 238 187"
        "L320 188C340 188 350 183 360 170L396 130C448 127 502 122 534 112C550 106 556 96 556 78L556 58"
        "C556 48 550 44 538 44L22 44Z",
        "M230 132L236 172C237 177 240 179 246 179L316 180C332 180 340 177 348 167L376 131Z",
        "M0 106C160 110 400 112 566 94L566 0L0 0Z",
        (120, 456),
        43,
        ("M290 124L290 184L302 184L304 124Z",),
        ("M298 128L298 60", "M388 128C396 108 396 84 390 62", "M226 128C222 104 222 84 224 62", "M204 124L204 62"),
        "M556 92L526 98C520 104 520 110 522 114C540 110 550 106 556 96Z",
        "M8 92L20 92L20 118L10 118Z",
        ((316, 112), (238, 113)),
        (374, 136),
        60,
    ),
    "van": Side(
        568,
        "M12 40L8 56L8 226C8 236 14 240 26 240L396 240C430 240 448 234 462 212L506 142C514 134 528 130 538 122"
        "C552 112 558 100 558 84L558 52C558 42 552 36 540 36L22 36Z",
        "M384 140L384 214C384 219 387 222 392 222L404 222C424 222 436 218 446 202L482 142C470 138 420 138 384 140Z",
        "M0 92C160 94 420 96 568 78L568 0L0 0Z",
        (112, 450),
        38,
        ("M420 130L424 226L431 226L428 130Z",),
        ("M374 232L374 50", "M488 138C492 110 490 80 484 58"),
        "M558 92L530 100C520 106 516 116 516 124C536 118 550 108 556 98Z",
        "M8 96L17 96L17 140L8 140Z",
        ((392, 122),),
        (478, 148),
        50,
    ),
    "classic": Side(
        530,
        "M14 46C4 50 2 60 8 72L0 110C0 116 6 117 16 115L124 104C142 130 180 150 236 150C290 150 322 134 346 105"
        "L452 104C490 103 514 96 522 84C528 72 526 56 518 46C514 40 508 38 500 38L26 38Z",
        "M146 106C160 128 192 142 236 142C280 142 308 130 328 106Z",
        "M0 78C60 90 200 90 300 76C380 66 460 72 530 78L530 0L0 0Z",
        (112, 414),
        38,
        ("M236 98L234 146L243 146L247 98Z",),
        ("M244 104L244 50", "M340 104C348 90 348 66 342 48"),
        "M506 94A9 9 0 1 0 524 86A9 9 0 1 0 506 94Z",
        "M0 92L12 92L14 112L0 112Z",
        ((262, 90),),
        (338, 110),
        46,
        (
            "M8 70L300 70L310 75L8 77Z",
            "M330 64L520 64L520 69L330 69Z",
            "M500 44L528 44L528 56L500 56Z",
            "M0 46L34 46L34 56L0 56Z",
        ),
    ),
}


def wheel(pic: Pic, x: float, y: float, radius: float, rim: str = MIST, style: str = "spoke") -> None:
    """A wheel from the side, in y-down units: tyre, rim, spokes and hub."""
    tyre = mix(INK, DEEP, 0.3)
    pic.circle(x, y, radius, tyre)
    if style == "white":
        pic.circle(x, y, radius * 0.82, PALE)
        pic.circle(x, y, radius * 0.6, VERMILION)
        pic.circle(x, y, radius * 0.42, rim)
        return
    inner = radius * 0.68
    pic.circle(x, y, inner, dark(rim, 0.72) if style == "spoke" else dark(rim, 0.12))
    with pic.group(pic.at(x, y, inner)):
        if style == "spoke":
            for turn in range(0, 360, 72):
                with pic.group(f"rotate({turn + 18})"):
                    pic.path("M-.08 -.1L-.3 -.94A1 1 0 0 1 -.1 -.99L0 -.5L.1 -.99A1 1 0 0 1 .3 -.94L.08 -.1Z", rim)
        else:
            for turn in range(0, 360, 60):
                with pic.group(f"rotate({turn})"):
                    pic.path("M-.1 -.36L-.2 -.82L.2 -.82L.1 -.36Z", dark(rim, 0.6))
        pic.circle(0, 0, 0.24, light(rim, 0.3))
        pic.path("M-1 0A1 1 0 0 0 1 0C.6 .5 -.6 .5 -1 0Z", INK, opacity=0.22)
    pic.circle(x, y, inner, "none", stroke=light(rim, 0.2), stroke_width=radius * 0.05)


def car(
    pic: Pic,
    kind: str,
    x: float,
    y: float,
    scale: float,
    colour: str,
    *,
    flip: bool = False,
    glass: str = PETROL,
    rim: str = MIST,
    style: str = "spoke",
    lights: bool = False,
    shadow: float = 0.35,
    turn: float = 0,
) -> None:
    """A car from the side; (x, y) is the ground under its middle, `scale` the pixels of a centimetre."""
    side = SIDES[kind]
    half = side.length / 2
    with pic.group(pic.at(x, y, scale, flip, turn)):
        if shadow:
            pic.ellipse(0, 1, half * 1.02, 9, INK, opacity=shadow)
            pic.ellipse(0, 0, half * 0.92, 5, INK, opacity=shadow)
        with pic.group(f"translate({-half} 0) scale(1 -1)"):
            _body(pic, side, colour)
            _glass(pic, side, colour, glass)
            _details(pic, side, colour, lights)
        for centre in side.wheels:
            wheel(pic, centre - half, -side.radius, side.radius, rim, style)


def _body(pic: Pic, side: Side, colour: str) -> None:
    """Painted body: light shoulder, darker flank, dark sill and wheel arches."""
    pic.path(side.body, colour)
    with pic.group(clip=side.body):
        pic.path(side.shoulder, light(colour, 0.28), transform="translate(0 5)")
        pic.path(side.shoulder, dark(colour, 0.16))
        pic.path(side.shoulder, dark(colour, 0.34), transform="translate(0 -30)")
        pic.rect(0, 0, side.length, side.sill * 0.92, dark(colour, 0.78))
        for trim in side.chrome:
            pic.path(trim, MIST)
        for centre in side.wheels:
            pic.circle(centre, side.radius, side.radius * 1.2, mix(INK, DEEP, 0.15))


def _glass(pic: Pic, side: Side, colour: str, glass: str) -> None:
    """Windows with slanted reflections, pillars in front."""
    pic.path(side.glass, dark(glass, 0.35))
    with pic.group(clip=side.glass):
        for offset, width in ((0.34, 34), (0.46, 12), (0.66, 46)):
            left = side.length * offset
            pic.poly([(left, 60), (left + width, 60), (left + width + 90, 240), (left + 90, 240)], MIST, opacity=0.2)
        for pillar in side.pillars:
            pic.path(pillar, dark(colour, 0.6))
    pic.path(side.glass, "none", stroke=dark(colour, 0.55), stroke_width=2.4)


def _details(pic: Pic, side: Side, colour: str, lights: bool) -> None:
    """Door seams, handles, mirror, trim and lamps."""
    for seam in side.seams:
        pic.stroke(seam, dark(colour, 0.5), 1.5, opacity=0.7)
    for left, top in side.handles:
        pic.rect(left - 10, top - 2, 20, 4.4, dark(colour, 0.5), rx=2.2)
    if side.mirror:
        left, top = side.mirror
        pic.path(f"M{left} {top}q-16 -2 -18 6q0 8 8 8q10 -2 12 -10Z", dark(colour, 0.3))
    pic.path(side.tail, VERMILION if colour != VERMILION else APRICOT)
    pic.path(side.head, SUN if lights else WHITE)
