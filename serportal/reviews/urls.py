from django.urls import path

from serportal.reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.DeskView.as_view(), name="desk"),
    path("together/", views.TogetherView.as_view(), name="together"),
    path("away/", views.AwayView.as_view(), name="away"),
    path("<str:reference>/", views.SeatView.as_view(), name="case"),
    path("<str:reference>/conflict/", views.ConflictView.as_view(), name="conflict"),
    path("<str:reference>/question/<int:number>/", views.QuestionView.as_view(), name="question"),
    path(
        "<str:reference>/question/<int:number>/conflict/",
        views.QuestionConflictView.as_view(),
        name="question-conflict",
    ),
    path("<str:reference>/confirm/", views.ConfirmView.as_view(), name="confirm"),
    path("<str:reference>/decline/", views.DeclineView.as_view(), name="decline"),
    path("<str:reference>/ask/", views.AskCoordinatorView.as_view(), name="ask"),
]
