#!/usr/bin/env python3
"""`reel inspect --html` through the real program: the page stands alone, its
pictures are the frames that the findings name, and there is one for any source."""

import base64
import html.parser
import json
import re
import subprocess
import unittest

import reel

WIDTH, HEIGHT = 320, 180  # of the pictures of a 16:9 clip
PACKAGES = reel.ROOT / "../shared/imf"


def samples(*arguments, stdin=None):
    """Pictures as gray samples of WIDTH x HEIGHT, one after the other."""
    return subprocess.run(
        ["ffmpeg", "-v", "error", *arguments, "-fps_mode", "passthrough", "-f", "rawvideo",
         "-pix_fmt", "gray", "-"],
        input=stdin, capture_output=True, check=True).stdout


def jpeg_samples(jpeg):
    return samples("-f", "mjpeg", "-i", "-", "-vf", f"scale={WIDTH}:{HEIGHT}", stdin=jpeg)


def frame_samples(clip, frame):
    # One thread: what several make of damage depends on which comes first.
    return samples("-threads", "1", "-i", str(clip), "-map", "0:v:0", "-vf",
                   f"select=eq(n\\,{frame}),scale={WIDTH}:{HEIGHT}:flags=bicubic")


def distance(a, b):
    """Mean difference of two pictures, in levels."""
    assert len(a) == len(b) == WIDTH * HEIGHT, (len(a), len(b))
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)


class Page(html.parser.HTMLParser):
    """What a page refers to, and its pictures by finding and frame."""

    def __init__(self, text):
        super().__init__()
        self.text, self.tags, self.ids, self.references, self.styles = text, [], [], [], []
        self.pictures, self.placeholders, self.film = {}, 0, []
        self.finding = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.references += [attributes[a] for a in ("src", "href", "srcset", "data", "poster")
                            if a in attributes]
        self.styles.append(attributes.get("style", ""))
        if tag == "article":
            self.finding = int(attributes["id"].removeprefix("finding-"))
        if attributes.get("class") == "none":
            self.placeholders += 1
        if tag == "img":
            jpeg = base64.b64decode(attributes["src"].removeprefix("data:image/jpeg;base64,"))
            if attributes["alt"]:
                role, place = attributes["alt"].split(", ")
                self.pictures[self.finding, role] = (place.removeprefix("frame "), jpeg)
            else:
                self.film.append(jpeg)


class InspectHtmlTest(reel.ReelTestCase):
    def inspect(self, source, code=0):
        """The page and the report of one inspection."""
        path = self.folder / "page.html"
        done = reel.run("inspect", source, "--html", path, "--json")
        self.assertEqual(done.returncode, code, done.stderr)
        page = Page(path.read_text())
        self.assert_stands_alone(page)
        return page, json.loads(done.stdout.splitlines()[-1])["inspection"]

    def assert_stands_alone(self, page):
        self.assertFalse({"script", "link", "iframe", "object", "embed", "base", "form"}
                         & set(page.tags))
        for reference in page.references:
            if reference.startswith("#"):
                self.assertIn(reference[1:], page.ids)
            else:
                self.assertTrue(reference.startswith("data:image/jpeg;base64,"), reference[:60])
        for style in page.styles + re.findall("<style>(.*?)</style>", page.text, re.S):
            self.assertNotRegex(style, r"url\(|@import|expression")
        self.assertNotRegex(re.sub(r"base64,[^\"]*", "", page.text), r"\b(nan|inf)\b")

    def find(self, report, code):
        return next((i, f) for i, f in enumerate(report["findings"]) if f["code"] == code)

    def make_flash(self):
        clip = self.folder / "flash.mp4"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", str(self.corpus("defects/clean_real1.mp4")), "-vf",
             "negate=enable=eq(n\\,75)", "-c:v", "libx264",
             "-preset", "veryfast", "-crf", "20", "-c:a", "copy", str(clip)], check=True)
        return clip

    def test_a_black_finding_shows_black(self):
        page, report = self.inspect(self.corpus("defects/black_1500ms.mp4"))
        index, finding = self.find(report, "black")
        frame, jpeg = page.pictures[index, "first"]
        self.assertEqual(int(frame), finding["first_frame"])
        self.assertLess(max(jpeg_samples(jpeg)), 8)
        self.assertLess(max(jpeg_samples(page.pictures[index, "last"][1])), 8)
        self.assertIn(f'href="#finding-{index}"', page.text)

    def test_a_flash_stands_between_its_neighbours(self):
        page, report = self.inspect(self.make_flash())
        index, _ = self.find(report, "flash-frame")
        before, flash, after = (jpeg_samples(page.pictures[index, role][1])
                                for role in ("before", "first", "after"))
        self.assertEqual(page.pictures[index, "first"][0], "75")
        apart = distance(before, after)
        self.assertGreater(distance(before, flash), 3 * apart)
        self.assertGreater(distance(after, flash), 3 * apart)

    def test_every_picture_is_the_frame_that_it_names(self):
        for name in ("defects/bitflips_video.mp4", "defects/frozen_2s.mp4",
                     "defects/dropped_frames.mp4"):
            with self.subTest(name):
                clip = self.corpus(name)
                damaged = "bitflips" in name  # what is concealed depends on the decoder
                page, _ = self.inspect(clip, 3 if damaged else 0)
                frames = reel.count_frames(clip)
                self.assertGreater(len(page.pictures), 1)
                for frame, jpeg in page.pictures.values():
                    picture, frame = jpeg_samples(jpeg), int(frame)
                    here = distance(picture, frame_samples(clip, frame))
                    beside = [distance(picture, frame_samples(clip, n))
                              for n in (frame - 1, frame + 1) if 0 <= n < frames]
                    self.assertTrue(damaged or here < 2, here)
                    self.assertLessEqual(here, min(beside) + 0.2)

    def test_plots_of_a_sound_and_a_picture(self):
        page, _ = self.inspect(self.corpus("defects/audio_dropout_800ms.mp4"), 3)
        for part in ('class="momentary"', 'class="short-term"', 'class="rate"', "LUFS",
                     'class="band reject"'):
            self.assertIn(part, page.text)
        self.assertEqual(len(page.film), 12)

    def test_a_rotated_picture_is_upright(self):
        page, _ = self.inspect(self.corpus("originals/phone_hlg_1080p_rotated_editlist.mp4"))
        size = subprocess.run(
            ["ffprobe", "-v", "error", "-f", "mjpeg", "-show_entries", "stream=width,height",
             "-of", "csv=p=0", "-"], input=page.film[0], capture_output=True, check=True).stdout
        width, height = map(int, size.split(b","))
        self.assertGreater(height, width)

    def test_any_source_has_a_page(self):
        for name, code in {"defects/text_renamed.mp4": "not-media",
                           "defects/zero_bytes.mp4": "empty-file",
                           "defects/trunc_moov_missing.mp4": "index-missing",
                           "defects/cut_mid_mdat.mp4": "container-truncated",
                           "originals/audio_only_eac3_5.1.mp4": "no-video"}.items():
            with self.subTest(name):
                page, report = self.inspect(self.corpus(name), 3)
                self.find(report, code)
                self.assertIn("Source rejected", page.text)
                self.assertIn(f"<code>{code}</code>", page.text)

    def test_what_a_cut_file_shows_last(self):
        page, report = self.inspect(self.corpus("defects/cut_mid_mdat.mp4"), 3)
        index, _ = self.find(report, "container-truncated")
        time, jpeg = page.pictures[index, "before"]
        seconds = float(time.removeprefix("00:00:"))
        self.assertGreater(seconds, 3)
        whole = self.corpus("defects/clean_real2.mp4")
        self.assertLess(distance(jpeg_samples(jpeg), frame_samples(whole, round(seconds * 24))), 2)

    def test_packages(self):
        if not (PACKAGES / "small_imp").is_dir():
            self.skipTest(f"no packages at {PACKAGES}")
        page, _ = self.inspect(PACKAGES / "small_imp")
        for part in ("IMF package", "Small IMP shared", 'class="rate"', 'class="momentary"'):
            self.assertIn(part, page.text)
        self.assertEqual(len(page.film), 12)
        page, _ = self.inspect(PACKAGES / "small_imp_broken/cpl_not_well_formed", 3)
        self.assertIn("imf-schema", page.text)

    def test_a_name_that_cannot_be_written_is_told_at_once(self):
        clip = reel.make_clip(self.folder / "clip.mp4", seconds=3)
        before = clip.read_bytes()
        done = reel.run("inspect", clip, "--html", self.folder / "absent/page.html")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("absent", done.stderr)
        done = reel.run("inspect", clip, "--html", clip)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(clip.read_bytes(), before)
        self.assertEqual({p.name for p in self.folder.iterdir()}, {"clip.mp4", "quick.toml"})

    def test_a_name_is_only_text(self):
        evil = self.folder / "<script>alert(1)<.mp4"
        evil.write_bytes(b"<img src=x>")
        page, _ = self.inspect(evil, 3)
        self.assertIn("&lt;script&gt;", page.text)


if __name__ == "__main__":
    unittest.main()
