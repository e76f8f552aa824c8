#!/usr/bin/env python3
"""Holds the API's answers against docs/api/openapi.yaml: of every operation and
every status that it names, one at least."""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import unittest
import urllib.error
import urllib.request

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen([os.environ["REEL_API_SERVER"]],
                                      stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        cls.started = json.loads(cls.server.stdout.readline())
        text = cls.send("GET", "/v1/openapi.yaml")[1]
        cls.description = yaml.safe_load(text)
        cls.seen = set()

    @classmethod
    def tearDownClass(cls):
        cls.server.stdin.close()
        cls.server.wait(timeout=60)
        cls.server.stdout.close()

    @classmethod
    def send(cls, method, path, body=None, role="admin", headers=None):
        """Status, text and type of an answer."""
        data = body if isinstance(body, bytes) else (
            None if body is None else json.dumps(body).encode())
        request = urllib.request.Request(cls.started["address"] + path,
                                         data=data, method=method,
                                         headers=dict(headers or {}))
        if role:
            request.add_header("Authorization", "Bearer " + cls.started[role])
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return (answer.status, answer.read().decode(),
                        answer.headers.get_content_type())
        except urllib.error.HTTPError as error:
            with error:
                return (error.code, error.read().decode(),
                        error.headers.get_content_type())

    def resolve(self, node):
        while "$ref" in node:
            found = self.description
            for name in node["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            node = found
        return node

    def operation_of(self, method, path):
        for pattern, item in self.description["paths"].items():
            expression = re.sub(r"\{\w+\}", "[^/]+", pattern)
            if re.fullmatch(expression, path.split("?")[0]):
                return pattern, item[method.lower()]
        self.fail(f"{path} is not described")

    def call(self, status, method, path, body=None, **how):
        """As `send`, and the answer is as described; its JSON."""
        got, text, kind = self.send(method, path, body, **how)
        self.assertEqual(got, status, f"{method} {path}: {text}")
        pattern, operation = self.operation_of(method, path)
        self.seen.add((pattern, method.lower(), str(status)))
        response = self.resolve(operation["responses"][str(status)])
        if status == 204:
            self.assertEqual(text, "")
            return None
        self.assertIn(kind, response["content"], f"{method} {path}")
        schema = response["content"][kind].get("schema")
        if kind != "application/json":
            return text
        answer = json.loads(text)
        # References lead into the whole description.
        jsonschema.Draft202012Validator(
            {**schema, "components": self.description["components"]},
            format_checker=jsonschema.FormatChecker()).validate(answer)
        return answer

    def test_the_file_is_served_as_it_is(self):
        self.assertEqual(self.send("GET", "/v1/openapi.yaml", role=None)[1],
                         (ROOT / "docs/api/openapi.yaml").read_text())

    def test_a_schema_can_fail(self):
        schema = {"$ref": "#/components/schemas/Error",
                  "components": self.description["components"]}
        validator = jsonschema.Draft202012Validator(schema)
        validator.validate({"error": {"code": "a", "message": "b"}})
        with self.assertRaises(jsonschema.ValidationError):
            validator.validate({"error": {"code": "a"}})

    def test_every_answer_is_as_described(self):
        self.call_jobs()
        self.call_ended_jobs()
        self.call_uploads()
        self.call_tokens()
        self.call_service()
        self.call_without_rights()
        described = {(path, method, status)
                     for path, item in self.description["paths"].items()
                     for method, operation in item.items()
                     for status in operation["responses"]}
        # Behind 503 and 422 are servers that are away, and questions that an
        # estimate cannot answer; a stream of all events does not end.
        missing = {row for row in described - self.seen
                   if row[2] not in ("503", "422")
                   and row != ("/v1/events", "get", "200")}
        self.assertEqual(missing, set())

    def call_jobs(self):
        good = {"source": "s3://masters/film.mov", "priority": "now",
                "deadline": "2030-01-01T00:00:00Z"}
        key = {"Idempotency-Key": "1"}
        job = self.call(201, "POST", "/v1/jobs", good, headers=key)
        self.call(200, "POST", "/v1/jobs", good, headers=key)
        self.call(409, "POST", "/v1/jobs", {"source": "s3://masters/b.mov"},
                  headers=key)
        self.call(400, "POST", "/v1/jobs", {"source": "nowhere"})
        self.call(404, "POST", "/v1/jobs", {"upload": "none"})
        page = self.call(200, "GET", "/v1/jobs?limit=1")
        self.assertEqual(page["next"], page["jobs"][0]["id"])
        self.call(400, "GET", "/v1/jobs?limit=0")
        path = f"/v1/jobs/{job['id']}"
        self.call(200, "GET", path)
        self.call(200, "GET", path + "/tasks")
        self.call(400, "GET", path + "/tasks?state=odd")
        self.call(200, "GET", path + "/tasks/t1/attempts")
        self.call(409, "GET", path + "/report")
        self.call(409, "GET", path + "/artifacts")
        self.call(409, "POST", path + "/retry")
        self.call(200, "POST", path + "/cancel")
        self.call(409, "POST", path + "/cancel")
        self.call(200, "POST", path + "/retry")
        for rest in ("", "/tasks", "/tasks/t1/attempts", "/report",
                     "/artifacts", "/events"):
            self.call(404, "GET", "/v1/jobs/none" + rest)
        self.call(404, "POST", "/v1/jobs/none/cancel")
        self.call(404, "POST", "/v1/jobs/none/retry")
        self.call(200, "POST", "/v1/estimate", {"source": "s3://masters/a.mov"})
        self.call(400, "POST", "/v1/estimate", {})
        self.call(404, "POST", "/v1/estimate", {"upload": "none"})

    def call_ended_jobs(self):
        failed = self.call(200, "GET", f"/v1/jobs/{self.started['jobs']['failed']}")
        self.assertEqual(failed["error"]["code"], "io")
        path = f"/v1/jobs/{self.started['jobs']['done']}"
        self.assertEqual(self.call(200, "GET", path)["result"]["files"], 1)
        self.call(200, "GET", path + "/report")
        self.call(200, "GET", path + "/artifacts")
        text = self.call(200, "GET", path + "/events")
        events = [json.loads(line.removeprefix("data: "))
                  for line in text.splitlines() if line.startswith("data: ")]
        validator = jsonschema.Draft202012Validator(
            {"$ref": "#/components/schemas/Event",
             "components": self.description["components"]})
        told = [event for event in events if "sequence" in event]
        for event in told:
            validator.validate(event)
        self.assertEqual(told[-1]["kind"], "done")
        self.call(204, "GET", f"{path}/events?after={told[-1]['sequence']}")
        self.call(400, "GET", path + "/events?after=x")
        self.call(400, "GET", "/v1/events?after=x")

    def call_uploads(self):
        begun = self.call(201, "POST", "/v1/uploads",
                          {"name": "film.mov", "size_bytes": 3})
        self.call(400, "POST", "/v1/uploads", {"name": "film.mov"})
        path = f"/v1/uploads/{begun['id']}"
        digest = {"Reel-Sha256": hashlib.sha256(b"abc").hexdigest()}
        self.call(409, "POST", path + "/complete")
        self.call(409, "POST", "/v1/jobs", {"upload": begun["id"]})
        self.call(409, "POST", "/v1/estimate", {"upload": begun["id"]})
        self.call(400, "PUT", path + "/parts/1", b"abc")
        self.call(200, "PUT", path + "/parts/1", b"abc", headers=digest)
        self.call(200, "POST", path + "/complete")
        self.call(409, "PUT", path + "/parts/1", b"abc", headers=digest)
        self.call(200, "GET", path)
        self.call(204, "DELETE", path)
        self.call(404, "GET", path)
        self.call(404, "DELETE", path)
        self.call(404, "POST", path + "/complete")
        self.call(404, "PUT", path + "/parts/1", b"abc", headers=digest)

    def call_tokens(self):
        token = self.call(201, "POST", "/v1/tokens",
                          {"name": "ann", "role": "viewer"})
        self.call(400, "POST", "/v1/tokens", {"name": "ann"})
        self.call(200, "GET", "/v1/tokens")
        self.call(204, "DELETE", f"/v1/tokens/{token['id']}")
        self.call(404, "DELETE", f"/v1/tokens/{token['id']}")

    def call_service(self):
        self.call(200, "GET", "/v1/workers")
        for path in ("/healthz", "/readyz", "/metrics", "/v1/openapi.yaml"):
            self.call(200, "GET", path, role=None)

    def call_without_rights(self):
        """401 and 403 wherever they are described."""
        self.seen.add(("/metrics", "get", "401"))  # its own token: server_test.cc
        for pattern, item in self.description["paths"].items():
            path = re.sub(r"\{\w+\}", "x", pattern)
            for method, operation in item.items():
                if "401" in operation["responses"] and path != "/metrics":
                    self.call(401, method.upper(), path, role=None)
                if "403" in operation["responses"]:
                    self.call(403, method.upper(), path, role="viewer")


if __name__ == "__main__":
    unittest.main()
