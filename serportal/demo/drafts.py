"""Claims somebody began and has not sent: half typed, nearly done, long forgotten."""

from datetime import timedelta

from cecs import services as cecs
from serportal.demo.cases import Stage, prove, typed
from serportal.demo.claims import answers_of
from serportal.demo.topics import draw_event

# whose, days ago, which of the typed fields are there (None: all), with proof
DRAFTS = [
    ("cerp", 2, ["title", "provider", "first_day", "last_day", "what-0", "hours-0"], False),
    ("cerpit", 1, None, True),
    ("", 6, ["title", "first_day"], False),
    ("", 12, None, False),
    ("", 41, ["title", "provider", "place", "learned"], False),
    ("", 0.5, [], False),
]


def leave_drafts(stage: Stage) -> None:
    for who, days, fields, proved in DRAFTS:
        owner = stage.cast[who] if who else next(stage.others)
        at = stage.clock.ago(days)
        event = draw_event(stage.rng, at.year)
        answers = answers_of(stage.rng, event, stage.clock.today - timedelta(days=int(days) + 8), 14)
        data = {name: value for name, value in typed(answers).items() if fields is None or name in fields}
        draft = cecs.start(owner=owner, key=stage.key(), at=at - timedelta(minutes=20))
        if data:
            data.pop("attested", None)
            draft = cecs.save(draft_id=draft.pk, owner=owner, data=data, seen=cecs.Seen(draft.version), at=at)
        if proved:
            prove(stage, draft, event, answers, at)
