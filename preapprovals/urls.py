from django.urls import path

from preapprovals.views import doors

app_name = "preapprovals"
urlpatterns = [path("new/", doors.DoorView.as_view(), name="new")]
