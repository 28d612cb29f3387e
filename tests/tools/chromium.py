# SPDX-License-Identifier: BSD-3-Clause
"""A page in headless Chromium, driven through its debugging pipe: no driver, no other package."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time


def program():
    """The browser's path, or None where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return None


class Browser:
    """One tab. Messages are JSON texts that end with a zero byte: to the browser through its file
    descriptor 3, from it through 4."""

    def __init__(self, timeout=60):
        self.timeout, self.count, self.events, self.unread = timeout, 0, [], b""
        self.profile = tempfile.TemporaryDirectory(prefix="glebe_chromium_")
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec 3<&{to_read} 4>&{from_write}; exec "$@"', "sh", program(),
             "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--hide-scrollbars",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", "about:blank"],
            pass_fds=(to_read, from_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        os.set_blocking(self.back, False)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(self.timeout)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            os.close(self.to)
            os.close(self.back)
            self.profile.cleanup()

    def message(self):
        """The next message of the browser."""
        deadline = time.monotonic() + self.timeout
        while b"\0" not in self.unread:
            try:
                read = os.read(self.back, 1 << 20)
            except BlockingIOError:
                read = None
            if read == b"":
                raise RuntimeError("the browser has ended")
            if read is None:
                if time.monotonic() > deadline:
                    raise TimeoutError("the browser does not answer")
                time.sleep(0.005)
            else:
                self.unread += read
        one, self.unread = self.unread.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **parameters):
        """Sends a command and returns its answer; events meanwhile are kept."""
        self.count += 1
        number = self.count
        command = {"id": number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.to, json.dumps(command).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def open(self, path, width=1200, height=900, media="screen", scheme="light"):
        """Loads a file; `events` then holds what happened meanwhile."""
        self.events = []
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url=f"file://{path}")
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def screenshot(self, path, **options):
        """A PNG of the whole page."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True, **options)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def pdf(self):
        """The page as it is printed."""
        self.call("Emulation.setEmulatedMedia", media="print")
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True,
                                          preferCSSPageSize=True)["data"])
