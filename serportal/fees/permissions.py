"""Who may decide about what is owed."""


def can_settle(user, bill) -> bool:
    """Whether ``user`` may record a payment of ``bill``, waive or reduce it: a coordinator, not on their own bill."""
    return user.is_coordinator and bill.person_id != user.pk
