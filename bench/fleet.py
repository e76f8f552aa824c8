#!/usr/bin/env python3
"""A fleet without its machines: the real orchestrator, queue and database, and
workers that wait instead of encoding, in time that passes --scale times as fast.

Starts NATS and PostgreSQL (tests/servers) in a temporary directory, one
orchestrator and one process with all workers; submits titles; waits until all
are done; compares what the ledger says with what there was to do.

    fleet.py                     200 titles, about 12 minutes
    fleet.py --titles 20         a short form
    fleet.py --rate 500          titles come evenly, so many tasks a second
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "build/release/bin/fleet_simulation"
TICKS = os.sysconf("SC_CLK_TCK")


def server(name, action, folder):
    subprocess.run([sys.executable, ROOT / f"tests/servers/{name}_server.py", action, folder],
                   check=True)


# --- What processes take --------------------------------------------------------


def stat(pid):
    """The fields of /proc/PID/stat from the third on."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pid):
    """Of a process and its children, those that have ended too."""
    ticks = sum(map(int, stat(pid)[11:15]))
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = stat(folder.name)
        except OSError:
            continue
        if int(fields[1]) == pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def peak_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0


# --- The run --------------------------------------------------------------------


class Fleet:
    """Servers, orchestrator and workers, all of them processes of this run."""

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.pids = {}
        self.started = {}

    def __enter__(self):
        for name in ("nats", "postgres"):
            server(name, "start", self.folder / f"{name}_server")
        nats = json.loads((self.folder / "nats_server/nats.json").read_text())
        port = json.loads((self.folder / "postgres_server/postgres.json").read_text())["port"]
        self.database = f"postgresql://reel@127.0.0.1:{port}/postgres"
        self.pids["queue"] = int((self.folder / "nats_server/pid").read_text())
        data = self.ask("show data_directory")[0][0]
        self.pids["database"] = int(pathlib.Path(data, "postmaster.pid").read_text().split()[0])
        self.common = ["--jobs", self.database, "--queue", nats["url"], "--scratch", self.folder,
                       "--scale", self.arguments.scale]
        jobs = ["--jobs-at-once", self.arguments.jobs_at_once] if self.arguments.jobs_at_once else []
        self.start("orchestrator", "orchestrate", *jobs)
        self.start("workers", "work", "--workers", self.arguments.workers,
                   "--hosts", self.arguments.hosts, "--stragglers", self.arguments.stragglers,
                   "--crashes", self.arguments.crashes)
        return self

    def __exit__(self, *_):
        for name in list(self.started):
            self.stop(name)
        for name in ("nats", "postgres"):
            server(name, "stop", self.folder / f"{name}_server")

    def command(self, what, *options):
        return [str(word) for word in (PROGRAM, what, *self.common, *options)]

    def start(self, name, what, *options):
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(self.command(what, *options), stdout=subprocess.PIPE,
                                       stderr=log, stdin=subprocess.DEVNULL)
        self.started[name] = process
        self.pids[name] = process.pid

    def stop(self, name):
        process = self.started.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.communicate(timeout=60)[0]

    def ask(self, sql):
        done = subprocess.run(["psql", "-AtF", "\t", self.database, "-c", sql], check=True,
                              capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def number(self, sql):
        return float(self.ask(sql)[0][0] or 0)


def percentile(histogram, share):
    """The bound of seconds under which that share of all is; None: above all bounds."""
    left = share * sum(number for _, number in histogram)
    for bound, number in histogram:
        left -= number
        if left <= 0:
            return bound
    return None


def run(fleet, arguments):
    shape = ["--hours", arguments.hours, "--renditions", arguments.renditions,
             "--seed", arguments.seed] + (["--parts"] if arguments.parts else [])
    per_second = []
    if arguments.rate:
        one = json.loads(subprocess.check_output(
            fleet.command("submit", "--titles", 0, *shape), text=True))
        per_second = ["--titles-per-second", arguments.rate / one["tasks_of_one"]]
    time.sleep(5)  # all workers are there
    before = {name: cpu_seconds(pid) for name, pid in fleet.pids.items()}
    submit = subprocess.Popen(
        fleet.command("submit", "--titles", arguments.titles, *shape, *per_second),
        stdout=subprocess.PIPE, text=True)
    end = time.monotonic() + arguments.timeout
    loads = []
    while True:
        time.sleep(2)
        loads.append(os.getloadavg()[0])
        open_jobs = int(fleet.number("select count(*) from jobs where state in (0, 4)"))
        done = int(fleet.number("select count(*) from jobs where state = 1"))
        print(f"\r{done} titles done, {open_jobs} open   ", end="", file=sys.stderr)
        if open_jobs == 0 and submit.poll() is not None:
            break
        if time.monotonic() > end or any(one.poll() is not None
                                         for one in fleet.started.values()):
            print("\nit does not end", file=sys.stderr)
            break
    print(file=sys.stderr)
    cpu = {name: cpu_seconds(pid) - before[name] for name, pid in fleet.pids.items()}
    memory = {name: peak_mib(pid) for name, pid in fleet.pids.items() if name in fleet.started}
    plan = json.loads(submit.communicate()[0])
    waits = json.loads(fleet.stop("orchestrator"))
    fleet.stop("workers")
    return plan, waits, cpu, memory, loads


def judge(fleet, arguments, plan, waits, cpu, memory, loads):
    counts = dict(fleet.ask("select outcome, count(*) from attempts group by 1"))
    tasks = int(fleet.number("select count(*) from tasks where spec <> ''"))
    done = int(counts.get("1", 0))
    makespan = fleet.number("select max(ended_ms) - min(created_ms) from jobs") / 1000
    work = plan["work_seconds"] / arguments.workers / arguments.scale
    critical = plan["critical_seconds"] / arguments.scale
    ideal = max(work, critical)
    # Of the middle of the run: the fleet fills at first, and empties at last.
    seconds = fleet.ask(
        "select (ended_ms - (select min(created_ms) from jobs)) / 10000 as at, count(*)"
        " from attempts where outcome = 1 group by 1 order by 1")
    rates = [int(number) / 10 for at, number in seconds
             if 0.2 * makespan <= 10 * int(at) and 10 * int(at) + 10 <= 0.8 * makespan]
    once = int(fleet.number(
        "select count(*) from (select task_id from attempts where outcome = 1 group by 1"
        " having count(*) = 1) as one"))
    report = {
        "titles": arguments.titles,
        "tasks": tasks,
        "tasks of the plans": plan["tasks"],
        "done exactly once": once,
        "tasks not done": int(fleet.number("select count(*) from tasks where state <> 3")),
        "titles done": int(fleet.number("select count(*) from jobs where state = 1")),
        "attempts failed": int(counts.get("2", 0)),
        "of vanished workers": int(fleet.number(
            "select count(*) from attempts where error like '%vanished%'")),
        "second copies stopped": int(counts.get("3", 0)),
        "makespan s": round(makespan, 1),
        "ideal s": round(ideal, 1),
        "work bound s": round(work, 1),
        "critical path s": round(critical, 1),
        "makespan / ideal": round(makespan / ideal, 3),
        "completions/s": {
            "whole run": round(done / makespan, 1),
            "10 s windows, median": round(statistics.median(rates), 1) if rates else None,
            "10 s windows, least": min(rates, default=None)},
        "published": sum(number for _, number in waits),
        "ready to published, s, at most": {
            name: percentile(waits, share)
            for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))},
        "CPU s per 1000 tasks": {name: round(1000 * used / max(done, 1), 2)
                                 for name, used in cpu.items()},
        "peak MiB": {name: round(size) for name, size in memory.items()},
        "database MiB": round(fleet.number(
            "select pg_database_size(current_database())") / 2**20),
        "load average": {"least": round(min(loads), 1), "most": round(max(loads), 1)}}
    is_right = (tasks == plan["tasks"] == once and report["tasks not done"] == 0
                and report["titles done"] == arguments.titles)
    report["every task done once"] = is_right
    return report, is_right


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--titles", type=int, default=200)
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--renditions", type=int, default=120)
    parser.add_argument("--parts", action="store_true",
                        help="each rendition of a collated task is recorded by itself too")
    parser.add_argument("--workers", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--scale", type=float, default=28)
    parser.add_argument("--rate", type=float, help="tasks a second that come")
    parser.add_argument("--jobs-at-once", type=int)
    parser.add_argument("--stragglers", type=float, default=0.01)
    parser.add_argument("--crashes", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=3600)
    parser.add_argument("--logs", type=pathlib.Path, help="where to keep them")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reel-fleet-") as name:
        folder = pathlib.Path(name)
        with Fleet(arguments, folder) as fleet:
            report, is_right = judge(fleet, arguments, *run(fleet, arguments))
            if arguments.logs:
                arguments.logs.mkdir(parents=True, exist_ok=True)
                for log in folder.glob("*.log"):
                    shutil.copy(log, arguments.logs)
    print(json.dumps(report, indent=1))
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
