from django.urls import path

from preapprovals.views import cases, dates, doors, rosters

app_name = "preapprovals"
urlpatterns = [
    path("new/", doors.DoorView.as_view(), name="new"),
    path("offerings/<int:pk>/dates/", dates.DatesView.as_view(), name="dates"),
    path("offerings/<int:pk>/dates/new/", dates.AddView.as_view(), name="add-date"),
    path("dates/<int:pk>/", dates.DateView.as_view(), name="date"),
    path("dates/<int:pk>/move/", dates.MoveView.as_view(), name="move-date"),
    path("dates/<int:pk>/cancel/", dates.CancelView.as_view(), name="cancel-date"),
    path("dates/<int:pk>/roster/", rosters.GiveView.as_view(), name="give-roster"),
    path("rosters/<int:pk>/", rosters.RosterView.as_view(), name="roster"),
    path("rosters/<int:pk>/rows/<int:number>/", rosters.RowView.as_view(), name="roster-row"),
    path("rosters/<int:pk>/undo/", rosters.UndoView.as_view(), name="undo-roster"),
    path("<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("<str:reference>/withdraw/", cases.WithdrawView.as_view(), name="withdraw"),
]
