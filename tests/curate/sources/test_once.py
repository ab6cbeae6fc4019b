"""What can be read a single time is read once, and as a whole."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from curate.errors import BadSource
from curate.reading import read, sources
from curate.sources.limits import Limits
from curate.sources.once import kept

LINES = '{"instruction": "Say hello.", "output": "こんにちは。"}\n' * 3


def test_a_stream_lies_in_a_file_byte_by_byte() -> None:
    assert kept(io.BytesIO(b"a\nb"), "it", Limits()).read_bytes() == b"a\nb"


def test_a_stream_without_end_is_refused() -> None:
    limits = Limits(max_decompressed_bytes=5)
    assert kept(io.BytesIO(b"12345"), "it", limits).read_bytes() == b"12345"
    with pytest.raises(BadSource, match="it is longer than max_decompressed_bytes = 5"):
        kept(io.BytesIO(b"123456"), "it", limits)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_named_pipe_is_a_source(pack: type[bytes], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(pack(LINES.encode()),))
    writer.start()
    records, rejects = read(pipe)
    writer.join()
    assert records["answer"].to_list() == ["こんにちは。"] * 3
    assert set(records["source"]) == {str(pipe)}
    assert rejects == []


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no /dev/fd here")
def test_process_substitution_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text(LINES, encoding="utf-8")
    command = f"{sys.executable} -m curate audit <(cat data.jsonl) <(cat data.jsonl)"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert "6 read = 6 kept" in done.stdout.decode()


def test_a_device_is_refused() -> None:
    with pytest.raises(BadSource, match="/dev/null is neither a file nor a folder nor a pipe"):
        sources("/dev/null")
