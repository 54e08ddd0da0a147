from django.urls import path

from preapprovals.views import (
    appeals,
    calendars,
    cases,
    check,
    confirmations,
    courses,
    dates,
    doors,
    form,
    offerings,
    own,
    records,
    rosters,
    sponsors,
)

app_name = "preapprovals"
urlpatterns = [
    path("", own.PreapprovalsView.as_view(), name="list"),
    path("drafts/<uuid:pk>/", form.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:pk>/check/", check.CheckView.as_view(), name="check"),
    path("drafts/<uuid:pk>/discard/", check.DiscardView.as_view(), name="discard"),
    path("drafts/<uuid:pk>/<slug:section>/", form.SectionView.as_view(), name="section"),
    path("drafts/<uuid:pk>/<slug:section>/<uuid:row>/", form.RowView.as_view(), name="row"),
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
    path("offerings/<int:pk>/records/<int:visit>/", records.RecordsView.as_view(), name="records"),
    # A sponsor and who acts for it
    path("sponsors/<int:pk>/", sponsors.SponsorView.as_view(), name="sponsor"),
    path("sponsors/<int:pk>/join/", sponsors.JoinView.as_view(), name="join"),
    path("contacts/<int:pk>/", sponsors.ContactView.as_view(), name="contact"),
    # One filed request
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/answer/", own.AnswerView.as_view(), name="answer"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]

for_appeals = [
    path("<str:reference>/", appeals.AppealCaseView.as_view(), name="case"),
    path("<str:reference>/withdraw/", appeals.WithdrawView.as_view(), name="withdraw"),
]

# The list of courses and the calendar, which anyone may see (SPEC 9).
for_everyone = [
    path("courses/", courses.CoursesView.as_view(), name="list"),
    path("courses/feed.xml", courses.FeedView.as_view(), name="feed"),
    path("courses/<int:pk>/", courses.CourseView.as_view(), name="one"),
    path("courses/<int:pk>.ics", calendars.CourseFileView.as_view(), name="one-file"),
    path("calendar/", calendars.CalendarView.as_view(), name="calendar"),
    path("calendar.ics", calendars.CalendarFileView.as_view(), name="file"),
]
