#!/usr/bin/env python3
"""Sound clips in every dress: sizes, rates, codings, containers, sound. None may
be rejected, and every warning must be one that a person would give.

  variations.py [COUNT] [FIRST] [--keep DIR]

Makes variations FIRST to FIRST + COUNT of real clips of ../shared/media with
ffmpeg, each the same on every machine with the same ffmpeg, and inspects them.
Prints what was found; exit code 1 if any was rejected or gave an error."""

import argparse
import collections
import dataclasses
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import reel


@dataclasses.dataclass
class Source:
    file: str
    width: int
    height: int
    rate: int  # frames per second, about
    channels: int  # of a sound worth hearing
    seconds: float
    transfer: str = "bt709"


SOURCES = [
    Source("derived/feature_short_a_720p24.mp4", 1280, 720, 24, 2, 60),
    Source("originals/bbb_1280x720_5.1_5s.mp4", 1280, 720, 25, 6, 5.2),
    Source("originals/bbb_1080p60_5.1_2s.mp4", 1920, 1080, 60, 6, 2),
    Source("originals/concert_dark_1080p50_pcm.mov", 1920, 1080, 50, 2, 2, "iec61966_2_4"),
    Source("originals/flower_macro_960x540.mp4", 960, 540, 30, 0, 5),
    Source("originals/chaplin_1910s_640x360.mp4", 640, 360, 25, 2, 9.6),
    Source("originals/his_girl_friday_1940_640x480.mp4", 640, 480, 30, 2, 6),
    Source("derived/photo_pan_1080p24_10s_10bit.mp4", 1920, 1080, 24, 0, 10),
]
SIZES = [(128, 72), (176, 144), (322, 182), (320, 240), (426, 240), (480, 272), (640, 360),
         (642, 358), (720, 480), (720, 576), (854, 480), (960, 540), (1024, 430), (1280, 536),
         (1280, 720), (1440, 1080), (1920, 800), (1920, 1080)]
ANAMORPHIC = {(720, 480): "32/27", (720, 576): "64/45", (1440, 1080): "4/3"}
RATES = ["10", "25/2", "15", "24000/1001", "24", "25", "30000/1001", "30", "48", "50",
         "60000/1001", "60"]
BROADCAST_RATES = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"]


@dataclasses.dataclass
class Coding:
    """One encoder: its options, pixel formats and containers."""
    options: list
    formats: list
    containers: list
    rates: list = dataclasses.field(default_factory=lambda: RATES)
    interlaced: list = None  # options for interlaced pictures
    least: tuple = (128, 72)


H264 = ["-c:v", "libx264", "-preset", "veryfast"]
HEVC = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]
CODINGS = {
    "h264": Coding(H264, ["yuv420p"], ["mp4", "mov", "mkv", "ts", "avi", "nut", "mp4"],
                   interlaced=["-x264-params"]),
    "h264-open-gop": Coding(H264 + ["-x264-params", "open-gop=1:b-pyramid=normal:bframes=5",
                                    "-g", "24"], ["yuv420p"], ["mp4", "mkv", "ts"]),
    "h264-intra": Coding(H264 + ["-g", "1"], ["yuv420p", "yuv422p10le"], ["mov", "mp4", "mkv"]),
    "h264-no-b": Coding(H264 + ["-bf", "0", "-g", "250"], ["yuv420p"], ["mp4", "mkv", "avi"]),
    "h264-hi": Coding(H264, ["yuv420p10le", "yuv422p", "yuv422p10le", "yuv444p"],
                      ["mp4", "mkv", "mov"]),
    "hevc": Coding(HEVC, ["yuv420p", "yuv420p10le"], ["mp4", "mkv", "ts", "mov"]),
    "hevc-hi": Coding(HEVC, ["yuv422p10le", "yuv444p", "yuv444p10le"], ["mp4", "mkv"]),
    "mpeg2": Coding(["-c:v", "mpeg2video", "-g", "15", "-bf", "2"], ["yuv420p", "yuv422p"],
                    ["ts", "mpg", "mxf", "mkv", "mp4"], BROADCAST_RATES,
                    interlaced=["-flags", "+ilme+ildct"]),
    "mpeg4": Coding(["-c:v", "mpeg4", "-bf", "2"], ["yuv420p"], ["avi", "mp4", "mkv", "nut"]),
    "vp9": Coding(["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "0"],
                  ["yuv420p", "yuv444p"], ["webm", "mkv", "mp4"]),
    "vp9-10": Coding(["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v",
                      "0", "-profile:v", "2"], ["yuv420p10le"], ["webm", "mkv"]),
    "av1": Coding(["-c:v", "libsvtav1", "-preset", "12"], ["yuv420p", "yuv420p10le"],
                  ["mp4", "webm", "mkv"]),
    "prores": Coding(["-c:v", "prores_ks"], ["yuv422p10le", "yuv444p10le"], ["mov", "mkv"]),
    "dnxhr": Coding(["-c:v", "dnxhd", "-profile:v", "dnxhr_hq"], ["yuv422p"],
                    ["mov", "mxf", "mkv"], BROADCAST_RATES, least=(320, 180)),
    "ffv1": Coding(["-c:v", "ffv1", "-level", "3"], ["yuv420p", "yuv422p10le", "yuv444p"],
                   ["mkv", "nut", "avi"]),
    "mjpeg": Coding(["-c:v", "mjpeg"], ["yuvj420p", "yuvj422p"], ["avi", "mov", "mkv"]),
}
# Codings whose streams tell full range from limited.
SAYS_RANGE = ("h264", "hevc", "vp9", "av1", "mjpeg")
# Per container: encoder, its rates, most channels.
SOUNDS = {
    "aac": (["-c:a", "aac", "-b:a", "192k"], [44100, 48000, 96000], 6),
    "ac3": (["-c:a", "ac3", "-b:a", "384k"], [44100, 48000], 6),
    "mp2": (["-c:a", "mp2"], [44100, 48000], 2),
    "mp3": (["-c:a", "libmp3lame"], [44100, 48000], 2),
    "opus": (["-c:a", "libopus"], [48000], 6),
    "vorbis": (["-c:a", "libvorbis"], [44100, 48000], 2),
    "flac": (["-c:a", "flac"], [44100, 48000, 96000], 6),
    "pcm16": (["-c:a", "pcm_s16le"], [44100, 48000, 96000], 6),
    "pcm24": (["-c:a", "pcm_s24le"], [48000, 96000], 6),
    "pcm48": (["-c:a", "pcm_s16le"], [48000], 2),
}
CONTAINER_SOUNDS = {
    "mp4": ["aac", "ac3", "mp3", "opus", "flac"], "mov": ["pcm16", "pcm24", "aac"],
    "mkv": ["flac", "opus", "vorbis", "ac3", "pcm24", "aac", "mp3"], "webm": ["opus", "vorbis"],
    "ts": ["aac", "ac3", "mp2"], "avi": ["mp3", "pcm16", "ac3"], "mxf": ["pcm48"],
    "nut": ["flac", "mp2", "pcm16"], "mpg": ["mp2", "ac3"],
}
MP4_FLAGS = [[], ["-movflags", "+faststart"], ["-movflags", "frag_keyframe+delay_moov"],
             ["-movflags", "frag_keyframe+delay_moov+default_base_moof"]]
SPECIALS = ["", "", "full-range", "anamorphic", "rotated", "interlaced-tff", "interlaced-bff",
            "vfr", "no-sound", "untagged"]


@dataclasses.dataclass
class Variation:
    name: str  # what it is, and its file's
    command: list  # ffmpeg's, without the output


def number_of(rate):
    top, _, bottom = rate.partition("/")
    return float(top) / float(bottom or 1)


def choose(number):
    """The chosen coding, container, special case, source, size, format and rate:
    by chance, but every coding, container and special case has its turn."""
    chance = random.Random(f"variation {number}")
    name = list(CODINGS)[number % len(CODINGS)]
    coding = CODINGS[name]
    turn = number // len(CODINGS)
    container = coding.containers[turn % len(coding.containers)]
    special = SPECIALS[(turn + number) % len(SPECIALS)]
    interlaced = special.startswith("interlaced")
    if (interlaced and coding.interlaced is None or
            special == "full-range" and not name.startswith(SAYS_RANGE) or
            special == "rotated" and container not in ("mp4", "mov")):
        special, interlaced = "", False
    source = chance.choice(SOURCES)
    sizes = [s for s in SIZES if source.width >= s[0] >= coding.least[0]
             and source.height >= s[1] >= coding.least[1]]
    if special == "anamorphic":
        sizes = [s for s in sizes if s in ANAMORPHIC] or sizes
    return Choice(chance, name, coding, container, special, source, chance.choice(sizes),
                  "yuv420p" if interlaced else chance.choice(coding.formats),
                  chance.choice(["50", "60000/1001"] if interlaced else coding.rates))


@dataclasses.dataclass
class Choice:
    chance: random.Random
    name: str
    coding: Coding
    container: str
    special: str
    source: Source
    size: tuple
    pixels: str
    rate: str  # of the pictures; twice that of interlaced frames

    @property
    def interlaced(self):
        return self.special.startswith("interlaced")

    @property
    def full_range(self):
        return self.special == "full-range" or self.name == "mjpeg"

    @property
    def speed(self):
        return number_of(self.rate) / self.source.rate


def picture_filter(choice, first):
    """Every frame of the source once, from frame `first` on; never enlarged;
    cropped to the shape that is wanted."""
    width, height = choice.source.width, choice.source.height
    aspect = ANAMORPHIC.get(choice.size, "1") if choice.special == "anamorphic" else "1"
    shape = choice.size[0] * number_of(aspect) / choice.size[1]
    crop = (f"crop={int(height * shape) // 2 * 2}:{height}" if width / height > shape
            else f"crop={width}:{int(width / shape) // 2 * 2}")
    filters = [f"trim=start_frame={first}", f"setpts=N/({choice.rate}*TB)", crop,
               f"scale={choice.size[0]}:{choice.size[1]}:flags=lanczos:out_color_matrix=bt709:"
               f"out_range={'full' if choice.full_range else 'limited'}", f"setsar={aspect}"]
    if choice.special == "vfr":
        filters.append("settb=1/60000,setpts=PTS+mod(N\\,3)*500")
    if choice.interlaced:
        filters.append(f"interlace=scan={choice.special[-3:]}:lowpass=off")
    return ",".join(filters)


def picture_options(choice):
    quality = choice.chance.randrange(18, 41)
    options = list(choice.coding.options)
    if choice.name in ("mpeg2", "mpeg4", "mjpeg"):
        options += ["-q:v", str(2 + quality // 6)]
    elif choice.name not in ("prores", "dnxhr", "ffv1"):
        options += ["-crf", str(quality)]
    if choice.interlaced:
        order = choice.special[-3:]
        options += choice.coding.interlaced + (
            [f"{order}=1"] if choice.name == "h264" else ["-top", "1" if order == "tff" else "0"])
    if choice.special != "untagged":
        options += ["-color_primaries", "bt709", "-color_trc", choice.source.transfer,
                    "-colorspace", "bt709", "-color_range", "pc" if choice.full_range else "tv"]
    if choice.special == "rotated":
        options += ["-metadata:s:v:0", "rotate=90"]
    if choice.special == "vfr":
        return options + ["-vsync", "vfr", "-enc_time_base", "1/60000"]
    frames = {"50": "25", "60000/1001": "30000/1001"}[choice.rate] if choice.interlaced \
        else choice.rate
    return options + ["-r", frames]


def sound_options(choice, first):
    """Its name and options. As fast as the pictures."""
    source, chance = choice.source, choice.chance
    if choice.special == "no-sound" or source.channels == 0:
        return "silent", ["-an"]
    name = chance.choice(CONTAINER_SOUNDS[choice.container])
    options, rates, most = SOUNDS[name]
    channels = source.channels if source.channels <= most and chance.random() < 0.7 \
        else chance.choice([1, 2])
    rate = chance.choice(rates)
    filters = [f"atrim=start={first / source.rate}", "asetpts=PTS-STARTPTS"]
    speed = choice.speed
    while not 0.5 <= speed <= 2:  # what atempo does without skipping samples
        step = min(max(speed, 0.5), 2)
        filters.append(f"atempo={step}")
        speed /= step
    filters.append(f"atempo={speed:.6f}")
    return (f"{name}-{channels}ch-{rate}",
            ["-map", "1:a:0", "-af", ",".join(filters), *options, "-ac", str(channels), "-ar",
             str(rate)])


def make(number):
    choice = choose(number)
    source = choice.source
    first = choice.chance.choice([0, 180, 504, 960]) if source.seconds > 30 else 0
    seconds = min(choice.chance.choice([3, 3, 4, 6]), source.seconds / choice.speed)
    path = str(reel.CORPUS / source.file)
    sound_name, sound = sound_options(choice, first)
    command = ["-r", choice.rate, "-i", path, "-i", path, "-map", "0:v:0", "-vf",
               picture_filter(choice, first), "-pix_fmt", choice.pixels,
               *picture_options(choice), *sound, "-t", f"{seconds:.3f}", "-strict", "-2"]
    if choice.container in ("mp4", "mov"):
        command += choice.chance.choice(MP4_FLAGS)
    name = "-".join(filter(None, [
        f"{number:03}", choice.name, choice.pixels, f"{choice.size[0]}x{choice.size[1]}",
        choice.rate.replace("/", "_"), choice.special,
        pathlib.Path(source.file).stem.split("_")[0], sound_name]))
    return Variation(f"{name}.{choice.container}", command)


def encode(variation, folder):
    path = pathlib.Path(folder) / variation.name
    done = subprocess.run(["ffmpeg", "-y", "-v", "error", "-nostdin", *variation.command,
                           str(path)], capture_output=True, text=True, timeout=3600, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{variation.name}: ffmpeg: {done.stderr.strip()}")
    return path


def inspect(path):
    """The report's verdict and findings above info; verdict "error" if none."""
    done = reel.run("inspect", "--json", path)
    if done.returncode not in (0, 3):
        return "error", [("error", done.stderr.strip().splitlines()[-1], "")]
    report = json.loads(done.stdout.splitlines()[-1])["inspection"]
    return report["verdict"], [(f["severity"], f["code"], f["message"])
                               for f in report["findings"] if f["severity"] != "info"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, nargs="?", default=220)
    parser.add_argument("first", type=int, nargs="?", default=0)
    parser.add_argument("--keep", type=pathlib.Path, help="leave those with findings here")
    options = parser.parse_args()
    if not (reel.CORPUS / "originals").is_dir():
        sys.exit(f"variations: needs clips in {reel.CORPUS}")
    verdicts, codes = collections.Counter(), collections.Counter()
    for number in range(options.first, options.first + options.count):
        with tempfile.TemporaryDirectory(prefix="reel-variation-") as folder:
            path = encode(make(number), folder)
            verdict, findings = inspect(path)
            verdicts[verdict] += 1
            codes.update({(severity, code) for severity, code, _ in findings})
            for severity, code, message in findings:
                print(f"{path.name}: {severity} {code}: {message}", flush=True)
            if findings and options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, options.keep)
    print(f"{options.count} variations:", dict(verdicts))
    for (severity, code), times in sorted(codes.items()):
        print(f"  {times:4} {severity} {code}")
    return 1 if verdicts["reject"] or verdicts["error"] else 0


if __name__ == "__main__":
    sys.exit(main())
