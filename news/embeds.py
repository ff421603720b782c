"""What a story may embed, told from its address alone: a video on YouTube or an audio file."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
AUDIO = (".mp3", ".m4a")
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_PATH = re.compile(r"/(?:shorts|live|embed|v)/([^/]+)/?")


class EmbedRefused(ValueError):
    """The address cannot be embedded; the message is for the editor."""


@dataclass(frozen=True)
class Player:
    """`url` is the address for people, `src` what is loaded once a reader presses play."""

    url: str
    src: str
    is_audio: bool = False


def player_of(address: str) -> Player:
    """The player for an address that somebody pasted; raises EmbedRefused."""
    parts = _split(address)
    if parts.hostname in YOUTUBE or parts.hostname == "youtu.be":
        return _youtube(parts)
    if not parts.path.lower().endswith(AUDIO):
        raise EmbedRefused("Only YouTube videos and audio files (.mp3, .m4a) can be played here. Set a link instead.")
    if parts.scheme != "https":
        raise EmbedRefused("Browsers play audio in a page only from an address that begins with https://.")
    return Player(parts.geturl(), parts.geturl(), is_audio=True)


def video_of(address: str) -> Player:
    """As `player_of`, for a YouTube video only."""
    player = player_of(address)
    if player.is_audio:
        raise EmbedRefused("This is an audio file. Give the address of a YouTube video.")
    return player


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address.strip())
        is_plain = parts.port is None and parts.username is None and not re.search(r"[\s\\\"'<>]", parts.geturl())
    except ValueError:
        is_plain = False
    if not is_plain or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EmbedRefused("Give the whole address, such as https://www.youtube.com/watch?v=…")
    return parts


def _youtube(parts: SplitResult) -> Player:
    if parts.hostname == "youtu.be":
        video = parts.path.strip("/")
    elif parts.path == "/watch":
        video = parse_qs(parts.query).get("v", [""])[0]
    else:
        found = _PATH.fullmatch(parts.path)
        video = found[1] if found else ""
    if not _VIDEO.fullmatch(video):
        raise EmbedRefused("This YouTube address names no video. Open the video and copy its address.")
    return Player(
        f"https://www.youtube.com/watch?v={video}", f"https://www.youtube-nocookie.com/embed/{video}?autoplay=1"
    )
