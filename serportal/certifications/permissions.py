"""Who may change what a certificate says."""


def can_change_certificate(user, certification) -> bool:
    """Whether ``user`` may rename, revoke or retire it: a coordinator, not on their own."""
    return user.is_coordinator and certification.person_id != user.pk
