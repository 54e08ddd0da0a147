"""What the measured server runs: the portal as it is, and beside it the floor behind bare middleware."""

from django.core.handlers.wsgi import WSGIHandler

from serportal.demo.bench.bare import PREFIX, bare_middleware
from serportal.wsgi import application as portal

with bare_middleware():
    bare = WSGIHandler()


def application(environ, start_response):
    handler = bare if environ["PATH_INFO"].startswith(PREFIX) else portal
    return handler(environ, start_response)
