"""Two worlds that differ only in what a conflict or a closed ballot hides from someone look the same to them.

Each secret happens, everything that person can open is opened again, and every answer must be what it was before it, to
the byte (RELIABILITY C14, R-REV-5).
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from applications.services import gates
from cecs import services as cecs
from journals import services as journals
from journals.models import Entry, ScheduleRow
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Answer, Choice, Holder, PartyRole, Step
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.long]

MOMENT = datetime(2026, 11, 17, 16, tzinfo=UTC)
# What is drawn anew for each page, and the keys of rows that both worlds make in the same way after the secret.
DRAWN = [
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r'value="[0-9a-f]{8}-[0-9a-f-]{27}"'), "key"),
]
# A run is summed over everything, for everyone: who imports must see that a file is short (R-UPL-3, R-UPL-5).
OF_A_RUN = [
    (re.compile(r"\d+ approved entr\w+ (?=are|is)"), "n entries "),
    (re.compile(r"(\d+ entries of \d+ members|One entry)(, |: control total )[\d.]+ credits"), "n entries"),
    (re.compile(r"Upload [\d.]+ credits"), "Upload n credits"),
    (re.compile(r"<b>\d+</b> entries to upload"), "n entries to upload"),
    (re.compile(r"<tfoot>.*</tfoot>"), "the total"),
]
NAMES = ("Hidden", "Holly", "Amara")
ADMIN = "/admin/reviews/reviewcase/"


@pytest.fixture(autouse=True)
def _one_moment():
    with time_machine.travel(MOMENT, tick=False):
        yield


class Asker:
    """One person in one browser. ``answers`` is what they get for each request, without what is drawn anew."""

    def __init__(self, person):
        self.person, self.client = person, Client()
        self.client.force_login(person)
        self.cookie = self.client.cookies["sessionid"].value

    def answers(self, requests) -> dict[str, str]:
        cache.delete(f"charts:{self.person.pk}:{factories.programme_day()}")
        return {self._name(one): self.ask(one) for one in requests}

    def _name(self, request) -> str:
        path, data = request if isinstance(request, tuple) else (request, None)
        return path if data is None else f"{path} {data}"

    def ask(self, request) -> str:
        path, data = request if isinstance(request, tuple) else (request, None)
        self.client.cookies["sessionid"] = self.cookie
        point = transaction.savepoint()
        response = self.client.get(path) if data is None else self.client.post(path, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.savepoint_rollback(point)
        told = f"{response.status_code} {response.get('Location', '')} {response.get('Content-Disposition', '')}\n"
        told += body.decode(errors="replace")
        for drawn, name in [*DRAWN, *OF_A_RUN]:
            told = drawn.sub(name, told)
        return told


def leaks(asker: Asker, requests, worlds: dict[str, tuple[Callable, ...]], together: int = 1) -> list[str]:
    """Return where the two worlds of each secret differ: “secret: address: first line that differs”.

    A secret is one act that happens or does not, or a pair of acts of which one happens; every act is undone. So many
    ``together`` are tried first; only where they show anything is each tried by itself.
    """
    asker.answers(requests)
    nothing = asker.answers(requests)
    found, names = [], list(worlds)
    for n in range(0, len(names), together):
        some = {name: worlds[name] for name in names[n : n + together]}
        if together == 1 or _after(asker, requests, *(acts[0] for acts in some.values())) != nothing:
            for secret, (act, *instead) in some.items():
                one = _after(asker, requests, *instead) if instead else nothing
                other = _after(asker, requests, act)
                found += [
                    f"{secret}: {name}: {_first(one[name], other[name])}" for name in one if one[name] != other[name]
                ]
    return found


def _after(asker: Asker, requests, *acts: Callable) -> dict[str, str]:
    point = transaction.savepoint()
    for act in acts:
        act()
    told = asker.answers(requests)
    transaction.savepoint_rollback(point)
    return told


def _first(one: str, other: str) -> str:
    pairs = zip([*one.splitlines(), "(end)"], [*other.splitlines(), "(end)"], strict=False)
    return next((f"{a.strip()[:300]} | {b.strip()[:300]}" for a, b in pairs if a != b), "")


class World:
    """Cases of Amara that everyone may know, at every step, and cases of Holly that are hidden from Xenia."""

    def __init__(self):
        self.ruth = factories.coordinator(name="Ruth Okello")
        self.xenia = factories.coordinator(name="Xenia Roth")
        self.committee = [factories.member(name=f"Member {n}") for n in range(6)]
        self.amara = factories.certificant(name="Amara Okafor")
        # Her year ends soon, so that she is on the list of those who will fall short.
        self.holly = factories.certificant(name="Holly Hidden", since=factories.programme_day() - timedelta(days=340))
        panel = self.panel = self.committee[:3]
        owned = {"owner": self.amara}
        self.open = {
            "screen": factories.claim(self.amara, title="Dune Days"),
            "seat": factories.screened(self.ruth, **owned, title="Reed Forum"),
            "vote": factories.seated(self.ruth, panel, **owned, title="Peat Congress"),
            "decide": factories.voted(self.ruth, panel, **owned, title="Marsh Meeting"),
            "uploaded": factories.decided(self.ruth, panel, **owned, title="Oyster Week"),
        }
        self.run = self.upload("first run")
        self.open["done"] = factories.decided(self.ruth, panel, **owned, title="Sedge Symposium")
        self.hidden = {
            "screen": self.hide(factories.claim(self.holly, title="Hidden Days")),
            "seat": self.hide(factories.screened(self.ruth, owner=self.holly, title="Hidden Forum")),
            "vote": self.hide(factories.seated(self.ruth, panel, owner=self.holly, title="Hidden Congress")),
            "decide": self.hide(factories.voted(self.ruth, panel, owner=self.holly, title="Hidden Meeting")),
            "done": self.hide(factories.decided(self.ruth, panel, owner=self.holly, title="Hidden Colloquium")),
        }

    def hide(self, case: ReviewCase) -> ReviewCase:
        case.conflicts.create(member=self.xenia, declared_at=timezone.now())
        case.conflicts.create(member=self.committee[5], declared_at=timezone.now())
        return case

    def upload(self, key: str):
        run = journals.prepare_upload(key=key, due_on=factories.programme_day(), by=self.ruth)
        return journals.post_upload(run, by=self.ruth)

    def decide(self, case: ReviewCase):
        case = ReviewCase.objects.get(pk=case.pk)
        return reviews.decide(case.pk, digest=reviews.preview(case).digest, by=self.ruth)


@pytest.fixture
def world():
    return World()


# What a coordinator with a conflict can open --------------------------------------------------------------------


def pages_of_a_coordinator(world: World) -> Iterator:
    """Yield pages, lists, filters, searches, tables and previews; those of hidden cases are asked for by hand."""
    yield from ("/dashboard/", "/reviews/", "/admin/", ADMIN)
    yield from (f"{ADMIN}?step__exact={step}" for step in (Step.SEAT, Step.VOTE, Step.DONE))
    yield from (f"{ADMIN}?holder={Holder.COORDINATOR}", f"{ADMIN}?due=later", f"{ADMIN}?member={world.holly.pk}")
    yield from (f"{ADMIN}?q={name}" for name in NAMES)
    yield from (f"{ADMIN}{case.pk}/change/" for case in world.open.values())
    for case in world.hidden.values():
        yield f"{ADMIN}{case.pk}/change/"
        yield f"/reviews/{case.reference}/"
        yield f"/files/{case.folder.files.get().pk}/"
    for case in (world.open["screen"], world.hidden["screen"]):
        yield f"/admin/cecs/cecsubmission/{case.pk}/rulings/"
    yield from (f"/admin/journals/entry/{query}" for query in ("", "?q=Hidden", f"?member={world.holly.pk}"))
    for case in (world.open["done"], world.hidden["done"]):
        entry = Entry.objects.get(decision__case=case)
        yield f"/admin/journals/entry/{entry.pk}/change/"
        yield f"/admin/journals/entry/{entry.pk}/take-back/"
    page = f"/admin/journals/upload/{world.run.pk}/"
    yield from ("/admin/journals/upload/", "/admin/journals/upload/run/", f"{page}change/", f"{page}entries.csv")
    yield from (f"/admin/outbox/message/{query}" for query in ("", "coming/", "?trouble=yes", "?q=Hidden"))
    yield f"/admin/accounts/user/{world.holly.pk}/change/"
    yield from (f"/admin/figures/{page}/" for page in ("people", "short", "credits", "waiting", "courses"))
    yield from (f"/admin/figures/{file}.csv" for file in ("short/short", "credits/earned", "waiting/waiting-cec"))
    row = ScheduleRow.objects.filter(activity="conference").latest("effective_from")
    later = {"effective_from": "2027-03-01", "rate": "3", "unit": "hours", "activity": "conference"}
    yield f"/admin/journals/schedulerow/add/?after={row.pk}", later
    chosen = [case.pk for case in (*world.open.values(), *world.hidden.values())]
    yield from ((ADMIN, {"action": batch, "_selected_action": chosen}) for batch in BATCHES)
    letters = list(Message.objects.order_by("pk").values_list("pk", flat=True)[:100])
    yield "/admin/outbox/message/", {"action": "cancel", "_selected_action": letters}


BATCHES = ("screen_all", "seat_all", "decide_all", "extend_all")


def secrets_of_a_case(world: World) -> dict[str, tuple[Callable, ...]]:
    """Return what may happen to hidden cases."""
    at, ruth, hidden, panel = timezone.now(), world.ruth, world.hidden, world.panel
    one, two, three = panel

    def named_in_a_new_one():
        factories.claim(world.holly, about="paper", title="Hidden paper", with_people=world.xenia.name)

    def fail_a_letter():
        Message.objects.filter(about=hidden["screen"].reference).update(state="failed", error="No such address")

    def answer():
        case, owner = hidden["vote"], world.holly
        reviews.ask(case.pk, parts=["hours", "proof"], question="Which sessions?", by=ruth)
        draft = cecs.begin_reply(reference=case.reference, owner=owner)
        cecs.add_files(draft=draft, uploads=[factories.pdf("more.pdf", b"more")], by=owner)
        given = factories.answers("12", title="Hidden Congress")
        seen = cecs.Seen(draft.version)
        draft = cecs.save(draft_id=draft.pk, owner=owner, data=factories.draft_data(given), seen=seen)
        cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)

    def take_back():
        entry = Entry.objects.get(decision__case=hidden["done"])
        journals.reverse(entry.pk, reason="Hidden reason.", by=ruth)

    def extend():
        until = hidden["vote"].due_on + timedelta(days=5)
        reviews.extend(hidden["vote"].pk, until=until, reason="Hidden reason.", by=ruth)

    def bulk():
        client = Client()
        client.force_login(ruth)
        key = {f"key-{hidden['screen'].pk}": "screen", "confirmed": "1"}
        client.post(ADMIN, {"action": "screen_all", "_selected_action": [hidden["screen"].pk], **key})
        assert ReviewCase.objects.get(pk=hidden["screen"].pk).step == "seat"

    def about_the_same_event():
        case = factories.voted(ruth, [*world.committee[3:5], two], owner=world.holly, title="Dune Days")
        world.decide(world.hide(case))

    def ask():
        reviews.ask(hidden["screen"].pk, parts=["proof"], question="Hidden?", by=ruth)

    def link():
        event = hidden["seat"].cecs_cecsubmission.event_id
        cecs.link_event(hidden["screen"].pk, event_id=event, by=ruth)

    def rule():
        cecs.rule(hidden["screen"].pk, code="separate", holds=True, reason="Hidden reason.", by=ruth)

    def another_of_the_same_member():
        book = {"about": "book", "title": "Hidden book"}
        world.hide(factories.seated(ruth, world.committee[2:5], owner=world.amara, **book))

    def deny():
        for member in (one, two, three):
            factories.vote(hidden["vote"], member, Choice.DENY, reason="Hidden reason.")
        world.decide(hidden["vote"])

    vote = hidden["vote"]
    return {
        # each five can happen one after the other
        "it exists": (named_in_a_new_one,),
        "it is screened with others at once": (bulk,),
        "it is seated": (lambda: reviews.seat(hidden["seat"].pk, members=[m.pk for m in panel], by=ruth),),
        "a ballot is cast": (lambda: factories.vote(vote, one),),
        "it is approved": (lambda: world.decide(hidden["decide"]),),
        #
        "a note": (lambda: reviews.note(vote.pk, text="Hidden note", by=ruth),),
        "a question": (ask,),
        "somebody steps out": (lambda: reviews.declare(factories.seat_of(vote, two).pk, conflict=True, by=two),),
        "an extension": (extend,),
        "credits taken back": (take_back,),
        #
        "an answer with a file": (answer,),
        "a ruling": (rule,),
        "a conflict of another": (lambda: vote.conflicts.create(member=world.committee[4], declared_at=at),),
        "a letter that failed": (fail_a_letter,),
        "opened again": (lambda: reviews.reopen(hidden["done"].pk, reason="Hidden reason.", by=ruth),),
        #
        "a link of its event": (link,),
        "it is denied": (deny,),
        "a precedent": (about_the_same_event,),
        "an event with a name like another": (lambda: world.hide(factories.claim(world.holly, title="Dune Day")),),
        "a case of the same member on a panel": (another_of_the_same_member,),
        #
        "a withdrawal": (lambda: reviews.withdraw(vote.pk, by=world.holly),),
        "a withdrawal of what is ready": (lambda: reviews.withdraw(hidden["decide"].pk, by=world.holly),),
    }


AT_ONCE = 5


def test_a_conflict_hides_whatever_happens_to_a_case_from_a_coordinator(world):
    asker = Asker(world.xenia)
    assert leaks(asker, list(pages_of_a_coordinator(world)), secrets_of_a_case(world), AT_ONCE) == []


def test_the_worlds_differ_for_who_has_no_conflict(world):
    """Each of these secrets shows on a page that the conflict closes."""
    vote, screen = world.hidden["vote"], world.hidden["screen"]
    requests = [f"{ADMIN}{case.pk}/change/" for case in world.hidden.values()]
    requests += [f"/admin/cecs/cecsubmission/{case.pk}/rulings/" for case in (screen, world.open["screen"])]
    requests += ["/admin/", f"{ADMIN}?q=Hidden", "/admin/journals/entry/", "/admin/outbox/message/?trouble=yes"]
    requests += [f"{ADMIN}{world.open['seat'].pk}/change/"]
    secrets = secrets_of_a_case(world)
    del secrets["a conflict of another"]
    seen = {leak.split(": ")[0] for leak in leaks(Asker(world.ruth), requests, secrets)}
    assert seen == set(secrets)
    assert ReviewCase.objects.visible_to(world.ruth).contains(vote)


def test_a_hidden_key_sent_by_hand_is_one_that_does_not_exist(world):
    """R-REV-5, R-REV-7: a precedent, an event, a case of the same member."""
    asker, case = Asker(world.xenia), world.open["screen"]
    hidden = world.hide(factories.decided(world.ruth, world.panel, owner=world.holly, title="Dune Days"))
    event = factories.claim(world.holly, title="Dune Day")
    world.hide(event)
    decision, absent = hidden.decisions.get().pk, 10**8
    rulings, page = f"/admin/cecs/cecsubmission/{case.pk}/rulings/", f"{ADMIN}{case.pk}"
    for path, data, name, key in [
        (f"{page}/alone/", {"basis": "precedent", "choice": "approve"}, "precedent", decision),
        (rulings, {}, "link", event.cecs_cecsubmission.event_id),
        (f"{page}/seat/", {"members": [one.pk for one in world.panel]}, "together", hidden.pk),
    ]:
        one, other = (asker.ask((path, {**data, name: value})) for value in (key, absent))
        assert _first(re.sub(rf"\b{key}\b", "key", one), re.sub(rf"\b({key}|{absent})\b", "key", other)) == "", path
    assert not ReviewCase.objects.get(pk=case.pk).decided_at


@pytest.mark.parametrize("same", ["days", "file"])
def test_what_should_be_noticed_never_names_a_hidden_case(world, same):
    """R-DUP: a later claim of the member looks like a hidden one, or holds a file of it, or neither."""
    answers = []
    for alike in (True, False):
        point = transaction.savepoint()
        given = {"title": "Fen Fair"} if alike and same == "days" else {"about": "book", "title": "Fens"}
        first = factories.draft(world.amara, data=factories.draft_data(), with_file=False)
        extra = b"" if alike and same == "file" else b"other"
        cecs.add_files(draft=first, uploads=[factories.pdf(extra=extra)], by=world.amara)
        filled = factories.answers(**given) if "about" not in given else factories.answers_about("book", title="Fens")
        case = cecs.file_claim(draft_id=first.pk, owner=world.amara, answers=filled, version=first.version)
        world.hide(case)
        later = factories.seated(world.ruth, world.panel, owner=world.amara, title="Fen Fair")
        reviews.declare(factories.seat_of(later, world.panel[0]).pk, conflict=False, by=world.panel[0])
        case.conflicts.create(member=world.panel[0], declared_at=timezone.now())
        pages = []
        for asker, path in [
            (Asker(world.xenia), f"{ADMIN}{later.pk}/change/"),
            (Asker(world.panel[0]), f"/reviews/{later.reference}/"),
        ]:
            told = asker.ask(path)
            assert "Fen Fair" in told and case.reference not in told
            pages.append(
                re.sub(r"/files/[^/]+/|/(reviewcase|cecsubmission)/\d+/|value=\"\d+\"|replace-\d+", "one", told)
            )
        answers.append(pages)
        transaction.savepoint_rollback(point)
    assert [_first(*pair) for pair in zip(*answers, strict=True)] == ["", ""]


def test_the_files_of_an_upload_leave_a_hidden_credit_out(world):
    """R-UPL-5: the rows, the statements, both files; the totals hold everything, and the page says so."""
    answers = []
    for act in (lambda: world.decide(world.hidden["decide"]), lambda: None):
        point = transaction.savepoint()
        act()
        page = f"/admin/journals/upload/{world.upload('next run').pk}/"
        asker = Asker(world.xenia)
        rows = asker.ask(f"{page}change/").partition('id="downloads"')[2]
        told = [rows, *(asker.ask(f"{page}{name}.csv") for name in ("entries", "membership"))]
        answers.append([re.sub(r"(upload|import)[/-][\d-]+", "upload", one) for one in told])
        transaction.savepoint_rollback(point)
    assert [_first(*pair) for pair in zip(*answers, strict=True)] == ["", "", ""]


# What a reviewer can open ---------------------------------------------------------------------------------------


def test_a_conflict_hides_whatever_happens_to_a_case_from_a_reviewer(world):
    """Their desk, ballot page with similar decisions, files, and what is sent by hand about a hidden case."""
    recused = world.committee[5]
    case = factories.seated(world.ruth, [*world.committee[3:5], recused], owner=world.amara, title="Hidden Colloquy")
    reviews.declare(factories.seat_of(case, recused).pk, conflict=False, by=recused)
    hidden = [world.hidden["vote"], world.hidden["done"]]
    requests = ["/dashboard/", "/reviews/", "/reviews/away/", f"/reviews/{case.reference}/", "/cecs/", "/journal/"]
    ticked = [case.reference, *(one.reference for one in hidden)]
    requests += [("/reviews/together/", {"approve": "1", "cases": ticked})]
    for one in hidden:
        path = f"/reviews/{one.reference}/"
        requests += [path, f"/files/{one.folder.files.get().pk}/", (f"{path}conflict/", {"answer": "none"})]
        requests += [(f"{path}ask/", {"text": "What?"}), (f"{path}decline/", {}), f"/cecs/{one.reference}/"]
    assert leaks(Asker(recused), requests, secrets_of_a_case(world), AT_ONCE) == []


def test_no_ballot_shows_before_all_are_in(world):
    """R-REV-5: neither to the reviewer who has not voted, nor to the coordinator, nor to the author."""
    case = world.open["vote"]
    one, two, blind = world.panel
    reviews.declare(factories.seat_of(case, blind).pk, conflict=False, by=blind)
    why = "Product talks."
    worlds = {
        "approved or denied": (
            lambda: factories.vote(case, one),
            lambda: factories.vote(case, one, Choice.DENY, reason=why),
        ),
        "approved in full or in part": (
            lambda: factories.vote(case, one),
            lambda: factories.vote(case, one, Choice.FEWER, 5, why),
        ),
        "two agree or differ": (
            lambda: (factories.vote(case, one), factories.vote(case, two)),
            lambda: (factories.vote(case, one, Choice.DENY, reason=why), factories.vote(case, two)),
        ),
        "changed once more": (
            lambda: (factories.vote(case, one), factories.vote(case, one, Choice.DENY, reason=why)),
            lambda: (factories.vote(case, one), factories.vote(case, one)),
        ),
    }
    reviewer = ["/dashboard/", "/reviews/", f"/reviews/{case.reference}/"]
    author = ["/dashboard/", f"/cecs/{case.reference}/", "/cecs/"]
    coordinator = ["/admin/", ADMIN, f"{ADMIN}{case.pk}/change/", "/admin/outbox/message/"]
    coordinator.append((ADMIN, {"action": "decide_all", "_selected_action": [case.pk]}))
    readers = [(blind, reviewer), (world.ruth, coordinator), (world.amara, author)]
    assert [leaks(Asker(person), pages, worlds) for person, pages in readers] == [[], [], []]


def test_the_panel_is_nobody_s_business_but_the_coordinator_s(world):
    """R-REV-9: who sits, who stepped out and why, what is noted; neither the author nor another member learns it."""
    case, seat = world.open["seat"], world.open["vote"]
    one = world.panel[0]
    worlds = {
        "who is seated": tuple(
            lambda members=members: reviews.seat(case.pk, members=[m.pk for m in members], by=world.ruth)
            for members in (world.committee[:3], world.committee[3:])
        ),
        "stepped out or gave the seat back": (
            lambda: reviews.declare(factories.seat_of(seat, one).pk, conflict=True, by=one, note="Hidden note"),
            lambda: reviews.decline(factories.seat_of(seat, one).pk, by=one, note="Other note"),
        ),
        "a note": (lambda: reviews.note(seat.pk, text="Hidden note", by=world.ruth),),
        "a party named as a coordinator": (
            lambda: seat.parties.create(role=PartyRole.CO_AUTHOR, name="Xenia Roth", person=world.xenia),
        ),
        "a conflict": (lambda: seat.conflicts.create(member=world.committee[4], declared_at=timezone.now()),),
    }
    pages = ["/dashboard/", "/cecs/", "/journal/", "/journal/entries.csv", "/reviews/"]
    pages += [f"/cecs/{one.reference}/" for one in (case, seat)]
    stranger = factories.certificant()
    assert [leaks(Asker(person), pages, worlds) for person in (world.amara, stranger)] == [[], []]


# Applications ---------------------------------------------------------------------------------------------------


def test_a_conflict_hides_whatever_happens_to_an_application(world):
    """R-REV-5: the list, its filters, tables and papers, the queue, a person’s page, what is done by hand."""
    known, at = factories.application("cerp"), timezone.now()
    factories.graduate(factories.application("partner"))
    hidden = world.hide(factories.application("cerp", owner=world.holly).case)
    graduate = factories.graduate(factories.application("partner", owner=factories.PersonFactory(name="Hope Hidden")))
    college = world.hide(graduate.application.case)
    reviews.screen(hidden.pk, by=world.ruth)
    pages = "/admin/applications/application/"
    chosen = {"action": "seat_all", "_selected_action": [known.pk, hidden.pk, college.pk]}
    requests = ["/admin/", (ADMIN, chosen), "/admin/applications/window/", "/admin/applications/graduate/"]
    requests += ["/admin/outbox/message/", "/admin/fees/bill/", "/admin/applications/partner/"]
    requests += [f"/admin/accounts/user/{person.pk}/everything/" for person in (world.holly, world.amara)]
    queries = ("", "?missing=something", "?missing=nothing", "?step=seat", "?window=none", "?state=submitted")
    requests += [f"{pages}{query}" for query in (*queries, "?q=Hidden", f"?member={world.holly.pk}")]
    requests += [f"{pages}export/csv/", f"{pages}papers.zip", f"{pages}papers.zip?kind__exact=partner"]
    for one in (hidden, college):
        requests += [f"{pages}{one.pk}/change/", f"{pages}{one.pk}/application.pdf", f"{ADMIN}{one.pk}/change/"]
        requests += [(f"{pages}{one.pk}/act/verify/", {}), (f"{pages}{one.pk}/act/waive/", {"waive-reason": "Known."})]

    def complete():
        application = hidden.applications_application
        type(application.bill).objects.filter(pk=application.bill_id).update(state="waived", settled_at=at)
        for name in ("Wanjiru Kamau", "Ana Souza"):
            factories.reference_in(application, name)
        gates.waive_course(application_id=hidden.pk, reason="Hidden reason.", by=world.ruth)
        assert ReviewCase.objects.get(pk=hidden.pk).step == Step.SEAT

    secrets = {
        "another application": (lambda: world.hide(factories.application("upgrade").case),),
        "one of a partner": (lambda: world.hide(factories.application("partner", owner=world.holly).case),),
        "it is complete": (complete,),
        "the college answers": (
            lambda: type(graduate).objects.filter(pk=graduate.pk).update(state="yes", answered_at=at, via="page"),
        ),
        "it is withdrawn": (lambda: reviews.withdraw(hidden.pk, by=world.holly),),
    }
    assert leaks(Asker(world.xenia), requests, secrets, AT_ONCE - 1) == []
    seen = {leak.split(": ")[0] for leak in leaks(Asker(world.ruth), ["/admin/", pages], secrets)}
    assert seen == set(secrets)


def test_a_conflict_hides_a_question_to_the_whole_committee(world):
    """R-REV-10: from a coordinator, and from a member who is part of the whole and may not answer."""
    teacher = factories.other_teacher(name="Hope Hidden")
    hidden = world.hide(factories.preapproval(world.holly, teacher=[teacher]))
    out, one = world.committee[5], world.committee[0]

    def ask():
        reviews.screen(hidden.pk, by=world.ruth)

    def vote(answer=Answer.YES):
        ask()
        factories.answer_question(hidden, one, answer, reason="Hidden reason.")

    def close():
        ask()
        for member in world.committee[:4]:
            factories.answer_question(hidden, member, Answer.YES)
        assert hidden.polls.get().outcome is True

    secrets = {"it is asked": (ask,), "a vote": (vote,), "the answer": (close,)}
    page = f"/reviews/{hidden.reference}/"
    requests = ["/dashboard/", "/reviews/", page, f"{page}question/1/", f"/files/{hidden.folder.files.get().pk}/"]
    office = ["/admin/", ADMIN, f"{ADMIN}?step__exact=seat", f"{ADMIN}{hidden.pk}/change/", "/admin/outbox/message/"]
    assert leaks(Asker(out), requests, secrets) == []
    assert leaks(Asker(world.xenia), [*requests, *office], secrets) == []
    seen = {leak.split(": ")[0] for leak in leaks(Asker(world.ruth), office, secrets)}
    assert seen == set(secrets)


def test_nobody_can_tell_a_yes_from_a_no_while_the_question_is_open(world):
    """R-REV-5: to the coordinator, to who votes next and to whoever filed it, it is only one vote more."""
    case = factories.preapproval(world.holly, teacher=[factories.other_teacher()])
    reviews.screen(case.pk, by=world.ruth)
    one, two = world.committee[:2]
    reviews.declare_on(case.polls.get().voters.get(member=two).pk, conflict=False, by=two)
    page = f"/reviews/{case.reference}/question/1/"
    requests = ["/dashboard/", "/reviews/", page, f"/preapprovals/{case.reference}/"]
    requests += ["/admin/", ADMIN, f"{ADMIN}{case.pk}/change/", "/admin/outbox/message/"]

    def vote(answer):
        return lambda: factories.answer_question(case, one, answer, reason="Because.")

    secret = {"a vote": (vote(Answer.YES), vote(Answer.NO))}
    for person in (world.ruth, two, world.holly):
        assert leaks(Asker(person), requests, secret) == []
