"""Head and shoulders of the newsroom's authors, 640 x 640, made for a round crop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin

from .parts import halftone
from .people import SKINS
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
    smooth,
)

DROP = "translate(0 26)"
HEAD = [
    (320, 132),
    (398, 162),
    (418, 244),
    (408, 322),
    (374, 384),
    (320, 410),
    (266, 384),
    (232, 322),
    (222, 244),
    (242, 162),
]


@dataclass(frozen=True)
class Face:
    """What all faces share and how they differ."""

    skin: str
    hair: str
    ground: str
    disc: str
    top: str
    width: float = 1.0
    brow: str = INK
    brow_width: float = 8
    smile: float = 20
    teeth: bool = False
    lips: str = ""
    lines: bool = False


def _ground(pic: Pic, face: Face) -> None:
    pic.fill(face.ground)
    pic.circle(320, 330, 262, face.disc)
    with pic.group(clip="M58 330A262 262 0 0 1 582 330A262 262 0 0 1 58 330Z"):
        halftone(pic, (60, 250, 530, 350), dark(face.disc, 0.5), towards=(0.6, 0.5), opacity=0.16, step=22, biggest=8)


def _bust(pic: Pic, face: Face, spread: float = 1.0) -> None:
    """Neck and shoulders."""
    left, right = 320 - 218 * spread, 320 + 218 * spread
    shape = (
        f"M{left} 660C{left + 4} 560 {left + 50} 520 {left + 110} 504C250 488 268 478 276 462H364"
        f"C372 478 390 488 {right - 110} 504C{right - 50} 520 {right - 4} 560 {right} 660Z"
    )
    pic.path(shape, face.top)
    with pic.group(clip=shape):
        pic.path(f"M400 460L{right + 20} 460V660H430Q470 560 400 460Z", dark(face.top, 0.2))


def _neck(pic: Pic, face: Face, low: float = 500) -> None:
    pic.path(f"M270 360V452Q270 {low} 320 {low + 10}Q370 {low} 370 452V360Z", dark(face.skin, 0.1))
    pic.path("M270 392Q320 446 370 392V446Q330 476 270 434Z", dark(face.skin, 0.26))


def _head(pic: Pic, face: Face, ears: bool = True) -> None:
    """Skull, ears and the soft shade on the far side."""
    points = [(320 + (x - 320) * face.width, y) for x, y in HEAD]
    shape = smooth(points)
    if ears:
        for side in (-1, 1):
            x = 320 + side * 99 * face.width
            pic.ellipse(x, 278, 17, 29, dark(face.skin, 0.04 if side < 0 else 0.16))
            pic.ellipse(x + side, 280, 8, 16, dark(face.skin, 0.24))
    pic.path(shape, face.skin)
    with pic.group(clip=shape):
        pic.path("M352 120C400 190 404 250 388 310C374 366 356 392 330 412L450 420V120Z", dark(face.skin, 0.1))
        for side in (-1, 1):
            pic.ellipse(320 + side * 56, 318, 27, 19, mix(face.skin, VERMILION, 0.36), opacity=0.38)


def _features(pic: Pic, face: Face) -> None:
    """Eyes, brows, nose and mouth."""
    line = dark(face.skin, 0.5)
    for side in (-1, 1):
        x = 320 + side * 42
        pic.ellipse(x, 270, 17, 11, WHITE)
        pic.circle(x + 2, 270, 9.5, mix(INK, VERMILION, 0.12))
        pic.circle(x + 5, 266, 3, WHITE)
        pic.stroke(f"M{x - 19} 268Q{x} 250 {x + 19} 268", mix(INK, face.skin, 0.1), 4.5)
        pic.stroke(f"M{x - side * 20} 240Q{x + side * 2} 226 {x + side * 25} 240", face.brow, face.brow_width)
        if face.lines:
            pic.stroke(f"M{x + side * 27} 262l{side * 9} -5M{x + side * 27} 272l{side * 10} 2", line, 2, opacity=0.6)
    pic.path("M318 262C332 296 342 308 336 318C330 326 316 324 310 320C322 318 322 300 318 262Z", dark(face.skin, 0.2))
    wide = 31
    if face.teeth:
        pic.path(
            f"M{320 - wide} 348Q320 356 {320 + wide} 348Q{316 + wide} {352 + face.smile} 320 {354 + face.smile}"
            f"Q{324 - wide} {352 + face.smile} {320 - wide} 348Z",
            mix(VERMILION, INK, 0.6),
        )
        pic.path(
            f"M{324 - wide} 349Q320 357 {316 + wide} 349Q{308 + wide} 364 320 365Q{332 - wide} 364 {324 - wide} 349Z",
            WHITE,
        )
    elif face.lips:
        pic.path(
            f"M{320 - wide} 350Q308 340 320 346Q332 340 {320 + wide} 350Q320 {358 + face.smile} {320 - wide} 350Z",
            face.lips,
        )
        pic.stroke(f"M{320 - wide} 350Q320 {352 + face.smile * 0.6} {320 + wide} 350", dark(face.lips, 0.5), 3)
    else:
        pic.stroke(f"M{320 - wide} 350Q320 {352 + face.smile} {320 + wide} 350", line, 5.5)
    for side in (-1, 1):
        pic.stroke(f"M{320 + side * (wide + 8)} 342q{side * 5} 7 {-side * 1} 15", line, 2.6, opacity=0.5)


def _spectacles(pic: Pic, colour: str, rounded: float) -> None:
    for side in (-1, 1):
        x = 320 + side * 43
        pic.rect(x - 34, 243, 68, 56, WHITE, rx=rounded, opacity=0.16)
        pic.rect(x - 34, 243, 68, 56, "none", rx=rounded, stroke=colour, stroke_width=6)
        pic.line([(x + side * 34, 262), (x + side * 58, 258)], colour, 6)
    pic.stroke("M311 264Q320 256 329 264", colour, 6)


def curly(pic: Pic) -> None:
    """Woman in her forties, dark curls, petrol blazer."""
    face = Face(
        SKINS[0],
        mix(INK, VERMILION, 0.14),
        mix(SAND, PAPER, 0.2),
        mix(APRICOT, SAND, 0.35),
        PETROL,
        lips=mix(VERMILION, SKINS[0], 0.25),
        smile=22,
    )
    _ground(pic, face)
    for angle in range(0, 360, 20):
        a = angle * pi / 180
        pic.circle(320 + 124 * cos(a), 288 + 142 * sin(a) * (1.06 if sin(a) > 0 else 1), 46, dark(face.hair, 0.2))
    _bust(pic, face, 0.96)
    pic.poly([(268, 476), (372, 476), (320, 600)], PAPER)
    _neck(pic, face)
    pic.path("M276 470L214 500L296 640L322 580ZM364 470L426 500L344 640L318 580Z", dark(PETROL, 0.28))
    with pic.group(DROP):
        _head(pic, face, ears=False)
        _features(pic, face)
        for x, y, r in (
            (250, 158, 44),
            (300, 134, 46),
            (356, 138, 46),
            (398, 170, 40),
            (222, 208, 38),
            (420, 220, 36),
            (212, 262, 34),
            (430, 276, 34),
            (208, 316, 34),
            (434, 330, 34),
            (216, 370, 34),
            (426, 384, 34),
            (236, 416, 28),
            (404, 428, 28),
        ):
            pic.circle(x, y, r, face.hair)
        for x, y, r in ((244, 150, 26), (296, 124, 26), (350, 128, 24), (214, 204, 20), (204, 262, 17), (202, 318, 16)):
            pic.stroke(
                f"M{x - r} {y + 6}A{r} {r} 0 0 1 {x + r * 0.7} {y - r * 0.7}", light(face.hair, 0.2), 5, opacity=0.8
            )
        for side in (-1, 1):
            pic.circle(320 + side * 92, 340, 9, SUN)


def bearded(pic: Pic) -> None:
    """Man in his fifties, grey beard, glasses."""
    grey = "#aeb9b9"
    face = Face(
        SKINS[3],
        grey,
        mix(MIST, PALE, 0.4),
        mix(PETROL, MIST, 0.5),
        DEEP,
        width=1.03,
        brow=dark(grey, 0.25),
        brow_width=9,
        lines=True,
    )
    _ground(pic, face)
    _bust(pic, face, 1.06)
    _neck(pic, face)
    pic.path("M270 456L320 520L370 456L398 492L352 566L320 530L288 566L242 492Z", WHITE)
    pic.poly([(306, 530), (334, 530), (346, 660), (294, 660)], VERMILION)
    with pic.group(DROP):
        _head(pic, face)
        beard = (
            "M221 270C224 330 232 392 274 424C300 440 340 440 366 424C408 392 416 330 419 270"
            "C410 300 400 316 384 324C360 322 344 326 320 330C296 326 280 322 256 324C240 316 230 300 221 270Z"
        )
        pic.path(beard, grey)
        with pic.group(clip=beard):
            pic.path("M360 300C380 360 360 410 330 440H440V250Z", dark(grey, 0.16))
        _features(pic, face)
        pic.path(
            "M320 330C296 324 276 332 266 352C290 346 306 346 320 344C334 346 350 346 374 352C364 332 344 324 320 330Z",
            light(grey, 0.25),
        )
        pic.path(
            "M216 262C208 190 236 116 320 112C404 116 432 190 424 262C416 236 408 214 396 196"
            "C372 206 350 176 320 178C290 176 268 206 244 196C232 214 224 236 216 262Z",
            grey,
        )
        pic.path("M236 186C250 136 290 120 330 122C300 134 268 150 250 190Z", light(grey, 0.4))
        _spectacles(pic, INK, 12)


def straight_black(pic: Pic) -> None:
    """Woman in her thirties, straight black hair, vermilion jumper."""
    hair = mix(INK, DEEP, 0.15)
    face = Face(
        "#f0c49c",
        hair,
        mix(PETROL, MIST, 0.25),
        mix(MIST, PALE, 0.4),
        VERMILION,
        width=0.97,
        lips=mix(VERMILION, "#f0c49c", 0.3),
        smile=20,
    )
    _ground(pic, face)
    pic.path(
        "M320 92C214 92 190 180 192 270C194 370 184 450 196 520H444C456 450 446 370 448 270C450 180 426 92 320 92Z",
        dark(hair, 0.3),
        transform=DROP,
    )
    _bust(pic, face, 0.94)
    _neck(pic, face)
    pic.path("M256 478Q320 536 384 478L392 500Q320 566 248 500Z", dark(VERMILION, 0.25))
    with pic.group(DROP):
        _head(pic, face, ears=False)
        _features(pic, face)
        pic.path(
            "M352 112C270 92 194 130 192 262C192 372 186 450 190 536C222 540 250 526 258 508"
            "C232 430 226 330 238 262C250 214 300 190 352 112Z",
            hair,
        )
        pic.path(
            "M338 112C400 104 446 150 448 262C448 372 454 450 450 536C418 540 390 526 382 508"
            "C408 430 414 330 404 262C396 214 362 180 338 112Z",
            dark(hair, 0.1),
        )
        pic.path(
            "M218 210C226 160 262 128 306 122C262 146 236 190 226 250C212 320 214 380 212 430C202 350 206 260 218 210Z",
            mix(hair, MIST, 0.3),
        )


def short_black(pic: Pic) -> None:
    """Black man in his thirties, short hair, sun yellow shirt under a dark jacket."""
    face = Face(
        "#80492d",
        INK,
        mix(APRICOT, SAND, 0.3),
        mix(SUN, SAND, 0.3),
        DEEP,
        width=1.0,
        teeth=True,
        smile=24,
        brow_width=9,
    )
    _ground(pic, face)
    _bust(pic, face, 1.04)
    pic.poly([(262, 470), (378, 470), (330, 660), (310, 660)], PAPER)
    _neck(pic, face)
    pic.path("M272 464L206 500L290 660H316ZM368 464L434 500L350 660H324Z", dark(PETROL, 0.1))
    pic.path("M272 464L300 520L320 506L340 520L368 464L320 500Z", WHITE)
    with pic.group(DROP):
        _head(pic, face)
        pic.path(
            "M221 262C208 190 230 116 320 112C410 116 432 190 419 262C414 238 408 218 398 198"
            "C380 172 352 166 320 166C288 166 260 172 242 198C232 218 226 238 221 262Z",
            INK,
        )
        pic.path("M244 184C256 140 296 126 336 128C300 136 270 152 256 184Z", mix(INK, MIST, 0.25))
        pic.path(
            "M226 290C232 350 250 392 290 408C310 414 330 414 350 408C390 392 408 350 414 290"
            "C408 334 396 360 376 378C350 396 290 396 264 378C244 360 232 334 226 290Z",
            mix(INK, face.skin, 0.35),
        )
        _features(pic, face)
        pic.path("M286 338Q320 322 354 338Q320 331 286 338Z", mix(INK, face.skin, 0.3))


def white_bob(pic: Pic) -> None:
    """Woman in her sixties, white bob, glasses, apricot cardigan."""
    hair = "#eef2f0"
    face = Face(
        "#f2cdb0",
        hair,
        mix(DEEP, PETROL, 0.6),
        mix(PETROL, MIST, 0.3),
        APRICOT,
        brow="#9fb0b1",
        brow_width=7,
        lips=mix(VERMILION, "#f2cdb0", 0.35),
        smile=22,
        lines=True,
    )
    _ground(pic, face)
    pic.path(
        "M320 92C210 92 186 190 190 270C192 330 186 376 196 410C250 432 390 432 444 410"
        "C454 376 448 330 450 270C454 190 430 92 320 92Z",
        dark(hair, 0.2),
        transform=DROP,
    )
    _bust(pic, face, 0.95)
    pic.path("M262 474Q320 590 378 474L404 494Q330 640 236 494Z", PAPER)
    _neck(pic, face)
    with pic.group(DROP):
        _head(pic, face, ears=False)
        _features(pic, face)
        pic.path(
            "M376 116C280 76 190 130 190 262C190 330 182 384 194 414C220 432 252 420 262 396"
            "C236 350 228 300 236 258C262 226 330 206 376 116Z",
            hair,
        )
        pic.path(
            "M362 112C424 120 450 180 450 262C450 330 458 384 446 414C420 432 388 420 378 396"
            "C404 350 412 300 406 258C402 214 380 170 362 112Z",
            dark(hair, 0.1),
        )
        pic.path("M214 232C226 170 268 132 330 124C282 146 250 186 236 226Z", WHITE)
        _spectacles(pic, VERMILION, 27)
        for x, y in ((268, 494), (292, 516), (320, 524), (348, 516), (372, 494)):
            pic.circle(x, y, 9, PETROL)


def red_hair(pic: Pic) -> None:
    """Man in his twenties, red hair, petrol hoodie."""
    hair = mix(VERMILION, APRICOT, 0.22)
    face = Face(
        "#f6d3b6",
        hair,
        mix(PAPER, SAND, 0.3),
        mix(MIST, PETROL, 0.16),
        mix(PETROL, MIST, 0.12),
        width=0.97,
        brow=dark(hair, 0.2),
        smile=24,
        teeth=True,
    )
    _ground(pic, face)
    _bust(pic, face, 0.98)
    _neck(pic, face)
    pic.path(
        "M250 470C228 500 240 540 296 556L320 530L344 556C400 540 412 500 390 470C370 506 350 516 320 516"
        "C290 516 270 506 250 470Z",
        dark(face.top, 0.25),
    )
    for x in (292, 348):
        pic.line([(x, 552), (x + (x - 320) * 0.1, 620)], PAPER, 6)
    with pic.group(DROP):
        _head(pic, face)
        for x, y in ((258, 306), (272, 314), (286, 304), (354, 306), (368, 314), (382, 304), (266, 326), (374, 326)):
            pic.circle(x, y, 2.6, mix(face.skin, VERMILION, 0.5))
        _features(pic, face)
        pic.path(
            "M222 262C206 206 216 150 252 124C262 100 330 84 372 104C420 112 436 178 420 262"
            "C416 236 410 222 398 206C380 200 372 190 366 176C330 204 282 206 248 196C236 214 226 236 222 262Z",
            hair,
        )
        pic.path("M252 124C280 92 350 84 386 108C350 104 300 116 268 164C258 156 250 142 252 124Z", light(hair, 0.28))
        pic.path("M398 206C410 222 416 236 420 262C430 210 428 170 412 140C410 166 404 188 398 206Z", dark(hair, 0.2))


PORTRAITS: dict[str, Callable[[Pic], None]] = {
    "author-1": curly,
    "author-2": bearded,
    "author-3": straight_black,
    "author-4": short_black,
    "author-5": white_bob,
    "author-6": red_hair,
}
