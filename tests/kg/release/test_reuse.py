"""Results of earlier builds are found by what they were made from, and only then."""

import os
from pathlib import Path

from kg.release.reuse import Reuse, digest


def test_a_result_is_found_by_step_and_inputs(tmp_path: Path) -> None:
    reuse = Reuse(tmp_path)
    assert reuse.put("shape", ["a", b"bc"], "one\ntwo\n") == "one\ntwo\n"
    assert Reuse(tmp_path).get("shape", [b"a", "bc"]) == "one\ntwo\n"
    assert reuse.get("shape", ["ab", "c"]) is None, "parts that are divided elsewhere are other inputs"
    assert reuse.get("hermit", ["a", "bc"]) is None


def test_a_damaged_result_is_none(tmp_path: Path) -> None:
    reuse = Reuse(tmp_path)
    reuse.put("shape", ["a"], "result")
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes().replace(b"result", b"resent"))
    assert reuse.get("shape", ["a"]) is None
    path.write_bytes(b"")
    assert reuse.get("shape", ["a"]) is None


def test_what_a_build_did_not_use_is_removed(tmp_path: Path) -> None:
    reuse = Reuse(tmp_path)
    for name in ("used", "unused"):
        reuse.put("shape", [name], name)
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    assert reuse.get("shape", ["used"]) == "used"
    reuse.prune(2)
    assert [path.read_text("utf-8").split("\n")[1] for path in tmp_path.iterdir()] == ["used"]


def test_without_a_folder_nothing_is_held() -> None:
    reuse = Reuse(None)
    assert reuse.put("shape", ["a"], "result") == "result"
    assert reuse.get("shape", ["a"]) is None
    reuse.prune(0)


def test_texts_and_bytes_have_one_digest() -> None:
    assert digest(["挂牌"]) == digest(["挂牌".encode()]) != digest(["挂", "牌"])
