"""The kinds of the park side keep the contract of every kind."""

from tracker.testing.contract import KindContract


class TestPark(KindContract):
    name = "park"


class TestLayout(KindContract):
    name = "layout"


class TestSeries(KindContract):
    name = "series"
