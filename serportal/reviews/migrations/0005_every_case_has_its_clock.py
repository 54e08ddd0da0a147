import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reviews", "0004_clocks_of_earlier_cases")]

    operations = [
        migrations.AlterField(
            model_name="reviewcase",
            name="clock_on",
            field=models.DateField(
                help_text="Filing; later the proof, or the day on which it was opened again.",
                verbose_name="clock started",
            ),
        ),
        migrations.AlterField(
            model_name="reviewcase",
            name="timetable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="reviews.timetable"
            ),
        ),
        migrations.AlterField(model_name="seat", name="ballot_due_on", field=models.DateField()),
    ]
