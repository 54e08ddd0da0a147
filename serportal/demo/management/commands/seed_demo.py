from django.core.management.base import BaseCommand, CommandError

from serportal.demo.seeding import seed
from serportal.ui.refusal import Refusal


class Command(BaseCommand):
    help = "Load the demonstration data into an empty database, once; refuses where other people’s data is."

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale", type=int, default=1, help="How many times 350 certificants; above 1 also decided cases in bulk."
        )

    def handle(self, *args, scale: int, **options):
        if not 1 <= scale <= 100:
            raise CommandError(f"A scale of {scale} is outside what can be loaded. Give a number from 1 to 100.")
        try:
            self.stdout.write(seed(scale=scale))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
