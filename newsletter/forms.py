"""What a visitor may send with the forms of the newsletter, and what we make of the address."""

import unicodedata
from typing import Any

from disposable_email_domains import blocklist
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from newsletter.models import Newsletter

MOST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the two brackets.
MOST_LOCAL_PART = 64
EMPTY = "Please type your email address, such as name@example.com."
UNUSABLE = "We can’t send to that address. Please check it for a typo; it should look like name@example.com."
DISPOSABLE = (
    "That address is one of those that are thrown away after a few minutes. "
    "Please use one that you will still read next week."
)

_is_email = EmailValidator(allowlist=[])


def clean_address(typed: str) -> str:
    """The address as we keep it and write to it; raises ValidationError with a sentence for the visitor."""
    address = typed.strip()
    if not address:
        raise ValidationError(EMPTY)
    local, _, domain = address.rpartition("@")
    address = f"{local}@{_ascii_domain(domain)}"
    is_plain = address.isascii() and address.isprintable() and " " not in address and '"' not in address
    if not is_plain or "[" in address or len(address) > MOST_ADDRESS or len(local) > MOST_LOCAL_PART:
        raise ValidationError(UNUSABLE)
    try:
        _is_email(address)
    except ValidationError as error:
        raise ValidationError(UNUSABLE) from error
    return address


def _ascii_domain(domain: str) -> str:
    """The domain in lower case and in its A-labels (RFC 5890).

    Python's codec is that of 2003, which takes a few letters (ß, ς) for others. A domain that does not come back as it
    went in would be somebody else's, so it is refused.
    """
    domain = unicodedata.normalize("NFC", domain).lower()
    if domain.isascii():
        return domain
    try:
        ascii_domain = domain.encode("idna")
        if ascii_domain.decode("idna") == domain:
            return ascii_domain.decode("ascii")
    except UnicodeError:
        pass
    raise ValidationError(UNUSABLE)


class AddressField(forms.CharField):
    def clean(self, value: Any) -> str:
        return clean_address(str(value or ""))


def is_disposable(address: str) -> bool:
    """Whether the address is at a host of throw-away mailboxes, or at a name below one."""
    labels = address.rpartition("@")[2].split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


class AddressForm(forms.Form):
    email = AddressField()
    website = forms.CharField(required=False)  # The decoy: people do not see it, scripts fill it in.

    @property
    def is_by_a_person(self) -> bool:
        return not self.cleaned_data["website"]

    @property
    def error(self) -> str:
        """The first thing to put right."""
        return str(next((errors[0] for errors in self.errors.values()), ""))


class SignupForm(AddressForm):
    # Forms on cached pages do not name a newsletter: they offer the first one.
    newsletter = forms.ModelChoiceField(
        Newsletter.objects.all(),
        to_field_name="slug",
        required=False,
        error_messages={"invalid_choice": "Please choose one of the newsletters."},
    )

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"])
        if is_disposable(address):
            raise ValidationError(DISPOSABLE)
        return address

    def clean_newsletter(self) -> Newsletter:
        newsletter = self.cleaned_data["newsletter"] or Newsletter.objects.first()
        if newsletter is None:
            raise ValidationError("There is no newsletter to sign up for at the moment.")
        return newsletter


class PreferencesForm(forms.Form):
    newsletter = forms.ModelMultipleChoiceField(
        Newsletter.objects.all(), to_field_name="slug", required=False, widget=forms.CheckboxSelectMultiple
    )
