#!/usr/bin/env python3
"""`reel inspect`, all of its checks, against `ffmpeg -i FILE -f null -`.

Runs the two in turn and prints CPU and wall seconds, the ratio of the CPU's
medians (bound 1.6) and how many cores inspection used. With --memory, the peak
of all processes for the file and for the same file ten times.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import pipeline  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
REEL = ROOT / "build/release/bin/reel"
FILES = ["../shared/media/derived/feature_short_a_720p24.mp4",
         "../shared/media/originals/bbb_1080p60_5.1_2s.mp4"]


def row(name, runs):
    cpu, wall = (sorted(column) for column in zip(*runs))
    print(f"  {name:8} CPU s min {cpu[0]:7.2f} median {statistics.median(cpu):7.2f}   "
          f"wall s min {wall[0]:7.2f} median {statistics.median(wall):7.2f}")
    return statistics.median(cpu), statistics.median(wall)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=FILES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    for name in options.files:
        file = ROOT / name if not pathlib.Path(name).exists() else pathlib.Path(name)
        reel = [str(REEL), "inspect", str(file)]
        if options.memory:
            with tempfile.TemporaryDirectory() as folder:
                longer = pathlib.Path(folder) / ("long" + file.suffix)
                subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "9", "-i", str(file),
                                "-c", "copy", str(longer)], check=True)
                once = pipeline.measure_memory(reel)
                ten = pipeline.measure_memory(reel[:2] + [str(longer)])
            print(f"{file.name}: {once / 2**20:.0f} MiB, ten times as long {ten / 2**20:.0f} MiB")
            continue
        runs = {"reel": [], "ffmpeg": []}
        for _ in range(options.runs):
            runs["reel"].append(pipeline.measure_time(reel))
            runs["ffmpeg"].append(pipeline.measure_time(["ffmpeg", "-v", "error", "-i", str(file), "-f", "null", "-"]))
        print(f"{file.name}: {options.runs} runs each, in turn")
        cpu, wall = row("reel", runs["reel"])
        peer, _ = row("ffmpeg", runs["ffmpeg"])
        print(f"  CPU reel / ffmpeg: {cpu / peer:.2f} (bound 1.6); reel keeps {cpu / wall:.2f} cores busy")


if __name__ == "__main__":
    main()
