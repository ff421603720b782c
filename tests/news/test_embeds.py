from typing import Any

import pytest
import time_machine
from django.test import Client

from news.embeds import EmbedRefused, Player, player_of, video_of
from tests import make

ID = "dQw4w9WgXcQ"
VIDEO = Player(f"https://www.youtube.com/watch?v={ID}", f"https://www.youtube-nocookie.com/embed/{ID}?autoplay=1")
NO_VIDEO = "This YouTube address names no video."
NOT_WHOLE = "Give the whole address"


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.youtube.com/watch?v={ID}",
        f" http://youtube.com/watch?list=PL1&v={ID}&t=42s ",
        f"https://m.youtube.com/watch?v={ID}#comments",
        f"https://youtu.be/{ID}?si=abc",
        f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/live/{ID}?feature=share",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        f"HTTPS://WWW.YouTube.com/watch?v={ID}",
    ],
)
def test_every_address_that_youtube_gives_for_a_video_is_known(address: str):
    assert player_of(address) == VIDEO


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://www.youtube.com/@lotandlane", NO_VIDEO),
        ("https://www.youtube.com/playlist?list=PL1", NO_VIDEO),
        (f"https://www.youtube.com/watch?v={ID}x", NO_VIDEO),
        (f"https://www.youtube.com/watch?v={ID[:-1]}%22", NO_VIDEO),
        (f"https://youtu.be/{ID}/../x", NO_VIDEO),
        ("https://youtu.be/", NO_VIDEO),
        (f"https://youtube.com.example.com/watch?v={ID}", "Only YouTube videos"),
        (f"https://example.com/?https://youtu.be/{ID}", "Only YouTube videos"),
        ("https://vimeo.com/1", "Only YouTube videos"),
        ("http://example.com/a.mp3", "https://"),
        (f"https://user@www.youtube.com/watch?v={ID}", NOT_WHOLE),
        (f"https://www.youtube.com:444/watch?v={ID}", NOT_WHOLE),
        (f"javascript://www.youtube.com/watch?v={ID}", NOT_WHOLE),
        ('https://example.com/"onload=x/a.mp3', NOT_WHOLE),
        ("https://[example.com/a.mp3", NOT_WHOLE),
        ("youtu.be/x", NOT_WHOLE),
        ("", NOT_WHOLE),
    ],
)
def test_any_other_address_is_refused_with_a_reason(address: str, why: str):
    with pytest.raises(EmbedRefused, match=why.replace(".", r"\.")):
        player_of(address)


def test_an_audio_file_is_played_from_where_it_is():
    address = "https://cdn.example.com/show/12.MP3?token=a%20b"
    assert player_of(address) == Player(address, address, is_audio=True)
    with pytest.raises(EmbedRefused, match="audio file"):
        video_of(address)


@pytest.mark.django_db
def test_an_embed_is_a_link_that_names_its_player(client: Client):
    body = f'<figure class="embed"><a href="https://youtu.be/{ID}">A &amp; B</a><figcaption>C</figcaption></figure>'
    html = client.get(make.article(body=body).get_absolute_url()).content.decode()
    assert (
        f'<figure class="embed"><a class="player" href="{VIDEO.url}" data-player="{VIDEO.src}" data-title="A &amp; B">'
        "<b>Play video</b> <span>A &amp; B</span></a>"
    ) in html
    assert "<iframe" not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "figure",
    [
        '<figure class="embed"><a href="https://evil.example/embed/x">x</a></figure>',
        '<figure class="embed"><a>x</a></figure>',
        '<figure class="embed">x</figure>',
        f'<figure class="wide"><a href="https://youtu.be/{ID}">x</a></figure>',
    ],
)
def test_what_is_no_player_of_ours_stays_what_it_is(client: Client, figure: str):
    html = client.get(make.article(body=figure).get_absolute_url()).content.decode()
    assert figure in html
    assert "data-player" not in html
    assert "js/embed" not in html


@pytest.mark.django_db
def test_a_lead_video_is_the_lead_picture_with_a_button(client: Client):
    article = make.article(lead_video=VIDEO.url, lead_picture=make.picture(caption="Lanes"))
    html = client.get(article.get_absolute_url()).content.decode()
    hero = html.partition('<figure class="hero">')[2].partition("</figure>")[0]
    assert f'data-player="{VIDEO.src}"' in hero
    assert 'alt="Cars in a row"' in hero
    assert "<b>Play video</b>" in hero
    assert "Lanes" in hero


@pytest.mark.django_db
def test_a_lead_video_without_a_picture_is_a_card_and_a_bad_one_is_left_out(client: Client):
    html = client.get(make.article("Seen", lead_video=VIDEO.url).get_absolute_url()).content.decode()
    assert "<b>Play video</b> <span>Seen</span>" in html
    html = client.get(make.article("Odd", lead_video="https://vimeo.com/1").get_absolute_url()).content.decode()
    assert 'class="hero"' not in html


@pytest.mark.django_db
def test_pages_without_an_embed_load_nothing_for_it(client: Client):
    assert "js/embed" not in client.get(make.newsroom().get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_the_policy_allows_the_players_and_no_others(client: Client):
    policy = client.get("/latest/")["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com; media-src https:;" in policy


@pytest.mark.django_db
def test_a_chip_of_a_listed_company_shows_its_move_without_another_query(client: Client, django_assert_num_queries):
    make.quote(make.symbol("TSLA", company=make.company("Tesla")))
    words = '<a href="/companies/{0}/" class="company">{1}</a>'
    body = f"<p>{words.format('tesla', 'Tesla’s')} and {words.format('gone', 'Gone')} rose.</p>"
    article = make.article(body=body)
    with time_machine.travel(make.NOON, tick=False), django_assert_num_queries(7):
        html = client.get(article.get_absolute_url()).content.decode()
    assert (
        '<p><a href="/companies/tesla/" class="company">Tesla’s <b>TSLA</b> <span hidden>319.80</span> '
        '<span class="down"><i role="img" aria-label="down">▼</i>2.25 (−0.70 %)</span></a> and '
        '<a href="/companies/gone/" class="company">Gone</a> rose.</p>'
    ) in html


@pytest.mark.django_db
def test_a_feed_has_embeds_and_chips_as_links_and_no_mark(client: Client, settings: Any):
    make.publication(feeds_full_text=True)
    make.article(
        body='<p><a href="/companies/tesla/" class="company">Tesla</a> <a href="/news/x/">x</a></p><hr class="signup">'
        f'<figure class="embed"><a href="{VIDEO.url}">A day</a></figure>'
    )
    html = client.get("/feeds/latest.json").json()["items"][0]["content_html"]
    site = settings.SITE_URL
    assert html == (
        f'<p><a href="{site}/companies/tesla/" class="company">Tesla</a> <a href="{site}/news/x/">x</a></p>\n'
        f'<figure class="embed"><a href="{VIDEO.url}">A day</a></figure>'
    ).replace(">\n<", "><")


@pytest.mark.django_db
def test_links_of_a_sponsored_story_that_lead_away_say_so(client: Client):
    body = '<p><a href="https://example.com/">away</a> <a href="/latest/">here</a></p>'
    html = client.get(make.article(body=body, sponsor="Gasket Bank").get_absolute_url()).content.decode()
    assert '<a rel="sponsored" href="https://example.com/">away</a> <a href="/latest/">here</a>' in html


@pytest.mark.django_db
def test_a_picture_in_a_body_may_have_an_alt_text_of_its_own(client: Client):
    src = make.picture(alt="Cars in a row").master.url
    body = f'<figure><img src="{src}" alt="The &quot;lot&quot;"></figure><figure><img src="{src}" alt=""></figure>'
    html = client.get(make.article(body=body).get_absolute_url()).content.decode()
    assert html.count('alt="The &quot;lot&quot;"') == 1
    assert html.count('alt="Cars in a row"') == 1
