from django.urls import path

from preapprovals.views import calendars, courses, doors

app_name = "preapprovals"
urlpatterns = [path("new/", doors.DoorView.as_view(), name="new")]

# The list of courses and the calendar, which anyone may see (SPEC 9).
for_everyone = [
    path("courses/", courses.CoursesView.as_view(), name="list"),
    path("courses/feed.xml", courses.FeedView.as_view(), name="feed"),
    path("courses/<int:pk>/", courses.CourseView.as_view(), name="one"),
    path("courses/<int:pk>.ics", calendars.CourseFileView.as_view(), name="one-file"),
    path("calendar/", calendars.CalendarView.as_view(), name="calendar"),
    path("calendar.ics", calendars.CalendarFileView.as_view(), name="file"),
]
