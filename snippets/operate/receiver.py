"""Write down each message that comes in: a stand-in for a chat's webhook."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print(json.loads(body)["text"], flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Nothing but the messages."""


with HTTPServer(("127.0.0.1", 0), Receiver) as server:
    Path("address.txt").write_text(f"http://127.0.0.1:{server.server_port}")
    server.serve_forever()
