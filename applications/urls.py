from django.urls import path

from applications.views import cases, doors, form, own, partner

app_name = "applications"
urlpatterns = [
    path("", own.ApplicationsView.as_view(), name="list"),
    path("drafts/<uuid:pk>/", form.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/check/", form.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", form.DiscardView.as_view(), name="discard"),
    path("drafts/<uuid:pk>/<slug:section>/", form.SectionView.as_view(), name="section"),
    path("drafts/<uuid:pk>/<slug:section>/<uuid:row>/", form.RowView.as_view(), name="row"),
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
    # What a partner answers about its graduates
    path("partner/", partner.PartnerView.as_view(), name="partner"),
    path("partner/together/", partner.TogetherView.as_view(), name="partner-together"),
    path("partner/thanks/", partner.ThanksView.as_view(), name="partner-thanks"),
    path("partner/graduates/<int:pk>/", partner.GraduateView.as_view(), name="partner-graduate"),
    path("partner/<str:token>/", partner.LinkView.as_view(), name="partner-link"),
    # One filed application
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/answer/", own.AnswerView.as_view(), name="answer"),
    path("<str:reference>/offer/", cases.OfferView.as_view(), name="offer"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
