import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journals', '0006_arrangements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StatementMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted', models.BooleanField(default=False, verbose_name='each statement by e-mail')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='statement_mail', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'statements by e-mail',
                'verbose_name_plural': 'statements by e-mail',
            },
        ),
    ]
