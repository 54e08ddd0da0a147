from django.db import migrations

# A seat counts while it is one of the three that decide: none of an earlier round does, none of a case opened again.
RETIRE = """
    UPDATE reviews_seat seat SET counts = false
    FROM reviews_panel panel JOIN reviews_reviewcase found ON found.id = panel.case_id
    WHERE panel.id = seat.panel_id AND seat.counts AND (found.step = 'seat'
        OR panel.round < (SELECT max(round) FROM reviews_panel newest WHERE newest.case_id = found.id))
"""


class Migration(migrations.Migration):

    dependencies = [("reviews", "0005_every_case_has_its_clock")]

    operations = [migrations.RunSQL(RETIRE, migrations.RunSQL.noop)]
