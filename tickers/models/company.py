"""Companies of the trade, listed or not."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse


class Company(models.Model):
    """A company that stories are about, listed or not."""

    class Kind(models.TextChoices):
        AUTOMAKER = "automaker", "Automaker"
        SUPPLIER = "supplier", "Supplier"
        DEALER_GROUP = "dealer_group", "Dealer group"
        RETAILER = "retailer", "Used-car retailer"
        LENDER = "lender", "Lender"

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    aliases = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        help_text="Other names the company goes by in stories, with commas between.",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    description = models.TextField(blank=True, help_text="One or two sentences for the company's page.")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "companies"
        constraints = [
            models.CheckConstraint(
                name="company_kind_known",
                condition=Q(kind__in=["automaker", "supplier", "dealer_group", "retailer", "lender"]),
            ),
            models.CheckConstraint(name="company_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("company", args=[self.slug])
