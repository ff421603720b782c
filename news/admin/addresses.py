"""The end of an article's address: one that is free, or why it is not. An address leads to one story for good."""

from django.utils.text import slugify

from news.models import Article, FormerSlug


def free_slug(headline: str, pk: int | None) -> str:
    """A slug made of the headline that no other article has, or has had."""
    base = slug = slugify(headline)[:110].strip("-") or "article"
    has = Article.objects.filter(slug__startswith=base).exclude(pk=pk or 0).order_by().values_list("slug")
    had = FormerSlug.objects.filter(slug__startswith=base).exclude(article=pk or 0).order_by().values_list("slug")
    taken = {slug for (slug,) in has.union(had)}
    number = 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def why_taken(slug: str, pk: int | None) -> str:
    """In words for the desk; empty if the article may have the slug."""
    others = Article.objects.exclude(pk=pk or 0).order_by()
    has = others.filter(slug=slug).values_list("headline", "slug")
    had = others.filter(former_slugs__slug=slug).values_list("headline", "slug")
    for headline, now in has.union(had)[:1]:
        if now == slug:
            return f"“{headline}” has this address. Choose another one."
        return f"Readers know “{headline}” by this address, and are sent on to it. Choose another one."
    return ""
