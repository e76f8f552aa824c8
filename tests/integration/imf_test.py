#!/usr/bin/env python3
"""IMF packages through the real program: sound ones open, list and encode frame
for frame; broken ones are rejected by the finding that names the fault."""

import base64
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import unittest

import reel

PACKAGES = pathlib.Path(os.environ.get("REEL_SHARED_IMF", reel.ROOT / "../shared/imf"))
# What names each planted fault of small_imp_broken, and the asset or element it is in.
PLANTED = {
    "wrong_hash_in_pkl": ("imf-hash-mismatch", "video_a.mxf"),
    "wrong_size_in_pkl": ("imf-size-mismatch", "audio_en.mxf"),
    "asset_missing_from_assetmap": ("imf-reference-broken", "641a7dc4-3a45-4647-854e-6f4abb5e253d"),
    "resource_past_the_end": ("imf-timeline-gap", "EntryPoint 120 + SourceDuration 36"),
    "audio_shorter_than_image": ("imf-timeline-gap", "0.500 s shorter"),
    "cpl_not_well_formed": ("imf-schema", "CPL_1818e811"),
    "file_absent": ("imf-asset-missing", "video_z.mxf"),
}
# Codes that each of photon's packages must give, among others.
PHOTON = {
    "MERIDIAN_Netflix_Photon_161006": {"imf-asset-missing", "imf-opl-ignored"},
    "MERIDIAN_Netflix_Photon_161006_ID_MISMATCH": {"imf-reference-broken", "imf-asset-missing"},
    "MissingFilesAndAssetMapEntries": {"imf-asset-missing", "imf-reference-broken"},
    "TimedTextImageAndTextProfile": {"imf-asset-missing"},
    "NYCbCrLT_3840x2160x23.98x10min": {"imf-asset-missing"},
    "IAB/CompleteIMP": {"imf-asset-missing", "imf-essence-unsupported"},
    "IAB/CompleteIMP2026": {"imf-asset-missing", "imf-essence-unsupported"},
    "Application5/PhotonApp5Test": {"imf-essence-unsupported"},
    "Application5/PhotonApp5TestDiscontinuityAndVideoLineMapError": {"imf-asset-missing"},
    "BadXML": {"imf-schema"},
    "WrongXmlMimeTypes": {"imf-reference-broken"},
    "OPL": {"imf-schema"},
}


class ImfTest(reel.ReelTestCase):
    def setUp(self):
        super().setUp()
        if not (PACKAGES / "small_imp").is_dir():
            self.skipTest(f"no packages at {PACKAGES}")

    def small_imp(self, variant=None, name="package"):
        """A copy that may be changed, with the XML of a variant laid over it."""
        package = self.folder / name
        package.mkdir()
        for folder in ["small_imp"] + ([f"small_imp_broken/{variant}"] if variant else []):
            for file in (PACKAGES / folder).iterdir():
                shutil.copyfile(file, package / file.name)
        return package

    def inspect(self, package, *more, code=None):
        done = reel.run("inspect", package, *more, "--json")
        self.assertIn(done.returncode, (0, 3), done.stderr)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout)
        return json.loads(done.stdout.splitlines()[-1])

    def edit(self, file, pattern, replacement):
        text = file.read_text()
        edited = re.sub(pattern, replacement, text, count=1, flags=re.S)
        self.assertNotEqual(text, edited)
        file.write_text(edited)

    def repack(self, package):
        """The packing list as it should be after the files were changed."""
        packing_list = next(package.glob("PKL*.xml"))
        text = packing_list.read_text()
        for entry in re.findall(r"<Asset>.*?</Asset>", text):
            name = re.search("<OriginalFileName>(.*?)<", entry)[1]
            contents = (package / name).read_bytes()
            digest = base64.b64encode(hashlib.sha1(contents).digest()).decode()
            new = re.sub("<Hash>.*?<", f"<Hash>{digest}<", entry)
            text = text.replace(entry, re.sub("<Size>.*?<", f"<Size>{len(contents)}<", new))
        packing_list.write_text(text)

    def messages(self, report, code):
        return [f["message"] for f in report["inspection"]["findings"] if f["code"] == code]

    def test_a_sound_package_is_listed(self):
        report = self.inspect(PACKAGES / "small_imp", code=0)
        self.assertEqual([f for f in report["inspection"]["findings"]
                          if f["code"].startswith("imf-")], [])
        composition, = report["imf"]["compositions"]
        self.assertEqual(composition["title"], "Small IMP shared")
        self.assertEqual([(t["kind"], t["language"], t["units"]) for t in composition["tracks"]],
                         [("picture", "", 108), ("sound", "en", 216000), ("sound", "fr", 216000)])
        self.assertEqual([t["language"] for t in report["source"]["audio"]], ["en", "fr"])
        self.assertEqual(report["source"]["container"], "imf")
        text = reel.run("inspect", PACKAGES / "small_imp").stdout
        for words in ("IMF package", "1818e811-892f-402b-a23f-0824128b2f33", "fr", "4.5 s"):
            self.assertIn(words, text)

    def test_a_sound_package_is_encoded_frame_for_frame(self):
        title, report = self.encode(PACKAGES / "small_imp")
        self.assertEqual(report["title"], "Small IMP shared")
        self.assertEqual(report["validation"]["verdict"], "pass")
        for rendition in report["renditions"]:
            self.assertEqual(rendition["frames"], 108)
            self.assertEqual(rendition["duration"], 4.5)
            self.assertEqual(reel.count_frames(title / f"video/{rendition['id']}.mp4"), 108)
        self.assertEqual(report["audio"][0]["duration"], 4.5)
        self.assertEqual(report["audio"][0]["language"], "en")

    def test_a_moved_package_is_the_same_source(self):
        _, first = self.encode(self.small_imp(name="one"), directory="a")
        _, second = self.encode(self.small_imp(name="two"), directory="b")
        self.assertEqual(first["source"]["sha256"], second["source"]["sha256"])
        self.assertEqual(reel.media_digests(self.folder / "a"), reel.media_digests(self.folder / "b"))

    def test_it_resumes(self):
        package = self.small_imp()
        _, first = self.encode(package)
        _, again = self.encode(package)
        self.assertGreater(first["cost"]["tasks_run"], 0)
        self.assertEqual(again["cost"]["tasks_run"], 0)

    def test_broken_packages_name_their_faults(self):
        for variant, (code, word) in PLANTED.items():
            with self.subTest(variant):
                report = self.inspect(self.small_imp(variant, name=variant), code=3)
                self.assertTrue(any(word in m for m in self.messages(report, code)),
                                report["inspection"]["findings"])
                for finding in report["inspection"]["findings"]:
                    self.assertTrue(finding["remedy"])

    def test_a_broken_package_is_not_encoded(self):
        package = self.small_imp("wrong_hash_in_pkl")
        done = reel.run("encode", package, "-o", self.folder / "t", "--recipe", self.recipe)
        self.assertEqual(done.returncode, 3)
        self.assertIn("imf-hash-mismatch", done.stderr)
        self.assertIn("imf-hash-mismatch", (self.folder / "t/report.json").read_text())
        self.assert_no_manifest(self.folder / "t")

    def test_photon_packages(self):
        for name, codes in PHOTON.items():
            with self.subTest(name):
                report = self.inspect(PACKAGES / "photon" / name, code=3)
                found = {f["code"] for f in report["inspection"]["findings"]}
                self.assertLessEqual(codes, found)

    def test_a_package_that_photon_calls_sound(self):
        report = self.inspect(PACKAGES / "photon/PHDR")
        rejects = [f for f in report["inspection"]["findings"] if f["severity"] == "reject"]
        self.assertEqual(rejects, [])

    def test_what_the_decoder_cannot_do_is_named(self):
        report = self.inspect(PACKAGES / "photon/Application5/PhotonApp5Test", code=3)
        self.assertTrue(any("ACES" in m and "urn:smpte:ul:" in m
                            for m in self.messages(report, "imf-essence-unsupported")))

    def test_several_compositions(self):
        package = self.small_imp()
        first = "1818e811-892f-402b-a23f-0824128b2f33"
        second = "1818e811-892f-402b-a23f-0824128b2f34"
        cpl = package / f"CPL_{first}.xml"
        (package / "second.xml").write_text(
            cpl.read_text().replace(first, second).replace("Small IMP shared", "Another"))
        self.edit(package / "ASSETMAP.xml", "</AssetList>",
                  f"<Asset><Id>urn:uuid:{second}</Id><ChunkList><Chunk><Path>second.xml</Path>"
                  "</Chunk></ChunkList></Asset></AssetList>")
        report = self.inspect(package, code=0)
        self.assertEqual(len(report["imf"]["compositions"]), 2)
        self.assertTrue(self.messages(report, "imf-several-compositions"))
        report = self.inspect(package, "--cpl", f"urn:uuid:{second.upper()}", code=0)
        self.assertEqual([c["title"] for c in report["imf"]["compositions"] if c["chosen"]],
                         ["Another"])
        done = reel.run("encode", package, "-o", self.folder / "t")
        self.assertEqual(done.returncode, 2)
        for word in (first, second, "--cpl"):
            self.assertIn(word, done.stderr)
        done = reel.run("inspect", package, "--cpl", "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn(first, done.stderr)

    def test_a_supplemental_package_builds_on_its_original(self):
        original = PACKAGES / "small_imp"
        version = self.small_imp(name="vf")
        for name in ("video_a.mxf", "audio_fr.mxf"):
            (version / name).unlink()
            for file in [version / "ASSETMAP.xml", *version.glob("PKL*.xml")]:
                self.edit(file, r"<Asset>(?:(?!</Asset>).)*%s.*?</Asset>\n" % re.escape(name), "")
        report = self.inspect(version, code=3)
        self.assertTrue(self.messages(report, "imf-reference-broken"))
        report = self.inspect(version, "--ov", original, code=0)
        self.assertEqual(report["source"]["container_duration"], [9, 2])

    def test_paths_that_leave_the_package(self):
        for number, path in enumerate(("../secret.mxf", "/etc/passwd", "file:///etc/passwd")):
            with self.subTest(path):
                package = self.small_imp(name=f"p{number}")
                self.edit(package / "ASSETMAP.xml", "video_a.mxf", path)
                report = self.inspect(package, code=3)
                self.assertTrue(self.messages(report, "imf-path-unsafe"))

    def test_a_descriptor_that_contradicts_the_codestream(self):
        edits = {"StoredWidth>640<": "StoredWidth>1280<", "ComponentDepth>10<": "ComponentDepth>8<",
                 "HorizontalSubsampling>2<": "HorizontalSubsampling>1<",
                 "ChannelCount>2<": "ChannelCount>6<",
                 "SampleRate>24/1<": "SampleRate>25/1<"}
        for number, (right, wrong) in enumerate(edits.items()):
            with self.subTest(wrong):
                package = self.small_imp(name=f"d{number}")
                self.edit(next(package.glob("CPL*.xml")), right, wrong)
                self.repack(package)
                report = self.inspect(package, code=3)
                self.assertEqual({f["code"] for f in report["inspection"]["findings"]
                                  if f["severity"] == "reject"}, {"imf-descriptor-mismatch"})

    def test_an_essence_that_is_shorter_than_promised(self):
        package = self.small_imp()
        cpl = next(package.glob("CPL*.xml"))
        cpl.write_text(cpl.read_text().replace("<IntrinsicDuration>144<", "<IntrinsicDuration>200<")
                       .replace("<EntryPoint>96<", "<EntryPoint>150<"))
        self.repack(package)
        report = self.inspect(package, code=3)
        self.assertTrue(any("the essence has 144" in m
                            for m in self.messages(report, "imf-timeline-gap")))

    def test_damaged_essence_gets_a_verdict(self):
        """Bit flips and cuts that the packing list agrees with."""
        rng = random.Random(20261122)
        for number in range(12):
            with self.subTest(number):
                package = self.small_imp(name=f"m{number}")
                file = package / rng.choice(["video_a.mxf", "audio_en.mxf"])
                data = bytearray(file.read_bytes())
                reach = len(data) if number % 2 else 16384
                for _ in range(20):
                    data[rng.randrange(reach)] = rng.randrange(256)
                if number % 3 == 0:
                    del data[rng.randrange(len(data)):]
                file.write_bytes(data)
                self.repack(package)
                report = self.inspect(package)
                self.assertIn(report["inspection"]["verdict"], ("accept", "warn", "reject"))

    def test_no_package_at_all(self):
        report = self.inspect(self.folder, code=3)
        self.assertIn("no IMF package", self.messages(report, "imf-schema")[0])

    def test_a_file_that_claims_to_be_a_composition_is_none(self):
        self.encode(PACKAGES / "small_imp")
        made, = (self.folder / "title/.reel").glob("*.composition")
        stolen = self.folder / "mine.composition"
        shutil.copyfile(made, stolen)
        report = self.inspect(stolen, code=3)
        self.assertTrue(self.messages(report, "not-media"))


if __name__ == "__main__":
    unittest.main()
