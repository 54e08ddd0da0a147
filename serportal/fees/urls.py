from django.urls import path

from serportal.fees import views

app_name = "fees"
urlpatterns = [
    path("", views.BillsView.as_view(), name="bills"),
    path("<str:number>/", views.BillView.as_view(), name="bill"),
    path("<str:number>/<slug:which>.pdf", views.PaperView.as_view(), name="paper"),
]
