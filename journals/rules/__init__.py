"""What an activity is worth, when it counts, what adds up to what: pure, exact, able to say why (SPEC 2.1, 2.6)."""

from journals.rules.arrangements import Obstacle, Terms, obstacle, period_obstacle
from journals.rules.credit import Claim, Credit, Credited, Policy, Rate, Reason, Service, Span, credit
from journals.rules.exports import Carried, ExportLine, carry, export_lines
from journals.rules.keys import fold
from journals.rules.plan import as_credited
from journals.rules.renewal import Gate, Held, gates
from journals.rules.sums import Arranged, Line, Progress, YearSum, last_upload, next_upload, progress, upload_days

__all__ = [
    "Arranged",
    "Carried",
    "Claim",
    "Credit",
    "Credited",
    "ExportLine",
    "Gate",
    "Held",
    "Line",
    "Obstacle",
    "Policy",
    "Progress",
    "Rate",
    "Reason",
    "Service",
    "Span",
    "Terms",
    "YearSum",
    "as_credited",
    "carry",
    "credit",
    "export_lines",
    "fold",
    "gates",
    "last_upload",
    "next_upload",
    "obstacle",
    "period_obstacle",
    "progress",
    "upload_days",
]
