from django.urls import path

from preapprovals.views import appeals, cases, doors

app_name = "preapprovals"
urlpatterns = [
    path("new/", doors.DoorView.as_view(), name="new"),
    path("offerings/<int:pk>/appeal/", appeals.AppealView.as_view(), name="appeal"),
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]

for_appeals = [path("<str:reference>/", appeals.AppealCaseView.as_view(), name="case")]
