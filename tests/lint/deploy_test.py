#!/usr/bin/env python3
"""What deploy/ holds fits together, and fits the program.

No file names another one, an option, a variable, a metric or a section that is not there; what
runs has no rights that it does not need; nothing has a secret in it. Besides, Debian's promtool
and systemd-analyze, and kubectl, look at what they know, where they are installed.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
BASE = DEPLOY / "kubernetes/base"
FLEET = (ROOT / "docs/fleet.md").read_text()
PRIORITIES = (1, 5, 9)  # platform::JobPriority
GRACE_SECONDS = 600     # of a worker that is told to end
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|ACCESS_KEY")


def load(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def walk(node):
    """Every mapping in a document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def units():
    """(name, [(key, value)]) of each unit."""
    for path in sorted(DEPLOY.glob("systemd/*.service")):
        lines = [line for line in path.read_text().splitlines() if "=" in line and line[0] != "#"]
        yield path.name, [tuple(line.split("=", 1)) for line in lines]


def assignments(path):
    """NAME, value of a file of environment variables."""
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            yield tuple(line.split("=", 1))


def compose():
    return load(DEPLOY / "compose.yaml")[0]


def our_services():
    return {name: service for name, service in compose()["services"].items()
            if service["image"].startswith("reelwright")}


def kubernetes(kind):
    found = [document for path in sorted(BASE.rglob("*.yaml")) for document in load(path)
             if document["kind"] == kind]
    assert found, f"no {kind}"
    return found


def groups():
    """(name, its patches by kind) of each group of workers."""
    for path in sorted(BASE.glob("worker-*/kustomization.yaml")):
        kustomization = load(path)[0]
        yield kustomization["nameSuffix"], {patch["target"]["kind"]: yaml.safe_load(patch["patch"])
                                            for patch in kustomization["patches"]}


def services_of(patches):
    (argument,) = [patch["value"] for patch in patches["Deployment"]
                   if str(patch["value"]).startswith("--service=")]
    return argument.removeprefix("--service=").split(",")


def command_lines():
    """(where, arguments of reel) of everything that is started."""
    for name, lines in units():
        for key, value in lines:
            if key == "ExecStart":
                yield name, shlex.split(value)[1:]
    for name, service in our_services().items():
        yield f"compose.yaml: {name}", service["command"]
    for deployment in kubernetes("Deployment"):
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            yield f"kubernetes: {deployment['metadata']['name']}", container["args"]
    for name, patches in groups():
        yield f"kubernetes: worker{name}", ["worker", f"--service={services_of(patches)[0]}"]


def tool(name, *arguments):
    """Runs it; its output if it finds fault."""
    done = subprocess.run([name, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    return "" if done.returncode == 0 else done.stdout + done.stderr


class ProgramTest(unittest.TestCase):
    def known_options(self, command):
        """As the program says, or the design of what is still to come."""
        text = ""
        if binary := os.environ.get("REEL_BINARY"):
            text = subprocess.run([binary, "help", command], capture_output=True, text=True).stdout
        if not text:
            (text,) = re.findall(rf"^reel (?:\S+ \| )*{command}\b.*$", FLEET, re.M)
        return re.findall(r"--[a-z-]+", text)

    def test_commands_and_options_are_known(self):
        for where, (command, *arguments) in command_lines():
            if "--" in arguments:  # reel scale: of `reel worker`
                split = arguments.index("--")
                self.check(where, "worker", arguments[split + 1:])
                arguments = arguments[:split]
            self.check(where, command, arguments)

    def check(self, where, command, arguments):
        known = self.known_options(command)
        for argument in arguments:
            if argument.startswith("--"):
                self.assertIn(argument.split("=")[0], known, f"{where}: reel {command}")

    def variables(self):
        for name, service in our_services().items():
            for variable in service["environment"]:
                yield f"compose.yaml: {name}", variable
        for path in [*DEPLOY.rglob("*.env"), *DEPLOY.rglob("*.env.example")]:
            if path.name != ".env.example":  # of compose.yaml, for all of its services
                for variable, _ in assignments(path):
                    yield path.name, variable
        for name, lines in units():
            for key, value in lines:
                if key == "Environment":
                    yield name, value.split("=")[0]

    def test_variables_are_documented(self):
        for where, variable in self.variables():
            self.assertIn(f"`{variable}`", FLEET, where)

    def test_every_service_has_workers_and_a_trigger_for_each_priority(self):
        sources = " ".join(path.read_text() for path in (ROOT / "src/workflow/tasks").glob("*.cc"))
        all_services = sorted(set(re.findall(r'\.service = "(\w+)"', sources)))
        self.assertEqual(sorted(service for _, patches in groups()
                                for service in services_of(patches)), all_services)
        for name, patches in groups():
            (triggers,) = [patch["value"] for patch in patches["ScaledObject"]
                           if patch["path"] == "/spec/triggers"]
            self.assertEqual(sorted(trigger["metadata"]["consumer"] for trigger in triggers),
                             sorted(f"reel-{priority}-{service}" for priority in PRIORITIES
                                    for service in services_of(patches)), name)
            for trigger in triggers:
                self.assertEqual(trigger["type"], "nats-jetstream")
                self.assertEqual(trigger["metadata"].keys(),
                                 {"natsServerMonitoringEndpoint", "account", "stream", "consumer",
                                  "lagThreshold"})
                for value in trigger["metadata"].values():  # numbers are refused
                    self.assertIsInstance(value, str)


class KubernetesTest(unittest.TestCase):
    def test_files_are_there_and_used(self):
        used = set()
        for path in (DEPLOY / "kubernetes").rglob("kustomization.yaml"):
            kustomization = load(path)[0]
            names = [*kustomization["resources"],
                     *[patch["path"] for patch in kustomization.get("patches", ()) if "path" in patch],
                     *[name for one in kustomization.get("configMapGenerator", ())
                       for name in one["envs"]]]
            for name in names:
                there = (path.parent / name).resolve()
                used.add(there / "kustomization.yaml" if there.is_dir() else there)
                self.assertTrue(there.exists(), f"{path}: {name}")
        used.add(DEPLOY / "kubernetes/overlays/example/kustomization.yaml")
        files = {path for path in (DEPLOY / "kubernetes").rglob("*") if path.is_file()}
        self.assertEqual(used, files)

    def test_containers_have_no_rights_that_they_do_not_need(self):
        for deployment in kubernetes("Deployment"):
            pod = deployment["spec"]["template"]["spec"]
            self.assertFalse(pod["automountServiceAccountToken"])
            self.assertTrue(pod["securityContext"]["runAsNonRoot"])
            self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            for container in pod["containers"]:
                self.assertEqual(container["securityContext"],
                                 {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                                  "capabilities": {"drop": ["ALL"]}})
                self.assertIn("memory", container["resources"]["limits"])
                self.assertEqual(container["resources"]["requests"].keys() & {"cpu", "memory"},
                                 {"cpu", "memory"})

    def test_what_is_selected_exists(self):
        deployments = {one["metadata"]["name"]: one for one in kubernetes("Deployment")}
        accounts = {one["metadata"]["name"] for one in kubernetes("ServiceAccount")}
        budgets = [one["spec"]["selector"]["matchLabels"] for one in kubernetes("PodDisruptionBudget")]
        for deployment in deployments.values():
            spec = deployment["spec"]
            labels = spec["template"]["metadata"]["labels"]
            self.assertLessEqual(spec["selector"]["matchLabels"].items(), labels.items())
            self.assertIn(spec["selector"]["matchLabels"], budgets)
            self.assertIn(spec["template"]["spec"]["serviceAccountName"], accounts)
        for scaled in kubernetes("ScaledObject"):
            self.assertIn(scaled["spec"]["scaleTargetRef"]["name"], deployments)
            self.assertLess(scaled["spec"]["minReplicaCount"], scaled["spec"]["maxReplicaCount"])
        for name, patches in groups():
            (target,) = [patch["value"] for patch in patches["ScaledObject"]
                         if patch["path"] == "/spec/scaleTargetRef/name"]
            self.assertEqual(target, f"reel-worker{name}")

    def test_workers_have_scratch_space_and_time_to_end(self):
        (pod,) = [one["spec"]["template"]["spec"] for one in kubernetes("Deployment")
                  if one["metadata"]["name"] == "reel-worker"]
        self.assertGreater(pod["terminationGracePeriodSeconds"], GRACE_SECONDS)
        self.assertEqual(pod["volumes"], [{"name": "scratch", "emptyDir": {"sizeLimit": "2Gi"}}])

    def test_only_serve_reaches_the_database(self):
        for deployment in kubernetes("Deployment"):
            for name in ("reelwright-database", "reelwright-jobs"):
                self.assertEqual(name in json.dumps(deployment),
                                 deployment["metadata"]["name"] == "reel-serve", name)

    @unittest.skipUnless(shutil.which("kubectl"), "no kubectl")
    def test_kustomize_renders_it(self):
        done = subprocess.run(["kubectl", "kustomize", DEPLOY / "kubernetes/overlays/example"],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        names = {(one["kind"], one["metadata"]["name"]) for one in yaml.safe_load_all(done.stdout)}
        for name, _ in groups():
            self.assertLessEqual({("Deployment", f"reel-worker{name}"),
                                  ("ScaledObject", f"reel-worker{name}")}, names)


class SecretsTest(unittest.TestCase):
    def test_none_is_written_down(self):
        for path in [*DEPLOY.rglob("*.env"), *DEPLOY.rglob("*.env.example"), DEPLOY / ".env.example"]:
            for variable, value in assignments(path):
                if SECRET.search(variable):
                    self.assertEqual(value, "", f"{path}: {variable}")
        for path in (DEPLOY / "kubernetes").rglob("*.yaml"):
            for document in load(path):
                self.assertNotEqual(document["kind"], "Secret", path)
                self.assertNotIn("secretGenerator", document, path)

    def test_compose_asks_for_each(self):
        example = dict(assignments(DEPLOY / ".env.example"))
        text = (DEPLOY / "compose.yaml").read_text()
        for mapping in walk(compose()):
            for variable, value in mapping.items():
                if isinstance(value, str) and SECRET.search(variable):
                    self.assertRegex(value, r"^\$\{\w+(:\?[^}]+|-)\}$", variable)
        self.assertEqual(set(re.findall(r"\$\{(\w+)", text)), set(example))


class ComposeTest(unittest.TestCase):
    def test_what_is_named_is_there(self):
        services = compose()["services"]
        for name, service in services.items():
            for other, how in service.get("depends_on", {}).items():
                if how["condition"] == "service_healthy" and other not in our_services():
                    self.assertIn("healthcheck", services[other], f"{name} waits for {other}")
            for volume in service.get("volumes", ()):
                source = volume.split(":")[0]
                if source.startswith("."):
                    self.assertTrue((DEPLOY / source).exists(), volume)
                elif ":" in volume:
                    self.assertIn(source, compose()["volumes"])

    def test_ports_are_open_on_this_machine_only(self):
        for service in compose()["services"].values():
            for port in service.get("ports", ()):
                self.assertTrue(port.startswith("127.0.0.1:"), port)

    def test_ours_have_no_rights_that_they_do_not_need(self):
        for name, service in our_services().items():
            self.assertTrue(service["read_only"], name)
            self.assertEqual(service["cap_drop"], ["ALL"], name)
            if name != "serve":
                self.assertNotIn("PGPASSWORD", service["environment"], name)
        self.assertGreater(int(our_services()["worker"]["stop_grace_period"].rstrip("s")),
                           GRACE_SECONDS)


class SystemdTest(unittest.TestCase):
    def test_units_are_confined(self):
        for name, lines in units():
            for want in (("DynamicUser", "yes"), ("ProtectSystem", "strict"),
                         ("NoNewPrivileges", "yes"), ("CapabilityBoundingSet", ""),
                         ("KillSignal", "SIGTERM")):
                self.assertIn(want, lines, name)

    def test_workers_end_in_their_own_time(self):
        for name, lines in units():
            if name in ("reel-worker.service", "reel-scale.service"):
                self.assertIn(("KillMode", "mixed"), lines)
                self.assertGreater(int(dict(lines)["TimeoutStopSec"]), GRACE_SECONDS)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_systemd_understands_them(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for path in DEPLOY.glob("systemd/*.service"):
                text = path.read_text().replace("/usr/local/bin/reel", "/bin/true")
                name = path.name.replace("@.", "@srv-incoming.")
                paths.append(pathlib.Path(folder, name))
                paths[-1].write_text("\n".join(line for line in text.splitlines()
                                               if not line.startswith("Documentation=")))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", *paths],
                                  capture_output=True, text=True, timeout=120)
            ours = [line for line in (done.stdout + done.stderr).splitlines() if "reel-" in line]
            self.assertEqual(ours, [])


class MonitoringTest(unittest.TestCase):
    def setUp(self):
        # What the program renders is this file, byte for byte (MetricsTest).
        golden = (ROOT / "tests/unit/service/goldens/metrics.prom").read_text()
        types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", golden, re.M))
        self.metrics = {name + suffix for name, kind in types.items()
                        for suffix in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))}
        self.rules = [rule for group in load(DEPLOY / "prometheus/alerts.yaml")[0]["groups"]
                      for rule in group["rules"]]
        self.dashboard = json.loads((DEPLOY / "grafana/reelwright.json").read_text())

    def expressions(self):
        for rule in self.rules:
            yield rule["alert"], rule["expr"]
        for panel in self.dashboard["panels"]:
            for target in panel.get("targets", ()):
                yield panel["title"], target["expr"]

    def test_metrics_exist(self):
        for where, expression in self.expressions():
            for metric in re.findall(r"\breel_\w+", expression):
                self.assertIn(metric, self.metrics, where)

    def test_every_alert_has_its_section_and_no_section_is_left_over(self):
        text = (ROOT / "docs/operations.md").read_text()
        self.assertEqual(sorted(re.findall(r"^### (Reel\w+)$", text, re.M)),
                         sorted(rule["alert"] for rule in self.rules))
        for rule in self.rules:
            self.assertEqual(rule["annotations"]["runbook"],
                             f"docs/operations.md#{rule['alert'].lower()}")
            self.assertIn(rule["labels"]["severity"], ("page", "ticket"))

    def test_panels_do_not_overlap(self):
        taken = set()
        for panel in self.dashboard["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24)
            taken |= cells
        ids = [panel["id"] for panel in self.dashboard["panels"]]
        self.assertEqual(len(ids), len(set(ids)))

    @unittest.skipUnless(shutil.which("promtool"), "no promtool: Debian's package prometheus has it")
    def test_prometheus_understands_it(self):
        self.assertEqual(tool("promtool", "check", "config", DEPLOY / "prometheus/prometheus.yaml"), "")
        self.assertEqual(tool("promtool", "test", "rules", ROOT / "tests/lint/alerts.yaml"), "")
        for where, expression in self.expressions():
            rule = {"groups": [{"name": "one", "rules": [{"record": "a:b", "expr": expression}]}]}
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                yaml.safe_dump(rule, file)
                self.assertEqual(tool("promtool", "check", "rules", file.name), "", where)

    @unittest.skipUnless(shutil.which("promtool"), "no promtool: Debian's package prometheus has it")
    def test_prometheus_reads_the_metrics(self):
        with open(ROOT / "tests/unit/service/goldens/metrics.prom", encoding="utf-8") as golden:
            done = subprocess.run(["promtool", "check", "metrics"], stdin=golden,
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


class ContainerTest(unittest.TestCase):
    def test_it_does_not_run_as_root(self):
        users = re.findall(r"^USER (\S+)$", (DEPLOY / "Containerfile").read_text(), re.M)
        self.assertTrue(users and users[-1].split(":")[0].isdigit() and users[-1][0] != "0", users)


if __name__ == "__main__":
    unittest.main()
