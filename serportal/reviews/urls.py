from django.urls import path

from serportal.reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.DeskView.as_view(), name="desk"),
    path("<str:reference>/", views.SeatView.as_view(), name="case"),
    path("<str:reference>/conflict/", views.ConflictView.as_view(), name="conflict"),
]
