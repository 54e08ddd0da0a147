"""Paths of the directory and of verification, which are fixed (SPEC 9), and a certificant’s own page."""

from django.urls import path

from serportal.certifications import views

app_name = "certifications"
urlpatterns = [
    path("directory/", views.DirectoryView.as_view(), name="directory"),
    path("verify/", views.VerifyView.as_view(), name="verify"),
    path("verify/<str:number>/", views.CertificateView.as_view(), name="certificate"),
    path("certificates/", views.OwnView.as_view(), name="own"),
    path("certificates/<str:number>.pdf", views.PaperView.as_view(), name="paper"),
]
