"""The pure parts of the bench. Nothing here measures a time: what a machine can do today is no property of the code."""

import asyncio
import gzip
import os

import pytest
from django.db.models import Sum

from cecs.services.eligibility import check_may_claim
from serportal.demo.bench.client import Answer, BadAnswer, Connection, Request, check, parse_head
from serportal.demo.bench.figures import Budget, Inside, Measured, Sample, percentile, row
from serportal.demo.bench.posting import Posting, Summing
from serportal.demo.bench.procfs import TICK, parse_memory, parse_stat, stat_of
from serportal.demo.bench.report import of_posting, of_summing
from serportal.demo.bench.static import linked
from serportal.demo.bench.subjects import make_elder
from serportal.demo.bench.table import HEADINGS, cells, table
from serportal.ui.words import programme_day


def sample(*latencies, elapsed=1.0, python=0.0, postgres=0.0):
    return Sample(latencies, elapsed, python, postgres)


def answer(status=200, body=b"<h1>Your desk</h1>", **headers):
    return Answer(status, headers, body)


class TestFigures:
    @pytest.mark.parametrize(("percent", "expected"), [(50, 3), (95, 5), (100, 5), (20, 1), (0, 1)])
    def test_percentile_is_a_value_that_was_measured(self, percent, expected):
        assert percentile([5, 1, 4, 2, 3], percent) == expected

    def test_percentile_of_one(self):
        assert percentile([0.25], 95) == 0.25

    def test_one_disturbed_round_does_not_tell_the_story(self):
        rounds = [
            sample(0.010, 0.010, elapsed=0.02, python=0.016, postgres=0.002),
            sample(0.500, 0.900, elapsed=1.40, python=0.400, postgres=0.100),
            sample(0.012, 0.014, elapsed=0.04, python=0.020, postgres=0.004),
        ]
        made = row("desk", rounds, shares=[0.5, 0.01, 0.4])
        assert made.requests == 6
        assert made.rps == pytest.approx(50)
        assert made.p50_ms == pytest.approx(12)
        assert made.p95_ms == pytest.approx(14)
        assert made.python_ms == pytest.approx(10)
        assert made.postgres_ms == pytest.approx(2)
        assert made.share == 0.4

    def test_a_database_elsewhere_has_no_figure(self):
        made = row("desk", [sample(0.01, python=0.01, postgres=None)])
        assert made.postgres_ms is None
        assert made.cpu_ms == pytest.approx(10)
        assert "?" in cells(made)

    def test_share_is_of_the_floor_on_both_sides(self):
        floors = sample(*[0.001] * 300), sample(*[0.001] * 100)
        assert Measured(sample(*[0.001] * 50), *floors).share == 0.25

    def test_over_names_what_is_over(self):
        budget = Budget(cpu_ms=15, queries=8, share=0.45, later_kb=15)
        slow = row(
            "desk",
            [sample(0.02, python=0.014, postgres=0.002)],
            shares=[0.3],
            inside=Inside(9, 1.0, 16_000, 3_000, server_compresses=False),
            budget=budget,
        )
        assert slow.over == ["CPU", "queries", "share", "weight"]
        well = row(
            "desk",
            [sample(0.02, python=0.013, postgres=0.002)],
            shares=[0.45],
            inside=Inside(8, 1.0, 16_000, 3_000, server_compresses=True),
            budget=budget,
        )
        assert well.over == []

    def test_nothing_promised_is_never_over(self):
        assert row("plain", [sample(9.0, python=9.0)], shares=[0.001]).over == []

    def test_a_first_visit_weighs_what_the_page_links_too(self):
        assert Inside(1, 1.0, 10_000, 3_000, server_compresses=False, linked=30_000).first_visit == 40_000
        assert Inside(1, 1.0, 10_000, 3_000, server_compresses=True, linked=30_000).first_visit == 33_000


class TestProc:
    LINE = (
        "4711 (postgres: (a) b) S 42 4711 4711 0 -1 4194560 2011 377 0 0 150 50 7 3 20 0 1 0 279007 "
        "3133440 383 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n"
    )

    def test_stat_with_a_name_that_holds_spaces_and_parentheses(self):
        found = parse_stat(self.LINE)
        assert (found.pid, found.name, found.parent) == (4711, "postgres: (a) b", 42)
        assert found.seconds == pytest.approx(200 / TICK)
        assert found.children_seconds == pytest.approx(10 / TICK)

    def test_memory_is_told_in_megabytes(self):
        assert parse_memory("Name:\tgunicorn\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t1\n") == (100, 200)

    def test_this_process(self):
        found = stat_of(os.getpid())
        assert (found.pid, found.parent) == (os.getpid(), os.getppid())
        assert found.seconds > 0


class TestCheck:
    def test_the_page_that_was_meant(self):
        check(answer(), status=200, key="Your desk")

    def test_an_error_page_is_refused(self):
        with pytest.raises(BadAnswer, match="status 500 instead of 200"):
            check(answer(500, b"<h1>Something broke</h1>"), status=200, key="Your desk")

    def test_an_error_page_that_says_200_is_refused(self):
        with pytest.raises(BadAnswer, match="without “Your desk”"):
            check(answer(200, b"<h1>Something broke</h1>"), status=200, key="Your desk")

    def test_being_sent_to_sign_in_is_refused(self):
        found = answer(302, b"", location="/accounts/login/?next=/reviews/")
        with pytest.raises(BadAnswer, match="instead of 200, to /accounts/login/"):
            check(found, status=200, key="Your desk")

    def test_a_redirect_is_known_by_where_it_leads(self):
        check(answer(302, b"", location="/reviews/CEC-1/"), status=302, key="/reviews/")
        with pytest.raises(BadAnswer, match="without"):
            check(answer(302, b"", location="/accounts/login/"), status=302, key="/reviews/")

    def test_a_compressed_page_is_read(self):
        packed = Answer(200, {"content-encoding": "gzip"}, gzip.compress(b"Your desk"))
        check(packed, status=200, key="Your desk")


class TestTable:
    def test_each_line_has_its_columns_below_the_headings(self):
        inside = Inside(9, 2.345, 16_200, 3_100, server_compresses=False, linked=30_000)
        rows = [
            row("floor, before", [sample(0.005, python=0.004)]),
            row(
                "committee desk",
                [sample(0.02, python=0.014, postgres=0.002)],
                shares=[0.333],
                inside=inside,
                budget=Budget(cpu_ms=15, queries=8, share=0.45),
            ),
        ]
        heading, line, floor, desk = table("concurrency 4", rows).splitlines()
        assert heading.split()[:3] == ["concurrency", "4", "rps"]
        assert set(line) == {"─"}
        assert floor.startswith("floor, before")
        expected = "committee desk 1.0 20.0 20.0 14.0 2.0 15 9 8 2.3 16.2 ~3.1 46 0.33 0.45 CPU, queries, share"
        assert " ".join(desk.split()) == expected
        for name in ("p50", "Python", "SQL ms", "first"):
            end = heading.index(name) + len(name)
            assert heading[end : end + 1] in {" ", ""}
            assert desk[end - 1] != " "

    def test_every_row_has_every_column(self):
        assert len(cells(row("plain", [sample(0.001)]))) == len(HEADINGS)


class TestPosting:
    @pytest.mark.parametrize(
        ("upload", "grew", "remarks"), [(3.0, 1.0, []), (3.2, 1.0, ["times"]), (2.0, 300.0, ["MB"])]
    )
    def test_an_upload_is_told_beside_the_same_update_by_hand(self, upload, grew, remarks):
        words = of_posting(Posting(100_000, 20_000, by_hand=2.0, upload=upload, again=0.004, memory_mb=grew))
        assert words.startswith(f"Upload of 100,000 entries of 20,000 members: {upload:.2f} s, ")
        assert "typed by hand 50,000 rows/s" in words and "The same again 4 ms." in words
        assert [unit for unit in ("times", "MB") if f"{unit}, over)" in words] == remarks

    def test_who_falls_short_is_told_with_its_rate(self):
        words = of_summing(Summing(members=100_000, short=60_000, seconds=2.5))
        assert words == "Who of 100,000 members will fall short: 2.50 s, 40,000 a second; 60,000."


class TestClient:
    def test_head(self):
        status, headers = parse_head(b"HTTP/1.1 302 Found\r\nLocation: /reviews/\r\nContent-Length: 0\r\n\r\n")
        assert status == 302
        assert headers == {"location": "/reviews/", "content-length": "0"}

    def test_a_form_says_how_long_it_is(self):
        sent = Request("POST", "/reviews/", {"Cookie": "sessionid=a"}, b"choice=approve").as_bytes()
        head, body = sent.split(b"\r\n\r\n")
        assert head.startswith(b"POST /reviews/ HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        assert b"Content-Length: 14" in head
        assert body == b"choice=approve"

    @pytest.mark.parametrize(
        "reply",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndesk",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndesk",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n2\r\nsk\r\n0\r\n\r\n",
            b"HTTP/1.0 200 OK\r\n\r\ndesk",
        ],
        ids=["kept", "closed", "in chunks", "until the end"],
    )
    def test_every_way_to_end_an_answer(self, reply):
        """Asked twice: the second time on the kept connection, or on a new one."""

        async def serve(reader, writer):
            while await reader.readline():
                while await reader.readline() != b"\r\n":
                    pass
                writer.write(reply)
                await writer.drain()
                if b"Connection: close" in reply or b"HTTP/1.0" in reply:
                    break
            writer.close()
            ended.release()

        async def ask_twice():
            server = await asyncio.start_server(serve, "127.0.0.1", 0)
            connection = Connection(server.sockets[0].getsockname()[1])
            found = [await connection.ask(Request("GET", "/")) for _ in range(2)]
            connection.close()
            await asyncio.wait_for(ended.acquire(), 5)
            server.close()
            await server.wait_closed()
            return found

        ended = asyncio.Semaphore(0)
        assert [found.body for found in asyncio.run(ask_twice())] == [b"desk", b"desk"]


def test_linked_static_files():
    html = '<link href="/static/css/portal.css"><script src="/static/js/portal.js?v=1"></script><a href="/rules/">'
    assert linked(html) == {"/static/css/portal.css", "/static/js/portal.js"}


@pytest.mark.django_db
def test_the_member_of_thirty_years_holds_what_was_renewed_in_time():
    elder = make_elder()
    check_may_claim(elder, last_day=programme_day(), today=programme_day())
    assert elder.entries.count() == elder.statements.aggregate(n=Sum("entries"))["n"]
