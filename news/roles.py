"""Who may do what with an article, and the roles of the newsroom: the groups that hold those rights.

Rights are Django's permissions, so a publication can make roles of its own. One of them is ours: `news.publish_article`
makes an editor of whoever has it, who edits, publishes and withdraws everybody's articles. Without it people work on
what is their own.
"""

from typing import Any

from news.models import Article, Byline, Publication, User

REPORTER, EDITOR, NEWSLETTER_EDITOR, ADMINISTRATOR = "Reporter", "Editor", "Newsletter editor", "Administrator"

ALL = ("view", "add", "change", "delete")
# What each role may do with the rows of each model ("app.*": of every model of that app).
RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    REPORTER: {
        "news.article": ALL,
        "news.picture": ("view", "add"),
        **dict.fromkeys(
            ("news.author", "news.section", "news.topic", "news.partnerstory", "tickers.company"), ("view",)
        ),
    },
    EDITOR: {
        "news.article": (*ALL, "publish"),
        **dict.fromkeys(("news.picture", "news.author", "news.topic", "news.partner", "news.partnerstory"), ALL),
        **dict.fromkeys(("news.correction", "news.breakingnews", "news.slot"), ALL),
        "news.section": ("view", "change"),
        "tickers.company": ("view", "add", "change"),
        "tickers.symbol": ("view",),
    },
    NEWSLETTER_EDITOR: {
        "newsletter.*": ALL,
        **dict.fromkeys(("news.article", "news.author", "news.section", "news.topic"), ("view",)),
    },
    ADMINISTRATOR: {
        "news.article": (*ALL, "publish"),
        **dict.fromkeys(("news.*", "tickers.*", "newsletter.*", "auth.group"), ALL),
    },
}


def make_roles(groups: Any, permissions: Any) -> None:
    """Make the groups and give them the rights of the table; takes the managers, which a migration has of its own.

    Rights that a publication has added by itself stay. A right whose model is not there yet is left out.
    """
    for role, rights in RIGHTS.items():
        group, _ = groups.get_or_create(name=role)
        for model, verbs in rights.items():
            app, name = model.split(".")
            of_app = permissions.filter(content_type__app_label=app)
            names = (name,) if name != "*" else of_app.values_list("content_type__model", flat=True).distinct()
            group.permissions.add(*of_app.filter(codename__in=[f"{verb}_{one}" for verb in verbs for one in names]))


def is_administrator(user: Any) -> bool:
    """Who may say what others may do."""
    return bool(user.has_perm("auth.change_group"))


# The rules. `article` is None where an article is to be made, or where any article will do.


def is_editor(user: Any) -> bool:
    return bool(user.has_perm("news.publish_article"))


def is_own(user: User, article: Article) -> bool:
    """Whether the user has begun the article or signs it. `for_editing` has asked already who signs."""
    if article.created_by_id == user.pk:
        return True
    signed_by = getattr(article, "signed_by", None)
    if signed_by is None:
        return Byline.objects.filter(article=article.pk, author__user_id=user.pk).exists()
    return user.pk in signed_by


def reporters_publish(article: Article | None) -> bool:
    """Whether the publication lets reporters publish their own; `for_editing` has asked that too."""
    known: bool | None = getattr(article, "reporters_publish", None)
    return Publication.load().reporters_publish if known is None else known


def may_change(user: Any, article: Article | None) -> bool:
    """Editors change every article; others their own, while it is a draft or where reporters publish."""
    if not user.has_perm("news.change_article"):
        return False
    if article is None or is_editor(user):
        return True
    return (article.status == Article.Status.DRAFT or reporters_publish(article)) and is_own(user, article)


def may_publish(user: Any, article: Article | None) -> bool:
    """Publish, schedule and withdraw: editors every article, others their own where the publication lets them."""
    if is_editor(user):
        return bool(user.has_perm("news.change_article"))
    may_write = user.has_perm("news.change_article") and reporters_publish(article)
    return may_write and (article is None or is_own(user, article))


def may_correct(user: Any, article: Article) -> bool:
    """Tell readers what was wrong: who may publish it may also say that."""
    return may_publish(user, article)


def may_take_back(user: Any, article: Article) -> bool:
    """Make it a draft again: who may publish it, and the reporter who has handed it in."""
    handed_in = article.status == Article.Status.IN_REVIEW
    return may_publish(user, article) or (handed_in and user.has_perm("news.change_article") and is_own(user, article))


def may_delete(user: Any, article: Article | None) -> bool:
    """Who may change it; for the rest, a published article is withdrawn first (`ArticleAdmin.get_deleted_objects`)."""
    return bool(user.has_perm("news.delete_article")) and may_change(user, article)
