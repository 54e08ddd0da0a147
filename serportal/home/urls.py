from django.urls import path

from serportal.home import views

app_name = "home"
urlpatterns = [
    path("", views.LandingView.as_view(), name="landing"),
    path("rules/", views.RulesView.as_view(), name="rules"),
    path("dashboard/", views.DashboardView.as_view(), name="dashboard"),
    path("files/<uuid:pk>/", views.FileView.as_view(), name="file"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
