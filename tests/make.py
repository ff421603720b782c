"""Plain builders with fixed values. Each makes one saved row and takes what the test is about by name."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.text import slugify
from PIL import Image

from news.models import Article, Author, Byline, Partner, PartnerStory, Picture, Publication, Section, Topic, User
from newsletter.models import Newsletter, Subscriber, Subscription
from tickers.models import Company, Quote, Symbol

NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday, 12:00 in New York


def publication(**fields: Any) -> Publication:
    return Publication.objects.create(**{"pk": 1, "name": "Lot & Lane", "tagline": "The car business, daily", **fields})


def user(email: str = "nora@example.com", *, may: tuple[str, ...] = (), **fields: Any) -> User:
    """Somebody with a login to the admin; `may` names rights, such as "news.change_article"."""
    made = User.objects.create_user(email, **{"is_staff": True, **fields})
    for right in may:
        app, codename = right.split(".")
        made.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return made


def section(name: str = "Retail", **fields: Any) -> Section:
    return Section.objects.get_or_create(slug=name.lower(), defaults={"name": name, **fields})[0]


def topic(name: str = "Auctions", **fields: Any) -> Topic:
    return Topic.objects.get_or_create(slug=name.lower(), defaults={"name": name, **fields})[0]


def author(name: str = "Dana Whitfield", **fields: Any) -> Author:
    slug = slugify(name)
    return Author.objects.get_or_create(slug=slug, defaults={"name": name, **fields})[0]


def article(
    headline: str = "Used-car supply climbs", *, by: tuple[str, ...] = ("Dana Whitfield",), **fields: Any
) -> Article:
    """A published article of NOON, unless the fields say otherwise; many-to-many fields are given as lists."""
    many = {name: fields.pop(name) for name in ("topics", "companies") if name in fields}
    defaults = {
        "headline": headline,
        "slug": slugify(headline),
        "dek": "Lots are filling while recon bays wait for parts.",
        "body": "<p>Dealers carry more used cars than a month ago.</p>",
        "status": Article.Status.PUBLISHED,
        "published_at": NOON,
    }
    if "section" not in fields:
        defaults["section"] = section()
    made = Article.objects.create(**{**defaults, **fields})
    for position, name in enumerate(by):
        Byline.objects.create(article=made, author=author(name), position=position)
    for name, rows in many.items():
        getattr(made, name).set(rows)
    return made


def image_file(size: tuple[int, int] = (1600, 900), colour: str = "#175566") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return BytesIO(out.getvalue())


def picture(size: tuple[int, int] = (1600, 900), **fields: Any) -> Picture:
    made = Picture(**{"alt": "Cars in a row", "credit": "Lot & Lane", **fields})
    made.set_master(image_file(size))
    made.save()
    return made


def partner_story(title: str = "Auction volumes ease", partner: str = "Gasket Review", **fields: Any) -> PartnerStory:
    slug = partner.lower().replace(" ", "-")
    source = Partner.objects.get_or_create(
        slug=slug, defaults={"name": partner, "site_url": f"https://{slug}.example/"}
    )[0]
    url = f"https://{slug}.example/{title.lower().replace(' ', '-')}"
    return PartnerStory.objects.create(
        **{"partner": source, "title": title, "url": url, "published_at": NOON, **fields}
    )


def company(name: str = "Tesla", **fields: Any) -> Company:
    defaults = {"name": name, "kind": "automaker", **fields}
    return Company.objects.get_or_create(slug=name.lower().replace(" ", "-"), defaults=defaults)[0]


def symbol(ticker: str = "TSLA", **fields: Any) -> Symbol:
    if "company" not in fields:
        fields["company"] = company(ticker.title())
    return Symbol.objects.create(**{"ticker": ticker, "exchange": "NASDAQ", **fields})


def quote(symbol: Symbol, price: str = "319.801", previous_close: str = "322.0498", **fields: Any) -> Quote:
    money = {"price": Decimal(price), "previous_close": Decimal(previous_close)}
    facts = {"as_of": NOON, "refreshed_at": NOON, "source": "recorded"}
    return Quote.objects.create(**{"symbol": symbol, **money, **facts, **fields})


def newsletter(name: str = "The Morning Lane", **fields: Any) -> Newsletter:
    slug = slugify(name)
    return Newsletter.objects.create(
        **{"name": name, "slug": slug, "description": "The day’s stories at six.", **fields}
    )


def subscriber(email: str = "pat@example.com", **fields: Any) -> Subscriber:
    return Subscriber.objects.create(**{"email": email, **fields})


def subscription_of(email: str) -> Subscription:
    return Subscription.objects.get(subscriber__email=email)


def demo_quotes() -> list[Quote]:
    """A quote for each symbol that there is."""
    return [quote(listed) for listed in Symbol.objects.all()]


def newsroom() -> Article:
    """A small newsroom around one article with every part that its page can have; returns that article."""
    publication(
        facebook_url="https://www.facebook.com/example",
        x_url="https://x.com/example",
        instagram_url="https://www.instagram.com/example/",
        linkedin_url="https://www.linkedin.com/company/example/",
        owner_line="Lot & Lane is part of the Harrow Lake Media family.",
    )
    newsletter()
    tesla = company("Tesla")
    quote(symbol("TSLA", company=tesla))
    author(bio="Covers the lanes.", role="Used-car editor", portrait=picture((640, 640)))
    for number in range(3):
        partner_story(f"Partner headline {number}")
        article(f"Other story {number}", lead_picture=picture(), companies=[tesla])
    for number in range(8):
        article(f"Later story {number}", section=section("Electric"))
    lead = picture(alt="Cars in lanes", caption="The lanes at noon.")
    inside = picture((1200, 900), alt="A ledger")
    body = "".join(f"<p>Paragraph {number}.</p>" for number in range(7))
    return article(
        "The whole story",
        by=("Dana Whitfield", "Lee Marsh"),
        lead_picture=lead,
        companies=[tesla],
        topics=[topic("Auctions")],
        body=f'{body}<figure><img src="{inside.master.url}" alt=""></figure>',
    )
