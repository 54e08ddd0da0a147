from django.urls import path

from serportal.home.plan import views

app_name = "plan"
urlpatterns = [
    path("plan/", views.PlanView.as_view(), name="plan"),
    path("deadlines/", views.FeedView.as_view(), name="feed"),
    path("deadlines/<str:token>.ics", views.DeadlinesView.as_view(), name="deadlines"),
]
