"""The pages of the import."""

import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from audits.imports.columns import COLUMNS
from audits.models import Audit
from audits.tests.tables import table, table_rows
from foundation import clock
from foundation.records.imports import read_table
from foundation.records.imports.drafts import import_file_done, import_file_keep
from foundation.records.models import ImportFile
from foundation.records.tasks import drop_import_files
from foundation.records.tests.tables import repacked, workbook_of, xlsx, xlsx_of
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db


def upload(client, content: bytes, name: str = "plan.csv", **fields):
    return client.post(reverse("audits:import"), {"file": SimpleUploadedFile(name, content), **fields})


def bring(client, *rows) -> str:
    """Bring a file and return the address of its preview."""
    answer = upload(client, table(*rows))
    assert answer.status_code == 302
    return answer.url


@pytest.fixture
def analyst(client, cast):
    client.force_login(cast.analyst)
    return client


class TestUpload:
    def test_it_explains_the_columns_and_offers_templates(self, analyst):
        page = analyst.get(reverse("audits:import")).content.decode()
        for column in COLUMNS:
            assert str(column.label) in page
        assert reverse("audits:import-template", args=["xlsx"]) in page

    def test_a_file_is_kept_and_nothing_is_written(self, analyst, cast):
        url = bring(analyst, {})
        file = ImportFile.objects.get()
        assert url == reverse("audits:import-preview", args=[file.key])
        assert (file.user, file.file_name, bytes(file.content)) == (cast.analyst, "plan.csv", table({}))
        assert not Audit.objects.exists()

    def test_without_a_file_it_says_so_beside_the_field(self, analyst):
        answer = analyst.post(reverse("audits:import"), {"sheet": "Plan"})
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
        assert 'value="Plan"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("content", "name", "said"),
        [
            (b"", "plan.csv", "empty"),
            ("Title,Type\nPrüfung,x\n".encode("cp1252"), "plan.csv", "Line 2 is not in UTF-8"),
            (b"Title,Colour\na,b\n", "plan.csv", "There is no column “Colour”"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "plan.xls", "old Excel file"),
            (b"Title,Type\na,b\n", "plan.csv", "“Lead auditor”, “Start” are missing"),
            (b"x" * (5 * 1024 * 1024 + 1), "plan.csv", "larger than 5 MB"),
        ],
        ids=["empty", "encoding", "columns", "xls", "missing", "large"],
    )
    def test_a_file_that_can_not_be_read_is_told_beside_the_field(self, analyst, content, name, said):
        answer = upload(analyst, content, name)
        assert answer.status_code == 422
        assert said in " ".join(answer.context["form"].errors["file"])
        assert not ImportFile.objects.exists()

    def test_a_zip_bomb_is_told(self, analyst):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * 100_000_000)
        answer = upload(analyst, file.getvalue(), "plan.xlsx")
        assert answer.status_code == 422
        assert "zip bomb" in " ".join(answer.context["form"].errors["file"])

    def test_a_sheet_whose_name_is_too_long_is_told(self, analyst):
        content = xlsx(workbook_of(*table_rows({})))
        workbook = zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml")
        named = workbook.replace(b'name="Audits"', b'name="%s"' % (b"x" * 101))
        answer = upload(analyst, repacked(content, {"xl/workbook.xml": named}), "plan.xlsx")
        assert answer.status_code == 422
        assert "The name of a sheet" in " ".join(answer.context["form"].errors["file"])

    def test_half_a_character_is_shown_as_unreadable(self, analyst):
        answer = upload(analyst, xlsx_of(*table_rows({"Title": "Half _xD800_"})), "plan.xlsx")
        assert "Half \ufffd" in analyst.get(answer.url).content.decode()
        answer = upload(analyst, xlsx_of(*table_rows({"Half _xD800_": "x"})), "plan.xlsx")
        assert "Half \ufffd" in answer.content.decode()

    def test_a_hundred_thousand_rows_are_told(self, analyst):
        header = table({}).splitlines()[0]
        answer = upload(analyst, header + b"\n" + b"a,b,c,d,e\n" * 100_000)
        assert "more than 5,000 rows" in " ".join(answer.context["form"].errors["file"])


class TestPreview:
    def test_each_row_says_what_it_would_do(self, analyst):
        page = analyst.get(bring(analyst, {}, {"Title": "Second"})).content.decode()
        assert page.count("New</span>") == 2
        assert "Import 2 audits" in page
        assert not Audit.objects.exists()

    def test_problems_are_shown_with_their_rows_and_there_is_no_button(self, analyst):
        page = analyst.get(bring(analyst, {}, {"Title": "Second", "Start": "2027-02-30"})).content.decode()
        assert "There is no such day as “2027-02-30”." in page
        assert "1 row can&#x27;t be imported" in page
        assert "import-confirm" not in page
        assert "Import 1 audit" not in page

    def test_rows_can_be_narrowed_to_those_with_problems(self, analyst):
        url = bring(analyst, {}, {"Title": "Second", "Start": "x"})
        page = analyst.get(url, {"show": "refused"}).content.decode()
        assert "Second" in page
        assert "ISMS internal audit" not in page

    def test_markup_in_a_file_stays_text(self, analyst):
        page = analyst.get(bring(analyst, {"Title": "<script>alert(1)</script>", "Type": "<b>x"})).content
        assert b"<script>alert(1)" not in page
        assert b"&lt;b&gt;x" in page

    def test_many_rows_are_shown_in_pages(self, analyst):
        url = bring(analyst, *({"Title": f"Audit {n}"} for n in range(120)))
        assert "Audit 49<" not in analyst.get(url, {"page": "2"}).content.decode()
        last = analyst.get(url, {"page": "3"}).content.decode()
        assert "Audit 119" in last
        for odd in ("0", "-4", "99", "x", "9" * 30):
            assert analyst.get(url, {"page": odd}).status_code == 200

    def test_a_part_is_sent_to_htmx(self, analyst):
        url = bring(analyst, {})
        part = analyst.get(url, headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
        assert part.lstrip().startswith('<div class="results"')

    def test_of_somebody_else_is_not_found(self, analyst, client, cast):
        url = bring(analyst, {})
        client.force_login(cast.ciso)
        assert client.get(url).status_code == 404
        assert client.post(f"{url}confirm/").status_code == 404

    def test_of_nothing_is_not_found(self, analyst):
        assert analyst.get(reverse("audits:import-preview", args=[uuid4()])).status_code == 404

    def test_its_queries_do_not_grow(self, analyst):
        url = bring(analyst, *({"Title": f"Audit {n}"} for n in range(60)))
        analyst.get(url)
        with assert_queries("audits:import-preview"):
            analyst.get(url)


class TestConfirm:
    def test_it_imports_what_was_previewed_and_shows_it(self, analyst, cast):
        url = bring(analyst, {}, {"Title": "Second"})
        answer = analyst.post(f"{url}confirm/")
        assert (answer.status_code, answer.url) == (302, url)
        page = analyst.get(url).content.decode()
        assert "Imported: 2 new, 0 changed, 0 unchanged." in page
        for audit in Audit.objects.all():
            assert audit.get_absolute_url() in page
            assert audit.created_by == cast.analyst

    def test_twice_imports_once(self, analyst):
        url = bring(analyst, {})
        assert analyst.post(f"{url}confirm/").status_code == 302
        assert analyst.post(f"{url}confirm/").status_code == 302
        assert Audit.objects.count() == 1

    def test_what_changed_since_the_preview_is_told_and_nothing_is_imported(self, analyst, cast):
        url = bring(analyst, {}, {"Title": "Second"})
        cast.auditor.is_active = False
        cast.auditor.save()
        answer = analyst.post(f"{url}confirm/")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "has changed since you saw the preview" in page
        assert "has left" in page
        assert not Audit.objects.exists()

    def test_a_file_that_is_gone_is_not_found(self, analyst, cast):
        url = bring(analyst, {})
        ImportFile.objects.update(created_at=clock.now() - timedelta(days=2))
        assert drop_import_files() == 1
        assert analyst.post(f"{url}confirm/").status_code == 404


class TestTemplate:
    def test_csv_names_the_columns(self, analyst):
        answer = analyst.get(reverse("audits:import-template", args=["csv"]))
        assert answer["Content-Disposition"] == 'attachment; filename="audits-template.csv"'
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 1
        assert all(str(column.label) in lines[0] for column in COLUMNS)

    def test_xlsx_can_be_filled_in_and_read_back(self, analyst, cast):
        answer = analyst.get(reverse("audits:import-template", args=["xlsx"]))
        workbook = load_workbook(io.BytesIO(answer.content))
        assert workbook.sheetnames == ["Audits", "How to fill it in", "Lists"]
        assert workbook["Lists"].sheet_state == "hidden"
        assert "PAY" in [cell.value for row in workbook["Lists"].iter_rows() for cell in row]
        sheet = workbook["Audits"]
        sheet["A2"] = "Filled in"
        file = io.BytesIO()
        workbook.save(file)
        table_read = read_table(file.getvalue(), columns=COLUMNS)
        assert [row.cells for row in table_read.rows] == [{"title": "Filled in"}]

    def test_a_unit_called_like_a_formula_stays_text(self, analyst, cast):
        cast.units.cards.code = "=1+1"
        cast.units.cards.save()
        answer = analyst.get(reverse("audits:import-template", args=["xlsx"]))
        cells = [
            cell for row in load_workbook(io.BytesIO(answer.content))["Lists"].iter_rows() for cell in row
        ]
        assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]

    def test_other_formats_are_not_found(self, analyst):
        assert analyst.get("/audits/import/template.pdf").status_code == 404


def test_the_list_offers_the_import_to_who_may(client, cast):
    for person, offered in ((cast.analyst, True), (cast.auditor, False)):
        client.force_login(person)
        page = client.get(reverse("audits:audit-list")).content.decode()
        assert (reverse("audits:import") in page) is offered


def test_what_nobody_imported_is_dropped_a_day_later(cast):
    now = clock.now()
    ages = {"old": timedelta(hours=25), "new": timedelta(hours=23), "done": timedelta(days=9)}
    for name, age in ages.items():
        file = import_file_keep(
            user=cast.analyst, purpose="x", file_name=name, content=b"x", sheet="", now=now - age
        )
        if name == "done":
            import_file_done(file=file, result={}, now=now - age)
    assert drop_import_files() == 1
    assert set(ImportFile.objects.values_list("file_name", flat=True)) == {"new", "done"}
