# SPDX-License-Identifier: MIT
"""A browser without a window, driven by Chromium's DevTools protocol over a pipe, and a web server for it."""

import base64
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time


def installed():
    return shutil.which("chromium") or shutil.which("chromium-browser")


def main():
    """The arguments of a test's command line: the folder in which the page was built, and salient-explain. Ends the test, as
    one that was skipped, where something is missing."""
    build, explain = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    del sys.argv[1:3]
    needed = {"the page, which the test apps.web.build builds if it can": (build / "site/index.html").exists(),
              "chromium or chromium-browser on the PATH": installed()}
    for what, there in needed.items():
        if not there:
            print("needs", what)
            sys.exit(77)
    return build, explain


class Server(http.server.ThreadingHTTPServer):
    """Serves folders: {"/": folder, "/test/": folder}."""

    daemon_threads = True

    def __init__(self, sites):
        sites = {prefix: pathlib.Path(folder) for prefix, folder in sites.items()}

        class Handler(http.server.SimpleHTTPRequestHandler):
            def translate_path(self, path):
                path = path.split("?")[0]
                prefix = max((p for p in sites if path.startswith(p)), key=len)
                file = sites[prefix] / path[len(prefix):]
                return str(file / "index.html" if file.is_dir() else file)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        self.connections = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}).start()

    def process_request(self, request, client_address):
        self.connections.append(request)
        super().process_request(request, client_address)

    def stop(self):
        self.shutdown()
        self.server_close()
        for connection in self.connections:  # some that the browser has opened in advance would be answered
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed already
                pass

    def __exit__(self, *_):
        self.stop()


class Chromium:
    """One page. Hosts other than 127.0.0.1 cannot be reached."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, to_write = os.pipe(), os.pipe()

        def pipes():  # that Chromium reads from 3 and writes to 4
            os.dup2(to_read[0], 13)
            os.dup2(to_write[1], 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            [installed(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_read[0])
        os.close(to_write[1])
        self.write, self.read = to_read[1], to_write[0]
        self.asked, self.rest, self.session, self.events = 0, b"", None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def close(self):
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.write)
        os.close(self.read)
        self.profile.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def open(self, server, path=""):
        self.call("Page.navigate", url=f"http://127.0.0.1:{server.port}/{path}")

    def _received(self):
        while b"\0" not in self.rest:
            more = os.read(self.read, 1 << 20)
            if not more:
                raise EOFError("Chromium has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.asked += 1
        message = {"id": self.asked, "method": method, "params": params}
        if self.session and not method.startswith("Target."):
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while (answer := self._received()).get("id") != self.asked:
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def reload(self):
        before = self.js("performance.timeOrigin")
        self.call("Page.reload")
        self.wait(f"performance.timeOrigin !== {before}")

    def js(self, expression):
        """The value of an expression in the page, a promise's when it is kept."""
        done = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(f"{expression}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def wait(self, condition, seconds=120):
        end = time.monotonic() + seconds
        while True:
            try:
                if self.js(condition):
                    return
            except RuntimeError:  # the page is being loaded
                pass
            if time.monotonic() > end:
                raise TimeoutError(f"it never happened: {condition}")
            time.sleep(0.01)

    def before_each_page(self, script):
        self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def size(self, width, height, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def dark(self, dark):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def mouse(self, kind, x, y):
        self.call("Input.dispatchMouseEvent", type="mouse" + kind, x=x, y=y, button="left", clickCount=1)

    def touch(self, kind, *points):
        """Fingers after a `kind` of change, "Start", "Move" or "End": {number: (x, y)} of those that are down."""
        self.call("Input.dispatchTouchEvent", type="touch" + kind,
                  touchPoints=[{"x": x, "y": y, "id": n} for each in points for n, (x, y) in each.items()])

    def key(self, key, shift=False):
        code = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
                "Delete": 46}[key]
        for kind in ("keyDown", "keyUp"):
            text = {" ": " ", "Enter": "\r"}.get(key) if kind == "keyDown" else None
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code="Space" if key == " " else key,
                      windowsVirtualKeyCode=code, modifiers=8 * shift, **({"text": text} if text else {}))

    def screenshot(self, file, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        pathlib.Path(file).write_bytes(base64.b64decode(data))

    def complaints(self):
        """What the page has written to the console, and errors."""
        return [e["params"] for e in self.events
                if e.get("method") in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled") or
                e.get("method") == "Log.entryAdded" and e["params"]["entry"]["level"] in ("warning", "error")]
