"""What an article lacks to be published, said at the fields of its form."""

from news.admin.article_form import ArticleForm
from news.models import Article

# What `Article.missing` names, and the field that has it.
FIELDS = {
    "a headline": "headline",
    "a dek": "dek",
    "a body": "body",
    "a section": "section",
    "an author": "authors_in_order",
    "alt text for each picture in the body": "body",
}


def show_lacks(form: ArticleForm, article: Article) -> None:
    """Say it in a form that nobody has sent again yet."""
    for words in article.missing():
        if FIELDS[words] in form.fields:
            errors = form.errors.setdefault(FIELDS[words], form.error_class())
            errors.append(f"Before it can be published, the article needs {words}.")
