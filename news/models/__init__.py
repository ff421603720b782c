from news.models.article import Article, Byline
from news.models.partner import Partner, PartnerStory
from news.models.people import Author, User
from news.models.picture import Picture
from news.models.publication import Publication, Section, Topic

__all__ = [
    "Article",
    "Author",
    "Byline",
    "Partner",
    "PartnerStory",
    "Picture",
    "Publication",
    "Section",
    "Topic",
    "User",
]
