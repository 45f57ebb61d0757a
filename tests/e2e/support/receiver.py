"""A webhook receiver that checks signatures with the library of the specification."""
import datetime
import http.server
import json
import threading

from standardwebhooks.webhooks import Webhook


class Receiver:
    """Keeps what it was told; answers with the next of `answers`, then with 204."""

    def __init__(self, other_clock=False):
        """`other_clock`: the sender's is not ours, so that messages may look old."""
        self.other_clock = other_clock
        self.told = []
        self.answers = []
        self.key = None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.answers.pop(0) if outer.answers else 204
                outer.told.append((dict(self.headers.items()), body, status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook/with-a-secret?key=hidden"

    def verify(self, headers, body):
        if not self.other_clock:
            Webhook(self.key).verify(body, headers)
            return
        moment = datetime.datetime.fromtimestamp(int(headers["webhook-timestamp"]), datetime.timezone.utc)
        expected = Webhook(self.key).sign(headers["webhook-id"], moment, body.decode())
        assert headers["webhook-signature"] == expected

    def events(self):
        """What was taken, verified: (type, data)."""
        events = []
        for headers, body, status in list(self.told):
            self.verify({name.lower(): value for name, value in headers.items()}, body)
            if status // 100 == 2:
                message = json.loads(body)
                events.append((message["type"], message["data"]))
        return events

    def end(self):
        self._server.shutdown()
        self._server.server_close()
