"""What the tests of the real program share: running it, clips, counting frames."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("REEL_BINARY", str(ROOT / "build/release/bin/reel"))
CORPUS = pathlib.Path(os.environ.get("REEL_SHARED_MEDIA", ROOT / "../shared/media"))
FILM = "derived/feature_short_a_720p24.mp4"

# As fixed.toml, but quick: what is tested is the pipeline, not the encoder.
QUICK_RECIPE = """
mode = "fixed"
[video]
preset = "ultrafast"
crf = 30
[[video.rungs]]
height = 480
rate_bps = 1_500_000
profile = "h264-main"
[[video.rungs]]
height = 240
rate_bps = 400_000
profile = "h264-baseline"
[chunks]
target_chunk_ms = 2000
"""

# MODE is "per-shot" or "per-title". Few sizes: what is tested is the search, not
# the encoder.
SEARCHED_RECIPE = """
mode = "MODE"
[ladder]
target_vmaf = 92
floor_vmaf = 60
step_vmaf = 12
floor_rate_bps = 20_000
[video]
preset = "veryfast"
maxrate_percent = 100
buffer_percent = 150
[[video.rungs]]
height = 360
rate_bps = 8_000_000
profile = "h264-high"
[[video.rungs]]
height = 180
rate_bps = 3_000_000
profile = "h264-high"
"""


def run(*arguments, timeout=600, **options):
    """The program, to its end; stdout and stderr are text."""
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, **options)


def start(*arguments, **options):
    """The program in a process group of its own, to be killed."""
    return subprocess.Popen([BINARY, *map(str, arguments)], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, start_new_session=True, **options)


def count_frames(path):
    out = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
         "stream=nb_read_frames", "-of", "csv=p=0", str(path)],
        capture_output=True, text=True, check=True).stdout
    return int(out.split()[0].strip(","))


def make_clip(path, seconds=6, size="640x360", rate="24000/1001"):
    """A moving picture with cuts, and sound; the same bytes every time."""
    third = seconds / 3
    parts = [f"testsrc2=s={size}:r={rate}:d={third}", f"mandelbrot=s={size}:r={rate}",
             f"testsrc=s={size}:r={rate}:d={third}"]
    inputs = []
    for part in parts:
        inputs += ["-f", "lavfi", "-t", str(third), "-i", part]
    subprocess.run(
        ["ffmpeg", "-y", "-v", "error", *inputs, "-f", "lavfi", "-t", str(seconds), "-i",
         "sine=f=440:r=48000", "-filter_complex",
         "".join(f"[{i}:v]format=yuv420p,setsar=1[v{i}];" for i in range(3))
         + "[v0][v1][v2]concat=n=3[v]", "-map", "[v]", "-map", "3:a", "-c:v", "libx264",
         "-preset", "veryfast", "-threads", "1", "-c:a", "aac", str(path)], check=True)
    return path


def media_digests(title):
    """SHA-256 of every published file but the reports, which hold run times."""
    files = sorted(p for p in pathlib.Path(title).rglob("*")
                   if p.is_file() and ".reel" not in p.parts and not p.name.startswith("report."))
    return {str(p.relative_to(title)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


class ReelTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reel-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.recipe = self.folder / "quick.toml"
        self.recipe.write_text(QUICK_RECIPE)

    def corpus(self, name):
        if not (CORPUS / "originals").is_dir():
            self.skipTest(f"no clips at {CORPUS}")
        return CORPUS / name

    def encode(self, source, *more, directory="title", recipe=None):
        title = self.folder / directory
        done = run("encode", source, "-o", title, "--recipe", recipe or self.recipe, "--json", *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return title, json.loads(done.stdout.splitlines()[-1])

    def assert_no_manifest(self, title):
        self.assertFalse((title / "master.m3u8").exists())
        self.assertFalse((title / "manifest.mpd").exists())
