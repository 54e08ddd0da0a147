from django.urls import path

from applications.views import doors, partner

app_name = "applications"
urlpatterns = [
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
    path("partner/", partner.PartnerView.as_view(), name="partner"),
    path("partner/together/", partner.TogetherView.as_view(), name="partner-together"),
    path("partner/thanks/", partner.ThanksView.as_view(), name="partner-thanks"),
    path("partner/graduates/<int:pk>/", partner.GraduateView.as_view(), name="partner-graduate"),
    path("partner/<str:token>/", partner.LinkView.as_view(), name="partner-link"),
]
