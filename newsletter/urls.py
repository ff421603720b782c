from django.urls import path, re_path

from newsletter import archive, preferences, views

urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("subscribe/", views.subscribe, name="newsletter_subscribe"),
    path("check-your-mail/", views.check_your_mail, name="newsletter_check_your_mail"),
    path("confirm/<str:token>/", views.confirm, name="newsletter_confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="newsletter_unsubscribe"),
    path("preferences/", preferences.send_link, name="newsletter_send_link"),
    path("preferences/sent/", preferences.link_sent, name="newsletter_link_sent"),
    path("preferences/<str:token>/", preferences.preferences, name="newsletter_preferences"),
    path("data/<str:token>/", preferences.data, name="newsletter_data"),
    path("archive/", archive.archive, name="newsletter_archive"),
    re_path(r"^(?P<slug>[-\w]+)/(?P<day>\d{4}-\d\d-\d\d)/$", archive.edition, name="newsletter_edition"),
]
