from django.urls import path

from applications.views import doors, referees, references

app_name = "applications"
urlpatterns = [
    path("new/<kind>/", doors.DoorView.as_view(), name="new"),
    path("drafts/<uuid:pk>/references/", references.ReferencesView.as_view(), name="references"),
    path("drafts/<uuid:pk>/references/<int:number>/", references.ReferenceView.as_view(), name="reference"),
    path("<str:reference>/references/", references.ReferencesView.as_view(), name="filed-references"),
    path("<str:reference>/references/<int:number>/", references.ReferenceView.as_view(), name="filed-reference"),
]
# Mounted at /references/ (SPEC 9): the one part of this app for people without an account.
for_referees = [
    path("form/", referees.FormView.as_view(), name="form"),
    path("form/check/", referees.CheckView.as_view(), name="check"),
    path("form/decline/", referees.DeclineView.as_view(), name="decline"),
    path("asked/", referees.AskedView.as_view(), name="asked"),
    path("<str:token>/", referees.LinkView.as_view(), name="link"),
]
