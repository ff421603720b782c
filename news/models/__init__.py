from news.models.article import Article, Byline
from news.models.breaking import BreakingNews
from news.models.correction import Correction
from news.models.former_slug import FormerSlug
from news.models.partner import Partner, PartnerStory
from news.models.people import Author, User
from news.models.picture import Picture
from news.models.publication import Publication, Section, Topic
from news.models.revision import Revision, UnsavedWork
from news.models.slot import Slot

__all__ = [
    "Article",
    "Author",
    "BreakingNews",
    "Byline",
    "Correction",
    "FormerSlug",
    "Partner",
    "PartnerStory",
    "Picture",
    "Publication",
    "Revision",
    "Section",
    "Slot",
    "Topic",
    "UnsavedWork",
    "User",
]
