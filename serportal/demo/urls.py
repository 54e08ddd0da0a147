from django.urls import path

from serportal.demo import views

app_name = "demo"
urlpatterns = [path("letters/", views.LettersView.as_view(), name="letters")]
