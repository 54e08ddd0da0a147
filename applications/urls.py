from django.urls import path

from applications.views import cases, doors

app_name = "applications"
urlpatterns = [
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
    # One filed application
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/answer/", cases.AskedView.as_view(), name="answer"),
    path("<str:reference>/offer/", cases.OfferView.as_view(), name="offer"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
