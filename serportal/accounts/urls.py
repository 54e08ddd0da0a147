from django.urls import include, path

from serportal.accounts import views

profile = ([path("profile/", views.ProfileView.as_view(), name="profile")], "accounts")

urlpatterns = [path("", include(profile)), path("", include("allauth.urls"))]
