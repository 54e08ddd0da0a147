from django.urls import path

from applications.views import cases, doors, form, own

app_name = "applications"
urlpatterns = [
    path("", own.ApplicationsView.as_view(), name="list"),
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
    # The form
    path("drafts/<uuid:pk>/", form.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/check/", form.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", form.DiscardView.as_view(), name="discard"),
    path("drafts/<uuid:pk>/<slug:section>/", form.SectionView.as_view(), name="section"),
    path("drafts/<uuid:pk>/<slug:section>/<uuid:row>/", form.RowView.as_view(), name="row"),
    # One filed application
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/answer/", cases.AskedView.as_view(), name="answer"),
    path("<str:reference>/offer/", cases.OfferView.as_view(), name="offer"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
