from django.urls import path

from serportal.demo.bench import bare, floor

urlpatterns = [path(bare.FLOOR.lstrip("/"), floor.page), path(bare.PLAIN.lstrip("/"), floor.plain)]
