from django.urls import path

from applications import views

app_name = "applications"
urlpatterns = [path("new/<kind>/", views.DoorView.as_view(), name="new")]
