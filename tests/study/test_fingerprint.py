"""A file that lies as it lay is hashed once; one that could still change, each time."""

import os
import time

import pytest

from copanalysis.study import fingerprint
from copanalysis.study.fingerprint import file_hash, kept_hash


@pytest.fixture
def hashed(monkeypatch):
    """The names of the files that are read to be hashed."""
    found = []
    own = file_hash
    monkeypatch.setattr(fingerprint, "file_hash", lambda path: found.append(path.name) or own(path))
    return found


@pytest.fixture
def old(tmp_path):
    """A file that was written a while ago."""
    path = tmp_path / "old.csv"
    path.write_text("een", encoding="utf-8")
    settle(path)
    return path


def settle(path, seconds=60):
    then = time.time_ns() - seconds * 10**9
    os.utime(path, ns=(then, then))


def test_a_file_that_lies_as_it_lay_is_read_once(old, hashed):
    assert kept_hash(old) == kept_hash(old) == file_hash(old)
    assert hashed == ["old.csv"]


def test_a_file_that_was_written_again_is_read_again(old, hashed):
    before = kept_hash(old)
    old.write_text("elf", encoding="utf-8")  # as long as it was
    settle(old, seconds=30)
    assert kept_hash(old) == file_hash(old) != before


def test_another_file_in_its_place_is_read(old, tmp_path):
    before = kept_hash(old)
    other = tmp_path / "new"
    other.write_text("elf", encoding="utf-8")
    stat = old.stat()
    os.utime(other, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    other.replace(old)
    assert kept_hash(old) != before


def test_a_file_written_just_now_is_read_each_time(tmp_path, hashed):
    path = tmp_path / "now.csv"
    path.write_text("een", encoding="utf-8")
    kept_hash(path)
    kept_hash(path)
    assert hashed == ["now.csv", "now.csv"]
