"""Which pages are measured, as whom, how each is recognised and what it may cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.urls import NoReverseMatch, reverse

from serportal.demo.bench import bare
from serportal.demo.bench.figures import Budget
from serportal.demo.bench.scripts import Autosave, Get, Post, Recast, SignIn
from serportal.demo.bench.subjects import PASSWORD, SLOTS, Subjects

Script = Get | Post

WEIGHT = {"first_kb": 100, "later_kb": 15}
PERSONAL = Budget(cpu_ms=15, queries=8, share=0.45, **WEIGHT)
LIST = Budget(cpu_ms=15, queries=8, share=0.45)
DETAIL = Budget(cpu_ms=18, queries=12, share=0.40)
FORM = replace(DETAIL, **WEIGHT)
SAVE = Budget(cpu_ms=9, queries=12, share=0.7)
ADMIN_LIST = Budget(cpu_ms=30, queries=10, share=0.10)
PUBLIC = Budget(cpu_ms=30, queries=4, **WEIGHT)
HIT = Budget(queries=4, rps=1000)

FLOOR = "floor"
SELF_CHECK = (
    "?months-1=60&percent-1=100&projects=3&phases=inventory&phases=planning&phases=implementation&phases=monitoring"
)


@dataclass
class Page:
    """``scripts`` holds one for each connection.

    ``most`` limits the requests of a round; ``once`` keeps a page out of the rounds, to be measured when they are over.
    """

    name: str
    scripts: Sequence[Script]
    budget: Budget = field(default_factory=Budget)
    bare: bool = False
    most: int | None = None
    once: bool = False


def one(name: str, script: Script, budget: Budget | None = None, **options) -> Page:
    """A page without a memory: every connection sends the same."""
    return Page(name, [script] * SLOTS, budget or Budget(), **options)


def pages(subjects: Subjects) -> tuple[list[Page], list[str]]:
    """Return the pages that exist, and a sentence for each that does not."""
    found, missing = [], []
    for make in (floors, public, personal, applying, committee, coordinator, writing):
        for name, page in make(subjects):
            try:
                found.append(page())
            except NoReverseMatch:
                missing.append(f"{name}: this portal has no such page yet.")
    return found, missing


def again(page: Page, etag: str) -> Page:
    """Return the same page, asked for by a browser that still has it."""
    first = page.scripts[0]
    headers = {**first.headers, "If-None-Match": etag}
    return one(f"{page.name} again", Get(first.path, key="", status=304, headers=headers), HIT)


Lazy = tuple[str, Callable[[], Page]]


def get(name: str, path: str, *arguments, query: str = "", budget: Budget | None = None, **script) -> Lazy:
    return name, lambda: one(name, Get(reverse(path, args=arguments) + query, **script), budget)


def floors(subjects: Subjects) -> list[Lazy]:
    session = subjects.sessions["cerp"]
    return [
        (FLOOR, lambda: one(FLOOR, Get(bare.FLOOR, key="The floor", session=session), bare=True)),
        ("bare plain", lambda: one("bare plain", Get(bare.PLAIN, key="plain"), bare=True)),
    ]


def public(subjects: Subjects) -> list[Lazy]:
    return [
        get("plain", "home:healthz", key="ok"),
        get("plain signed in", "home:healthz", key="ok", session=subjects.sessions["cerp"]),
        get("landing", "home:landing", key="Certified to bring land and water back to life", budget=PUBLIC),
        get("rules", "home:rules", key='id="credits-title"', budget=PUBLIC),
        get("door", "applications:new", "cerp", key="Read this page first, then start.", budget=PUBLIC),
        get("self-check", "applications:self-check", query=SELF_CHECK, key="speaks for CERPIT", budget=PUBLIC),
        get("directory", "certifications:directory", key='name="q"', budget=PUBLIC),
        get("courses", "courses:list", key='id="found"', budget=PUBLIC),
        get("courses search", "courses:list", query="?q=wetlnd+restoration", key='id="found"', budget=PUBLIC),
        get("calendar", "courses:calendar", key='class="month"', budget=PUBLIC),
        get("calendar file", "courses:file", key="BEGIN:VCALENDAR", budget=Budget(cpu_ms=30, queries=4)),
        get("feed of courses", "courses:feed", key="<feed", budget=Budget(cpu_ms=30, queries=4)),
        get("sign-in page", "account_login", key="With the e-mail address and the password"),
    ]


def personal(subjects: Subjects) -> list[Lazy]:
    cerp, elder = ({"session": subjects.sessions[name]} for name in ("cerp", "elder"))
    draft, case = subjects.drafts[0], subjects.to_read.reference
    return [
        get("dashboard", "home:dashboard", key="Good to see you", budget=PERSONAL, **cerp),
        get("dashboard 30 years", "home:dashboard", key="Good to see you", budget=PERSONAL, **elder),
        get("claims", "cecs:list", key="Your claims", budget=PERSONAL, **cerp),
        get("claims 25 rows", "cecs:list", key="Your claims", budget=PERSONAL, **elder),
        get("draft form", "cecs:draft", draft.pk, key='id="where-title"', budget=FORM, **elder),
        get("claim", "cecs:case", case, key=case, budget=FORM, **elder),
        get("journal", "journals:journal", key="Your journal", budget=PERSONAL, **cerp),
        get("journal 30 years", "journals:journal", key="Field day on", budget=PERSONAL, **elder),
        get("statement", "journals:statement", subjects.statement.pk, key="Still needed", budget=PERSONAL, **elder),
        get("statement PDF", "journals:statement-paper", subjects.statement.pk, key="%PDF", **elder),
        get("transcript 30 years", "journals:transcript", key="%PDF", **elder),
    ]


def applying(subjects: Subjects) -> list[Lazy]:
    """The pages of applicants, their referees and their colleges, as the demonstration left them."""
    made = subjects.applying
    applicant, filer, college = ({"session": subjects.sessions[name]} for name in ("applicant", "filer", "partner"))
    draft = made.draft.pk
    return [
        get("application draft", "applications:draft", draft, key="Courses", budget=FORM, **applicant),
        get("section", "applications:section", draft, "person", key='name="version"', budget=FORM, **applicant),
        get("section of rows", "applications:section", draft, "courses", key="Plant ecology", budget=FORM, **applicant),
        get("check page", "applications:check", draft, key="Check", budget=FORM, **applicant),
        get(
            "application", "applications:case", made.to_read.reference, key=made.to_read.reference, budget=FORM, **filer
        ),
        get("reference form", "references:form", key='name="signature"', budget=FORM, session=made.referee),
        get("partner", "applications:partner", key="Kettleby", budget=PERSONAL, **college),
    ]


def committee(subjects: Subjects) -> list[Lazy]:
    member, busy = ({"session": subjects.sessions[name]} for name in ("committee1", "reviewer"))
    return [
        get("desk", "reviews:desk", key="Your desk", budget=LIST, **member),
        get("desk 25 seats", "reviews:desk", key="Your desk", budget=LIST, **busy),
        get("ballot page", "reviews:case", subjects.to_read.reference, key='id="ballot"', budget=DETAIL, **busy),
        get(
            "ballot of application",
            "reviews:case",
            subjects.applying.to_read.reference,
            key='id="ballot"',
            budget=DETAIL,
            session=subjects.sessions["committee5"],
        ),
    ]


def coordinator(subjects: Subjects) -> list[Lazy]:
    own = {"session": subjects.sessions["coordinator"]}
    cases = "admin:reviews_reviewcase_changelist"
    case = "admin:reviews_reviewcase_change"
    results = {"key": 'id="result_list"', "budget": ADMIN_LIST, **own}
    decide = subjects.to_decide
    return [
        get("queue", "admin:index", key="Work queue", budget=LIST, **own),
        get("cases", cases, **results),
        get("cases search", cases, query="?q=wetland", **results),
        get("cases narrowed", cases, query="?holder=coordinator&due=later", **results),
        get("cases of a member", cases, query=f"?member={subjects.elder.pk}", **results),
        get("cases as CSV", "admin:reviews_reviewcase_export", "csv", key="reference,kind", **own),
        get("case", case, subjects.to_read.pk, key="The arithmetic", budget=DETAIL, **own),
        get("case decide", case, decide.pk, key="Decide and send this letter", budget=DETAIL, **own),
        get("uploads", "admin:journals_upload_changelist", **results),
        get("windows", "admin:applications_window_changelist", **results),
        get(
            "upload", "admin:journals_upload_change", subjects.upload.pk, key="Does it agree?", budget=ADMIN_LIST, **own
        ),
        get("entries", "admin:journals_entry_changelist", **results),
        get("upload preview", "admin:journals_upload_run", key="Run an upload now", **own),
        get("letters", "admin:outbox_message_changelist", **results),
        get("people", "admin:accounts_user_changelist", **results),
    ]


def writing(subjects: Subjects) -> list[Lazy]:
    """What leaves rows behind comes last, so that it does not lengthen the pages before it."""
    elder, caster = subjects.sessions["elder"], subjects.sessions["caster"]

    def save(draft) -> Autosave:
        first = draft.data["first_day"]
        days = sum(name.startswith("hours-") for name in draft.data)
        path = reverse("cecs:draft", args=[draft.pk])
        data = {**draft.data, "rows": f"{first}+{days}"}
        return Autosave(path, session=elder, data=data, version=draft.version)

    def save_section(draft, session) -> Autosave:
        typed = draft.sections.get(section="person")
        path = reverse("applications:section", args=[draft.pk, "person"])
        return Autosave(path, session=session, data=typed.data, version=typed.version, typed="job_title")

    def recast(case) -> Recast:
        return Recast(reverse("reviews:case", args=[case.reference]), session=caster, revision=case.revision)

    def sign_in() -> SignIn:
        return SignIn(reverse("account_login"), email=subjects.elder.email, password=PASSWORD)

    return [
        ("draft save", lambda: Page("draft save", [save(draft) for draft in subjects.drafts], SAVE)),
        (
            "section save",
            lambda: Page("section save", [save_section(*one) for one in subjects.applying.to_save], SAVE),
        ),
        ("ballot", lambda: Page("ballot", [recast(case) for case in subjects.for_ballots], SAVE)),
        # Few, since the portal limits how often one address may sign in; last, since the hash takes a lot of memory.
        ("sign-in", lambda: one("sign-in", sign_in(), most=8, once=True)),
    ]
