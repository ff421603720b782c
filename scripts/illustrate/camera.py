"""Perspective: a pinhole camera, and plain things standing in its view.

World units are centimetres: x to the right, y upwards, z away from the viewer.
"""

from __future__ import annotations

from collections.abc import Sequence

from .people import Look, Pose, person
from .svg import (
    Pic,
    Point,
)

Spot = tuple[float, float, float]


def _sub(a: Spot, b: Spot) -> Spot:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def _cross(a: Spot, b: Spot) -> Spot:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _dot(a: Spot, b: Spot) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _unit(a: Spot) -> Spot:
    size = _dot(a, a) ** 0.5
    return (a[0] / size, a[1] / size, a[2] / size)


class Camera:
    """A pinhole camera at `eye` looking at `aim`; `zoom` is the focal length in pixels."""

    def __init__(self, eye: Spot, aim: Spot, zoom: float, centre: Point = (800, 450)) -> None:
        self.eye = eye
        self.zoom = zoom
        self.centre = centre
        self.ahead = _unit(_sub(aim, eye))
        self.right = _unit(_cross((0, 1, 0), self.ahead))
        self.up = _cross(self.ahead, self.right)

    def depth(self, spot: Spot) -> float:
        """Distance of a spot along the line of sight."""
        return _dot(_sub(spot, self.eye), self.ahead)

    def see(self, spot: Spot) -> Point:
        """Where a spot appears on the canvas."""
        ray = _sub(spot, self.eye)
        share = self.zoom / max(_dot(ray, self.ahead), 20)
        return (self.centre[0] + _dot(ray, self.right) * share, self.centre[1] - _dot(ray, self.up) * share)

    def floor(self, points: Sequence[Point], height: float = 0) -> list[Point]:
        """A level polygon given as (x, z) pairs."""
        return [self.see((x, height, z)) for x, z in points]

    def faces(self, corners: Sequence[Spot]) -> bool:
        """Whether a face, counter-clockwise from outside, is turned towards the camera."""
        normal = _cross(_sub(corners[1], corners[0]), _sub(corners[2], corners[0]))
        return _dot(normal, _sub(self.eye, corners[0])) > 0


def hull(points: list[Point]) -> list[Point]:
    """The convex hull, for cast shadows."""
    ordered = sorted(set(points))

    def half(run: list[Point]) -> list[Point]:
        chain: list[Point] = []
        for p in run:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-2], chain[-1]
                if (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax) > 0:
                    break
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(ordered) + half(ordered[::-1])


def box(pic: Pic, camera: Camera, low: Spot, high: Spot, colours: tuple[str, str, str]) -> None:
    """An axis-aligned box; colours of its top, front and sides."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    top, front, sides = colours
    faces = [
        ([(x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)], sides, camera.eye[0] < x0),
        ([(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)], sides, camera.eye[0] > x1),
        ([(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)], top, camera.eye[1] > y1),
        ([(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)], front, camera.eye[2] < z0),
    ]
    for corners, colour, visible in faces:
        if visible:
            pic.poly([camera.see(corner) for corner in corners], colour)


def stand(
    pic: Pic, camera: Camera, x: float, z: float, look: Look, pose: Pose, flip: bool = False, shadow: float = 0.3
) -> None:
    """A person standing at a spot of a perspective scene."""
    foot = camera.see((x, 0, z))
    person(pic, foot[0], foot[1], camera.zoom / camera.depth((x, 0, z)), look, pose, flip, shadow)
