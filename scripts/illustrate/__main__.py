"""Draw the demo newsroom's pictures: python -m scripts.illustrate [name …]."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

from . import (
    portraits,
    scenes_business,
    scenes_lots,
    scenes_makers,
    scenes_people,
    scenes_roads,
    scenes_still,
    scenes_stores,
    scenes_workshop,
)
from .captions import CAPTIONS
from .svg import Pic

TARGET = Path(__file__).resolve().parents[2] / "news" / "demo" / "pictures"
QUALITIES = (88, 82, 76)
LIGHT = 90_000

CLOSER = "translate(320 400) scale(1.15) translate(-320 -400)"  # Faces fill a small round crop.

Scene = Callable[[Pic], None]

HEROES: dict[str, Scene] = {}
for module in (
    scenes_lots,
    scenes_business,
    scenes_makers,
    scenes_people,
    scenes_roads,
    scenes_still,
    scenes_stores,
    scenes_workshop,
):
    HEROES |= module.SCENES


def render(name: str) -> Pic:
    """The picture of that name, drawn but not rasterised."""
    if name in HEROES:
        pic = Pic(1600, 900)
        HEROES[name](pic)
    else:
        pic = Pic(640, 640)
        with pic.group(CLOSER):
            portraits.PORTRAITS[name](pic)
    return pic


def save(name: str) -> Path:
    """Rasterise a picture and write it as WebP, at a lower quality when it has many details."""
    png = resvg_py.svg_to_bytes(svg_string=render(name).svg(), skip_system_fonts=True)
    target = TARGET / f"{name}.webp"
    with Image.open(BytesIO(png)) as image:
        picture = image.convert("RGB")
    for quality in QUALITIES:
        picture.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size <= LIGHT:
            break
    return target


def write_captions() -> None:
    """Write focal points and alternative texts of the heroes."""
    lines = ["# Written by scripts/illustrate; edit scripts/illustrate/captions.py instead."]
    for name, (x, y, alt) in CAPTIONS.items():
        lines += ["", f"[{name}]", f"x = {x}", f"y = {y}", f'alt = "{alt}"']
    (TARGET / "focal.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Draw the pictures named on the command line, or all of them."""
    every = [*HEROES, *portraits.PORTRAITS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="pictures to draw; all when none is given")
    names: list[str] = parser.parse_args().names or every
    unknown = sorted(set(names) - set(every))
    if unknown:
        parser.error(f"no such picture: {', '.join(unknown)}; there are {', '.join(every)}")
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in names:
        target = save(name)
        sys.stdout.write(f"{target.name:28} {target.stat().st_size / 1024:6.1f} kB\n")
    write_captions()


if __name__ == "__main__":
    main()
