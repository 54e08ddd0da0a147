from django.urls import path

from cecs import views

app_name = "cecs"
urlpatterns = [
    path("", views.ClaimsView.as_view(), name="list"),
    path("new/", views.NewView.as_view(), name="new"),
    path("drafts/<uuid:pk>/", views.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/activity/", views.ActivityView.as_view(), name="activity"),
    path("drafts/<uuid:pk>/check/", views.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", views.DiscardView.as_view(), name="discard"),
    path("<str:reference>/answer/", views.AnswerView.as_view(), name="answer"),
    path("<str:reference>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
    path("<str:reference>/copy/", views.CopyView.as_view(), name="copy"),
    path("<str:reference>/", views.CaseView.as_view(), name="case"),
]
