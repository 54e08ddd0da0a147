from django.urls import path

from preapprovals.views import cases, check, doors, form, own

app_name = "preapprovals"
urlpatterns = [
    path("", own.PreapprovalsView.as_view(), name="list"),
    path("drafts/<uuid:pk>/", form.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/check/", check.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", check.DiscardView.as_view(), name="discard"),
    path("drafts/<uuid:pk>/<slug:section>/", form.SectionView.as_view(), name="section"),
    path("drafts/<uuid:pk>/<slug:section>/<uuid:row>/", form.RowView.as_view(), name="row"),
    path("new/", doors.DoorView.as_view(), name="new"),
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/answer/", own.AnswerView.as_view(), name="answer"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
