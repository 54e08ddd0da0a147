from django.urls import path

from applications.views import doors, selfcheck

app_name = "applications"
urlpatterns = [
    path("self-check/", selfcheck.SelfCheckView.as_view(), name="self-check"),
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
    path("new/<kind>/checklist/", doors.ChecklistView.as_view(), name="checklist"),
]
