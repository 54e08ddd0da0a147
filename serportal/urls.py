"""Every path of the portal. Paths are fixed (SPEC 9): letters and other systems hold links to them."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from applications.urls import for_referees
from cecs.urls import by_code
from preapprovals.urls import for_appeals, for_everyone

urlpatterns = [
    path("", include("serportal.home.urls")),
    path("", include("serportal.certifications.urls")),
    path("", include((for_everyone, "courses"))),
    path("accounts/reminders/", include("serportal.outbox.urls")),
    path("accounts/", include("serportal.accounts.urls")),
    path("applications/", include("applications.urls")),
    path("references/", include((for_referees, "references"))),
    path("cecs/", include("cecs.urls")),
    path("claim/", include((by_code, "claim"))),
    path("preapprovals/", include("preapprovals.urls")),
    path("appeals/", include((for_appeals, "appeals"))),
    path("fees/", include("serportal.fees.urls")),
    path("journal/", include("journals.urls")),
    path("journal/", include("serportal.home.plan.urls")),
    path("reviews/", include("serportal.reviews.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("serportal.demo.urls")))

handler400 = "serportal.home.views.bad_request"
handler403 = "serportal.home.views.forbidden"
handler404 = "serportal.home.views.not_found"
handler500 = "serportal.home.views.server_error"
