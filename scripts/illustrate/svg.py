"""A small SVG canvas: palette, colour mixing, shapes, gradients, clips and groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

INK = "#14202a"
DEEP = "#0e2f3a"
PETROL = "#175566"
MIST = "#cfe0e2"
PALE = "#e8f0ef"
SAND = "#ead9bb"
PAPER = "#f7f2e8"
VERMILION = "#c8401a"
APRICOT = "#f0a467"
SUN = "#f4c95d"
WHITE = "#fffdf8"

Point = tuple[float, float]
Attr = str | float


def mix(first: str, second: str, share: float) -> str:
    """The colour which is `share` of the way from `first` to `second`."""
    one = [int(first[i : i + 2], 16) for i in (1, 3, 5)]
    two = [int(second[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(one, two, strict=True))


def dark(colour: str, share: float = 0.25) -> str:
    """A shade of `colour`, towards ink."""
    return mix(colour, INK, share)


def light(colour: str, share: float = 0.25) -> str:
    """A tint of `colour`, towards paper white."""
    return mix(colour, WHITE, share)


def num(value: Attr) -> str:
    """An attribute value, numbers kept short."""
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".")


def seeded(seed: int) -> Random:
    """Chance which falls the same way every time."""
    return Random(seed)  # noqa: S311


def straight(points: Sequence[Point], closed: bool = True) -> str:
    """Path data through the points with straight lines."""
    data = "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points)
    return data + ("Z" if closed else "")


def smooth(points: Sequence[Point], closed: bool = True) -> str:
    """Path data through the points with a Catmull-Rom curve."""
    count = len(points)

    def at(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    data = [f"M{num(points[0][0])} {num(points[0][1])}"]
    for i in range(count if closed else count - 1):
        before, here, there, after = at(i - 1), at(i), at(i + 1), at(i + 2)
        one = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        two = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        data.append("C" + " ".join(f"{num(x)} {num(y)}" for x, y in (one, two, there)))
    return "".join(data) + ("Z" if closed else "")


class Pic:
    """One picture under construction; later shapes lie over earlier ones."""

    def __init__(self, width: int = 1600, height: int = 900) -> None:
        self.width = width
        self.height = height
        self._defs: list[str] = []
        self._body: list[str] = []

    def svg(self) -> str:
        """The finished document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}"><defs>{"".join(self._defs)}</defs>{"".join(self._body)}</svg>'
        )

    def _tag(self, name: str, attrs: dict[str, Attr]) -> None:
        self._body.append(f"<{name} {_attributes(attrs)}/>")

    def _define(self, tag: str, attrs: dict[str, Attr], inner: str) -> str:
        key = f"d{len(self._defs)}"
        self._defs.append(f'<{tag} id="{key}" {_attributes(attrs)}>{inner}</{tag}>')
        return f"url(#{key})"

    # Paints

    def down(self, *colours: str, alpha: Sequence[float] = ()) -> str:
        """A vertical gradient over the shape it fills, colours evenly spread."""
        return self._define("linearGradient", {"x1": 0, "y1": 0, "x2": 0, "y2": 1}, _stops(colours, alpha))

    def across(self, *colours: str, alpha: Sequence[float] = ()) -> str:
        """A horizontal gradient over the shape it fills."""
        return self._define("linearGradient", {"x1": 0, "y1": 0, "x2": 1, "y2": 0}, _stops(colours, alpha))

    def slant(self, start: Point, end: Point, *colours: str, alpha: Sequence[float] = ()) -> str:
        """A gradient between two points of the canvas."""
        attrs: dict[str, Attr] = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        return self._define("linearGradient", attrs | {"gradientUnits": "userSpaceOnUse"}, _stops(colours, alpha))

    def glow(self, *colours: str, alpha: Sequence[float] = ()) -> str:
        """A radial gradient over the shape it fills, from the centre out."""
        return self._define("radialGradient", {}, _stops(colours, alpha))

    # Shapes

    def path(self, data: str, fill: str = "none", **attrs: Attr) -> None:
        """A path."""
        self._tag("path", {"d": data, "fill": fill, **attrs})

    def poly(self, points: Sequence[Point], fill: str, **attrs: Attr) -> None:
        """A closed polygon."""
        self.path(straight(points), fill, **attrs)

    def blob(self, points: Sequence[Point], fill: str, **attrs: Attr) -> None:
        """A closed smooth shape."""
        self.path(smooth(points), fill, **attrs)

    def line(self, points: Sequence[Point], stroke: str, width: float = 2, **attrs: Attr) -> None:
        """An open line with round ends and joins."""
        self._stroke(straight(points, closed=False), stroke, width, attrs)

    def curve(self, points: Sequence[Point], stroke: str, width: float = 2, **attrs: Attr) -> None:
        """An open smooth line with round ends."""
        self._stroke(smooth(points, closed=False), stroke, width, attrs)

    def stroke(self, data: str, stroke: str, width: float = 2, **attrs: Attr) -> None:
        """Path data drawn as a line with round ends."""
        self._stroke(data, stroke, width, attrs)

    def _stroke(self, data: str, stroke: str, width: float, attrs: dict[str, Attr]) -> None:
        base: dict[str, Attr] = {"stroke": stroke, "stroke-width": width}
        base |= {"stroke-linecap": "round", "stroke-linejoin": "round"}
        self._tag("path", {"d": data, "fill": "none", **base, **attrs})

    def rect(self, x: float, y: float, w: float, h: float, fill: str, rx: float = 0, **attrs: Attr) -> None:
        """A rectangle, with rounded corners when `rx` is given."""
        self._tag("rect", {"x": x, "y": y, "width": w, "height": h, "rx": rx, "fill": fill, **attrs})

    def circle(self, x: float, y: float, r: float, fill: str, **attrs: Attr) -> None:
        """A circle."""
        self._tag("circle", {"cx": x, "cy": y, "r": r, "fill": fill, **attrs})

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, **attrs: Attr) -> None:
        """An ellipse."""
        self._tag("ellipse", {"cx": x, "cy": y, "rx": rx, "ry": ry, "fill": fill, **attrs})

    def fill(self, paint: str, **attrs: Attr) -> None:
        """The whole canvas in one paint."""
        self._tag("rect", {"width": self.width, "height": self.height, "fill": paint, **attrs})

    # Groups

    @contextmanager
    def group(self, transform: str = "", clip: str = "", opacity: float = 1, blend: str = "") -> Iterator[None]:
        """What is drawn inside is moved, clipped to path data, faded or blended together."""
        attrs: dict[str, Attr] = {}
        if transform:
            attrs["transform"] = transform
        if clip:
            attrs["clip-path"] = self._define("clipPath", {}, f'<path d="{clip}"/>')
        if opacity < 1:
            attrs["opacity"] = opacity
        if blend:
            attrs["style"] = f"mix-blend-mode:{blend}"
        self._body.append(f"<g {_attributes(attrs)}>")
        yield
        self._body.append("</g>")

    def at(self, x: float, y: float, scale: float = 1, flip: bool = False, turn: float = 0) -> str:
        """A transform which puts a drawing's origin at (x, y)."""
        turned = f" rotate({num(turn)})" if turn else ""
        return f"translate({num(x)} {num(y)}){turned} scale({num(-scale if flip else scale)} {num(scale)})"


def _attributes(attrs: dict[str, Attr]) -> str:
    return " ".join(f'{key.replace("_", "-")}="{num(value)}"' for key, value in attrs.items())


def _stops(colours: Sequence[str], alpha: Sequence[float]) -> str:
    last = max(len(colours) - 1, 1)
    alphas = list(alpha) or [1.0] * len(colours)
    return "".join(
        f'<stop offset="{num(i / last)}" stop-color="{colour}" stop-opacity="{num(a)}"/>'
        for i, (colour, a) in enumerate(zip(colours, alphas, strict=True))
    )
