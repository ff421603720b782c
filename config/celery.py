"""The Celery app and the timetable: everything that happens at a time of its own is on this page.

Queue messages are wake-ups only; what is due is asked of Postgres, so a lost or doubled message does no harm.
"""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("forecourt")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
QUEUES = ("quotes", "mail", "feeds", "media", "default")

# Seconds between two looks; `expires` is shorter than the period, so a late worker never works through a backlog.
app.conf.beat_schedule = {
    "refresh quotes": {
        "task": "tickers.tasks.refresh_quotes",
        "schedule": 15.0,
        "options": {"expires": 12},
    },
    "fetch closes": {
        "task": "tickers.tasks.fetch_closes",
        "schedule": 15.0,
        "options": {"expires": 12},
    },
    "prune points": {
        "task": "tickers.tasks.prune_points",
        "schedule": crontab(hour="2", minute="41"),
        "options": {"expires": 3600},
    },
    "send letters that are due": {
        "task": "newsletter.tasks.send_due_letters",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "make editions whose hour has come": {
        "task": "newsletter.tasks.make_editions",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "send editions that are under way": {
        "task": "newsletter.tasks.deliver_editions",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "forget who never confirmed": {
        "task": "newsletter.tasks.forget_unconfirmed",
        "schedule": crontab(hour="3", minute="17"),
        "options": {"expires": 3600},
    },
    "forget who asked for a link": {
        "task": "newsletter.tasks.forget_requests",
        "schedule": crontab(hour="3", minute="22"),
        "options": {"expires": 3600},
    },
    "prune ledgers": {
        "task": "newsletter.tasks.prune_ledgers",
        "schedule": crontab(hour="3", minute="27"),
        "options": {"expires": 3600},
    },
    "fetch partner feeds": {
        "task": "news.tasks.fetch_partner_feeds",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "fetch partner pictures": {
        "task": "news.tasks.fetch_partner_pictures",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "prune partner stories": {
        "task": "news.tasks.prune_partner_stories",
        "schedule": crontab(hour="3", minute="53"),
        "options": {"expires": 3600},
    },
    "render pictures left over": {
        "task": "news.tasks.render_pending_pictures",
        "schedule": 300.0,
        "options": {"expires": 240},
    },
}
if settings.INDEXNOW_KEY or settings.WEBSUB_HUB:
    app.conf.beat_schedule["announce news"] = {
        "task": "news.tasks.announce",
        "schedule": 30.0,
        "options": {"expires": 25},
    }
for queue in QUEUES:
    app.conf.beat_schedule[f"beat of {queue}"] = {
        "task": "config.tasks.beat",
        "args": [queue],
        "schedule": 60.0,
        "options": {"expires": 50, "queue": queue},
    }
