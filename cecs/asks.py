"""What the form asks about each activity, and in which words: tables, read by the form and by every page of a claim.

A field has one name whatever the activity, so that what was typed survives a change of activity; its label and its
sentences are the activity's own. Parts are what an information request can question (R-REV-8).
"""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from cecs import rules
from cecs.states import Answer, Grade
from journals.states import Activity, Delivery, Level
from serportal.ui.asks import EARLIEST, Ask, Text

A = Activity

PARTS = {
    "where": _("Where and when"),
    "hours": _("Hours"),
    "taught": _("What it is about"),
    "proof": _("Proof"),
    "send": _("Check and send"),
}


@dataclass(frozen=True)
class Form:
    """What is asked about one activity, part by part, with the words around it."""

    where: tuple[Ask, ...]
    taught: tuple[Ask, ...]
    proof: Text
    proof_missing: Text
    advance: Text
    hours: Text = ""
    rows: Text = ""
    at_hand: tuple[Text, ...] = ()
    parts: dict[str, Text] = field(default_factory=dict)

    @property
    def has_hours(self) -> bool:
        return bool(self.hours)

    def titled(self, part: str) -> Text:
        return self.parts.get(part, PARTS[part])

    def asks(self) -> tuple[Ask, ...]:
        return (*self.where, *self.taught)

    def has_part(self, part: str) -> bool:
        return part != "hours" or self.has_hours

    def names(self, part: str) -> tuple[str, ...]:
        return tuple(ask.name for ask in {"where": self.where, "taught": self.taught}.get(part, ()))


def _text(name: str, label: Text, missing: Text | None, **more) -> Ask:
    return Ask(name, label, missing, **more)


def _day(name: str, label: Text, missing: Text, refused: Text, **more) -> Ask:
    return Ask(name, label, missing, kind="day", refused=refused, **{"earliest": rules.EARLIEST, **more})


def _choice(name: str, label: Text, choices, missing: Text | None, refused: Text, **more) -> Ask:
    return Ask(name, label, missing, kind="choice", choices=tuple(choices.choices), refused=refused, **more)


FIRST = _day(
    "first_day",
    _("First day"),
    _("The first day is missing. Choose the day it began."),
    _("The first day is not a date we can use. Write it as 2026-10-12, from 1990 on."),
)
LAST = _day(
    "last_day",
    _("Last day"),
    _("The last day is missing. For one day, repeat the first."),
    _("The last day is not a date we can use. Write it as 2026-10-15, from 1990 on."),
)
PLACE = _text(
    "place",
    _("City and country, or web address"),
    _("The place is missing. Name the city and country, or the web address."),
    shown=_("Place"),
)
DELIVERY = _choice(
    "delivery",
    _("How you took part"),
    Delivery,
    _("Nothing is ticked for how you took part. Tick one of the four."),
    _("How you took part is none of the four choices. Tick one of them."),
    shown=_("Took part"),
)
TAUGHT_DELIVERY = replace(DELIVERY, label=_("How it was held"), shown=_("Held"))
VERIFICATION = _text(
    "verification",
    _("How your attendance was verified"),
    None,
    help=_("Needed for anything online or on demand: a test, a log of attendance, a poll, an assignment."),
    shown=_("Attendance verified by"),
    only_if="delivery-distant",
)
CODE = _text(
    "approval_code",
    _("Approval code"),
    None,
    help=_("If SER pre-approved it, the code on your Confirmation of Completion, such as SER-7KQM-2WXA."),
    length=40,
)
AREAS = Ask(
    "areas",
    _("Which knowledge areas did it cover?"),
    _("No knowledge area is ticked. Tick at least one."),
    help=_("Tick all that apply."),
    kind="many",
    refused=_("A ticked knowledge area is not on the list. Tick from the list."),
    shown=_("Areas"),
)
LEARNED = _text(
    "learned",
    _("What did you learn that your work can use?"),
    _("Nothing says what you learned. Two or three sentences are enough; the committee reads them."),
    help=_("Two or three sentences are enough."),
    lines=5,
    length=4000,
    shown=_("Learned"),
)
OBJECTIVES = _text(
    "objectives",
    _("What it set out to teach"),
    _("Its objectives are missing. Copy them from the programme or the syllabus."),
    help=_("Its stated objectives, from the programme or the syllabus."),
    lines=3,
    length=4000,
    shown=_("Objectives"),
)
LEVEL = _choice(
    "level",
    _("Of whom"),
    Level,
    _("Nothing says where you served. Tick SER itself, a section or a chapter."),
    _("Where you served is none of the three. Tick one of them."),
    shown=_("Level"),
)
UNIT = _text(
    "unit",
    _("Name of the section or chapter"),
    None,
    help=_("Leave it empty for SER itself."),
    shown=_("Section or chapter"),
    only_if="level-part",
)
SERVED_FROM = replace(
    FIRST,
    label=_("Served from"),
    missing=_("The day your service began is missing. One claim is one year of service."),
)
SERVED_UNTIL = replace(
    LAST,
    label=_("Served until"),
    missing=_("The last day of this year of service is missing."),
    help=_("One claim is one year of service: at most twelve months."),
)
SERVED = _text(
    "learned",
    _("What you did"),
    _("Nothing says what you did. Two or three sentences are enough; the committee reads them."),
    lines=5,
    length=4000,
    shown=_("Done"),
)
WITH_AUTHORS = _text(
    "with_people",
    _("Who wrote it with you"),
    None,
    help=_("One name on each line. They are shown to reviewers, who must know whether they know somebody."),
    lines=3,
    length=2000,
    shown=_("Written with"),
)

DATED_PROOF = _("A certificate of attendance, a signed programme, or a letter from the organiser.")
NO_PROOF = _("There is no proof yet. Add one file that shows you took part.")
PROGRAMME = _(
    "It lies ahead, so add the programme or the announcement now. The proof follows after the last day; the portal "
    "asks you for it."
)

CONFERENCE = Form(
    where=(
        _text("title", _("Name of the event"), _("The event has no name yet. Copy it from the programme.")),
        _text(
            "provider",
            _("Who organised it"),
            _("The organiser is missing. Name who held the event."),
            shown=_("Organiser"),
        ),
        FIRST,
        LAST,
        PLACE,
        DELIVERY,
        VERIFICATION,
        CODE,
    ),
    hours=_("Count the sessions you sat in."),
    rows=_("Sessions you sat in"),
    taught=(AREAS, LEARNED),
    proof=DATED_PROOF,
    proof_missing=NO_PROOF,
    advance=PROGRAMME,
    at_hand=(
        _("the programme, with the sessions you sat in and their hours, without breaks, meals, receptions and travel"),
        _("a certificate of attendance, a signed programme, or a letter from the organiser; a photo of it is welcome"),
        _("two or three sentences on what you learned"),
    ),
    parts={"hours": _("Sessions and hours"), "taught": _("What it taught you")},
)
COURSE = Form(
    where=(
        _text("title", _("Name of the course"), _("The course has no name yet. Copy it from the transcript.")),
        _text("course_no", _("Course number"), None, length=60),
        _text(
            "provider",
            _("College or university"),
            _("The college or university is missing."),
        ),
        replace(FIRST, label=_("First day of classes")),
        replace(LAST, label=_("Last day of classes")),
        PLACE,
        DELIVERY,
        VERIFICATION,
        _choice(
            "grade",
            _("Was the course graded?"),
            Grade,
            _("Nothing is ticked for grades. Tick whether the course was graded and whether you passed."),
            _("The answer about grades is none of the three. Tick one of them."),
            shown=_("Graded"),
        ),
        CODE,
    ),
    hours=_("Count the classroom hours: lectures, laboratories, field days."),
    rows=_("What these hours were"),
    taught=(OBJECTIVES, AREAS, LEARNED),
    proof=_("A transcript or a certificate of completion. Where there is a grade, it must show."),
    proof_missing=_("There is no proof yet. Add the transcript or a certificate of completion."),
    advance=PROGRAMME,
    at_hand=(
        _("the syllabus, with its objectives and the classroom hours"),
        _("the transcript or certificate of completion, with the grade where there is one"),
    ),
    parts={"hours": _("Classroom hours"), "taught": _("What it taught you")},
)
TRAINING = Form(
    where=(
        _text("title", _("Name of the training"), _("The training has no name yet. Copy it from the announcement.")),
        _text("provider", _("Who held it"), _("Who held it is missing."), shown=_("Held by")),
        FIRST,
        LAST,
        PLACE,
        DELIVERY,
        VERIFICATION,
        _text(
            "instructor",
            _("Who taught it"),
            _("The instructors are missing. Name who taught, one name on each line."),
            help=_("One name on each line."),
            lines=2,
            length=1000,
            shown=_("Taught by"),
        ),
        _text(
            "instructor_basis",
            _("What qualifies them"),
            _("What qualifies the instructors is missing: a certification, a post at a college, or their experience."),
            help=_("A certification, a post at a college or university, or their experience."),
            length=500,
            shown=_("Qualified by"),
        ),
        CODE,
    ),
    hours=_("Count the hours of teaching on the agenda."),
    rows=_("What was taught"),
    taught=(OBJECTIVES, AREAS, LEARNED),
    proof=_("A certificate of attendance or completion, or a letter from whoever held it."),
    proof_missing=NO_PROOF,
    advance=PROGRAMME,
    at_hand=(
        _("the agenda with its hours, without breaks, meals and travel"),
        _("who taught it and what qualifies them"),
        _("a certificate of attendance or completion, or a letter from whoever held it"),
    ),
    parts={"hours": _("Agenda and hours"), "taught": _("What it taught you")},
)
INSTRUCTION = Form(
    where=(
        _text("title", _("Name of what you taught"), _("What you taught has no name yet.")),
        _text(
            "provider",
            _("Who held it"),
            _("Who held it is missing: the college, organisation or company."),
            shown=_("Held by"),
        ),
        FIRST,
        LAST,
        PLACE,
        TAUGHT_DELIVERY,
        _text(
            "audience",
            _("Who took part"),
            _("Your audience is missing. Say who they were and about how many."),
            help=_("Who they were and about how many."),
            shown=_("Audience"),
        ),
        _choice(
            "regular",
            _("Is it a regular semester or quarter course of a college or university?"),
            Answer,
            _("Nothing says whether it is a regular course. Such a course counts only the first time you teach it."),
            _("The answer about a regular course is neither yes nor no. Tick one of them."),
            shown=_("Regular course"),
        ),
        _text("course_no", _("Course number"), None, length=60, only_if="regular-yes"),
        _day(
            "first_taught_on",
            _("When did you first teach it?"),
            None,
            _("The day you first taught it is not a date we can use. Write it as 2019-09-01, from 1950 on."),
            help=_("For a regular course: the first day of classes of the first time, even before you were certified."),
            shown=_("First taught"),
            only_if="regular-yes",
            earliest=EARLIEST,
        ),
        _text(
            "with_people",
            _("Who taught with you"),
            None,
            help=_("One name on each line."),
            lines=2,
            length=2000,
            shown=_("Taught with"),
        ),
        CODE,
    ),
    hours=_("Count the hours of instruction you gave yourself."),
    rows=_("What you taught"),
    taught=(
        AREAS,
        replace(
            LEARNED,
            label=_("What did you teach, and how does it serve ecological restoration?"),
            missing=_("Nothing says what you taught. Two or three sentences are enough; the committee reads them."),
            shown=_("Taught"),
        ),
    ),
    proof=_("The programme or syllabus with your name, and a confirmation from whoever held it."),
    proof_missing=_("There is no proof yet. Add one file that shows you taught."),
    advance=PROGRAMME,
    at_hand=(
        _("the programme or syllabus with your name and the hours you taught"),
        _("a confirmation from whoever held it"),
        _("for a regular college course: when you first taught it"),
    ),
    parts={"hours": _("Hours of instruction"), "taught": _("What you taught")},
)


def _publication(
    title: Text, publisher: Text, accepted: Text, missing: Text, proof: Text, no_proof: Text, at_hand: Text
) -> Form:
    return Form(
        where=(
            _text("title", title, _("The title is missing.")),
            _text("provider", publisher, _("Who published it is missing."), shown=_("Published by")),
            replace(LAST, label=accepted, missing=missing),
            _text(
                "citation",
                _("How it is cited, or its web address"),
                _("The citation is missing. Give it as in a list of references, or the web address."),
                lines=2,
                length=1000,
                shown=_("Citation"),
            ),
            _text(
                "role", _("Your part in it"), _("Your part in it is missing: author, co-author, editor."), length=100
            ),
            WITH_AUTHORS,
        ),
        taught=(
            AREAS,
            replace(
                LEARNED,
                label=_("What is it about, and how does it serve ecological restoration?"),
                missing=_(
                    "Nothing says what it is about. Two or three sentences are enough; the committee reads them."
                ),
                shown=_("About"),
            ),
        ),
        proof=proof,
        proof_missing=no_proof,
        advance=_(
            "It is not accepted yet, so add the manuscript’s first page or the contract now. The proof follows "
            "after the day you named; the portal asks you for it."
        ),
        at_hand=(
            _("the citation, and who wrote it with you"),
            at_hand,
        ),
        parts={"where": _("The publication"), "taught": _("What it is about")},
    )


ACCEPTED = _("The day of acceptance is missing. It counts from the day the publisher accepted it, not before.")
ACCEPTANCE = _("The publisher’s letter of acceptance with its date, or the published page that shows it.")
LETTER = _("the publisher’s letter of acceptance with its date, or the published page that shows it")
NO_ACCEPTANCE = _("There is no proof yet. Add the publisher’s acceptance with its date.")
BOOK = _publication(
    _("Title of the book"), _("Publisher"), _("Accepted on"), ACCEPTED, ACCEPTANCE, NO_ACCEPTANCE, LETTER
)
CHAPTER = _publication(
    _("Title of the chapter, and of its book"),
    _("Publisher"),
    _("Accepted on"),
    ACCEPTED,
    ACCEPTANCE,
    NO_ACCEPTANCE,
    LETTER,
)
PAPER = _publication(
    _("Title of the paper"), _("Journal"), _("Accepted on"), ACCEPTED, ACCEPTANCE, NO_ACCEPTANCE, LETTER
)
MATERIAL = _publication(
    _("Title of the document or material"),
    _("Who released it, or for whom it was made"),
    _("Released or delivered on"),
    _("The day of its release or delivery is missing. It counts from that day."),
    _("The document itself or its first pages, and something that shows when it was released or delivered."),
    _("There is no proof yet. Add the document, and something that shows when it was released or delivered."),
    _("the document or its first pages, and something that shows when it was released or delivered"),
)


def _service(title: Ask, *more: Ask) -> Form:
    return Form(
        where=(LEVEL, UNIT, title, *more, SERVED_FROM, SERVED_UNTIL),
        taught=(SERVED,),
        proof=_("A letter or message from the chair or secretary that names your role and its months."),
        proof_missing=_("There is no proof yet. Add a letter or message that names your role and its months."),
        advance=_(
            "The year of service is not over, so add your appointment or election now. The confirmation follows "
            "after its last day; the portal asks you for it."
        ),
        at_hand=(
            _("the first and the last day of this year of service"),
            _("a letter or message from the chair or secretary that names your role and its months"),
        ),
        parts={"where": _("Your service"), "taught": _("What you did")},
    )


BOARD = _service(
    _text(
        "title",
        _("Your role on the board"),
        _("Your role on the board is missing, such as treasurer or member."),
        shown=_("Role"),
    )
)
COMMITTEE = _service(
    _text("title", _("Name of the committee"), _("The committee has no name yet."), shown=_("Committee")),
    _text(
        "role", _("Your role there"), _("Your role on the committee is missing, such as chair or member."), length=100
    ),
)
EVENT = Form(
    where=(
        _text("title", _("Name of the event"), _("The event has no name yet. Copy it from the programme.")),
        replace(LEVEL, label=_("Whose event was it?"), missing=_("Nothing says whose event it was. Tick one.")),
        UNIT,
        FIRST,
        LAST,
        PLACE,
        _text(
            "role",
            _("Your part in organising it"),
            _("Your part in organising it is missing."),
            shown=_("Part"),
        ),
    ),
    taught=(
        AREAS,
        replace(
            SERVED,
            label=_("What was the event about, and what did you do for it?"),
            missing=_("Nothing says what the event was about and what you did. Two or three sentences are enough."),
            shown=_("About"),
        ),
    ),
    proof=_("The programme with your name, or a letter from SER or the chapter."),
    proof_missing=_("There is no proof yet. Add one file that shows you organised it."),
    advance=PROGRAMME,
    at_hand=(_("the programme with your name, or a letter from SER or the chapter"),),
    parts={"where": _("The event"), "taught": _("What it was about")},
)
VOLUNTEERING = Form(
    where=(
        _text(
            "title",
            _("What you did, in a few words"),
            _("What you did is missing, in a few words, such as planting dune grass."),
        ),
        _text("provider", _("Organisation"), _("The organisation is missing.")),
        _choice(
            "not_for_profit",
            _("Is it a not-for-profit organisation?"),
            Answer,
            _("Nothing says whether the organisation is not-for-profit. Only those count."),
            _("The answer about not-for-profit is neither yes nor no. Tick one of them."),
            shown=_("Not-for-profit"),
        ),
        FIRST,
        LAST,
        replace(PLACE, label=_("City and country")),
        _text(
            "admin_name",
            _("Who there documents your hours"),
            _("The administrator who documents your hours is missing."),
            help=_("The organisation’s administrator, or whom they named for it."),
            shown=_("Documented by"),
        ),
        _text(
            "admin_contact",
            _("Their e-mail address or telephone"),
            _("How to reach whoever documents your hours is missing."),
            shown=_("Reached at"),
        ),
    ),
    hours=_("Count the hours you worked there on restoration."),
    rows=_("What you did"),
    taught=(
        AREAS,
        replace(
            SERVED,
            label=_("Your tasks, and how they serve ecological restoration"),
            missing=_("Your tasks are missing. Two or three sentences are enough; the committee reads them."),
            shown=_("Tasks"),
        ),
    ),
    proof=_("A letter from the organisation’s administrator, or whom they named, with your hours and tasks."),
    proof_missing=_("There is no proof yet. Add the organisation’s letter with your hours and tasks."),
    advance=PROGRAMME,
    at_hand=(
        _("a letter from the organisation’s administrator, or whom they named, with your hours and tasks"),
        _("whether the organisation is not-for-profit: only those count"),
    ),
    parts={"hours": _("Contact hours"), "taught": _("Your tasks")},
)

FORMS: dict[str, Form] = {
    A.COURSE: COURSE,
    A.TRAINING: TRAINING,
    A.CONFERENCE: CONFERENCE,
    A.INSTRUCTION: INSTRUCTION,
    A.BOOK: BOOK,
    A.CHAPTER: CHAPTER,
    A.PAPER: PAPER,
    A.MATERIAL: MATERIAL,
    A.BOARD: BOARD,
    A.COMMITTEE: COMMITTEE,
    A.EVENT: EVENT,
    A.VOLUNTEERING: VOLUNTEERING,
}
