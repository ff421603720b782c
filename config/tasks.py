"""What concerns the whole site and no app of it."""

import logging
from typing import Any

from celery import shared_task

from config import heartbeat
from news.access import access_mail
from news.models import User
from newsletter import post

log = logging.getLogger(__name__)


@shared_task
def beat(queue: str) -> None:
    """Tell that somebody works at this queue; the timetable sends one through each."""
    heartbeat.keep(queue)


@shared_task(bind=True, max_retries=5)
def send_reset(self: Any, user_id: int) -> None:
    """Mail the link for a new password. There is no such user when nobody has the address that was typed."""
    user = User.objects.filter(pk=user_id, is_active=True, is_staff=True).first()
    if user is None:
        return
    outcome = post.hand_over(access_mail(user))
    if outcome.is_transient:
        raise self.retry(countdown=30 * 2**self.request.retries)
    if not outcome.is_sent:
        log.error("The mail for a new password of login %d could not be sent: %s", user_id, outcome.why)
