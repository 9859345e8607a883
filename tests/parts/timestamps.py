"""A time-stamping authority (RFC 3161): `openssl ts` behind a small server on loopback, with a root of its own."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_CONFIG: Final = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Test authority
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/leaf.pem
signer_key = {folder}/leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""
_MAX_BYTES: Final = 2**16


class TimeStampingAuthority:
    """A context manager. `url` answers requests, `root` is the certificate (PEM) that its stamps are checked by."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root.pem"
        self.request_count = 0
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = authority.reply(self.rfile.read(min(int(self.headers["Content-Length"]), _MAX_BYTES)))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def reply(self, query: bytes) -> bytes:
        """The authority's response to a request, both in DER."""
        self.request_count += 1
        request, response = self.folder / "request.tsq", self.folder / "response.tsr"
        request.write_bytes(query)
        self._openssl("ts", "-reply", "-config", "tsa.conf", "-queryfile", str(request), "-out", str(response))
        return response.read_bytes()

    def __enter__(self) -> Self:
        (self.folder / "tsa.conf").write_text(_CONFIG.format(folder=self.folder))
        (self.folder / "serial").write_text("01")
        new = ("req", "-new", "-config", "tsa.conf", "-newkey", "rsa:2048", "-nodes")
        self._openssl(*new, "-x509", "-extensions", "root", "-keyout", "root.key", "-out", "root.pem", "-days", "2")
        self._openssl(*new, "-keyout", "leaf.key", "-out", "leaf.csr")
        signing = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "2")
        extensions = ("-extfile", "tsa.conf", "-extensions", "leaf")
        self._openssl("x509", "-req", "-in", "leaf.csr", *signing, *extensions, "-out", "leaf.pem")
        self._thread = threading.Thread(target=self._server.serve_forever, name="tsa", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=60)
