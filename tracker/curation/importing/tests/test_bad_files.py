"""Files as people really send them: handled, or refused with a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.importing import services
from tracker.curation.importing.models import Import
from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.values import canonical
from tracker.values.errors import Invalid, Refused

from .bringing import bring, done, exported, outcomes, payload_of, problems, propose, publish, table

pytestmark = pytest.mark.usefixtures("world")
HEADER = ["key", "name", "places", "category", "citations.1.source"]
ROW = ["east-park", "东园", "南京市", "science-city", "report-2021"]


def park(**facts: Any) -> list[Any]:
    return [facts.get(name.replace(".", "_"), value) for name, value in zip(HEADER, ROW, strict=True)]


def workbook(rows: Sequence[Sequence[Any]], *, merge: str = "", title: str = "parks",
             others: dict[str, Sequence[Sequence[Any]]] | None = None,
             formats: dict[str, str] | None = None) -> bytes:  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    if merge:
        sheet.merge_cells(merge)
    for name, content in (others or {}).items():
        other = book.create_sheet(name)
        for row in content:
            other.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refused(actor: User, data: bytes | str, name: str, kind: str = "park") -> str:
    """What the report, or the refusal at the door, says of the whole file."""
    try:
        of = bring(actor, data, name, kind)
    except Invalid as error:
        return "\n".join([error.message, *(text for _, text in error.errors)])
    assert of.state == "unreadable", of.counts
    assert not of.rows.exists() or of.trouble
    return "\n".join(of.trouble)


# --- encodings and separators -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "named"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"),
                                                 ("gb18030", "gb18030"), ("gbk", "gb18030")])  # fmt: skip
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_detected_and_shown(contributor: User, encoding: str, named: str,
                                                         separator: str) -> None:  # fmt: skip
    text = "\n".join(separator.join(line) for line in (HEADER, ROW)) + "\n"
    of = bring(contributor, text.encode(encoding), "parks.csv", "park")
    assert (of.state, of.encoding) == ("ready", named)
    assert payload_of(of, "east-park")["name"] == "东园"


def test_big5_is_told_from_gb18030(contributor: User) -> None:
    text = table(HEADER, [park(name="東部產業園區與創新基地", places="320100")])
    of = bring(contributor, text.encode("big5"), "parks.csv", "park")
    assert of.encoding == "big5"
    assert payload_of(of, "east-park")["name"] == "東部產業園區與創新基地"


def test_a_wrong_encoding_chosen_by_hand_is_named(contributor: User) -> None:
    of = bring(contributor, table(HEADER, [ROW]).encode("gb18030"), "parks.csv", "park", encoding="utf-8")
    assert "utf-8" in of.trouble[0]


def test_bytes_of_no_text_are_refused(contributor: User) -> None:
    assert "编码" in refused(contributor, b"key,name\n\xff\xff\xff\xfe\x80\x81\n", "parks.csv")


# --- the header ---------------------------------------------------------------------------------------------------


def test_every_wrong_column_is_named_with_the_nearest(contributor: User) -> None:
    said = refused(contributor, table(["key", "nmae", "地址区", "areas.1.valeu"], [["a", "b", "c", "d"]]), "parks.csv")
    assert "“nmae”；是否：name？" in said
    assert "没有列“areas.1.valeu”" in said


def test_a_header_without_key_is_refused(contributor: User) -> None:
    assert "缺少列 key" in refused(contributor, table(["name"], [["东园"]]), "parks.csv")


def test_columns_may_bear_their_chinese_names(contributor: User) -> None:
    header = [
        "键",
        "名称",
        "所在地区",
        "类别",
        "来源引证.1.来源",
        "面积.1.键",
        "面积.1.口径",
        "面积.1.数值",
        "面积.1.单位",
    ]
    of = bring(contributor, table(header, [[*ROW, "site", "site", "1,200", "亩"]]), "parks.csv", "park")
    assert problems(of) == []
    assert payload_of(of, "east-park")["areas"] == [{"key": "site", "measure": "site", "unit": "亩", "value": 1200}]


@pytest.mark.parametrize("header", [["key", "key", "name"], ["key", "name", "名称"], ["key", "areas", "areas.1.key"]])
def test_a_column_that_stands_twice_is_refused(contributor: User, header: list[str]) -> None:
    assert "表头有误" in refused(contributor, table(header, [["a", "b", "c"]]), "parks.csv")


# --- files that are broken ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "name", "said"), [
    (b"", "parks.csv", "空"), (b"", "parks.xlsx", "空"), (b"", "parks.json", "空"), (b"\n \n", "parks.csv", "空"),
    (b"key,name\n", "parks.csv", "没有数据行"), (b'key,name\na,"b', "parks.csv", "不完整"),
    (b"PK\x03\x04 broken", "parks.xlsx", "打不开"), (b"plain", "parks.xlsx", "打不开"),
    (b"PK\x03\x04 broken", "parks.csv", "压缩文件"), (b"\x1f\x8b\x08", "parks.csv", "gzip"),
    (b"%PDF-1.7", "parks.csv", "PDF"), (b"<html>", "parks.csv", "HTML"), (b"x", "parks.pdf", "结尾"),
    (b'[{"key": "a"}', "parks.json", "不完整"), (b"{", "parks.json", "不完整"), (b"[1,", "parks.json", "不完整"),
    (b'[{"key": "a"}] x', "parks.json", "结束之后"), (b"12", "parks.json", "不是 JSON"),
    (b"[NaN]", "parks.json", "NaN"), (b"[" * 100_000, "parks.json", ""), (b"[]", "parks.json", "没有数据行"),
    (b'{"features": [', "parks.geojson", "不完整"),
])  # fmt: skip
def test_a_broken_file_is_refused_with_a_sentence(contributor: User, data: bytes, name: str, said: str) -> None:
    before = Proposal.objects.count()
    assert said in refused(contributor, data, name)
    assert Proposal.objects.count() == before


def test_a_truncated_excel_file_is_refused(contributor: User) -> None:
    whole = workbook([HEADER, ROW])
    for length in (len(whole) // 2, len(whole) - 30):
        assert "打不开" in refused(contributor, whole[:length], "parks.xlsx")


@pytest.mark.parametrize("line", [b"nonsense", b"[1]", b'{"key": "a", "note": "\\u0000"}', b'{"key": 1e999999999}',
                                  b'{"a": ' * 50, b'{"key": "a", "note": "\\ud800"}', b'{"kind": "nothing"}',
                                  b'{"key": "a", "areas": {"x": 1}}', b'{"key": "a", "areas": [1]}',
                                  b'{"key": ["a"]}', b'{"key": "a", "revision": {}}', b'{"key": "a", "places": 5}',
                                  b'{"key": "a", "citations": "x"}', b'{"key": "a", "citations": [{"path": 5}]}',
                                  b'{"key": "a", "location": 5}', b'{"key": "a", "geometry": 5}',
                                  b'{"key": "a", "citations": [{"source": {"x": 1}}]}', b'{"key": "A b"}'])  # fmt: skip
def test_a_line_that_makes_no_sense_is_a_row_with_a_problem(contributor: User, line: bytes) -> None:
    good = canonical.dumps(factories.park("east-park")).encode()
    for name in ("parks.jsonl", "parks.geojson"):
        data = good + b"\n" + line + b"\n"
        if name.endswith("geojson"):
            data = b'{"features": [{"type": "Feature", "geometry": null, "properties": ' + line + b"}]}"
        try:
            of = bring(contributor, data, name, "park")
        except Invalid:
            continue
        if name == "parks.jsonl":
            assert of.state == "wrong"
            assert {number for number, _, _ in problems(of)} == {2}
        else:
            assert of.state in ("wrong", "unreadable")


# --- too much -----------------------------------------------------------------------------------------------------


def bomb(size: int) -> bytes:
    """An Excel file whose sheet swells to that many bytes."""
    file = io.BytesIO()
    plain = io.BytesIO(workbook([HEADER, ROW]))
    with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for part in whole.infolist():
            made.writestr(part.filename, whole.read(part.filename))
        with made.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as sheet:
            for _ in range(size >> 20):
                sheet.write(b" " * (1 << 20))
    return file.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_opened(contributor: User) -> None:
    data = bomb(200 << 20)
    assert len(data) < 1 << 20
    assert "压缩炸弹" in refused(contributor, data, "parks.xlsx")


def test_an_excel_file_that_declares_entities_is_refused(contributor: User) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEADER, ROW]))) as whole, zipfile.ZipFile(file, "w") as made:
        for part in whole.infolist():
            content = whole.read(part.filename)
            if part.filename.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            made.writestr(part.filename, content)
    assert "文档类型" in refused(contributor, file.getvalue(), "parks.xlsx")


def test_two_hundred_megabytes_are_refused_while_they_come_in(contributor: User, settings: Any, tmp_path: Any) -> None:
    settings.IMPORT_DIR = tmp_path
    block = b"x" * (1 << 20)
    taken = []

    def blocks() -> Any:
        for number in range(200):
            taken.append(number)
            yield block

    with pytest.raises(Invalid, match="超过 100 MB"):
        services.begin(
            actor=contributor, blocks=blocks(), name="large.csv", kind="park", reason="大", now=timezone.now()
        )
    assert len(taken) == 101
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_are_taken_are_refused(contributor: User, settings: Any) -> None:
    settings.IMPORT_ROWS = 2
    assert "超过 2 行" in refused(contributor, table(HEADER, [park(key=f"p-{n}") for n in range(3)]), "parks.csv")


# --- cells --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+86 25", "-5", "@someone", "'=x", "''=y", "'quoted'", "＝2"])
def test_what_looks_like_a_formula_stays_text_there_and_back(contributor: User, editor: User, text: str) -> None:
    payload = factories.park("east-park", name=text)
    publish(editor, propose(contributor, bring(contributor, canonical.dumps(payload), "parks.jsonl", "park")))
    for format_ in ("csv", "xlsx"):
        assert bring(contributor, exported("park", format_), f"x.{format_}", "park").state == "nothing"
    line = exported("park", "csv").decode().splitlines()[1]
    assert line.split(",")[2][:1] not in set("=+-@＝")
    book = openpyxl.load_workbook(io.BytesIO(exported("park", "xlsx")))
    cell = book["parks"].cell(2, 3)
    assert (cell.value, cell.data_type) == (text, "s")


def test_formulas_errors_and_merged_cells_of_excel_are_named_by_cell(contributor: User) -> None:
    rows = [HEADER, park(name="=A2"), park(key="b-park"), park(key="c-park")]
    of = bring(contributor, workbook(rows, merge="C3:C4"), "parks.xlsx", "park")
    said = {(row, column): reason for row, column, reason in problems(of)}
    assert "公式" in said[2, "name"]
    assert "合并单元格" in said[3, "places"]
    assert "合并单元格" in said[4, "places"]


@pytest.mark.parametrize(("written", "edtf"), [
    ("2017.9", "2017-09"), ("2017年底", "2017-12~"), ("2017年9月", "2017-09"), ("十四五", "2021/2025"),
    ("2021年上半年", "2021-40"),
])  # fmt: skip
def test_dates_as_people_write_them_become_edtf_and_are_shown(contributor: User, written: str, edtf: str) -> None:
    of = bring(contributor, table([*HEADER, "opened"], [[*ROW, written]]), "parks.csv", "park")
    assert payload_of(of, "east-park")["opened"] == edtf
    assert ["opened", written, edtf] in of.rows.get().notes
    payload = {**factories.park("east-park"), "opened": written}
    assert payload_of(bring(contributor, canonical.dumps(payload), "p.jsonl", "park"), "east-park")["opened"] == edtf


@pytest.mark.parametrize(("value", "shown", "edtf"), [
    (date(2017, 9, 5), "yyyy-mm-dd", "2017-09-05"), (date(2017, 9, 1), 'yyyy"年"m"月"', "2017-09"),
    (date(2017, 1, 1), "yyyy", "2017"), (2017, "General", "2017"), (2017.9, "General", "2017-09"),
])  # fmt: skip
def test_dates_of_excel_are_as_exact_as_they_are_shown(contributor: User, value: Any, shown: str, edtf: str) -> None:
    data = workbook([[*HEADER, "opened"], [*ROW, value]], formats={"F2": shown})
    assert payload_of(bring(contributor, data, "parks.xlsx", "park"), "east-park")["opened"] == edtf


def test_a_number_that_may_be_january_or_october_is_asked_about(contributor: User) -> None:
    of = bring(contributor, workbook([[*HEADER, "opened"], [*ROW, 2017.1]]), "parks.xlsx", "park")
    assert "分不清 1 月与 10 月" in problems(of)[0][2]


@pytest.mark.parametrize("written", ["320100", "南京市", "南京", "江苏省南京市", "江苏 南京", "江苏南京市", "Nanjing"])
def test_places_are_known_by_code_by_name_and_behind_their_province(contributor: User, written: str) -> None:
    of = bring(contributor, table(HEADER, [park(places=written)]), "parks.csv", "park")
    assert payload_of(of, "east-park")["places"] == ["320100"]


def test_a_place_of_which_there_are_several_is_asked_about(contributor: User) -> None:
    factories.live(factories.place("350000", "福建省", "province", "100000", short_name="福建"),
                   factories.place("350100", "福州市", "city", "350000"),
                   factories.place("350102", "鼓楼区", "district", "350100"),
                   factories.place("320106", "鼓楼区", "district", "320100"))  # fmt: skip
    of = bring(contributor, table(HEADER, [park(places="鼓楼区"), park(key="b", places="福州鼓楼区")]), "p.csv", "park")
    assert [(row, column) for row, column, _ in problems(of)] == [(2, "places")]
    assert "320106 江苏省南京市鼓楼区" in problems(of)[0][2]
    assert "350102 福建省福州市鼓楼区" in problems(of)[0][2]
    assert payload_of(of, "b")["places"] == ["350102"]


def test_a_key_that_stands_twice_names_the_first_row(contributor: User) -> None:
    of = bring(contributor, table(HEADER, [ROW, park(key="b-park"), ROW]), "parks.csv", "park")
    assert [(row, column) for row, column, _ in problems(of)] == [(4, "key")]
    assert "第 2 行" in problems(of)[0][2]


def test_a_row_with_several_faults_tells_all_of_them(contributor: User) -> None:
    header = [*HEADER, "opened", "location.lat"]
    row = ["east-park", "", "南景市", "no-such", "no-source", "someday", "north"]
    of = bring(contributor, table(header, [row]), "parks.csv", "park")
    assert {column for _, column, _ in problems(of)} == {"name", "places", "category", "citations.1.source", "opened",
                                                         "location.lat"}  # fmt: skip


def test_a_rule_of_the_database_is_told_at_its_row(contributor: User) -> None:
    rows = [[*park(key=f"park-{number}"), "site", "site", -5 if number in (3, 17) else 5, "km2"]
            for number in range(20)]  # fmt: skip
    header = [*HEADER, *(f"areas.1.{name}" for name in ("key", "measure", "value", "unit"))]
    of = bring(contributor, table(header, rows), "parks.csv", "park")
    assert [(row, reason) for row, _, reason in problems(of)] == [(5, "面积不能为负。"), (19, "面积不能为负。")]


# --- what the rows do ---------------------------------------------------------------------------------------------


def published(contributor: User, editor: User, *rows: Sequence[Any]) -> Import:
    return publish(editor, propose(contributor, bring(contributor, table(HEADER, rows), "parks.csv", "park")))


def test_a_column_that_the_file_lacks_stays_as_it_is_and_an_empty_cell_empties(contributor: User, editor: User) -> None:
    factories.live({**factories.park("east-park", "东园"), "note": "旧", "positioning": ["研发"]})
    of = bring(contributor, table(["key", "note"], [["east-park", ""]]), "parks.csv", "park")
    assert of.counts["update"] == 1
    assert payload_of(of, "east-park") == {**factories.park("east-park", "东园"), "positioning": ["研发"]}


def test_a_citation_of_what_the_row_empties_goes_with_it(contributor: User) -> None:
    cited = [{"path": "", "source": "report-2021"}, {"path": "/positioning", "source": "notice-2019"}]
    factories.live({**factories.park("east-park", "东园"), "positioning": ["研发"], "citations": cited})
    of = bring(contributor, table(["key", "positioning"], [["east-park", ""]]), "parks.csv", "park")
    assert payload_of(of, "east-park")["citations"] == cited[:1]


def test_rows_older_than_what_is_live_are_drift_and_never_applied(contributor: User, editor: User) -> None:
    published(contributor, editor, ROW, park(key="b-park", name="乙园"))
    old = exported("park", "csv").decode()
    factories.change(contributor, editor, {**factories.park("east-park", "东园新名"), "citations": [
        {"path": "", "source": "report-2021"}]})  # fmt: skip
    edited = old.replace("东园", "东园旧稿").replace("乙园", "乙园新稿")
    of = propose(contributor, bring(contributor, edited, "parks.csv", "park"))
    assert outcomes(of) == {"b-park": "update", "east-park": "drift"}
    assert list(Proposal.objects.filter(batch=of.batch).values_list("key", flat=True)) == ["b-park"]
    assert factories.entry("park", "east-park").name == "东园新名"


def test_what_changes_between_the_check_and_the_batch_is_noticed(contributor: User, editor: User) -> None:
    published(contributor, editor, ROW)
    of = bring(contributor, table(HEADER, [park(name="东园改")]), "parks.csv", "park")
    factories.change(contributor, editor, {**factories.park("east-park", "别人改的")})
    of = propose(contributor, of)
    assert of.job is not None
    assert (of.state, of.job.state) == ("ready", "failed")
    assert "重新检查" in of.job.message
    assert not Proposal.objects.filter(batch=f"import-{of.pk}").exists()
    assert done(services.check_again(actor=contributor, of=of, now=timezone.now())).state == "ready"


def test_an_entry_that_was_withdrawn_is_not_brought_back_by_a_file(contributor: User, editor: User) -> None:
    published(contributor, editor, ROW)
    factories.withdraw(contributor, editor, factories.entry("park", "east-park"))
    of = bring(contributor, table(HEADER, [ROW]), "parks.csv", "park")
    assert "恢复" in problems(of)[0][2]


def test_rows_may_refer_to_rows_that_come_later_and_are_published_first(contributor: User, editor: User,
                                                                       monkeypatch: Any) -> None:  # fmt: skip
    monkeypatch.setattr("tracker.curation.jobs.CHUNK", 2)
    parks = [factories.park(f"a-{number}", f"{number}园", parents=[{"key": "whole", "park": f"a-{number + 1}"}])
             for number in range(6)]  # fmt: skip
    parks.append(factories.park("a-6", "总园"))
    of = bring(contributor, "\n".join(map(canonical.dumps, parks)), "parks.jsonl", "park")
    assert (of.state, problems(of)) == ("ready", [])
    of = publish(editor, propose(contributor, of))
    assert of.job is not None
    assert (of.job.state, of.job.message) == ("done", "已发布 7 条 7 published")


def test_one_file_may_hold_several_kinds_with_new_terms_and_sources(contributor: User, editor: User) -> None:
    park = factories.park("east-park", "东园", category="tower", citations=[{"path": "", "source": "new-source"}])
    rows = [park, factories.term("tower", "park-category", "塔楼"), factories.source("new-source", "新公告")]
    of = bring(contributor, "\n".join(map(canonical.dumps, rows)), "mixed.jsonl")
    assert (problems(of), of.state) == ([], "ready")
    publish(editor, propose(contributor, of))
    assert factories.document("park", "east-park")["category"]["name"] == "塔楼"


def test_children_stand_on_sheets_of_their_own_in_excel(contributor: User) -> None:
    areas: list[list[Any]] = [["entry", "key", "measure", "value", "unit"], ["east-park", "site", "site", 3.5, "km2"],
             ["east-park", "floor", "floor", "约5", "km2"]]  # fmt: skip
    of = bring(contributor, workbook([HEADER, ROW], others={"areas": areas}), "parks.xlsx", "park")
    assert [(row, column) for row, column, _ in problems(of)] == [(2, "areas.2.value")]


def test_rows_without_a_citation_rest_on_the_source_given_for_all(contributor: User) -> None:
    of = bring(contributor, table(HEADER[:-1], [ROW[:-1]]), "parks.csv", "park", source="notice-2019")
    assert payload_of(of, "east-park")["citations"] == [{"path": "", "source": "notice-2019"}]


def test_a_reverted_import_leaves_alone_what_was_changed_since(contributor: User, editor: User) -> None:
    factories.live(factories.park("old-park", "老园"))
    of = published(contributor, editor, ROW, park(key="b-park", name="乙园"), park(key="old-park", name="老园改"))
    factories.change(contributor, editor, factories.park("b-park", "乙园再改"))
    back = done(services.revert(actor=contributor, of=of, reason="搞错了", now=timezone.now()))
    assert outcomes(back) == {"east-park": "update", "b-park": "drift", "old-park": "update"}
    publish(editor, back)
    assert factories.entry("park", "east-park").state == "withdrawn"
    assert factories.entry("park", "b-park").name == "乙园再改"
    assert factories.document("park", "old-park")["name"] == "老园"
    with pytest.raises(Refused):
        services.revert(actor=contributor, of=of, reason="再来", now=timezone.now())
