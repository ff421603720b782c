import pytest
from django.core.exceptions import ValidationError

from newsletter.forms import EMPTY, UNUSABLE, clean_address, is_disposable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("pat@example.com", "pat@example.com"),
        ("  pat@example.com\n", "pat@example.com"),
        ("Pat.O'Hara+news@EXAMPLE.Com", "Pat.O'Hara+news@example.com"),
        ("pat@autohaus-müller.de", "pat@xn--autohaus-mller-psb.de"),
        ("pat@AUTOHAUS-MÜLLER.de", "pat@xn--autohaus-mller-psb.de"),
        ("pat@xn--autohaus-mller-psb.de", "pat@xn--autohaus-mller-psb.de"),
        ("p" * 64 + "@example.com", "p" * 64 + "@example.com"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert clean_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "pat",
        "@example.com",
        "pat@",
        "pat@localhost",
        "pat@[127.0.0.1]",
        "pat@example..com",
        "pat@-example.com",
        "pat@example.com, sam@example.com",
        "pat@example.com\r\nBcc: sam@example.com",
        "pat\x00@example.com",
        "pat\t@example.com",
        "pat@exam\u200bple.com",
        "pät@example.com",
        '"pat lane"@example.com',
        "Pat <pat@example.com>",
        "pat@straße.de",  # Under the rules of 2003 it would go to strasse.de, which is somebody else's.
        "p" * 65 + "@example.com",
        "pat@" + "a." * 130 + "com",
        "pat@" + "ü" * 80 + ".de",
    ],
)
def test_an_address_that_mail_cannot_reach_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_address(typed)
    assert refusal.value.messages == [UNUSABLE]


def test_nothing_typed_is_told_apart() -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_address("  ")
    assert refusal.value.messages == [EMPTY]


@pytest.mark.parametrize(
    ("address", "is_so"),
    [
        ("pat@guerrillamail.com", True),
        ("pat@box.guerrillamail.com", True),
        ("pat@notguerrillamail.com", False),
        ("pat@example.com", False),
        ("pat@privaterelay.appleid.com", False),  # A relay passes mail on for as long as its owner wants.
    ],
)
def test_a_throw_away_mailbox_is_known_by_its_host(address: str, is_so: bool) -> None:
    assert is_disposable(address) is is_so
