#!/usr/bin/env python3
"""./run cluster-demo: a fleet on this machine encodes FILE, and a page plays the
title from the object store.

    cluster_demo.py REEL FILE [--check]
"""

import hashlib
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import cluster

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKERS = 2


def say(text):
    print(f"\033[1m==> {text}\033[0m", file=sys.stderr, flush=True)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def stage_text(job):
    progress = (job.get("result") or {}).get("progress") or {}
    parts = [f"{service} {counts['done']}/{counts['wanted']}"
             for service, counts in progress.items() if counts["wanted"]]
    return ", ".join(parts) or job["state"]


class Progress:
    def __init__(self):
        self.last = None

    def __call__(self, job):
        text = stage_text(job)
        if text != self.last:
            print(f"    {text}", file=sys.stderr, flush=True)
            self.last = text


def first_job(fleet):
    jobs = []

    def is_there():
        jobs.extend(fleet.call("GET", "/v1/jobs")["jobs"])
        return jobs

    fleet.until(is_there, 300, "reel watch has submitted nothing")
    return jobs[0]["id"]


def compare(fleet, job, title):
    """The files of one machine's title, all but its reports, are the fleet's."""
    files = [path for path in sorted(title.rglob("*"))
             if path.is_file() and ".reel" not in path.parts
             and not path.name.startswith("report.")]
    for path in files:
        name = str(path.relative_to(title))
        if digest(fleet.title_file(job, name)) != digest(path.read_bytes()):
            raise cluster.Failure(f"{name} is not the same as that of one machine")
    return len(files)


def run(reel, source, folder, check):
    say("starting NATS, PostgreSQL and an S3 server")
    with cluster.Cluster(folder, reel) as fleet:
        say(f"starting reel serve, {WORKERS} workers and reel watch")
        fleet.serve()
        for number in range(WORKERS):
            fleet.worker(f"worker-{number}")
        incoming = folder / "incoming"
        incoming.mkdir()
        fleet.watch(incoming, "--priority", "now")
        say(f"{source.name} comes into the directory that reel watch looks at")
        shutil.copy(source, incoming / f"{source.name}.part")
        (incoming / f"{source.name}.part").rename(incoming / source.name)
        job = first_job(fleet)
        ended = fleet.wait(job, 3600, Progress())
        if ended["state"] != "done":
            raise cluster.Failure(f"the job has {ended['state']}: {ended['error']['message']}")
        url = f"s3://{cluster.BUCKET}/main/titles/{job}"
        say(f"{url} is ready")
        if not check:
            player = fleet.start_here("play", url)
            say("Ctrl-C ends it all")
            player.wait()
            return
        say("the same by one machine")
        title = folder / "title"
        subprocess.run([reel, "encode", source, "-o", title], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        say(f"{compare(fleet, job, title)} files are the same, byte for byte")
        subprocess.run(["node", ROOT / "tests/browser/run.mjs", url, reel], check=True,
                       env=fleet.environment)
        say("all is well")


def main():
    reel, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="reel-cluster-"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run(reel, source, folder, "--check" in sys.argv)
    except cluster.Failure as failure:
        sys.exit(f"cluster-demo: {failure}")
    except subprocess.CalledProcessError as failed:
        sys.exit(f"cluster-demo: {failed}")
    except KeyboardInterrupt:
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
