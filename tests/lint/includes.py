#!/usr/bin/env python3
"""Checks the layer order of src/ and the places of tests.

The table says which folders a folder may include. Besides: stages are entered
through the header of their own name only, libav* headers appear in media/ alone,
SOCI, NATS and S3 headers in platform/ alone, and every tests/unit/F/X_test.cc
tests a src/F/X.cc or X.h. Exits 1 and names each offence.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

BELOW_STAGES = {"base", "model", "media", "imf"}
STAGES = {"inspect", "shots", "quality", "ladder", "encode", "audio", "text",
          "assemble", "package", "deliver"}
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "media": {"base", "model"},
    "imf": {"base", "model", "media"},
    **{stage: BELOW_STAGES for stage in STAGES},
    "platform": {"base", "model"},
    "workflow": {"base", "model", "platform"},
    "workflow/fleet": {"base", "model", "platform", "workflow"},
    "workflow/tasks": BELOW_STAGES | STAGES | {"platform", "workflow"},
    "service/http": {"base"},
    "service/api": {"base", "model", "platform", "service/http"},
    "service": BELOW_STAGES | STAGES
               | {"platform", "workflow", "workflow/fleet", "workflow/tasks",
                  "service/http"},
    "cli": BELOW_STAGES | STAGES
           | {"platform", "workflow", "workflow/fleet", "workflow/tasks",
              "service", "service/api"},
}
LIBRARY_HOME = {
    r"lib(av|sw)\w*/": "media",
    r"soci/|nats/|curl/": "platform",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)


def folder_of_name(name):
    """Of a path below src/: its folder in the table."""
    parts = name.split("/")
    inner = "/".join(parts[:2])
    return inner if len(parts) > 2 and inner in MAY_INCLUDE else parts[0]


def folder_of(path):
    return folder_of_name(str(path.relative_to(ROOT / "src")))


def offences_of(path):
    folder = folder_of(path)
    if folder not in MAY_INCLUDE:
        yield f"src/{folder}/ is not in the table"
        return
    allowed = MAY_INCLUDE[folder] | {folder}
    for quote, name in INCLUDE.findall(path.read_text()):
        if quote == '"':
            target = folder_of_name(name)
            if target in MAY_INCLUDE and target not in allowed:
                yield f'includes "{name}": {folder} may not use {target}'
            if (target in STAGES and target != folder
                    and name != f"{target}/{target}.h"):
                yield f'includes "{name}": use "{target}/{target}.h"'
        for pattern, home in LIBRARY_HOME.items():
            if re.match(pattern, name) and folder != home:
                yield f"includes <{name}>: only src/{home}/ may"


def misplaced_tests():
    for test in sorted((ROOT / "tests/unit").rglob("*.cc")):
        name = str(test.relative_to(ROOT / "tests/unit").with_suffix(""))
        if not name.endswith("_test"):
            yield f"{test.relative_to(ROOT)}: unit tests are named X_test.cc"
            continue
        source = ROOT / "src" / name.removesuffix("_test")
        if not (source.with_suffix(".cc").exists()
                or source.with_suffix(".h").exists()):
            yield f"{test.relative_to(ROOT)}: there is no {source.relative_to(ROOT)}.cc"


def main():
    offences = [f"{path.relative_to(ROOT)}: {offence}"
                for path in sorted((ROOT / "src").rglob("*"))
                if path.suffix in (".h", ".cc")
                for offence in offences_of(path)]
    offences += misplaced_tests()
    for offence in offences:
        print(offence)
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
