"""The parser process: documents come in on standard input, plain entries go out. Nothing of Django is loaded here."""

import json
import resource
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from news.partners.parse import Feed
from news.partners.read import read_document

MEMORY = 256 * 1024 * 1024
CPU_SECONDS = 120  # For all documents together; who started us has a clock for each.


def main() -> None:
    limit()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    for line in stdin:
        about = json.loads(line)
        stdout.write(json.dumps(answer(stdin.read(about["size"]), about), default=_moment).encode() + b"\n")
        stdout.flush()


def answer(document: bytes, about: dict[str, Any]) -> dict[str, Any]:
    try:
        feed = read_document(document, about["url"], about["content_type"])
    except (MemoryError, RecursionError):
        return {"error": "Reading the feed takes more memory than a feed may."}
    except Exception as error:  # Whatever a parser of the outside world trips over is the feed's fault, not ours.
        return {"error": f"The feed cannot be read ({type(error).__name__})."}
    if feed == Feed():
        return {"error": "This is not a feed."}
    return asdict(feed)


def limit() -> None:
    """Give ourselves bounds that hold even if nobody watches us any more. macOS does not know all of them."""
    bounds = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_FSIZE: 0}
    for kind, most in bounds.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _moment(value: Any) -> str:
    assert isinstance(value, datetime)  # noqa: S101
    return value.isoformat()


if __name__ == "__main__":
    main()
