"""Static files in production: sheets bundled into one, everything named by its content, compressed once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import lightningcss
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE = "css/site.css"


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """`css/site.css` is a list of imports; browsers get one minified sheet, under a name they may keep for ever."""

    @cache  # noqa: B019 - There is one storage for as long as the process runs, and a page asks it for seven names.
    def url(self, name: str | None, force: bool = False) -> str:
        return str(super().url(name, force))

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and SITE in paths:
            storage, path = paths[SITE]
            Path(self.path(SITE)).write_text(lightningcss.bundle_css(storage.path(path), minify=True))
            # What is hashed from here on is the bundle in STATIC_ROOT, not the list that it was made from.
            paths[SITE] = (self, SITE)
        yield from super().post_process(paths, dry_run, **options)
