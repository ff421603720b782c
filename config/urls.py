"""Every address of the site. They are kept for ever."""

from django.contrib import admin
from django.urls import include, path, re_path

from config import access
from config.health import health
from news import cards, feeds, market_views, pings, preview, sitemaps
from news import partner_views as partners
from news import views as news
from news.admin.front_page import front_page_desk
from news.manifest import manifest
from newsletter import feed as newsletter_feed
from tickers import views as tickers

urlpatterns = [
    path("", news.home, name="home"),
    path("news/<slug:slug>/", news.article, name="article"),
    path("preview/<str:token>/", preview.review, name="review"),
    path("latest/", news.latest, name="latest"),
    path("sections/<slug:slug>/", news.section, name="section"),
    path("topics/<slug:slug>/", news.topic, name="topic"),
    path("authors/<slug:slug>/", news.author, name="author"),
    path("companies/<slug:slug>/", market_views.company, name="company"),
    path("markets/", market_views.markets, name="markets"),
    re_path(r"^markets/(?P<ticker>[A-Za-z0-9.-]+)\.json$", tickers.symbol_json, name="symbol_json"),
    re_path(r"^markets/(?P<ticker>[A-Za-z0-9.-]+)/$", market_views.symbol, name="symbol"),
    path("feeds/latest.<slug:extension>", feeds.latest, name="feed_latest"),
    path("feeds/newsletter.<slug:extension>", newsletter_feed.editions, name="feed_newsletter"),
    path("feeds/<slug:kind>/<slug:slug>.<slug:extension>", feeds.of_list, name="feed"),
    path("cards/<slug:subject>/<slug:digest>.png", cards.card, name="card"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/<slug:month>.xml", sitemaps.month, name="sitemap_month"),
    path("site.webmanifest", manifest, name="manifest"),
    path("indexnow.txt", pings.indexnow_key, name="indexnow_key"),
    path("partners/", partners.partners, name="partners"),
    path("partners/<slug:slug>/", partners.partner, name="partner"),
    path("newsletter/", include("newsletter.urls")),
    path("quotes.json", tickers.quotes_json, name="quotes"),
    path("health/", health, name="health"),
    path("privacy/", news.privacy, name="privacy"),
    path("admin/news/front-page/", admin.site.admin_view(front_page_desk), name="front_page_desk"),
    path("admin/news/front-page/<slug:slug>/", admin.site.admin_view(front_page_desk), name="section_desk"),
    path("admin/password_reset/", access.Forgotten.as_view(), name="password_reset"),
    path("admin/password_reset/sent/", access.Sent.as_view(), name="password_reset_done"),
    path("admin/password_reset/<uidb64>/<token>/", access.NewPassword.as_view(), name="password_reset_confirm"),
    path("admin/", admin.site.urls),
]
