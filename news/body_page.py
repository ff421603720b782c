"""The body of an article as its page shows it: pictures as renditions, embeds to press, the place of the sign-up."""

import re
from html import unescape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from news.body import picture_digests, plain_text, replace_pictures, split_for_signup
from news.body_tables import with_tables
from news.embeds import EmbedRefused, player_of
from news.models import Picture
from news.templatetags.newsroom import picture as picture_markup

# As the allow-list and the editor write it; any other link in a figure stays a link.
_EMBED = re.compile(r"""<figure class="embed">\s*<a href="([^"]*)">(.*?)</a>""", re.DOTALL)
_LINK_AWAY = re.compile(r"""<a (?=[^>]*\bhref="https?:)""")


def body_for_page(html: str, *, is_sponsored: bool) -> tuple[SafeString, SafeString]:
    """What stands before and behind the sign-up call. One query, if the body has pictures."""
    shown = _EMBED.sub(_player, _with_pictures(html))
    if is_sponsored:
        shown = _LINK_AWAY.sub('<a rel="sponsored" ', shown)
    start, end = split_for_signup(shown)
    return SafeString(with_tables(start)), SafeString(with_tables(end))


def _player(embed: re.Match[str]) -> str:
    try:
        player = player_of(unescape(embed[1]))
    except EmbedRefused:
        return embed[0]
    markup = render_to_string("news/_player.html", {"player": player, "title": plain_text(embed[2])})
    return f'<figure class="embed">{markup.strip()}'


def _with_pictures(html: str) -> str:
    digests = picture_digests(html)
    if not digests:
        return html
    found = {picture.digest: picture for picture in Picture.objects.filter(digest__in=digests)}

    def markup(digest: str, alt: str) -> str:
        return picture_markup(found[digest], "full", "body", alt or found[digest].alt) if digest in found else ""

    return replace_pictures(html, markup)
