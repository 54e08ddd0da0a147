from django.urls import path

from preapprovals.views import cases, doors

app_name = "preapprovals"
urlpatterns = [
    path("new/", doors.DoorView.as_view(), name="new"),
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
