"""The newsroom in Django's admin: where editors write and publish."""

from django.contrib import admin

from news.admin.article import ArticleAdmin
from news.admin.breaking import BreakingNewsAdmin
from news.admin.correction import CorrectionAdmin
from news.admin.partner import PartnerAdmin
from news.admin.people import AuthorAdmin, UserAdmin
from news.admin.picture import PictureAdmin
from news.admin.publication import PublicationAdmin, SectionAdmin, TopicAdmin

__all__ = [
    "ArticleAdmin",
    "AuthorAdmin",
    "BreakingNewsAdmin",
    "CorrectionAdmin",
    "PartnerAdmin",
    "PictureAdmin",
    "PublicationAdmin",
    "SectionAdmin",
    "TopicAdmin",
    "UserAdmin",
]

admin.site.index_title = "Newsroom"
