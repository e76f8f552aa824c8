"""As little of a NATS client as the tests of the program need: requests and their answers."""

import json
import socket
import urllib.parse


class Nats:
    def __init__(self, url, timeout=20):
        there = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((there.hostname, there.port), timeout=timeout)
        self.lines = self.socket.makefile("rb")
        self.asked = 0
        self.lines.readline()  # INFO
        self.send(b'CONNECT {"verbose":false,"headers":false}\r\n')

    def close(self):
        self.lines.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def ask(self, subject, body=b""):
        """The answer's JSON."""
        self.asked += 1
        inbox = f"_INBOX.{id(self):x}.{self.asked}"
        self.send(f"SUB {inbox} {self.asked}\r\nUNSUB {self.asked} 1\r\n"
                  f"PUB {subject} {inbox} {len(body)}\r\n".encode() + body + b"\r\n")
        while True:
            line = self.lines.readline()
            if line == b"PING\r\n":
                self.send(b"PONG\r\n")
            elif line.startswith(b"MSG "):
                return json.loads(self.lines.read(int(line.split()[-1]) + 2))
            elif not line or line.startswith(b"-ERR"):
                raise ConnectionError(f"NATS: {line!r}")

    def request(self, subject, body=b""):
        """An answer that tells of an error is one."""
        answer = self.ask(subject, body)
        if "error" in answer:
            raise RuntimeError(f"{subject}: {answer['error']}")

    def has_stream(self, stream):
        return "error" not in self.ask(f"$JS.API.STREAM.INFO.{stream}")

    def make_consumer(self, stream, service, priority):
        """As the queue makes it when it is given the first such task."""
        name = f"{stream}-{priority}-{service}"
        config = {"durable_name": name, "filter_subject": f"{stream}.task.{service}.{priority}",
                  "ack_policy": "explicit", "ack_wait": 30_000_000_000, "max_ack_pending": 1000}
        self.request(f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{name}",
                     json.dumps({"stream_name": stream, "config": config}).encode())

    def publish_task(self, stream, service, priority, task):
        self.request(f"{stream}.task.{service}.{priority}", task.encode())

    def purge(self, stream):
        self.request(f"$JS.API.STREAM.PURGE.{stream}")
