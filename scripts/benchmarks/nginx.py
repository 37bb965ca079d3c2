"""nginx serving the same bytes as files, and wrk, which asks both."""

import os
import shutil
import socket
import subprocess
import time

from .program import Client, install_packages, processor_seconds, stop_with

# Static files as fast as nginx has them: no log, kernel-side copies, connections kept for ever, files
# kept open and looked at again each second, which is how long Casement may trust what it has in
# memory. As many workers as Casement has. {headers} are those that Casement answers with, so that
# both write as much.
CONFIGURATION = """
{user}
worker_processes auto;
daemon off;
pid {scratch}/nginx.pid;
error_log {scratch}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 60s;
    keepalive_requests 1000000000;
    open_file_cache max=2000 inactive=60s;
    open_file_cache_valid 1s;
    gzip_static on;
    types {{ }}
    default_type application/json;
    client_body_temp_path {scratch}/temp;
    proxy_temp_path {scratch}/temp;
    fastcgi_temp_path {scratch}/temp;
    uwsgi_temp_path {scratch}/temp;
    scgi_temp_path {scratch}/temp;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        location /ims/case/v1p1/CFItems/ {{
            alias {items}/;
            {item_headers}
        }}
        location /uri/ {{
            alias {items}/;
            {permalink_headers}
        }}
        location /ims/case/v1p1/CFPackages/ {{
            alias {packages}/;
            {item_headers}
        }}
    }}
}}
"""

# What nginx sets itself.
ITS_OWN = {"content-length", "content-type", "date", "etag", "last-modified", "connection", "server", "content-encoding"}

# Asks for a list of identifiers, one after the other, from a place of its own on.
SCRIPT = """
local paths, tags, head, at, threads = {}, {}, "", 0, 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local prefix, column, headers, start = args[2], tonumber(args[3]), args[4], tonumber(args[5])
  head = " HTTP/1.1\\r\\nHost: localhost\\r\\n" .. headers:gsub("|", "\\r\\n")
  for line in io.lines(args[1]) do
    local id, ours, theirs = line:match("^(%S+) (%S+) (%S+)$")
    paths[#paths + 1] = "GET " .. prefix .. id
    if column > 0 then tags[#tags + 1] = "If-None-Match: " .. (column == 1 and ours or theirs) .. "\\r\\n" end
  end
  at = math.floor((start + number * tonumber(args[6])) * #paths)
end

function request()
  at = at % #paths + 1
  return paths[at] .. head .. (tags[at] or "") .. "\\r\\n"
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("\\nMEASURED %d %d %d %d %d\\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(99)))
end
"""


def install():
    """Installs nginx and wrk where they are missing."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    install_packages([name for name in ("nginx", "wrk") if shutil.which(name) is None])


class Nginx:
    """Serves a directory of items and one of packages, with the headers of a running Casement."""

    def __init__(self, scratch, items, packages, casement, sample):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        scratch.mkdir(exist_ok=True)
        (scratch / "temp").mkdir(exist_ok=True)
        client = Client(casement.port)
        written = CONFIGURATION.format(
            user="user root;" if os.geteuid() == 0 else "",
            scratch=scratch,
            port=self.port,
            items=items,
            packages=packages,
            item_headers=headers_of(client, "/ims/case/v1p1/CFItems/", sample),
            permalink_headers=headers_of(client, "/uri/", sample),
        )
        (scratch / "nginx.conf").write_text(written)
        command = ["nginx", "-p", str(scratch), "-e", str(scratch / "nginx.log"), "-c", str(scratch / "nginx.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if self.process.poll() is not None:
                break
            try:
                Client(self.port)
                return
            except OSError:
                time.sleep(0.05)
        stop_with("nginx does not start", scratch / "nginx.log")

    def processor(self):
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        return sum(processor_seconds(pid) for pid in listed.stdout.split())

    def stop(self):
        self.process.terminate()
        self.process.wait()


def headers_of(client, prefix, sample):
    """Casement's headers as lines for nginx, with what is different for each object put together."""
    client.get(prefix + sample, "Accept: application/json\r\n")
    lines = []
    for name, value in client.headers():
        if name == "x-request-id":
            value = "$request_id"
        if name not in ITS_OWN:
            value = value.replace("\\", "\\\\").replace("'", "\\'").replace(prefix + sample, "${uri}")
            lines.append(f"add_header {name} '{value}';")
    return "\n            ".join(lines)


class Wrk:
    """Asks for what stands in a list: `identifier tag-of-Casement tag-of-nginx` on each line."""

    def __init__(self, scratch, seconds, connections, apart=False):
        """With `apart`, its two threads are half a list from each other."""
        self.apart = 0.5 if apart else 0.0
        self.script = scratch / "wrk.lua"
        self.script.write_text(SCRIPT)
        self.seconds = seconds
        self.connections = connections

    def run(self, port, listed, prefix, headers, tag_column=0, start=0.0, seconds=None):
        """Requests a second and the 50th and 99th percentile in milliseconds; any error ends it all."""
        command = ["wrk", "-t", "2", "-c", str(self.connections), "-d", f"{max(1, round(seconds or self.seconds))}s", "--timeout", "10s"]
        command += ["-s", str(self.script), f"http://127.0.0.1:{port}/", "--"]
        command += [str(listed), prefix, str(tag_column), headers, f"{start:.4f}", str(self.apart)]
        output = subprocess.run(command, capture_output=True, text=True)
        line = next((line for line in output.stdout.splitlines() if line.startswith("MEASURED ")), None)
        if line is None:
            stop_with(f"wrk failed: {output.stdout}{output.stderr}")
        requests, micros, errors, median, p99 = map(int, line.split()[1:])
        if errors:
            stop_with(f"{errors} of {requests} requests of {prefix} from port {port} failed")
        return {"requests": requests, "rate": requests / micros * 1e6, "median": median / 1000, "p99": p99 / 1000}
