from django.urls import path

from journals import views

app_name = "journals"
urlpatterns = [
    path("", views.JournalView.as_view(), name="journal"),
    path("entries.csv", views.EntriesView.as_view(), name="entries"),
    path("statements/", views.StatementsView.as_view(), name="statements"),
    path("statements/<int:pk>/", views.StatementView.as_view(), name="statement"),
    path("statements/<int:pk>.pdf", views.StatementPaperView.as_view(), name="statement-paper"),
    path("transcript.pdf", views.TranscriptView.as_view(), name="transcript"),
]
