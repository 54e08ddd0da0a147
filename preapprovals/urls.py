from django.urls import path

from preapprovals.views import appeals, cases, confirmations, dates, doors, offerings, rosters, sponsors

app_name = "preapprovals"
urlpatterns = [
    path("new/", doors.DoorView.as_view(), name="new"),
    # Dates and who attended
    path("offerings/<int:pk>/dates/", dates.DatesView.as_view(), name="dates"),
    path("offerings/<int:pk>/dates/new/", dates.AddView.as_view(), name="add-date"),
    path("dates/<int:pk>/", dates.DateView.as_view(), name="date"),
    path("dates/<int:pk>/move/", dates.MoveView.as_view(), name="move-date"),
    path("dates/<int:pk>/cancel/", dates.CancelView.as_view(), name="cancel-date"),
    path("dates/<int:pk>/roster/", rosters.GiveView.as_view(), name="give-roster"),
    path("rosters/<int:pk>/", rosters.RosterView.as_view(), name="roster"),
    path("rosters/<int:pk>/rows/<int:number>/", rosters.RowView.as_view(), name="roster-row"),
    path("rosters/<int:pk>/undo/", rosters.UndoView.as_view(), name="undo-roster"),
    # One offering and its completion kit
    path("offerings/<int:pk>/", offerings.OfferingView.as_view(), name="offering"),
    path("offerings/<int:pk>/code.png", offerings.CodeView.as_view(), name="code"),
    path("offerings/<int:pk>/kit/", offerings.KitView.as_view(), name="kit"),
    path("offerings/<int:pk>/confirmation.pdf", offerings.SampleView.as_view(), name="sample"),
    path("offerings/<int:pk>/attendance.<slug:shape>", offerings.ListTemplateView.as_view(), name="list-template"),
    path("offerings/<int:pk>/logo/", offerings.LogoView.as_view(), name="logo"),
    path("offerings/<int:pk>/logo.<slug:shape>", offerings.LogoFileView.as_view(), name="logo-file"),
    path("dates/<int:pk>/confirmations/", confirmations.ConfirmationsView.as_view(), name="confirmations"),
    path("dates/<int:pk>/confirmations.zip", confirmations.ArchiveView.as_view(), name="confirmations-archive"),
    path("confirmations/<int:pk>.pdf", confirmations.ConfirmationView.as_view(), name="confirmation"),
    path("offerings/<int:pk>/appeal/", appeals.AppealView.as_view(), name="appeal"),
    # A sponsor and who acts for it
    path("sponsors/<int:pk>/", sponsors.SponsorView.as_view(), name="sponsor"),
    path("sponsors/<int:pk>/join/", sponsors.JoinView.as_view(), name="join"),
    path("contacts/<int:pk>/", sponsors.ContactView.as_view(), name="contact"),
    # One filed request
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]

for_appeals = [path("<str:reference>/", appeals.AppealCaseView.as_view(), name="case")]
