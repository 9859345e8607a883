"""The built pages as the gateway serves them: encodings, caching, types, and what an unknown path gets."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from gateway.pages import accepted_encodings, mount_pages

SCRIPT = "export const word = 'Reelgate';\n" * 100
START = "<title>Reelgate</title>"
PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build of a start page, a script with both compressed forms, and a font."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(START)
    script = tmp_path / "assets" / "main-abc.js"
    script.write_text(SCRIPT)
    script.with_name("main-abc.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    script.with_name("main-abc.js.br").write_bytes(b"as brotli")
    (tmp_path / "assets" / "inter-abc.woff2").write_bytes(b"font")
    preloads = {"/recordings/:id": ["assets/RecordingPage-abc.js", "assets/RecordingPage-abc.css"]}
    (tmp_path / "preloads.json").write_text(json.dumps(preloads))
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    app = FastAPI()
    mount_pages(app, folder)
    with TestClient(app) as client:
        yield client


class TestEncoding:
    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ("gzip, deflate, br, zstd", ["br", "gzip"]),
            ("gzip", ["gzip"]),
            ("GZIP", ["gzip"]),
            ("br;q=0.5, gzip;q=0.8", ["gzip", "br"]),
            ("br;q=0, gzip", ["gzip"]),
            ("br; q=0.000, *", ["gzip"]),
            ("*", ["br", "gzip"]),
            ("*;q=0", []),
            ("identity", []),
            ("", []),
            ("gzip;q=many, br;level=9", []),
        ],
    )
    def test_what_the_browser_takes_is_offered_best_first(self, header: str, expected: list[str]) -> None:
        assert accepted_encodings(header) == expected

    def test_a_script_is_sent_as_the_build_compressed_it(self, client: TestClient) -> None:
        answer = client.get("/assets/main-abc.js", headers={"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert int(answer.headers["content-length"]) < len(SCRIPT)
        assert answer.text == SCRIPT

    def test_the_smallest_form_is_preferred(self, client: TestClient) -> None:
        with client.stream("GET", "/assets/main-abc.js", headers={"accept-encoding": "gzip, br"}) as answer:
            assert answer.headers["content-encoding"] == "br"
            assert b"".join(answer.iter_raw()) == b"as brotli"

    def test_a_browser_that_takes_none_gets_the_file_itself(self, client: TestClient) -> None:
        answer = client.get("/assets/main-abc.js", headers=PLAIN)
        assert "content-encoding" not in answer.headers
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.text == SCRIPT

    def test_what_the_build_left_alone_is_sent_as_it_is(self, client: TestClient) -> None:
        answer = client.get("/assets/inter-abc.woff2", headers={"accept-encoding": "gzip, br"})
        assert "content-encoding" not in answer.headers
        assert answer.headers["content-type"] == "font/woff2"

    @pytest.mark.parametrize("path", ["/assets/main-abc.js.br", "/assets/main-abc.js.gz", "/preloads.json"])
    def test_what_only_the_server_needs_is_no_page(self, client: TestClient, path: str) -> None:
        assert client.get(path).status_code == 404


class TestCaching:
    def test_a_hashed_name_is_kept_for_good_and_a_page_asked_for_again(self, client: TestClient) -> None:
        assert client.get("/assets/main-abc.js").headers["cache-control"] == "public, max-age=31536000, immutable"
        assert client.get("/targets").headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize("encoding", ["gzip", "identity"])
    def test_an_unchanged_file_is_not_sent_again(self, client: TestClient, encoding: str) -> None:
        headers = {"accept-encoding": encoding}
        tag = client.get("/assets/main-abc.js", headers=headers).headers["etag"]
        answer = client.get("/assets/main-abc.js", headers={**headers, "if-none-match": tag})
        assert (answer.status_code, answer.content) == (304, b"")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Accept-Encoding"

    def test_each_encoding_has_a_tag_of_its_own(self, client: TestClient) -> None:
        tags = {
            client.head("/assets/main-abc.js", headers={"accept-encoding": encoding}).headers["etag"]
            for encoding in ("br", "gzip", "identity")
        }
        assert len(tags) == 3


class TestPaths:
    @pytest.mark.parametrize("path", ["/", "/search", "/recordings/some-id"])
    def test_an_unknown_path_is_the_applications(self, client: TestClient, path: str) -> None:
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (200, START)

    @pytest.mark.parametrize("path", ["/assets/main-old.js", "/api/no-such-thing", "/metrics", "/health"])
    def test_a_missing_file_or_route_is_never_the_start_page(self, client: TestClient, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 404
        assert START not in answer.text
        assert "immutable" not in answer.headers.get("cache-control", "")

    def test_nothing_outside_the_folder_is_served(self, client: TestClient, folder: Path) -> None:
        (folder.parent / "secret.js").write_text("secret")
        for path in ("/assets/%2e%2e/%2e%2e/secret.js", "/..%2fsecret.js", "/assets/..%5c..%5csecret.js"):
            assert "secret" not in client.get(path).text, path

    def test_the_start_page_names_what_its_address_needs(self, client: TestClient) -> None:
        assert client.get("/recordings/some-id").headers["link"] == (
            "</assets/RecordingPage-abc.js>; rel=modulepreload; crossorigin, "
            "</assets/RecordingPage-abc.css>; rel=preload; as=style; crossorigin"
        )
        assert "link" not in client.get("/recordings").headers


def test_without_built_pages_it_says_how_to_build_them(tmp_path: Path) -> None:
    app = FastAPI()
    mount_pages(app, tmp_path)
    with TestClient(app) as client:
        answer = client.get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.json()["detail"]
