"""The program under test: a data directory with its commands, a client, and filled stores."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from .packages import identifier, write_package

FRAMEWORK = 2_000  # items of each framework of a store; a smaller store is one framework
FEW = 1_000  # items of the small store, and how many are asked for over and over


def stop_with(what, log=None):
    """Ends the benchmark with a sentence, behind the end of a log."""
    sys.exit((log.read_text()[-4000:] + "\n" if log else "") + f"scripts/bench: {what}")


def install_packages(missing):
    """Installs Debian's packages of these names."""
    if not missing:
        return
    print(f"scripts/bench: installing {' and '.join(missing)} with apt-get", file=sys.stderr, flush=True)
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run([*prefix, "apt-get", *arguments], stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            stop_with(f"apt-get {arguments[0]} failed; install {' and '.join(missing)}")


class Casement:
    """One data directory, and the commands on it."""

    def __init__(self, binary, directory):
        self.binary = binary
        self.directory = directory
        directory.mkdir(exist_ok=True)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CASEMENT_")}
        self.environment = {**kept, "CASEMENT_DATA_DIR": str(directory), "CASEMENT_LOG_LEVEL": "warn"}
        self.server = None
        self.port = None

    def import_files(self, files):
        """Imports; returns seconds and peak bytes of resident memory."""
        begin = time.perf_counter()
        command = [self.binary, "import", "--quiet", *map(str, files)]
        log = self.directory / "import.log"
        with open(log, "ab") as end:
            process = subprocess.Popen(command, env=self.environment, cwd=self.directory, stdout=end, stderr=end)
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            stop_with("the import failed", log)
        return seconds, usage.ru_maxrss * 1024

    def index(self):
        """Brings the search index up to date, so that no server does while it is measured."""
        log = self.directory / "import.log"
        with open(log, "ab") as end:
            command = [self.binary, "search", "--limit", "1", "anything"]
            if subprocess.run(command, env=self.environment, cwd=self.directory, stdout=end, stderr=end).returncode != 0:
                stop_with("the index cannot be made", log)

    def serve(self, demo=False):
        command = [self.binary, "serve", *["--no-demo"] * (not demo), "--addr", "127.0.0.1:0"]
        log = self.directory / "server.log"
        with open(log, "ab") as end:
            self.server = subprocess.Popen(
                command, env=self.environment, cwd=self.directory, stdout=subprocess.PIPE, stderr=end, text=True
            )
        # Its one line on stdout says where it serves.
        line = self.server.stdout.readline()
        if not line:
            stop_with("the server does not start", log)
        self.port = int(line.rsplit(":", 1)[1])

    def memory(self):
        """The server's resident memory now, in bytes."""
        with open(f"/proc/{self.server.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS:"))

    def processor(self):
        return processor_seconds(self.server.pid)

    def stop(self):
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(30)
            except subprocess.TimeoutExpired:
                self.server.kill()
            self.server.stdout.close()
            self.server = None

    def forget_files(self):
        """Has the system drop what it keeps in memory of the program's and the store's files. Needs
        no rights, and leaves everybody else's files alone."""
        os.sync()
        for path in [self.binary, *self.directory.rglob("*")]:
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def processor_seconds(pid):
    """The processor time that a process has used, in seconds."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Stores:
    """Data directories with so many items, each filled when it is first asked for. One that is kept
    from an earlier run, of the same revision of the database, is used as it is."""

    def __init__(self, binary, scratch):
        self.binary = binary
        self.scratch = scratch

    def of(self, items, name="store", fields=None):
        """`fields` tells what items have that those of the other stores have not."""
        directory = self.scratch / f"{name}-{items}"
        whole = directory / "whole"
        if not whole.exists():
            shutil.rmtree(directory, ignore_errors=True)
            load(Casement(self.binary, directory), items, self.scratch, fields)
            whole.touch()
        casement = Casement(self.binary, directory)
        casement.index()
        return casement


def load(casement, items, scratch, fields=None):
    """Stores that many items as frameworks of at most FRAMEWORK, and prints how it went."""
    each = min(FRAMEWORK, items)
    begin = time.perf_counter()
    importing, peak, batch = 0.0, 0, []
    for framework in range(items // each):
        path = scratch / f"load-{framework}.json"
        write_package(path, framework, each, words=12, fields=fields)
        batch.append(path)
        if len(batch) == 25 or framework == items // each - 1:
            seconds, memory = casement.import_files(batch)
            importing, peak = importing + seconds, max(peak, memory)
            for path in batch:
                path.unlink()
            batch = []
            if sys.stderr.isatty():
                print(f"\r  {(framework + 1) * each:,} of {items:,} items stored", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    disk = sum(file.stat().st_size for file in casement.directory.rglob("*") if file.is_file())
    print(
        f"  stored {items:,} items in {items // each} framework{'s'[: items > each]}: {time.perf_counter() - begin:.0f} s, "
        f"of which import {importing:.0f} s ({items / importing:,.0f} items/s), peak memory {peak / 1e6:.0f} MB, "
        f"disk {disk / 1e6:.0f} MB",
        flush=True,
    )


def item_of(items, index):
    """The identifier of an item of the store with so many."""
    each = min(FRAMEWORK, items)
    return identifier(index // each, index % each)


class Client:
    """One keep-alive HTTP/1.1 connection; only as much of the protocol as is needed here."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.head = b""

    def get(self, path, headers=""):
        """Status and body; each line of `headers` ends with CR and LF."""
        self.send(path, headers)
        return self.receive()

    def send(self, path, headers=""):
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())

    def receive(self):
        """Status and body of the next answer; its head is kept."""
        while (end := self.rest.find(b"\r\n\r\n")) < 0:
            self.more()
        self.head, self.rest = self.rest[:end], self.rest[end + 4 :]
        status = int(self.head.split(b" ", 2)[1])
        if self.header("transfer-encoding") == "chunked":
            return status, self.chunks()
        return status, self.take(0 if status == 304 else int(self.header("content-length") or 0))

    def headers(self):
        """Names in small letters and values, as they came."""
        lines = self.head.decode().split("\r\n")[1:]
        return [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def header(self, name):
        at = self.head.lower().find(f"\r\n{name}:".encode())
        return None if at < 0 else self.head[at + len(name) + 3 :].split(b"\r\n", 1)[0].strip().decode()

    def first_byte(self, path, headers):
        """Seconds until the first byte of an answer, which is then read to its end."""
        begin = time.perf_counter()
        self.send(path, headers)
        self.more()
        seconds = time.perf_counter() - begin
        self.receive()
        return seconds

    def take(self, length):
        parts = [self.rest]
        have = len(self.rest)
        while have < length:
            part = self.socket.recv(1 << 20)
            if not part:
                raise OSError("the connection was closed")
            parts.append(part)
            have += len(part)
        whole = b"".join(parts)
        self.rest = whole[length:]
        return whole[:length]

    def chunks(self):
        body = []
        while True:
            while (end := self.rest.find(b"\r\n")) < 0:
                self.more()
            size = int(self.rest[:end].split(b";")[0], 16)
            self.rest = self.rest[end + 2 :]
            body.append(self.take(size))
            self.take(2)
            if size == 0:
                return b"".join(body)

    def more(self):
        part = self.socket.recv(1 << 16)
        if not part:
            raise OSError("the connection was closed")
        self.rest += part
