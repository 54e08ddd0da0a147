from django.urls import path

from preapprovals import views

app_name = "preapprovals"
urlpatterns = [path("new/", views.DoorView.as_view(), name="new")]
