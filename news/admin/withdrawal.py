"""Withdrawing asks where readers are sent who come to the article's address."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import Resolver404, resolve
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from news.models import Article

NO_ADDRESS = "Write a path of this site, such as /topics/auctions/, or a whole address that begins with https://."


class WithdrawForm(BaseDialogForm):  # type: ignore[misc]
    withdrawn_to = forms.CharField(
        label="Send its readers to",
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "/news/…/ or https://…"}),
        help_text="Leave it empty to tell them that the article has been withdrawn.",
    )

    def clean_withdrawn_to(self) -> str:
        """A path of ours that leads to a page, or an https address elsewhere."""
        address: str = self.cleaned_data["withdrawn_to"]
        if f"{address}/".startswith(f"{settings.SITE_URL}/"):
            address = address.removeprefix(settings.SITE_URL) or "/"
        if address.startswith("/"):
            require_page(address, self.object_id)
        elif address:
            URLValidator(schemes=["https"], message=NO_ADDRESS)(address)
        return address


def require_page(path: str, withdrawn: Any) -> None:
    """Browsers take `//` and `/\\` at the beginning for another site."""
    if path.startswith(("//", "/\\")) or any(character.isspace() for character in path):
        raise ValidationError(NO_ADDRESS)
    try:
        match = resolve(unquote(urlsplit(path).path))
    except Resolver404 as missing:
        raise ValidationError("There is no such page on this site. Its address ends with a slash.") from missing
    if match.url_name != "article":
        return
    target = Article.objects.published().filter(slug=match.kwargs["slug"]).first()
    if target is None:
        raise ValidationError("Readers do not see an article at this address.")
    if str(target.pk) == str(withdrawn):
        raise ValidationError("This is the address of the article itself.")
