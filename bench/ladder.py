#!/usr/bin/env python3
"""Searched ladders of `reel encode` against the classic fixed one.

The classic ladder is made with ffmpeg: two-pass VBR of the same encoder and
preset, at the rates, caps, profiles and sizes of recipes/fixed.toml, closed GOPs
of at most 4 s. Every ladder is a list of points (rate of the whole file, mean
VMAF against the source at its size); two are compared by BD-rate over the
qualities that both reach.

Results are kept in --work DIR under names made of their contents: what was
encoded or scored once is not done again, and an interrupted run goes on. CPU
seconds are those of the run that made a result.

Two ladders stand for the best there could be. "exhaustive": every chunk whole at
every size and CRF 18, 21 … 45 by the final encoder, and a per-shot ladder designed
from that. "one CRF": of the same encodes, all titles that have one size and one
CRF for all shots.
"""

import argparse
import hashlib
import json
import math
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import typing

import rate_plot

ROOT = pathlib.Path(__file__).resolve().parents[1]
REEL = ROOT / "build/release/bin/reel"
MEDIA = ROOT / "../shared/media"


class BenchError(Exception):
    pass


# --- What is encoded ------------------------------------------------------------


class Clip(typing.NamedTuple):
    """A file, or what a filter makes of a part of it."""

    name: str
    file: pathlib.Path
    start: float = 0
    seconds: float | None = None  # None: to the end
    filter: str = ""


def media(name, file, **part):
    return Clip(name, MEDIA / file, **part)


FILM = "derived/feature_short_a_720p24.mp4"
CLIPS = [
    media("film", FILM),
    media("animation 720p", "originals/bbb_1280x720_5.1_5s.mp4"),
    media("animation 1080p60", "originals/bbb_1080p60_5.1_2s.mp4"),
    media("CG bird", "originals/albatross_mpeg4_960x400.avi"),
    media("screen", "originals/screencast_desktop_1024x768.webm", start=10, seconds=6),
    media("dark concert 1080p50", "originals/concert_dark_1080p50_pcm.mov"),
    media("film of 1940", "originals/his_girl_friday_1940_640x480.mp4"),
    media("film of the 1910s", "originals/chaplin_1910s_640x360.mp4", seconds=6),
    media("phone HLG 1080p", "originals/phone_hlg_1080p_fragmented.mp4"),
    media("traffic", "originals/car_12fps5_768x432.mp4", seconds=6),
    media("battle", "originals/tears_of_steel_battle_800x332.webm", start=30, seconds=6),
    media("flower", "originals/flower_macro_960x540.mp4"),
    media("leaf 10 bit 1080p", "derived/photo_pan_1080p24_10s_10bit.mp4", seconds=2.5),
    # The ends of the scale, made of real pictures.
    media("slide show", FILM, seconds=8, filter="fps=1/2,fps=24"),
    media("noise", FILM, start=12, seconds=5, filter="noise=alls=24:allf=t:all_seed=1"),
]


# --- Running, and not running twice ---------------------------------------------


def run(command):
    """Its standard output, and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(word) for word in command], capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        what = " ".join(str(word) for word in command[:3])
        raise BenchError(f"{what} … failed ({done.returncode}):\n"
                         + done.stderr.decode(errors="replace")[-1000:])
    return (done.stdout.decode(),
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def run_json(command):
    return json.loads(run([*command, "--json"])[0].splitlines()[-1])


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Work:
    """A directory of results, each under the digest of all that it depends on."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)

    def once(self, what, make):
        """The result of make(folder), a JSON value, made anew only if `what`
        differs in any part from every time before."""
        text = json.dumps(what, sort_keys=True)
        folder = self.root / hashlib.sha256(text.encode()).hexdigest()[:24]
        result = folder / "result.json"
        if not result.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            (folder / "what.json").write_text(text)
            made = json.dumps(make(folder))
            (folder / "result.part").write_text(made)
            os.replace(folder / "result.part", result)
        return json.loads(result.read_text()), folder


class Bench:
    """The ladders of clips; everything goes through `work`."""

    def __init__(self, work):
        self.work = work
        self.ffmpeg = run(["ffmpeg", "-version"])[0].splitlines()[0]
        self.reel = digest(REEL)

    def source(self, clip):
        """The file to encode: the clip's own, or a lossless encode of its part."""
        if clip.seconds is None and not clip.start and not clip.filter:
            return clip.file
        command = ["ffmpeg", "-y", "-v", "error", "-ss", clip.start,
                   *(["-t", clip.seconds] if clip.seconds else []), "-i", clip.file,
                   "-map", "0:v:0", *(["-vf", clip.filter] if clip.filter else []),
                   # Quick to decode from anywhere, as masters are.
                   "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-g", "12",
                   "-threads", "1"]
        _, folder = self.work.once(
            [self.ffmpeg, digest(clip.file), [str(word) for word in command if word != clip.file]],
            lambda folder: run([*command, folder / "clip.mp4"])[1])
        return folder / "clip.mp4"

    def score(self, source, files):
        """Mean VMAF of each file, and the CPU seconds of scoring them. Scores do
        not change with the program: goldens hold them."""
        def make(_):
            text, cpu = run([REEL, "vmaf", source, *files, "--json"])
            scores = json.loads(text.splitlines()[-1])["distorted"]
            return {"means": [one["scores"]["vmaf"]["mean"] for one in scores], "cpu": cpu}
        return self.work.once(["vmaf", digest(source), [digest(file) for file in files]], make)[0]

    # A ladder is {"points": [{"id", "width", "height", "rate", "vmaf"}…],
    #              "seconds", "cpu": {stage: seconds}, …}.

    def fixed_ladder(self, clip):
        source = self.source(clip)
        plan, _ = self.work.once(
            ["plan", self.reel, digest(source)],
            lambda _: run_json([REEL, "ladder", source, "--recipe", "fixed"]))
        seconds = plan["estimate"]["seconds"]
        frames = plan["chunks"][-1]["range"]["end_frame"]
        key_frames = max(1, math.floor(4 * frames / seconds))
        points, files, cpu = [], [], 0
        for rung in plan["ladder"]["rungs"]:
            file, rung_cpu = self.two_pass(source, rung, key_frames)
            cpu += rung_cpu
            files.append(file)
            points.append({"id": rung["id"], "width": rung["width"], "height": rung["height"],
                           "rate": 8 * file.stat().st_size / seconds})
        scores = self.score(source, files)
        for point, mean in zip(points, scores["means"]):
            point["vmaf"] = mean
        return {"points": points, "seconds": seconds,
                "cpu": {"encode": cpu, "score": scores["cpu"]}}

    def two_pass(self, source, rung, key_frames):
        """One rung of the classic ladder, and the CPU seconds that it took. One
        thread, so that its bytes depend on nothing else."""
        command = ["-map", "0:v:0",
                   "-vf", f"scale={rung['width']}:{rung['height']}:flags=bicubic,setsar=1",
                   "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", rung["preset"],
                   "-profile:v", rung["profile"].removeprefix("h264-"),
                   "-b:v", str(rung["rate_bps"]), "-maxrate", str(rung["maxrate_bps"]),
                   "-bufsize", str(rung["buffer_bits"]), "-g", str(key_frames),
                   "-flags", "+cgop", "-threads", "1",
                   # Each frame once, at its own time, whatever the rate does.
                   "-fps_mode", "passthrough", "-enc_time_base", "1:90000"]

        def make(folder):
            cpu = 0
            for number, out in ((1, ["-f", "null", "-"]), (2, [folder / "rung.mp4"])):
                cpu += run(["ffmpeg", "-y", "-v", "error", "-i", source, *command,
                            "-pass", number, "-passlogfile", folder / "pass", *out])[1]
            return cpu
        cpu, folder = self.work.once([self.ffmpeg, digest(source), command], make)
        return folder / "rung.mp4", cpu

    def reel_ladder(self, clip, recipe, verify=False):
        """The ladder of `reel encode`, by its report.json; with `verify` scored
        once more, by `reel vmaf` over the whole files."""
        source = self.source(clip)
        built_in = ROOT / f"recipes/{recipe}.toml"
        text = (built_in if built_in.exists() else pathlib.Path(recipe)).read_text()

        def make(folder):
            run([REEL, "encode", source, "--recipe", recipe, "-o", folder / "title",
                 "--state", folder / "state"])
            shutil.rmtree(folder / "state")
            return json.loads((folder / "title/report.json").read_text())
        report, folder = self.work.once(["encode", self.reel, digest(source), text], make)
        renditions = report["renditions"]
        points = [{"id": one["id"], "width": one["width"], "height": one["height"],
                   "rate": one["average_bitrate"], "vmaf": one["vmaf"]["mean"]}
                  for one in renditions]
        ladder = {"points": points, "seconds": renditions[0]["duration"],
                  "cpu": report["cost"]["cpu_seconds_by_stage"],
                  "search_cpu": report["cost"]["search_cpu_seconds"],
                  "promise": promise(report)}
        if verify:
            files = [folder / f"title/video/{one['id']}.mp4" for one in renditions]
            ladder["verified"] = max(abs(mean - point["vmaf"]) for mean, point in
                                     zip(self.score(source, files)["means"], points))
        return ladder


    def exhaustive(self, clip):
        """(the per-shot ladder that is designed from every encode, the points of
        one CRF for all shots). Encodes are kept in a state directory: they are
        made again when the program makes them otherwise, and not before."""
        source = self.source(clip)
        default = (ROOT / "recipes/default.toml").read_text()

        def search(state, pooling):
            recipe = state.parent / f"{pooling}.toml"
            recipe.write_text(default.replace(
                "[ladder]", f'[ladder]\nsearch = "exhaustive"\npooling = "{pooling}"'))
            out, cpu = run([REEL, "ladder", source, "--recipe", recipe, "--state", state,
                            "--json"])
            return json.loads(out.splitlines()[-1]), cpu
        cpu, folder = self.work.once(
            ["exhaustive", digest(source), default],
            lambda folder: search(folder / "state", "harmonic-mean")[1])
        found, again = search(folder / "state", "harmonic-mean")
        cpu = max(cpu, again)  # of the run that made the encodes
        frames = [chunk["range"]["end_frame"] - chunk["range"]["first_frame"]
                  for chunk in found["chunks"]]
        points = [{"id": rung["id"], "width": rung["width"], "height": rung["height"],
                   "rate": rung["rate_bps"],
                   "vmaf": sum(n * one["vmaf"] for n, one in zip(frames, choices)) / sum(frames)}
                  for rung, choices in zip(found["ladder"]["rungs"], found["ladder"]["choices"])]
        one_crf = [{"id": f"{one['height']}p CRF {one['crf']:g}", "width": one["width"],
                    "height": one["height"], "rate": one["rate_bps"], "vmaf": one["vmaf"]}
                   for one in search(folder / "state", "mean")[0]["points"]]
        seconds = found["estimate"]["seconds"]
        return ({"points": points, "seconds": seconds, "cpu": {"search": cpu}},
                {"points": one_crf, "seconds": seconds, "cpu": {"search": cpu}})


def promise(report):
    """Of the chunks of all renditions: how many are within 1 of their target, of
    those that are not capped, and how many are more than 4 below it unreported."""
    chunks = {(one["rendition"], one["chunk"]): one
              for shot in report["shots"] for one in shot["encodes"]}.values()
    free = [one["vmaf"] - one["predicted_vmaf"] for one in chunks if not one["capped"]]
    findings = report.get("quality", {}).get("findings", [])
    low = sum(1 for one in chunks if one["vmaf"] < one["predicted_vmaf"] - 4)
    return {"chunks": len(free), "kept": sum(1 for error in free if abs(error) <= 1),
            "above": sum(1 for error in free if error > 1),
            "below": sum(1 for error in free if error < -1),
            "attempts": statistics.mean(one["attempts"] for one in chunks),
            "low": low, "findings": len(findings)}


# --- BD-rate ---------------------------------------------------------------------


def efficient(points):
    """(quality, log10 rate), rising, of those points that no other one makes
    needless: as src/ladder/bd_rate.h."""
    kept = []
    for point in sorted(points, key=lambda p: (p["rate"], -p["vmaf"])):
        if not kept or point["vmaf"] > kept[-1][0]:
            kept.append((point["vmaf"], math.log10(point["rate"])))
    return kept


def efficient_points(points):
    """The same as they came."""
    kept = {quality for quality, _ in efficient(points)}
    return [point for point in points if point["vmaf"] in kept]


def slopes(knots):
    """Of a monotone piecewise cubic (PCHIP) at its knots."""
    widths = [b[0] - a[0] for a, b in zip(knots, knots[1:])]
    secants = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in zip(knots, knots[1:])]
    if len(secants) == 1:
        return secants * 2
    inner = [3 * (h + k) / ((2 * k + h) / a + (k + 2 * h) / b)
             for h, k, a, b in zip(widths, widths[1:], secants, secants[1:])]

    def end(h, k, outer, next_one):
        return max(0, ((2 * h + k) * outer - h * next_one) / (h + k))
    return [end(*widths[:2], *secants[:2]), *inner, end(*widths[:-3:-1], *secants[:-3:-1])]


def hermite(a, b, quality):
    """At a quality between knots `a` and `b`: (quality, log10 rate, slope)."""
    width = b[0] - a[0]
    t = (quality - a[0]) / width
    u = 1 - t
    return (u * u * ((1 + 2 * t) * a[1] + t * width * a[2])
            + t * t * ((1 + 2 * u) * b[1] - u * width * b[2]))


def integral(knots, low, high):
    """By Simpson's rule, which is exact for cubics."""
    knots = [(*knot, slope) for knot, slope in zip(knots, slopes(knots))]
    total = 0
    for a, b in zip(knots, knots[1:]):
        left, right = max(low, a[0]), min(high, b[0])
        if left < right:
            middle = (left + right) / 2
            total += (right - left) / 6 * (hermite(a, b, left) + 4 * hermite(a, b, middle)
                                           + hermite(a, b, right))
    return total


def bd_rate(anchor, test):
    """(percent, lowest common quality, highest), or None where two ladders have no
    qualities in common or one of them fewer than two points.

    >>> fixed = [{"rate": r, "vmaf": q} for r, q in
    ...          ((400e3, 41.2), (1.5e6, 74.9), (3.5e6, 89.3), (6e6, 94.1))]
    >>> per_shot = [{"rate": r, "vmaf": q} for r, q in
    ...             ((250e3, 38.6), (900e3, 71.3), (2.1e6, 88.8), (4.4e6, 95.2))]
    >>> [round(value, 6) for value in bd_rate(fixed, per_shot)]
    [-30.795836, 41.2, 94.1]
    >>> bd_rate(fixed, per_shot[:1]) is None
    True
    """
    a, b = efficient(anchor), efficient(test)
    if min(len(a), len(b)) < 2:
        return None
    low, high = max(a[0][0], b[0][0]), min(a[-1][0], b[-1][0])
    if low >= high:
        return None
    distance = (integral(b, low, high) - integral(a, low, high)) / (high - low)
    return 100 * (10 ** distance - 1), low, high


# --- What is printed ---------------------------------------------------------------


def rate_text(rate):
    return f"{rate / 1e6:.2f} Mbit/s" if rate >= 1e6 else f"{rate / 1e3:.0f} kbit/s"


def show_ladder(name, ladder):
    print(f"  {name}: " + "; ".join(
        f"{one['width']}x{one['height']} {rate_text(one['rate'])} VMAF {one['vmaf']:.1f}"
        for one in ladder["points"]))
    total = sum(ladder["cpu"].values())
    print(f"    CPU s {total:.1f}: " + ", ".join(
        f"{stage} {seconds:.1f}" for stage, seconds in ladder["cpu"].items()))
    if "promise" in ladder:
        kept = ladder["promise"]
        print(f"    within 1 of the target: {kept['kept']} of {kept['chunks']} chunks that are not "
              f"capped, {kept['above']} above, {kept['below']} below; more than 4 below: "
              f"{kept['low']}; findings: {kept['findings']}; {kept['attempts']:.2f} encodes a chunk")
    if "verified" in ladder:
        print(f"    reel vmaf over the whole files differs by {ladder['verified']:.2f} at most")


def bd_text(bd):
    return "–" if bd is None else f"{bd[0]:+.1f} % ({bd[1]:.0f}…{bd[2]:.0f})"


def work_of(ladder):
    """CPU seconds of (probes, the whole search, encodes that were kept). The
    search is all probes, and encodes and their scores that were not kept: of
    both, about the same share is lost."""
    cpu = ladder["cpu"]
    probes, encode = cpu.get("ladder", 0), cpu.get("encode", 0)
    lost = (ladder["search_cpu"] - probes) / max(1e-9, encode + cpu.get("quality", 0))
    return probes, ladder["search_cpu"], encode * max(0, 1 - lost)


def share(part, whole):
    return 100 * part / whole if whole else None


def columns_of(recipes, exhaustive):
    """(head, value of a row's ladders or None, text of it) of each column."""
    def bd(anchor, test):
        return (f"{test} / {anchor}",
                lambda row: bd_rate(row[anchor]["points"], row[test]["points"]), bd_text)

    def of_exhaustive(row, recipe):
        return 100 * row[recipe]["search_cpu"] / row["exhaustive"]["cpu"]["search"]

    def kept(row, recipe):
        one = row[recipe]["promise"]
        return 100 * one["kept"] / one["chunks"] if one["chunks"] else None
    columns = [bd("fixed", recipe) for recipe in recipes]
    columns += [bd(b, a) for i, a in enumerate(recipes) for b in recipes[i + 1:]]
    for recipe in recipes:
        if exhaustive:
            columns += [bd("one CRF", recipe), bd("exhaustive", recipe)]
    for recipe in recipes:
        for index, name in enumerate(("probes", "search")):
            columns.append((f"{recipe}: {name}, % of encodes",
                            lambda row, recipe=recipe, index=index:
                            share(work_of(row[recipe])[index], work_of(row[recipe])[2]), percent))
        if exhaustive:
            columns.append((f"{recipe}: search, % of exhaustive",
                            lambda row, recipe=recipe: of_exhaustive(row, recipe), percent))
        columns.append((f"{recipe}: chunks within 1, %",
                        lambda row, recipe=recipe: kept(row, recipe), percent))
    return columns


def percent(value):
    return "–" if value is None else f"{value:.0f}"


def table(rows, recipes, exhaustive):
    """Markdown: a line per clip, then means over the clips that have a value."""
    columns = columns_of(recipes, exhaustive)
    print("| clip | rungs: fixed, " + ", ".join(recipes) + " | "
          + " | ".join(head for head, _, _ in columns) + " |")
    print("|---" * (2 + len(columns)) + "|")
    values = [[] for _ in columns]
    for name, row in rows.items():
        cells = [name, ", ".join(str(len(row[one]["points"])) for one in ["fixed", *recipes])]
        for (_, value_of, text), known in zip(columns, values):
            value = value_of(row)
            cells.append(text(value))
            if value is not None:
                known.append(value[0] if text is bd_text else value)
        print("| " + " | ".join(cells) + " |")
    print("| mean | | " + " | ".join(
        f"**{statistics.mean(known):.1f}** of {len(known)}, {min(known):.1f} … {max(known):.1f}"
        if known else "–" for known in values) + " |")
    for recipe in recipes:
        probes, search, kept = (sum(work_of(row[recipe])[index] for row in rows.values())
                                for index in range(3))
        promises = [row[recipe]["promise"] for row in rows.values()]
        within, chunks = (sum(one[what] for one in promises) for what in ("kept", "chunks"))
        print(f"\n{recipe}, all together: probes {percent(share(probes, kept))} % of encodes that "
              f"were kept, search {percent(share(search, kept))} %; {within} of {chunks} chunks "
              f"within 1 ({share(within, chunks) or 0:.1f} %)")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=pathlib.Path,
                        help="default: the film and other clips of ../shared/media")
    parser.add_argument("--work", type=pathlib.Path, help="keep results here (default: nowhere)")
    parser.add_argument("--recipes", default="default,per-title",
                        help="built-in recipes or files, with commas (default: %(default)s)")
    parser.add_argument("--verify", action="store_true",
                        help="score our renditions once more, with reel vmaf")
    parser.add_argument("--without-exhaustive", action="store_true",
                        help="leave out what takes longest")
    parser.add_argument("--plot", type=pathlib.Path, help="draw each clip's ladders in this folder")
    parser.add_argument("--json", type=pathlib.Path, help="write all ladders to this file")
    options = parser.parse_args()
    clips = [Clip(file.name, file) for file in options.files] or CLIPS
    for clip in clips:
        if not clip.file.is_file():
            sys.exit(f"{clip.file}: no such file; give clips: ./run bench ladder FILE…")
    recipes = [recipe for recipe in options.recipes.split(",") if recipe]
    print(f"machine: {os.cpu_count()} cores; "
          f"commit {subprocess.getoutput('git -C ' + str(ROOT) + ' rev-parse --short HEAD')}")
    with tempfile.TemporaryDirectory(prefix="reel-bench-") as scratch:
        bench = Bench(Work(options.work or scratch))
        rows, failed = {}, []
        for clip in clips:
            try:
                rows[clip.name] = measure(bench, clip, recipes, options)
            except BenchError as error:
                failed.append(clip.name)
                print(f"{clip.name}: {error}", file=sys.stderr)
        if options.plot:
            options.plot.mkdir(parents=True, exist_ok=True)
            for name, row in rows.items():
                plot = rate_plot.draw(name, {ladder: efficient_points(one["points"])
                                             for ladder, one in row.items()})
                (options.plot / f"{name.replace(' ', '_')}.svg").write_text(plot)
        if options.json:
            options.json.write_text(json.dumps(rows, indent=1))
    print("\nBD-rate by VMAF, in percent (over which VMAF):\n")
    table(rows, recipes, not options.without_exhaustive)
    if failed:
        sys.exit("failed: " + ", ".join(failed))


def measure(bench, clip, recipes, options):
    """All ladders of a clip by name, shown as they come."""
    print(f"{clip.name}:", flush=True)
    ladders = {"fixed": bench.fixed_ladder(clip)}
    show_ladder("fixed", ladders["fixed"])
    for recipe in recipes:
        ladders[recipe] = bench.reel_ladder(clip, recipe, options.verify)
        show_ladder(recipe, ladders[recipe])
        sys.stdout.flush()
    if not options.without_exhaustive:
        ladders["exhaustive"], ladders["one CRF"] = bench.exhaustive(clip)
        show_ladder("exhaustive", ladders["exhaustive"])
    return ladders


if __name__ == "__main__":
    main()
