"""The addresses that articles have had."""

from django.db import models

from news.models.article import Article


class FormerSlug(models.Model):
    """A slug that readers have seen an article under. Its address leads to where the article is now, for good."""

    slug = models.SlugField(max_length=120, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
