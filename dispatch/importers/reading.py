"""From a file's bytes to drafts, refused rows and doubts; nothing raises, whatever the bytes are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from dispatch.importers.bounds import find_size_fault
from dispatch.importers.cells import Row, Sheet, text_of
from dispatch.importers.csv_sheets import read_csv
from dispatch.importers.drafts import CustomerDraft, Draft, TicketDraft
from dispatch.importers.fields import Field
from dispatch.importers.headings import LOOKED_AT, Headings, find_headings, is_repeated
from dispatch.importers.remarks import Remark
from dispatch.importers.rows import RowReader, Settings, Styles
from dispatch.importers.xlsx_sheets import OLD_MARK, ZIP_MARK, read_xlsx

D = TypeVar("D", bound=Draft)
D_co = TypeVar("D_co", bound=Draft, covariant=True)

EXAMPLE_MARK: Final = "示例"
"""How the number or name of a template's example row begins."""

_TOTALS: Final = ("合计", "总计", "小计", "共计", "total", "subtotal", "sum")


@dataclass(frozen=True, slots=True)
class Importer(Generic[D_co]):
    """What is read of a sheet.

    Parameters
    ----------
    kind
        Stable word: tickets, engineers, shifts, customers, parts, depots or stock.
    fields
        The columns that are known.
    needs
        Groups of fields; the headings must name one of each group.
    mark
        Field that tells rows apart, such as the ticket's number; None when there is none.
    read_row
        Reads a row; None when it has a fault.
    defaults
        Field to code and parameters of the doubt that is told once when its column is missing.
    """

    kind: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    mark: str | None
    read_row: Callable[[RowReader], D_co | None]
    defaults: Callable[[Settings], Mapping[str, tuple[str, Mapping[str, object]]]]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not read: its cells as text and every fault in it."""

    line: int
    cells: tuple[str, ...]
    faults: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Imported(Generic[D_co]):
    """What became of a file.

    Parameters
    ----------
    kind
        What was read: tickets, engineers, shifts, customers, parts, depots or stock.
    drafts
        The rows that were read.
    refused
        The rows that were not, all of them with all their faults.
    doubts
        What was guessed, assumed or left out; of the file, then row by row.
    faults
        Why the whole file is refused; then there are no drafts.
    sheet, headings
        Where it was read from; ``headings`` are the texts of that row.
    """

    kind: str
    drafts: tuple[D_co, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    doubts: tuple[Remark, ...] = ()
    faults: tuple[Remark, ...] = ()
    sheet: str | None = None
    headings: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was refused."""
        return not self.faults and not self.refused


def import_sheet(data: bytes, importer: Importer[D], settings: Settings) -> Imported[D]:
    """Read a file.

    Of a workbook the sheet is read whose headings name the most fields. The same bytes and settings give the same.
    """
    sheets = _read_sheets(data)
    if isinstance(sheets, Remark):
        return Imported(importer.kind, faults=(sheets,))
    found = [(sheet, headings) for sheet in sheets if (headings := find_headings(sheet, importer.fields)) is not None]
    if not found:
        code = "no_header" if any(sheet.rows for sheet in sheets) else "empty_file"
        params = {"limit": LOOKED_AT, "example": "、".join(field.zh for field in importer.fields[:5])}
        return Imported(importer.kind, faults=(Remark(code, params=params),))
    sheet, headings = max(found, key=lambda pair: len(pair[1].columns))
    doubts = list(headings.doubts)
    others = [other.name for other in sheets if other is not sheet and other.rows]
    if others:
        doubts.append(Remark("other_sheets", params={"names": "、".join(others)}))
    faults = _missing_columns(importer, headings)
    if faults:
        return Imported(importer.kind, doubts=tuple(doubts), faults=faults, sheet=sheet.name)
    return _read_rows(sheet, headings, importer, settings, doubts)


def _read_sheets(data: bytes) -> Sequence[Sheet] | Remark:
    """Tell what kind of file it is and read its sheets."""
    fault = find_size_fault(data)
    if fault is not None:
        return fault
    if data.startswith(OLD_MARK):
        return Remark("old_or_protected")
    if data.startswith(ZIP_MARK):
        return read_xlsx(data)
    sheet = read_csv(data)
    return sheet if isinstance(sheet, Remark) else [sheet]


def _missing_columns(importer: Importer[D], headings: Headings) -> tuple[Remark, ...]:
    """Name the groups of fields of which the headings have none."""
    names = {field.key: f"{field.zh} ({field.en})" for field in importer.fields}
    return tuple(
        Remark("missing_column", headings.line, params={"example": " / ".join(names[key] for key in group)})
        for group in importer.needs
        if not any(key in headings.columns for key in group)
    )


def _read_rows(
    sheet: Sheet, headings: Headings, importer: Importer[D], settings: Settings, doubts: list[Remark]
) -> Imported[D]:
    """Read every row below the headings."""
    for key, (code, params) in importer.defaults(settings).items():
        if key not in headings.columns:
            doubts.append(Remark(code, headings.line, params=params))
    drafts: list[D] = []
    refused: list[RefusedRow] = []
    seen = _Seen()
    styles = Styles()
    below = [row for row in sheet.rows if row.line > headings.line]
    for row in below:
        skip = _find_skip(row, headings, importer)
        if skip is not None:
            doubts.append(Remark(skip, row.line))
            continue
        reader = RowReader(row, headings, settings, styles, typed=sheet.typed)
        draft = importer.read_row(reader)
        digest = reader.digest(importer.kind)
        if digest in seen.digests:
            doubts.append(Remark("repeated_row", row.line, params={"other": seen.digests[digest]}))
            continue
        seen.digests[digest] = row.line
        seen.compare(reader, importer.mark, draft)
        if draft is None or reader.faults:
            refused.append(RefusedRow(row.line, tuple(map(text_of, row.cells)), tuple(reader.faults)))
        else:
            drafts.append(draft)
        doubts.extend(reader.doubts)
    faults = () if below else (Remark("no_rows", headings.line),)
    top = next(row for row in sheet.rows if row.line == headings.line)
    titles = tuple(map(text_of, top.cells))
    return Imported(importer.kind, tuple(drafts), tuple(refused), tuple(doubts), faults, sheet.name, titles)


class _Seen:
    """Rows so far, to find those that come twice."""

    def __init__(self) -> None:
        self.digests: dict[str, int] = {}
        self._marks: dict[str, int] = {}
        self._places: dict[tuple[str, str], int] = {}

    def compare(self, reader: RowReader, mark: str | None, draft: Draft | None) -> None:
        """Name a number that comes twice with other contents, and rows without one at one customer's address."""
        value = reader.raw(mark).lower() if mark is not None else ""
        if mark is not None and value:
            if value in self._marks:
                reader.fault("duplicate_number", mark, other=self._marks[value])
            else:
                self._marks[value] = reader.line
        if isinstance(draft, (TicketDraft, CustomerDraft)) and draft.place.address:
            who = draft.customer or draft.phone if isinstance(draft, TicketDraft) else draft.name
            key = (draft.place.address.replace(" ", ""), who or "")
            if who and key in self._places and not value:
                reader.doubt("looks_alike", "address", other=self._places[key])
            self._places.setdefault(key, reader.line)


def _find_skip(row: Row, headings: Headings, importer: Importer[D]) -> str | None:
    """Return why a row is none: the headings again, totals, the template's example."""
    if is_repeated(row, headings):
        return "repeated_header"
    texts = [text for cell in row.cells if (text := text_of(cell))]
    if texts and texts[0].lower().startswith(_TOTALS) and len(texts) <= len(headings.columns) // 2:
        return "total_row"
    first = importer.fields[0].key
    column = headings.columns.get(first)
    if (
        column is not None
        and column.index < len(row.cells)
        and text_of(row.cells[column.index]).startswith(EXAMPLE_MARK)
    ):
        return "example_row"
    return None
