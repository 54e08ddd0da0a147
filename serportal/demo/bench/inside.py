"""One request seen from inside the process, without load: its queries, the time they took, its size, its profile."""

import cProfile
import gzip
import io
import pstats
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache

from django.db import connection
from django.test import Client

from serportal.demo.bench.bare import bare_middleware
from serportal.demo.bench.client import HOST, Answer
from serportal.demo.bench.figures import Inside
from serportal.demo.bench.pages import Page
from serportal.demo.bench.static import linked, weight

REPEATS = 5
PROFILED = 20
VALUE = re.compile(r"'(?:[^']|'')*'|\b[0-9]+\b|%s(?:, %s)+")


class Visitor:
    """Sends a page's script through Django itself, with everything the server would pass but the socket."""

    def __init__(self, page: Page):
        self.script, self.client = page.scripts[0], client(page.bare)

    def visit(self) -> Answer:
        request = self.script.request()
        response = self.client.generic(
            request.method,
            request.path,
            request.body,
            content_type=request.headers.get("Content-Type", "application/octet-stream"),
            headers={"Accept-Encoding": "gzip", **request.headers},
        )
        headers = {name.lower(): value for name, value in response.items()}
        answer = Answer(response.status_code, headers, response.getvalue())
        self.script.check(answer)
        return answer


@cache
def client(bare: bool) -> Client:
    """Return a client whose handler carries the middleware of the portal or the floor, loaded once."""
    # Under the name that the load asks for, so that what a page says of its own address is the same for both.
    made = Client(enforce_csrf_checks=True, SERVER_NAME=HOST)
    with bare_middleware() if bare else nullcontext():
        made.handler.load_middleware()
    return made


@contextmanager
def watched() -> Iterator[list[tuple[str, float, object]]]:
    """Collect (statement, seconds, values) of what is sent to the database; Django's own log rounds to milliseconds."""
    seen = []

    def watch(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seen.append((sql, time.perf_counter() - began, params))

    with connection.execute_wrapper(watch):
        yield seen


def look_inside(page: Page) -> Inside:
    one = Visitor(page)
    one.visit()  # what is loaded once a process is no cost of the page
    times, counts = [], []
    for _ in range(min(REPEATS, page.most or REPEATS)):
        with watched() as seen:
            answer = one.visit()
        times.append(sum(seconds for _sql, seconds, _values in seen))
        counts.append(len(seen))
    plain = gzip.decompress(answer.body) if answer.compressed else answer.body
    return Inside(
        queries=max(counts),
        # The least disturbed one: this says what the statements cost, and the load says what visitors wait.
        sql_ms=1000 * min(times),
        size=len(plain),
        gzipped=len(answer.body) if answer.compressed else len(gzip.compress(plain, 6)),
        server_compresses=answer.compressed,
        linked=sum(weight(address) for address in linked(answer.text)),
        etag=answer.headers.get("etag", ""),
    )


def profile(page: Page, lines: int = 30) -> str:
    """Return the queries of one request, and where ``PROFILED`` of them spend their time."""
    one = Visitor(page)
    one.visit()
    with watched() as seen:
        one.visit()
    parts = [
        f"{page.name}: {len(seen)} queries, {1000 * sum(seconds for _sql, seconds, _values in seen):.1f} ms of SQL"
    ]
    parts += [f"{1000 * seconds:7.2f} ms  {' '.join(sql.split())[:300]}" for sql, seconds, _values in seen]
    alike = Counter(VALUE.sub("?", sql) for sql, _seconds, _values in seen)
    parts += [f"{count} times: {sql[:200]}" for sql, count in alike.most_common() if count > 1]
    parts.append(plan_of_the_slowest(seen))
    count = min(PROFILED, page.most or PROFILED)
    profiler = cProfile.Profile()
    began = time.process_time()
    for _ in range(count):
        one.visit()
    bare = (time.process_time() - began) / count
    with profiler:
        for _ in range(count):
            one.visit()
    parts.append(f"\nCPU of this process without the profiler: {1000 * bare:.1f} ms a request. {count} requests:")
    for order in ("cumulative", "tottime"):
        out = io.StringIO()
        pstats.Stats(profiler, stream=out).strip_dirs().sort_stats(order).print_stats(lines)
        parts.append(out.getvalue().split("\n\n", 1)[-1])
    return "\n".join(parts)


def plan_of_the_slowest(seen: list[tuple[str, float, object]]) -> str:
    """Return how PostgreSQL runs the slowest SELECT again."""
    reading = [one for one in seen if one[0].startswith("SELECT")]
    if not reading:
        return ""
    sql, seconds, values = max(reading, key=lambda one: one[1])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    return f"\nThe slowest, {1000 * seconds:.1f} ms: {sql[-600:]}\n{plan}"
