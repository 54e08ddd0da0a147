from django.urls import path

from cecs.views import claims

app_name = "cecs"
urlpatterns = [
    path("", claims.ClaimsView.as_view(), name="list"),
    path("new/", claims.NewView.as_view(), name="new"),
    path("drafts/<uuid:pk>/", claims.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/activity/", claims.ActivityView.as_view(), name="activity"),
    path("drafts/<uuid:pk>/check/", claims.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", claims.DiscardView.as_view(), name="discard"),
    path("<str:reference>/answer/", claims.AnswerView.as_view(), name="answer"),
    path("<str:reference>/withdraw/", claims.WithdrawView.as_view(), name="withdraw"),
    path("<str:reference>/copy/", claims.CopyView.as_view(), name="copy"),
    path("<str:reference>/", claims.CaseView.as_view(), name="case"),
]
