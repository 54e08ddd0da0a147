"""Bare Django beside the portal: only the middleware that every Django site has, and the floor's own paths.

So what the portal's middleware costs shows in the portal's pages, and the portal itself never serves the floor.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

PREFIX = "/bench/"
FLOOR = f"{PREFIX}floor/"
PLAIN = f"{PREFIX}plain/"
MIDDLEWARE = [
    "serportal.demo.bench.bare.OwnPaths",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class OwnPaths:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.urlconf = "serportal.demo.bench.urls"
        return self.get_response(request)


@contextmanager
def bare_middleware() -> Iterator[None]:
    """A handler that is made inside carries the bare middleware for good.

    Set by hand, since what Django has for it would bring all of ``django.test`` into the measured server.
    """
    portals = settings.MIDDLEWARE
    settings.MIDDLEWARE = MIDDLEWARE
    try:
        yield
    finally:
        settings.MIDDLEWARE = portals
