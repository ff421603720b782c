from django.apps import AppConfig, apps
from django.db.models.signals import m2m_changed, post_delete, post_save


class SiteConfig(AppConfig):
    name = "config"
    label = "site"

    def ready(self) -> None:
        """Outdate kept pages with whatever the newsroom changes. Signals are right here: no path may go around it."""
        from config.pagecache import outdate_on_commit
        from news.models import Article

        for model in apps.get_models():
            if model.__name__ in SHOWN_TO_READERS:
                post_save.connect(outdate_on_commit, sender=model)
                post_delete.connect(outdate_on_commit, sender=model)
        for relation in (Article.topics, Article.companies, Article.related_picks):
            m2m_changed.connect(outdate_on_commit, sender=relation.through)


SHOWN_TO_READERS = {
    *("Publication", "Section", "Topic", "Author", "Article", "Byline", "Picture", "Partner", "PartnerStory"),
    *("Correction", "BreakingNews", "Slot"),
    *("Company", "Symbol", "Newsletter", "Edition"),
}
