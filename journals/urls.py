from django.urls import path

from journals import views
from journals.views import arrangements, renewals

app_name = "journals"
urlpatterns = [
    path("", views.JournalView.as_view(), name="journal"),
    path("entries.csv", views.EntriesView.as_view(), name="entries"),
    path("statements/", views.StatementsView.as_view(), name="statements"),
    path("arrangements/new/", arrangements.NewView.as_view(), name="arrangement-new"),
    path("arrangements/<str:reference>/", arrangements.CaseView.as_view(), name="arrangement"),
    path("arrangements/<str:reference>/answer/", arrangements.AnswerView.as_view(), name="arrangement-answer"),
    path("arrangements/<str:reference>/withdraw/", arrangements.WithdrawView.as_view(), name="arrangement-withdraw"),
    path("renew/", renewals.RenewView.as_view(), name="renew"),
    path("renewals/<str:reference>/", renewals.CaseView.as_view(), name="renewal"),
    path("renewals/<str:reference>/answer/", renewals.AnswerView.as_view(), name="renewal-answer"),
    path("renewals/<str:reference>/withdraw/", renewals.WithdrawView.as_view(), name="renewal-withdraw"),
    path("statements/<int:pk>/", views.StatementView.as_view(), name="statement"),
    path("statements/<int:pk>.pdf", views.StatementPaperView.as_view(), name="statement-paper"),
    path("transcript.pdf", views.TranscriptView.as_view(), name="transcript"),
]
