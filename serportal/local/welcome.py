"""What the terminal says once the demonstration runs: where, and as whom (SPEC 9)."""

ACCOUNTS = (
    ("coordinator@example.org", "coordinator: screens, seats reviewers, sends decisions, runs uploads"),
    ("deputy@example.org", "second coordinator"),
    ("committee1@example.org", "Continuing Education Committee"),
    ("committee2@ … committee4@example.org", "Continuing Education and Certification Committees"),
    ("committee5@example.org", "Certification Committee"),
    ("appeals1@ … appeals3@example.org", "appeals panel"),
    ("cerp@example.org", "certified practitioner (CERP)"),
    ("cerpit@example.org", "practitioner in training (CERPIT)"),
    ("applicant@example.org", "applicant for certification"),
    ("sponsor@example.org", "sponsor of courses and events"),
    ("partner@example.org", "partner"),
)
PASSWORD = "restore-the-land"


def welcome(address: str) -> str:
    width = max(len(account) for account, _ in ACCOUNTS)
    accounts = "\n".join(f"    {account:<{width}}  {role}" for account, role in ACCOUNTS)
    return (
        f"\nThe portal runs at {address}\nLetters it sends: {address}/demo/letters/\n\n"
        f"Sign in with one of these, password {PASSWORD}\n{accounts}\n\nCtrl-C stops it. The data is kept.\n"
    )
