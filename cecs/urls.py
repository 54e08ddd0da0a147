from django.urls import path

from cecs.views import claims, coded, offers

app_name = "cecs"
urlpatterns = [
    path("", claims.ClaimsView.as_view(), name="list"),
    path("new/", claims.NewView.as_view(), name="new"),
    path("drafts/<uuid:pk>/", claims.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/code/", coded.CodedView.as_view(), name="coded"),
    path("drafts/<uuid:pk>/activity/", claims.ActivityView.as_view(), name="activity"),
    path("drafts/<uuid:pk>/check/", claims.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", claims.DiscardView.as_view(), name="discard"),
    # What a roster offers
    path("attendance/<int:pk>/accept/", offers.AcceptView.as_view(), name="accept"),
    path("attendance/<int:pk>/decline/", offers.DeclineView.as_view(), name="decline"),
    path("attendance/<str:token>/", offers.LinkView.as_view(), name="attendance"),
    # One filed claim
    path("<str:reference>/answer/", claims.AnswerView.as_view(), name="answer"),
    path("<str:reference>/withdraw/", claims.WithdrawView.as_view(), name="withdraw"),
    path("<str:reference>/copy/", claims.CopyView.as_view(), name="copy"),
    path("<str:reference>/", claims.CaseView.as_view(), name="case"),
]
# Mounted at /claim/ (SPEC 9): where the code on a Confirmation of Completion leads.
by_code = [path("<str:code>/", coded.ClaimView.as_view(), name="code")]
