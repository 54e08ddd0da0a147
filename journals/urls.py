from django.urls import path

from journals import views

app_name = "journals"
urlpatterns = [path("", views.JournalView.as_view(), name="journal")]
