from django.urls import path

from applications.views import doors

app_name = "applications"
urlpatterns = [
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
]
