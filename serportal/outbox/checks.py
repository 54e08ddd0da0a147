from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string


@checks.register
def reminder_sources_exist(app_configs, **kwargs):
    """Refuse to start with a source of reminders that cannot be asked."""
    problems = []
    for path in settings.REMINDER_SOURCES:
        try:
            import_string(path)
        except ImportError as error:
            problems.append(
                checks.Error(f"REMINDER_SOURCES names “{path}”, which is not there: {error}", id="outbox.E001")
            )
    return problems
