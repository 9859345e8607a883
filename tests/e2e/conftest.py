"""What the tests in a browser share: one Chromium, and a site with the samples."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from gateway.core.policy.access import Role
from tests.e2e.browser import chromium
from tests.e2e.gate import SAMPLES, Gate
from tests.parts.s3 import S3Server

# For a machine that does other work beside; nothing waits so long where all is well.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """Two targets, and the two samples with the findings of a watch term. Tests leave no third recording here."""
    with Gate(tmp_path_factory.mktemp("gate"), {"REELGATE_OCR_ENGINE": "tesserocr"}) as gate:
        with gate.client(Role.ADMIN) as admin:
            admin.post("/api/watch_terms", json={"name": "Payments", "query": "payments"}).raise_for_status()
            for name, protocol, port in (("Payroll server", "rdp", 3389), ("Build host", "vnc", 5900)):
                body = {"name": name, "protocol": protocol, "host": "127.0.0.1", "port": port, "parameters": {}}
                admin.post("/api/targets", json=body).raise_for_status()
        for name in SAMPLES:
            gate.import_sample(name)
        for name in SAMPLES:
            gate.finished(name, 300)
        yield gate


@pytest.fixture(scope="package")
def live_site(tmp_path_factory: pytest.TempPathFactory, s3_server: S3Server) -> Iterator[Gate]:
    """A site for live sessions, with a bucket as its archive. Tests add targets of their own."""
    with Gate(tmp_path_factory.mktemp("live"), s3_server.settings(s3_server.create_bucket())) as gate:
        yield gate
