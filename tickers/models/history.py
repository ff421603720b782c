"""What a share did before now: one close a day for years, and the points of the last days."""

from django.db import models
from django.db.models import Q

from tickers.models.quote import Symbol


class DailyClose(models.Model):
    """The close of one symbol on one day of the exchange’s calendar, in US dollars, adjusted for splits."""

    symbol = models.ForeignKey(Symbol, on_delete=models.CASCADE, related_name="closes")
    day = models.DateField()
    close = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        ordering = ["symbol", "day"]
        constraints = [
            models.UniqueConstraint(fields=["symbol", "day"], name="daily_close_once"),
            models.CheckConstraint(name="daily_close_positive", condition=Q(close__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.symbol_id} {self.day} {self.close}"


class Point(models.Model):
    """A price that a refresh brought, kept for 30 days: what the charts of a day and of a week are drawn from."""

    symbol = models.ForeignKey(Symbol, on_delete=models.CASCADE, related_name="points")
    at = models.DateTimeField()
    price = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        ordering = ["symbol", "at"]
        constraints = [
            models.UniqueConstraint(fields=["symbol", "at"], name="point_once"),
            models.CheckConstraint(name="point_positive", condition=Q(price__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.symbol_id} {self.at} {self.price}"
