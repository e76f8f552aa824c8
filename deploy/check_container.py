#!/usr/bin/env python3
"""Performs the steps of deploy/Containerfile in bare Debian roots, without a container engine.

    check_container.py WORK [--ccache DIR] [--ca FILE]

WORK is a directory for the roots (4 GB); its `base` is used again by the next run. Needs root,
debootstrap and the network, and as long as a build takes: not part of the tests. In the end the
program must run as its user with a read-only root, and find all of its libraries.
"""

import argparse
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
CONTAINERFILE = ROOT / "deploy/Containerfile"
RELEASE = "bookworm"
SOURCES = """deb {mirror} {release} main
deb {mirror} {release}-updates main
deb {mirror}-security {release}-security main
"""


def instructions(text):
    """(NAME, rest) of each, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name.upper(), rest.strip()


def run(*command, **options):
    print("+", shlex.join(map(str, command)), flush=True)
    subprocess.run(list(map(str, command)), check=True, **options)


def make_base(base):
    """What debian:RELEASE-slim holds, near enough: the least that has apt."""
    if (base / "etc/apt").is_dir():
        return
    part = base.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    run("debootstrap", "--variant=minbase", RELEASE, part)
    sources = part / "etc/apt/sources.list"
    mirror = sources.read_text().split()[1].rstrip("/")
    sources.write_text(SOURCES.format(mirror=mirror, release=RELEASE))
    part.rename(base)


class Stage:
    """A root and what the instructions have said of it so far."""

    def __init__(self, root, base, caches, authorities):
        self.root, self.environment = root, []
        self.folder, self.user, self.entry, self.command = "/", None, [], []
        shutil.rmtree(root, ignore_errors=True)
        run("cp", "-a", base, root)
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", root / "etc" / name)
        run("mount", "-t", "proc", "proc", root / "proc")
        run("mount", "--bind", "/dev", root / "dev")
        for cache, place in caches.items():
            (root / place).mkdir(parents=True)
            run("mount", "--bind", cache, root / place)
        if authorities:
            shutil.copy(authorities, root / "tmp/ca.pem")
            self.environment = ["NODE_EXTRA_CA_CERTS=/tmp/ca.pem"]

    def inside(self, *command, user=None, **options):
        become = ["--userspec", user] if user else []
        run("chroot", *become, self.root, "env", "-i", f"--chdir={self.folder}", "HOME=/root",
            "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *self.environment, *command,
            **options)

    def path(self, text):
        """In the root, of a path as an instruction has it; a folder if it ends so."""
        absolute = os.path.join(self.folder, text)
        return self.root / absolute.lstrip("/"), text.endswith(("/", "."))

    def copy(self, sources, text):
        target, is_folder = self.path(text)
        for source in sources:
            into = target if source.is_dir() else target / source.name if is_folder else target
            into.parent.mkdir(parents=True, exist_ok=True)
            run("cp", "-a", "-T", source, into)

    def copy_context(self, target):
        """As a fresh checkout with today's changes: what is ignored stays here."""
        listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT,
                                check=True, capture_output=True).stdout
        there, _ = self.path(target)
        there.mkdir(parents=True, exist_ok=True)
        names = [name for name in listed.split(b"\0") if name and (ROOT / os.fsdecode(name)).exists()]
        run("cp", "-a", "--parents", *map(os.fsdecode, names), there, cwd=ROOT)
        run("chown", "-R", "root:root", there)


def perform(work, caches, authorities):
    stages, stage = {}, None
    for name, rest in instructions(CONTAINERFILE.read_text()):
        words = shlex.split(rest) if name in ("FROM", "COPY") else []
        if name == "FROM":
            if words[0] != f"debian:{RELEASE}-slim":
                sys.exit(f"cannot make {words[0]} here")
            label = words[2] if len(words) == 3 else "last"
            stage = stages[label] = Stage(work / label, work / "base",
                                          *((caches, authorities) if stage is None else ({}, None)))
        elif name == "WORKDIR":
            stage.folder = rest
            stage.path(".")[0].mkdir(parents=True, exist_ok=True)
        elif name == "COPY" and words[0].startswith("--from="):
            other = stages[words[0].removeprefix("--from=")]
            stage.copy([other.root / word.lstrip("/") for word in words[1:-1]], words[-1])
        elif name == "COPY" and words[:-1] == ["."]:
            stage.copy_context(words[-1])
        elif name == "RUN":
            stage.inside("/bin/sh", "-c", rest, user=stage.user)
        elif name == "USER":
            stage.user = rest
        elif name in ("ENTRYPOINT", "CMD"):
            setattr(stage, "entry" if name == "ENTRYPOINT" else "command", json.loads(rest))
        elif name not in ("EXPOSE", "HEALTHCHECK"):
            sys.exit(f"cannot perform {name}")
    return stage


def check(stage):
    if not stage.user or stage.user.split(":")[0] in ("0", "root"):
        sys.exit("the container's user is root")
    for file in ("etc/hosts", "etc/resolv.conf"):  # an engine's, not the image's
        (stage.root / file).unlink()
    run("umount", stage.root / "dev")
    run("mount", "--bind", stage.root, stage.root)
    run("mount", "-o", "remount,bind,ro", stage.root)
    linked = subprocess.run(["chroot", stage.root, "ldd", stage.entry[0]], check=True,
                            capture_output=True, text=True).stdout
    if "not found" in linked:
        sys.exit("libraries are missing:\n" + linked)
    stage.inside(*stage.entry, *stage.command, user=stage.user, stdout=subprocess.DEVNULL)
    stage.inside(*stage.entry, "--version", user=stage.user)
    size = subprocess.run(["du", "-sxm", stage.root], capture_output=True, text=True).stdout.split()[0]
    print(f"the container's root has {size} MB; {linked.count('=>')} libraries, all found")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--ccache", type=pathlib.Path, help="a directory, for a quicker build")
    parser.add_argument("--ca", type=pathlib.Path, help="PEM: whom npm trusts besides, on a network that asks for it")
    options = parser.parse_args()
    if os.environ.get("REEL_OWN_MOUNTS") != "1":  # mounts end with the process
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable,
                               *sys.argv], {**os.environ, "REEL_OWN_MOUNTS": "1"})
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    make_base(work / "base")
    caches = {options.ccache.resolve(): "root/.cache/ccache"} if options.ccache else {}
    check(perform(work, caches, options.ca))


if __name__ == "__main__":
    main()
