#!/usr/bin/env python3
"""`reel encode` against one ffmpeg command that decodes once and writes the same
renditions with the same encoder settings and its default threading.

Runs the two in turn and prints CPU and wall seconds of each, the ratios of their
medians, and the median of the ratios of each two neighbouring runs, which
forgives a machine whose speed drifts. With --memory it encodes the clip, and the
clip repeated ten times, and compares the peaks of memory: the sum of
proportional set sizes over all processes. Looking at those takes time, so the
two are never measured together.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
REEL = ROOT / "build/release/bin/reel"


def descendants(pid):
    children = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    todo, found = [pid], []
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def memory_of(pid):
    """Bytes of a process and all below it, shared pages counted once."""
    total = 0
    for p in descendants(pid):
        try:
            for line in pathlib.Path(f"/proc/{p}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            pass
    return total


def start(command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(process):
    _, errors = process.communicate()
    if process.returncode:
        sys.exit(f"{process.args[0]} failed ({process.returncode}):\n{errors.decode()[-2000:]}")


def measure_time(command):
    """CPU seconds, wall seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    finish(start(command))
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def measure_memory(command):
    """Peak bytes."""
    process = start(command)
    peak, done = 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.25):
            peak = max(peak, memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    finish(process)
    done.set()
    watcher.join()
    return peak


def reel_command(clip, out):
    shutil.rmtree(out, ignore_errors=True)
    return [str(REEL), "encode", str(clip), "-o", str(out), "--recipe", "fixed"]


PROFILES = {"h264-baseline": "baseline", "h264-main": "main", "h264-high": "high"}


def ffmpeg_command(clip, report, out):
    rungs = report["ladder"]["rungs"]
    rate = report["renditions"][0]["frame_rate"]
    names = [f"v{i}" for i in range(len(rungs))]
    graph = f"[0:v:0]split={len(rungs)}" + "".join(f"[s{i}]" for i in range(len(rungs)))
    for i, rung in enumerate(rungs):
        graph += f";[s{i}]scale={rung['width']}:{rung['height']}:flags=bicubic[{names[i]}]"
    command = ["ffmpeg", "-y", "-v", "error", "-i", str(clip), "-filter_complex", graph]
    for name, rung in zip(names, rungs):
        command += ["-map", f"[{name}]", "-c:v", "libx264", "-preset", rung["preset"],
                    "-crf", str(rung["crf"]), "-maxrate", str(rung["maxrate_bps"]),
                    "-bufsize", str(rung["buffer_bits"]), "-profile:v",
                    PROFILES[rung["profile"]], "-pix_fmt", "yuv420p", "-g", str(round(4 * rate)),
                    "-movflags", "+faststart", f"{out}/{rung['id']}.mp4"]
    if report["audio"]:
        command += ["-map", "0:a:0", "-c:a", "aac", "-b:a", "128k", "-ac", "2", f"{out}/audio.mp4"]
    return command


def show(name, runs):
    for column, what in enumerate(("CPU s", "wall s")):
        values = sorted(run[column] for run in runs)
        print(f"  {name:8} {what:6} min {values[0]:8.1f}  median "
              f"{statistics.median(values):8.1f}  max {values[-1]:8.1f}")


def compare(clip, runs, folder):
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(measure_time(reel_command(clip, folder / "title")))
        report = json.loads((folder / "title/report.json").read_text())
        theirs.append(measure_time(ffmpeg_command(clip, report, folder)))
    print(f"{clip.name}: {runs} runs each, in turn")
    show("reel", ours)
    show("ffmpeg", theirs)
    for what, column, bound in (("CPU", 0, 1.05), ("wall", 1, 1.0)):
        ratio = (statistics.median(r[column] for r in ours)
                 / statistics.median(r[column] for r in theirs))
        pairs = statistics.median(a[column] / b[column] for a, b in zip(ours, theirs))
        print(f"  {what} reel / ffmpeg: ratio of medians {ratio:.3f}, median of ratios "
              f"{pairs:.3f} (bound {bound})")
    stages = report["cost"]["cpu_seconds_by_stage"]
    print("  CPU by stage: " + ", ".join(f"{k} {v:.1f}" for k, v in stages.items()))


def compare_memory(clip, folder):
    repeated = folder / "repeated.mp4"
    subprocess.run(["ffmpeg", "-y", "-v", "error", "-stream_loop", "9", "-i", str(clip),
                    "-c", "copy", str(repeated)], check=True)
    once = measure_memory(reel_command(clip, folder / "once"))
    ten = measure_memory(reel_command(repeated, folder / "ten"))
    print(f"{clip.name}: peak {once / 2**20:.0f} MiB once, {ten / 2**20:.0f} MiB ten times "
          f"({ten / once:.2f})")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", nargs="?", type=pathlib.Path,
                        default=ROOT / "../shared/media/derived/feature_short_a_720p24.mp4")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if not options.clip.is_file():
        sys.exit(f"{options.clip}: no such file; give a clip: ./run bench pipeline FILE")
    print(f"machine: {os.cpu_count()} cores; "
          f"commit {subprocess.getoutput('git -C ' + str(ROOT) + ' rev-parse --short HEAD')}")
    with tempfile.TemporaryDirectory(prefix="reel-bench-") as folder:
        folder = pathlib.Path(folder)
        if options.memory:
            compare_memory(options.clip, folder)
        else:
            compare(options.clip, options.runs, folder)


if __name__ == "__main__":
    main()
