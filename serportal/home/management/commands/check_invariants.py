from django.core.management.base import BaseCommand, CommandError

from serportal.home.invariants import CHECKS, broken


class Command(BaseCommand):
    help = "Check what must be true of the whole database; changes nothing and may run beside the portal."

    def handle(self, *args, **options):
        failed = list(broken())
        for sentence, found in failed:
            self.stderr.write(f"Broken: {sentence} See {', '.join(found)}.")
        if failed:
            raise CommandError(f"{len(failed)} of {len(CHECKS)} checks are broken.")
        self.stdout.write(f"All {len(CHECKS)} checks hold.")
