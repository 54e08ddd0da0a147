"""Write down when each certification lapsed whose grace was over before lapses were written down (R-PER-6)."""

from datetime import timedelta

from django.db import migrations
from django.db.models import Max
from django.utils import timezone

GRACE = timedelta(days=90)


def write_down(apps, schema_editor):
    certifications = apps.get_model("certifications", "Certification").objects
    today = timezone.now().date()
    over = certifications.filter(ended_as="").annotate(last=Max("periods__ends_on")).filter(last__lt=today - GRACE)
    for held in over.iterator():
        held.lapsed_on = held.last + GRACE + timedelta(days=1)
        held.save(update_fields=["lapsed_on"])


class Migration(migrations.Migration):
    dependencies = [("certifications", "0004_lapses")]
    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
