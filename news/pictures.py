"""Pictures on disk: an upload becomes a clean master, a master becomes the renditions that pages load.

Only this module knows Pillow. Masters and renditions carry no metadata (a phone writes the place into every photo)
and are in sRGB. Nothing is ever scaled up.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_BYTES = 20 * 1024 * 1024
# Pillow's own limit is higher, and its message is not for editors.
Image.MAX_IMAGE_PIXELS = None
FORMATS_IN = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")

# Raise it when a shape, width or quality below changes: new renditions then get new addresses.
VERSION = "2"


class Shape(NamedTuple):
    """A crop that templates use; `ratio` is width / height, None for the picture's own."""

    ratio: float | None
    widths: tuple[int, ...]
    fallback_width: int


SHAPES = {
    "wide": Shape(16 / 9, (240, 320, 480, 640, 750, 960, 1200, 1600), 750),
    "square": Shape(1.0, (96, 192, 320), 192),
    "full": Shape(None, (480, 750, 960, 1360), 750),
}
# For search engines, social cards and feeds: their ratios, each as one JPEG of this width.
SHARED_RATIOS = {"16x9": 16 / 9, "4x3": 4 / 3, "1x1": 1.0, "social": 1200 / 630}
SHARED_WIDTH = 1200
ENCODERS: dict[str, dict[str, int | bool]] = {
    "avif": {"quality": 50, "speed": 7},
    "webp": {"quality": 72, "method": 4},
    "jpeg": {"quality": 78, "progressive": True, "optimize": True},
}


class Recipe(NamedTuple):
    """What becomes of an upload of at most `most_pixels`: side and quality of the master, and what is cut from that."""

    most_pixels: int
    side: int
    quality: int
    shapes: Mapping[str, Shape]
    shared_ratios: Mapping[str, float]


NEWSROOM = Recipe(50_000_000, 2400, 90, SHAPES, SHARED_RATIOS)
# Partners' pictures stand small in lists, and there are many of them. Their quality differs from the newsroom's so that
# no master of theirs is ever byte for byte one of ours: each kind's files are its own. Whoever sends one is a stranger,
# and a few kilobytes can be a picture that takes a gigabyte to decode.
PARTNERS = Recipe(16_000_000, 960, 80, {"wide": Shape(16 / 9, (240, 480), 480)}, {})


class PictureRefused(ValueError):
    """The file cannot become a picture; the message is for the editor."""


@dataclass(frozen=True)
class Master:
    """A cleaned upload: JPEG bytes, upright, no larger than its recipe says."""

    data: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()[:32]


def read_upload(upload: BinaryIO, recipe: Recipe = NEWSROOM) -> Master:
    """Return the clean master of an uploaded file, or raise PictureRefused with what is wrong with it."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PictureRefused(f"The file is larger than {MAX_BYTES // 1024**2} MB. Export it smaller and try again.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS_IN) as image:
            # The header alone gives the size, so a bomb is refused before a pixel is decoded.
            if image.width * image.height > recipe.most_pixels:
                raise PictureRefused(
                    f"The picture has {image.width} × {image.height} pixels; "
                    f"the most we take is {recipe.most_pixels // 1_000_000} megapixels."
                )
            clean = _upright_rgb(image, recipe.side)
    except PictureRefused:
        raise
    except UnidentifiedImageError:
        raise PictureRefused("This is not a picture we can read. Use a JPEG, PNG, WebP, AVIF or GIF file.") from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PictureRefused("The file is damaged or cut short. Export the picture again.") from error
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=recipe.quality, progressive=True)
    return Master(out.getvalue(), clean.width, clean.height)


def _upright_rgb(image: Image.Image, side: int) -> Image.Image:
    """The picture in its master's size. It is made small first: each step below holds a copy or two in memory."""
    image.draft(None, (2 * side, 2 * side))  # A JPEG need not be decoded whole for that.
    ImageOps.exif_transpose(image, in_place=True)
    upright = image if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image.convert("RGBA")
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    if upright.mode == "RGBA":
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    elif profile := upright.info.get("icc_profile"):
        upright = _in_srgb(upright, profile)
    plain = Image.new("RGB", upright.size)
    plain.paste(upright.convert("RGB"))
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        return (
            ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            or image
        )
    except ImageCms.PyCMSError:
        return image  # A broken profile is common and the picture is still good.


def rendition_key(digest: str, focal_x: float, focal_y: float) -> str:
    """The name of one set of renditions: it changes with the picture, its focal point and our recipes."""
    return hashlib.sha256(f"{VERSION} {digest} {focal_x:.3f} {focal_y:.3f}".encode()).hexdigest()[:12]


def master_path(digest: str) -> str:
    return f"pictures/masters/{digest[:2]}/{digest}.jpg"


def rendition_folder(key: str) -> str:
    return f"pictures/{key[:2]}/{key}"


def rendition_path(key: str, shape: str, width: int, format_: str) -> str:
    return f"{rendition_folder(key)}/{rendition_name(shape, width, format_)}"


def rendition_name(shape: str, width: int, format_: str) -> str:
    return f"{shape}-{width}.{'jpg' if format_ == 'jpeg' else format_}"


def crop_box(width: int, height: int, ratio: float, focal: tuple[float, float]) -> tuple[int, int, int, int]:
    """The largest box of `ratio` inside the picture which has the focal point as near to its centre as it can be."""
    box_width, box_height = min(width, round(height * ratio)), min(height, round(width / ratio))
    left = min(max(round(width * focal[0] - box_width / 2), 0), width - box_width)
    top = min(max(round(height * focal[1] - box_height / 2), 0), height - box_height)
    return left, top, left + box_width, top + box_height


def shape_size(width: int, height: int, shape: Shape) -> tuple[int, int]:
    """Width and height in pixels of the picture cut to the shape, before it is scaled."""
    if shape.ratio is None:
        return width, height
    return min(width, round(height * shape.ratio)), min(height, round(width / shape.ratio))


def shape_widths(width: int, height: int, shape: Shape) -> tuple[int, ...]:
    """The widths that this picture has in the shape: none wider than the picture itself, and always at least one."""
    available = shape_size(width, height, shape)[0]
    return tuple(w for w in shape.widths if w <= available) or (available,)


def fallback_width(widths: tuple[int, ...], shape: Shape) -> int:
    """The one width that is also made as JPEG, for what knows neither AVIF nor WebP."""
    return max((w for w in widths if w <= shape.fallback_width), default=widths[0])


def shared_size(width: int, height: int, ratio: float) -> tuple[int, int]:
    """Width and height in pixels of the JPEG that is shared in this ratio."""
    cut_width, cut_height = shape_size(width, height, Shape(ratio, (), 0))
    shown = min(cut_width, SHARED_WIDTH)
    return shown, max(1, round(shown * cut_height / cut_width))


def render(
    master: bytes, focal: tuple[float, float], recipe: Recipe = NEWSROOM
) -> Iterator[tuple[str, int, str, bytes]]:
    """Yield (shape, width, format, encoded bytes) of every rendition of a master."""
    with Image.open(io.BytesIO(master)) as image:
        image.load()
        for name, shape in recipe.shapes.items():
            box = crop_box(image.width, image.height, shape.ratio, focal) if shape.ratio else None
            cut = image.crop(box) if box else image
            widths = shape_widths(image.width, image.height, shape)
            for width in widths:
                scaled = cut.resize((width, round(width * cut.height / cut.width)), Image.Resampling.LANCZOS)
                for format_ in ("avif", "webp"):
                    yield name, width, format_, _encoded(scaled, format_)
                if width == fallback_width(widths, shape):
                    yield name, width, "jpeg", _encoded(scaled, "jpeg")
        for name, ratio in recipe.shared_ratios.items():
            size = shared_size(image.width, image.height, ratio)
            cut = image.crop(crop_box(image.width, image.height, ratio, focal))
            yield name, size[0], "jpeg", _encoded(cut.resize(size, Image.Resampling.LANCZOS), "jpeg")


def _encoded(image: Image.Image, format_: str) -> bytes:
    out = io.BytesIO()
    image.save(out, format_.upper(), **ENCODERS[format_])
    return out.getvalue()
