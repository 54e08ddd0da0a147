from django.urls import path

from applications.views import cases, check, doors, form, own, partner, referees, references, selfcheck

app_name = "applications"
urlpatterns = [
    path("", own.ApplicationsView.as_view(), name="list"),
    path("drafts/<uuid:pk>/", form.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/check/", check.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", check.DiscardView.as_view(), name="discard"),
    path("drafts/<uuid:pk>/references/", references.ReferencesView.as_view(), name="references"),
    path("drafts/<uuid:pk>/references/<int:number>/", references.ReferenceView.as_view(), name="reference"),
    path("drafts/<uuid:pk>/<slug:section>/", form.SectionView.as_view(), name="section"),
    path("drafts/<uuid:pk>/<slug:section>/<uuid:row>/", form.RowView.as_view(), name="row"),
    # Before starting
    path("self-check/", selfcheck.SelfCheckView.as_view(), name="self-check"),
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
    path("new/<kind>/checklist/", doors.ChecklistView.as_view(), name="checklist"),
    # What a partner answers about its graduates
    path("partner/", partner.PartnerView.as_view(), name="partner"),
    path("partner/together/", partner.TogetherView.as_view(), name="partner-together"),
    path("partner/thanks/", partner.ThanksView.as_view(), name="partner-thanks"),
    path("partner/graduates/<int:pk>/", partner.GraduateView.as_view(), name="partner-graduate"),
    path("partner/<str:token>/", partner.LinkView.as_view(), name="partner-link"),
    # One filed application
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/application.pdf", cases.PaperView.as_view(), name="paper"),
    path("<str:reference>/answer/", own.AnswerView.as_view(), name="answer"),
    path("<str:reference>/offer/", cases.OfferView.as_view(), name="offer"),
    path("<str:reference>/references/", references.ReferencesView.as_view(), name="filed-references"),
    path("<str:reference>/references/<int:number>/", references.ReferenceView.as_view(), name="filed-reference"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
# Mounted at /references/ (SPEC 9): the one part of this app for people without an account.
for_referees = [
    path("form/", referees.FormView.as_view(), name="form"),
    path("form/check/", referees.CheckView.as_view(), name="check"),
    path("form/decline/", referees.DeclineView.as_view(), name="decline"),
    path("asked/", referees.AskedView.as_view(), name="asked"),
    path("<str:token>/", referees.LinkView.as_view(), name="link"),
]
