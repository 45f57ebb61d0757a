"""Writers that send numbered rows while the process is killed, and what must hold after each restart.

What was answered is written down here, outside the process: an answer is a promise, and a request without one may have
been taken or not, but whole."""
import contextlib
import dataclasses
import json
import random
import sqlite3
import threading
import time

import requests

from support.sluice import TOKEN, Sluice

TABLE = "numbered"
SCHEMA = "writer String, request Int64, part Int32, parts Int32, note Nullable(String)"
BAD = '"no number"'  # In the place of `part`: such a row belongs in the quarantine.


@dataclasses.dataclass(frozen=True)
class Way:
    """How a writer sends."""
    name: str
    path: str
    rows: tuple  # Fewest and most of a request.
    csv: bool = False


WAYS = (Way("durable", f"/v0/events?name={TABLE}&wait=true", (1, 20)),
        Way("quick", f"/v0/events?name={TABLE}", (1, 20)),
        Way("file", f"/v0/datasources?name={TABLE}&mode=append&format=csv", (500, 5000), csv=True))


class Writer(threading.Thread):
    """Sends one request after the other until it is told to stop; a request that was not answered is not repeated."""

    def __init__(self, way, number, url, seed, promised):
        super().__init__(daemon=True)
        self.way, self.url = way, url
        self.writer = f"{way.name}{number}"
        self.random = random.Random(f"{seed}/{self.writer}")
        self.promised = promised  # {(writer, request): (good rows, bad rows)}, shared.
        self.request = 0
        self.unanswered = 0
        self.refused = []
        self.ended = threading.Event()

    def run(self):
        session = requests.Session()
        while not self.ended.is_set():
            self.request += 1
            body, good, bad = self._body()
            try:
                answer = session.post(self.url + self.way.path, data=body, timeout=30,
                                      headers={"Authorization": f"Bearer {TOKEN}"})
            except requests.RequestException:
                self.unanswered += 1
                session.close()
                session = requests.Session()
                self.ended.wait(0.02)
                continue
            if answer.status_code in (200, 202):
                self.promised[self.writer, self.request] = good, bad
            elif answer.status_code not in (429, 503):  # Those say that nothing was taken.
                self.refused.append(f"{answer.status_code} {answer.text[:300]}")
                return

    def _body(self):
        good = self.random.randint(*self.way.rows)
        bad = self.random.random() < 0.2
        note = "x" * self.random.choice((0, 10, 300))
        if self.way.csv:
            lines = ["writer,request,part,parts,note"]
            lines += [f"{self.writer},{self.request},{part},{good},{note}" for part in range(good)]
            lines += [f"{self.writer},{self.request},{BAD},{good},{note}"] * bad
        else:
            lines = [json.dumps({"writer": self.writer, "request": self.request, "part": part, "parts": good,
                                 "note": note}) for part in range(good)]
            lines += [f'{{"writer":"{self.writer}","request":{self.request},"part":{BAD},"parts":{good}}}'] * bad
        return ("\n".join(lines) + "\n").encode(), good, int(bad)


class Ingest:
    def __init__(self, binary, folder, seed, writers=2):
        self.sluice = Sluice(binary, folder, args=["--log-level", "warn"])
        self.seed, self.random = seed, random.Random(seed)
        self.promised = {}
        self.kills = self.unanswered = self.rows = 0
        self.writers_each = writers
        self.sluice.start()
        self.sluice.api("POST", "/v0/datasources", data={"name": TABLE, "schema": SCHEMA})

    def end(self):
        self.sluice.end()

    def kill(self):
        """Some of the load, a kill in its midst, a start, and a look. Returns what is wrong, or nothing."""
        writers = [Writer(way, f"-{self.kills}-{n}", self.sluice.url, self.seed, self.promised)
                   for way in WAYS for n in range(self.writers_each)]
        for writer in writers:
            writer.start()
        time.sleep(self.random.uniform(0.05, 0.8))  # Chance is the point: any moment will do.
        self.sluice.kill9()
        self.kills += 1
        for writer in writers:
            writer.ended.set()
        for writer in writers:
            writer.join(60)
        refused = [text for writer in writers for text in writer.refused]
        if refused:
            return f"a request was refused: {refused[0]}"
        self.unanswered += sum(writer.unanswered for writer in writers)
        self.sluice.start()
        return self.problem()

    def _query(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.sluice.data_dir}/warehouse.db?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def problem(self):
        """The first thing that is not as it was promised."""
        torn = self._query(f"SELECT writer, request, count(*), max(parts) FROM {TABLE} GROUP BY writer, request "
                           "HAVING count(*) <> max(parts) OR count(DISTINCT part) <> count(*) LIMIT 1")
        if torn:
            return f"request {torn[0][1]} of {torn[0][0]} left {torn[0][2]} of its {torn[0][3]} rows"
        have = {(writer, request): parts for writer, request, parts in
                self._query(f"SELECT writer, request, max(parts) FROM {TABLE} GROUP BY writer, request")}
        lost = [key for key, (good, _) in self.promised.items() if have.get(key) != good]
        if lost:
            return f"{len(lost)} requests were answered and are lost, among them {lost[0]}"
        quarantined = self._query(f"SELECT count(*) FROM {TABLE}_quarantine")[0][0]
        least = sum(bad for _, bad in self.promised.values())
        if not least <= quarantined <= least + self.unanswered:
            return f"{quarantined} rows are in the quarantine, not {least} to {least + self.unanswered}"
        self.rows = self._query(f"SELECT count(*) FROM {TABLE}")[0][0]
        told = self.sluice.api("GET", f"/v0/datasources/{TABLE}")["statistics"]["row_count"]
        return "" if told == self.rows else f"the data source says {told} rows and has {self.rows}"

    def figures(self):
        kinds = {way.name: sum(writer.startswith(way.name) for writer, _ in self.promised) for way in WAYS}
        return (f"{self.kills} kills, {len(self.promised)} requests answered {kinds}, {self.unanswered} not, "
                f"{self.rows} rows")
