"""What machines read in the head of a page: JSON-LD, the picture for social cards, where the feeds are."""

from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from news import structured_data
from news.cards import CARD_SIZE, card_of, card_of_site

register = template.Library()

# The pages of lists that have a feed: it stands at the page's own path under /feeds.
LISTS_WITH_FEED = {"latest", "section", "topic", "author", "company"}


class SocialPicture(NamedTuple):
    """`url` is a path of this site; width and height in pixels."""

    url: str
    width: int
    height: int
    alt: str
    type: str


@register.simple_tag(takes_context=True)
def article_data(context: Context) -> SafeString:
    """The JSON-LD of an article's page."""
    article, publication = context["article"], context["publication"]
    corrections = context.get("corrections") or ()
    story = structured_data.news_article(article, context["authors"], publication, corrections)
    return structured_data.script(story, structured_data.breadcrumbs(article))


@register.simple_tag(takes_context=True)
def author_data(context: Context) -> SafeString:
    """The JSON-LD of an author's page."""
    return structured_data.script(structured_data.profile_page(context["author"], context["publication"]))


@register.simple_tag(takes_context=True)
def site_data(context: Context) -> SafeString:
    """The JSON-LD of the front page."""
    publication = context["publication"]
    return structured_data.script(structured_data.organization(publication), structured_data.website(publication))


@register.simple_tag(takes_context=True)
def social_picture(context: Context, article: Any = None) -> SocialPicture:
    """The picture of a social card: an article's lead picture, else one drawn from its headline or the site's name."""
    publication = context["publication"]
    if article and (picture := article.lead_picture):
        jpeg = picture.shared("social")
        return SocialPicture(jpeg.url, jpeg.width, jpeg.height, picture.alt or article.headline, "image/jpeg")
    card = card_of(article, publication) if article else card_of_site(publication)
    return SocialPicture(card.url, *CARD_SIZE, card.headline or card.publication, "image/png")


@register.simple_tag(takes_context=True)
def feed_of_page(context: Context) -> str:
    """The address of this list's feed without its ending; empty for a list that has none."""
    request = context["request"]
    match = request.resolver_match
    return f"/feeds{request.path.rstrip('/')}" if match and match.url_name in LISTS_WITH_FEED else ""
