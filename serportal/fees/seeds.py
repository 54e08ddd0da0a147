"""The fees SER last published (R-APP-10); brought in after each migration where a kind has none."""

from datetime import date

from serportal.fees.models import FeeRow
from serportal.fees.states import FeeKind

FROM = date(2000, 1, 1)
FEES = {
    # kind: members of SER, everyone else, in US dollars
    FeeKind.CERP: (250, 350),
    FeeKind.CERPIT: (100, 200),
    FeeKind.UPGRADE: (100, 150),
    FeeKind.RENEW_CERP: (125, 225),
    FeeKind.RENEW_CERPIT: (100, 200),
    FeeKind.PREAPPROVAL: (0, 0),
}


def seed_fees(**kwargs) -> None:
    known = set(FeeRow.objects.values_list("kind", flat=True))
    FeeRow.objects.bulk_create(
        FeeRow(kind=kind, member_amount=member, other_amount=other, effective_from=FROM)
        for kind, (member, other) in FEES.items()
        if kind not in known
    )
