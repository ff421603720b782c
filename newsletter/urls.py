from django.urls import path

from newsletter import views

urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("subscribe/", views.subscribe, name="newsletter_subscribe"),
    path("check-your-mail/", views.check_your_mail, name="newsletter_check_your_mail"),
    path("confirm/<str:token>/", views.confirm, name="newsletter_confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="newsletter_unsubscribe"),
]
