"""Streams: archives that are whole, cut, damaged, padded, or bombs."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
import time
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from curate import reading
from curate.errors import BadSource
from curate.raw.encodings import as_in, size_in
from curate.raw.streams import Pieces, in_file, opened
from curate.reading import Limits, Reading

LINE = b'{"instruction":"a","output":"b"}\n'
MANY = b"".join(
    LINE.replace(b"a", b"%d" % n, 1).replace(b"b", b"%x" % (n * n), 1) for n in range(9000)
)
LONG = b"".join(LINE.replace(b"a", b"%x" % (n * 7919**5), 1) for n in range(72_000))


def pack(kind: str, data: bytes) -> bytes:
    if kind == "gz":
        return gzip.compress(data)
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def outcome(path: Path) -> tuple[int, list[tuple[int, str]]]:
    records, rejects = reading.read(path)
    return len(records), [(r.line, r.code) for r in rejects]


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_members_one_after_another(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(pack(kind, LINE) + pack(kind, LINE * 2))
    assert outcome(path) == (3, [])


def test_zero_bytes_may_pad_a_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(LINE) + b"\0" * 512)
    assert outcome(path) == (1, [])


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("lost", [1, 4, 9, 1000, 20_000])
def test_a_cut_archive_keeps_its_whole_lines(kind: str, lost: int, tmp_path: Path) -> None:
    whole = pack(kind, MANY)
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(whole[:-lost])
    kept, rejects = outcome(path)
    assert 0 <= kept <= 9000
    assert lost > 9 or kept == 9000 or kind == "zst"
    assert rejects == [(kept + 1, "archive-cut-short")]


def test_a_cut_archive_keeps_most(tmp_path: Path) -> None:
    """Not one block only: what could be unpacked is kept."""
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(MANY)
    path.write_bytes(whole[: len(whole) // 2])
    assert 3000 < outcome(path)[0] < 7000


def test_the_fragment_of_a_line_is_the_raw_of_the_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    packer = zlib.compressobj(wbits=31)
    path.write_bytes(packer.compress(LINE + LINE[:10]) + packer.flush(zlib.Z_SYNC_FLUSH))
    _, (reject,) = reading.read(path)
    assert (reject.line, reject.offset, reject.raw) == (2, len(LINE), LINE[:10])


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_a_damaged_archive_is_said(kind: str, tmp_path: Path) -> None:
    packed = bytearray(pack(kind, LONG))
    packed[len(packed) * 4 // 5] ^= 0xFF
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(packed)
    kept, rejects = outcome(path)
    assert 1000 < kept < 72_000
    assert rejects[-1] in (
        (kept + len(rejects), "archive-damaged"),
        (kept + 1, "archive-cut-short"),
    )


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_an_archive_that_gives_nothing_is_said(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(pack(kind, MANY)[:9])
    with pytest.raises(BadSource, match=r"archive (ends in the middle|is damaged)"):
        reading.sources(path)


def test_what_a_cut_zstd_archive_cannot_give_back_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(zstandard.compress(LONG)[:-9])
    _, rejects = reading.read(path)
    assert "of its last block, up to 128 KiB, nothing can be unpacked" in rejects[-1].message


def test_a_wrong_checksum_is_said(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(MANY))
    packed[-6] ^= 0xFF
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed)
    records, (reject,) = reading.read(path)
    assert len(records) == 8999
    assert (reject.line, reject.code) == (9000, "archive-damaged")
    assert reject.raw == MANY.splitlines()[-1]


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_unpacked_size_at_the_limit_and_one_byte_over(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(pack(kind, MANY))
    fits = Reading(limits=Limits(max_decompressed_bytes=len(MANY)))
    assert len(reading.read(path, fits)[0]) == 9000
    over = Reading(limits=Limits(max_decompressed_bytes=len(MANY) - 1))
    with pytest.raises(BadSource, match="max_decompressed_bytes"):
        reading.read(path, over)


def test_the_ratio_counts_after_64_mib_only(tmp_path: Path) -> None:
    line = b'{"instruction":"a","output":"' + b"x" * (1 << 20) + b'"}\n'
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(zstandard.compress(line * 60))
    assert len(reading.read(path)[0]) == 60
    path.write_bytes(zstandard.compress(line * 70))
    with pytest.raises(BadSource, match=r"decompression bomb.*max_ratio = 200"):
        reading.read(path)
    assert len(reading.read(path, Reading(limits=Limits(max_ratio=1_000_000)))[0]) == 70


PROBE = """
import sys
from pathlib import Path
from curate import reading
from curate.errors import BadSource
try:
    reading.read(sys.argv[1])
except BadSource as error:
    print(error)
status = Path("/proc/self/status").read_text()  # ru_maxrss would count the parent's memory
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("filling", [b"\0", b"\n"])
def test_a_bomb_of_1_gib_is_refused_in_little_time_and_memory(
    kind: str, filling: bytes, tmp_path: Path
) -> None:
    path = tmp_path / f"bomb.jsonl.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(filling * (1 << 26)) * 16)
    else:
        path.write_bytes(zstandard.compress(filling * (1 << 30)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said, mib = done.stdout.splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "decompression bomb" in said
    assert int(mib) < 300
    assert after.ru_utime - before.ru_utime < 5
    assert time.monotonic() - started < 60


LETTERS = st.text(st.sampled_from('a,\n"éß京都は「」🍵𠮷\ud800'), max_size=40)
CODECS = st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])


@given(LETTERS, CODECS, st.data())
def test_a_place_in_recoded_text_is_found_in_the_file(text: str, codec: str, data: Any) -> None:
    ends = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    starts = [len(text[:end].encode("utf-8", "surrogatepass")) for end in ends]
    wanted = [len(text[:end].encode(codec, "surrogatepass")) for end in ends]
    size = data.draw(st.integers(1, 9))
    whole = text.encode("utf-8", "surrogatepass")
    pieces = Pieces((whole[at : at + size] for at in range(0, len(whole), size)), lambda: None)
    assert list(in_file(pieces, codec, starts)) == wanted


@given(LETTERS, CODECS)
def test_recoded_text_gives_its_bytes_back(text: str, codec: str) -> None:
    written = text.encode(codec, "surrogatepass")
    whole = text.encode("utf-8", "surrogatepass")
    assert as_in(codec, whole) == written
    assert size_in(codec, whole) == len(written)
    cut = as_in(codec, whole[:-1])
    assert written.startswith(cut)


def test_rejects_of_utf_16_lie_in_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = ['{"instruction":"お茶は🍵","output":"b"}', "壊れた行🍵"]
    path.write_bytes("\n".join([*lines, ""]).encode("utf-16"))
    place = len(f"\ufeff{lines[0]}\n".encode())
    with closing(opened(path, None, Limits(), "utf-16-le")) as stream:
        [offset] = in_file(stream, "utf-16-le", [place])
    raw = as_in("utf-16-le", lines[1].encode())
    assert path.read_bytes()[offset : offset + len(raw)] == raw
