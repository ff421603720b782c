"""A picture of the newsroom and the files that pages load for it."""

from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.db.models.signals import post_save

from news import pictures


class Sources(NamedTuple):
    """What an <img> or <picture> of one shape needs. `avif` and `webp` are srcset values, empty before rendering."""

    src: str
    width: int
    height: int
    avif: str
    webp: str


class Jpeg(NamedTuple):
    """One file for programs that may know no other format: its path in the storage, its address and its size."""

    path: str
    url: str
    width: int
    height: int


class PictureQuerySet(models.QuerySet["Picture"]):
    def pending(self) -> "PictureQuerySet":
        """Pictures whose renditions are still to be made."""
        return self.filter(rendered_key="", render_error="")

    def of_the_newsroom(self) -> "PictureQuerySet":
        """What editors choose from: without the pictures that came with partners' stories."""
        return self.filter(is_from_partner=False)


class Picture(models.Model):
    """An uploaded picture, kept as a clean master (upright, no metadata) with renditions at the widths pages use.

    Renditions live under a key of content, focal point and recipe, so that what an address shows never changes.
    Until a worker has made them, pages show the master.
    """

    master = models.FileField("picture", max_length=200, editable=False)
    digest = models.CharField(max_length=32, editable=False, db_index=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(
        "alt text", max_length=250, blank=True, help_text="What it shows, for people who cannot see it."
    )
    is_decorative = models.BooleanField(
        "decorative", default=False, help_text="It says nothing that the text does not."
    )
    caption = models.CharField(max_length=400, blank=True)
    credit = models.CharField(max_length=120, blank=True)
    focal_x = models.FloatField(
        "focal point, from the left", default=0.5, help_text="0 is the left edge, 1 the right. Every crop keeps it."
    )
    focal_y = models.FloatField(
        "focal point, from the top", default=0.5, help_text="0 is the top edge, 1 the bottom. Every crop keeps it."
    )
    is_from_partner = models.BooleanField(default=False, editable=False)
    rendered_key = models.CharField(max_length=16, blank=True, editable=False)
    render_error = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="picture_alt_or_decorative",
                condition=Q(is_decorative=True) | ~Q(alt=""),
                violation_error_message="Write what the picture shows, or mark it as decorative.",
            ),
            models.CheckConstraint(name="picture_has_size", condition=Q(width__gt=0, height__gt=0)),
            models.CheckConstraint(
                name="picture_focal_point_inside",
                condition=Q(focal_x__range=(0, 1), focal_y__range=(0, 1)),
                violation_error_message="The focal point is given as two numbers from 0 to 1.",
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or PurePosixPath(self.master.name or "").name

    @property
    def recipe(self) -> pictures.Recipe:
        return pictures.PARTNERS if self.is_from_partner else pictures.NEWSROOM

    def set_master(self, upload: BinaryIO) -> None:
        """Take an uploaded file as the master; raises pictures.PictureRefused. The row still has to be saved.

        A file is named by its content, so the same picture uploaded twice is stored once.
        """
        master = pictures.read_upload(upload, self.recipe)
        self.digest, self.width, self.height = master.digest, master.width, master.height
        path = pictures.master_path(master.digest)
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(master.data))
        self.master.name = path
        self.rendered_key = self.render_error = ""

    def render(self) -> None:
        """Make the renditions and point pages at them. Run twice it does the same; a change meanwhile wins."""
        key = pictures.rendition_key(self.digest, self.focal_x, self.focal_y)
        unchanged = Picture.objects.filter(
            pk=self.pk, digest=self.digest, focal_x=self.focal_x, focal_y=self.focal_y, rendered_key=""
        )
        try:
            with self.master.open("rb") as file:
                master = file.read()
            for shape, width, format_, data in pictures.render(master, (self.focal_x, self.focal_y), self.recipe):
                path = pictures.rendition_path(key, shape, width, format_)
                if not default_storage.exists(path):
                    default_storage.save(path, ContentFile(data))
        except (OSError, ValueError) as error:
            # The file is gone or unreadable; pages keep the master, and the picture's page in the admin says why.
            unchanged.update(render_error=f"{type(error).__name__}: {error}"[:200])
        else:
            if unchanged.update(rendered_key=key):
                # An update sends no signal, and kept pages would go on with the large master.
                post_save.send(Picture, instance=self, created=False, update_fields=frozenset({"rendered_key"}))

    def discard(self) -> None:
        """Delete the picture, and its files unless another row has the same."""
        self.delete()
        self.delete_files()

    def delete_files(self) -> None:
        """Delete the files of a picture whose row is gone, unless another row has the same."""
        if Picture.objects.filter(digest=self.digest).exists():
            return
        key = self.rendered_key or pictures.rendition_key(self.digest, self.focal_x, self.focal_y)
        folder = pictures.rendition_folder(key)
        names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
        for path in (*(f"{folder}/{name}" for name in names), folder, pictures.master_path(self.digest)):
            default_storage.delete(path)

    def sources(self, shape_name: str) -> Sources:
        """The addresses and size in pixels of this picture in a shape of its recipe."""
        shape = self.recipe.shapes[shape_name]
        full_width, full_height = pictures.shape_size(self.width, self.height, shape)
        if not self.rendered_key:
            return Sources(self.master.url, full_width, full_height, "", "")
        widths = pictures.shape_widths(self.width, self.height, shape)
        fallback = pictures.fallback_width(widths, shape)
        # The storage takes its time over an address, so it is asked for one only.
        folder = default_storage.url(pictures.rendition_folder(self.rendered_key))
        name = partial(pictures.rendition_name, shape_name)
        return Sources(
            src=f"{folder}/{name(fallback, 'jpeg')}",
            width=fallback,
            height=round(fallback * full_height / full_width),
            avif=", ".join(f"{folder}/{name(width, 'avif')} {width}w" for width in widths),
            webp=", ".join(f"{folder}/{name(width, 'webp')} {width}w" for width in widths),
        )

    def shared(self, ratio: str) -> Jpeg:
        """The picture in a ratio of `pictures.SHARED_RATIOS`; until it is rendered, the master in its own."""
        if not self.rendered_key:
            return Jpeg(self.master.name or "", self.master.url, self.width, self.height)
        width, height = pictures.shared_size(self.width, self.height, pictures.SHARED_RATIOS[ratio])
        path = pictures.rendition_path(self.rendered_key, ratio, width, "jpeg")
        return Jpeg(path, default_storage.url(path), width, height)
