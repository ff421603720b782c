from news.models.article import Article, Byline
from news.models.partner import Partner, PartnerStory
from news.models.people import Author, User
from news.models.picture import Picture
from news.models.publication import Publication, Section, Topic
from news.models.revision import Revision, UnsavedWork

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Partner",
    "PartnerStory",
    "Picture",
    "Publication",
    "Revision",
    "Section",
    "Topic",
    "UnsavedWork",
    "User",
]
