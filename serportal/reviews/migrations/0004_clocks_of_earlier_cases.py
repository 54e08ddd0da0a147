from datetime import date

from django.db import migrations

# What the portal did with every case before there were timetables.
FIRST = {
    "screen_days": 4,
    "ballot_days": 14,
    "answer_days": 28,
    "alternate_days": 7,
    "settle_days": 3,
    "proof_days": 90,
}


def fill(apps, schema_editor):
    """Give every case that exists its clock and its timetable, and every seat the day its panel had."""
    case, timetable, seat = (apps.get_model("reviews", name) for name in ("ReviewCase", "Timetable", "Seat"))
    if not case.objects.exists():
        return
    row, _created = timetable.objects.get_or_create(kind="cec", effective_from=date(2000, 1, 1), defaults=FIRST)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_reviewcase SET clock_on = filed_on, timetable_id = %s", [row.pk])
        cursor.execute(
            "UPDATE reviews_seat SET ballot_due_on = panel.ballots_due_on"
            " FROM reviews_panel panel WHERE panel.id = panel_id"
        )


class Migration(migrations.Migration):

    dependencies = [("reviews", "0003_contested_cases")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
