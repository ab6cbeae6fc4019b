"""Own main: a page that was drawn is not what other tests' processes begin with."""

from __future__ import annotations

import multiprocessing
import sys

from review_app.desk import Desk
from tests.review_app.conftest import draw

MAIN = sys.modules["__main__"]


def test_a_page_takes_the_place_of_main(empty_desk: Desk) -> None:
    draw("overview", empty_desk)
    assert sys.modules["__main__"] is not MAIN


def test_and_gives_it_back() -> None:
    assert sys.modules["__main__"] is MAIN
    began = multiprocessing.get_context("spawn").Process(target=print)
    began.start()
    began.join()
    assert began.exitcode == 0
