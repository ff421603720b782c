from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class SiteConfig(AppConfig):
    name = "config"
    label = "site"

    def ready(self) -> None:
        """Outdate kept pages with whatever the newsroom changes, whoever changes it: here signals are right.

        What goes around them, such as partners' feeds and new prices, is seen within the minute that a page is kept.
        """
        from config.pagecache import outdate_on_commit
        from news import models as news
        from newsletter import models as newsletter
        from tickers import models as tickers

        shown_to_readers = (
            *(news.Publication, news.Section, news.Topic, news.Author, news.Article, news.Byline, news.Picture),
            *(news.Correction, news.BreakingNews, news.Slot, news.Partner, news.PartnerStory),
            *(tickers.Company, tickers.Symbol, newsletter.Newsletter, newsletter.Edition),
        )
        for model in shown_to_readers:
            post_save.connect(outdate_on_commit, sender=model)
            post_delete.connect(outdate_on_commit, sender=model)
        for relation in (news.Article.topics, news.Article.companies, news.Article.related_picks):
            m2m_changed.connect(outdate_on_commit, sender=relation.through)
