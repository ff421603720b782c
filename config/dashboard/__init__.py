"""The admin's first page: what the desk has to do now. Nobody is shown what they may do nothing about."""

from typing import Any

from django.db.models import Exists
from django.http import HttpRequest
from django.utils import timezone

from config.dashboard import mail, stories
from config.dashboard.block import Block, Row, address, shown
from config.dashboard.machines import trouble
from news.models import Article, Publication, Section, User
from newsletter.models import Newsletter


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds `trouble`, a block, and `main` and `side`, the blocks of the two columns (theme: DASHBOARD_CALLBACK)."""
    user, now = request.user, timezone.now()
    main = [
        *(first_steps(user), stories.in_review(user, now), stories.own(user, now)),
        *(stories.scheduled(user, now), stories.movers(user, now), stories.stale(user, now)),
    ]
    side = [stories.breaking(user, now), mail.editions(user, now), stories.partner_headlines(user, now)]
    return {**context, "now": now, "trouble": trouble(user, now), "main": shown(main), "side": shown(side)}


def first_steps(user: Any) -> Block:
    """What a new newsroom lacks, until its first story is out."""
    there = (
        User.objects.filter(pk=user.pk)
        .values(
            publication=Exists(Publication.objects.all()),
            section=Exists(Section.objects.all()),
            newsletter=Exists(Newsletter.objects.all()),
            article=Exists(Article.objects.all()),
            live=Exists(Article.objects.published()),
        )
        .get()
    )
    done = {name for name, is_there in there.items() if is_there}
    steps = {
        "publication": ("news.add_publication", "Name the publication", "Its zone and postal address, too."),
        "section": ("news.add_section", "Make its sections", "Every story is filed in one."),
        "newsletter": ("newsletter.add_newsletter", "Name the newsletter", "Readers sign up for it under every story."),
        "article": ("news.add_article", "Write the first story", "It is a draft until somebody publishes it."),
    }
    rows = [
        Row(words, address(f"{right.replace('.add_', '_')}_add"), about=about)
        for name, (right, words, about) in steps.items()
        if name not in done and user.has_perm(right)
    ]
    return Block("steps", "First steps", "flag", [] if "live" in done else rows)
