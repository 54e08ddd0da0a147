from django.urls import path

from preapprovals.views import cases, doors, records

app_name = "preapprovals"
urlpatterns = [
    path("new/", doors.DoorView.as_view(), name="new"),
    path("offerings/<int:pk>/records/<int:visit>/", records.RecordsView.as_view(), name="records"),
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
