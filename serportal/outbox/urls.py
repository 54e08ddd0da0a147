from django.urls import path

from serportal.outbox import views

app_name = "reminders"
urlpatterns = [
    path("", views.OwnView.as_view(), name="own"),
    path("<str:token>/", views.ByLinkView.as_view(), name="by-link"),
    path("<str:token>/stop/", views.StopView.as_view(), name="stop"),
]
