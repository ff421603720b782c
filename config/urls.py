"""Every address of the site. They are kept for ever."""

from django.contrib import admin
from django.urls import include, path

from news import views as news
from tickers import views as tickers

urlpatterns = [
    path("", news.home, name="home"),
    path("news/<slug:slug>/", news.article, name="article"),
    path("latest/", news.latest, name="latest"),
    path("sections/<slug:slug>/", news.section, name="section"),
    path("topics/<slug:slug>/", news.topic, name="topic"),
    path("authors/<slug:slug>/", news.author, name="author"),
    path("companies/<slug:slug>/", news.company, name="company"),
    path("newsletter/", include("newsletter.urls")),
    path("quotes.json", tickers.quotes_json, name="quotes"),
    path("privacy/", news.privacy, name="privacy"),
    path("admin/", admin.site.urls),
]
