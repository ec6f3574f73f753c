"""Dates as people write them."""

from __future__ import annotations

import pytest

from tracker.values.edtf import InvalidEdtf
from tracker.values.spoken_dates import understood


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("2017.9", "2017-09"), ("２０１７．９", "2017-09"), ("2017年9月", "2017-09"), ("2017/9", "2017-09"),
        ("2019年10月17日", "2019-10-17"), ("2019.10.17", "2019-10-17"), ("2017年", "2017"),
        ("2017年底", "2017-12~"), ("2017年末", "2017-12~"), ("2017年初", "2017-01~"), ("约2017年", "2017~"),
        ("2017年9月左右", "2017-09~"), ("2020年上半年", "2020-40"), ("2020下半年", "2020-41"),
        ("2020年第一季度", "2020-33"), ("2020Q3", "2020-35"), ("十四五", "2021/2025"), ("“十三五”规划", "2016/2020"),
        ("十五五", "2026/2030"), ("2018-2020年", "2018/2020"), ("2018年3月至9月", "2018-03/2018-09"),
        ("2019年4月起", "2019-04/.."), ("", ""),
    ],
)  # fmt: skip
def test_a_date_as_written_is_understood(written: str, edtf: str) -> None:
    assert understood(written) == edtf


@pytest.mark.parametrize("edtf", ["2017", "2017-09", "2017-12~", "2020-33", "2021/2025", "2019-04/..", "2017?"])
def test_edtf_is_understood_as_it_is(edtf: str) -> None:
    assert understood(edtf) == edtf


@pytest.mark.parametrize("written", ["上半年", "去年", "2017-13", "2019年2月30日", "9月"])
def test_what_is_not_understood_is_refused_and_never_guessed(written: str) -> None:
    with pytest.raises(InvalidEdtf):
        understood(written)
