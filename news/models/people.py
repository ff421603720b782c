"""Who logs in (User) and who signs a story (Author). They are not the same people."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from news.models.picture import Picture


class StaffManager(UserManager["User"]):
    """Makes users by email address; there are no usernames."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":  # type: ignore[override]
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":  # type: ignore[override]
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractUser):
    """Someone of the newsroom with a login to the admin."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("email address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", violation_error_message="There is a login with this address."
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Author(models.Model):
    """A byline: a reporter, a guest columnist or "Staff"."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    role = models.CharField(max_length=80, blank=True, help_text="Such as “Retail editor”.")
    employer = models.CharField(max_length=120, blank=True, help_text="For guests; empty for our own staff.")
    bio = models.TextField("biography", blank=True, max_length=400)
    portrait = models.ForeignKey(Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField(blank=True, help_text="Shown to readers. Leave empty to show none.")
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="author", help_text="The login, if any."
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="author_has_name", condition=~Q(name="") & ~Q(slug=""))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/authors/{self.slug}/"
