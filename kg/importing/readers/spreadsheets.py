"""Reader of published lists: every format becomes the same sheets of lines of text."""

from pathlib import Path

from kg.errors import expect
from kg.importing.readers import delimited, formats, workbooks
from kg.importing.readers.lines import MAX_FILE_BYTES, Line, Sheet, fault

__all__ = ["Line", "Sheet", "read", "read_all"]


def read_all(path: Path) -> tuple[Sheet, ...]:
    """Read the sheets or tables of a list: CSV, XLSX, XLSB, XLS, ET, ODS, HTML or DOCX, told by the content.

    Raises:
        InputError: the file cannot be read, is of a kind that is not read, or is above the limits.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            megabytes = MAX_FILE_BYTES // 1024 // 1024
            raise fault(path.name, f"more than {megabytes} MB", expect("at-most-megabytes", count=megabytes))
        content = path.read_bytes()
    except OSError as error:
        raise fault(path.name, error.strerror or str(error), expect("readable-file")) from error
    kind = formats.kind(path.name, content)
    if kind == "text":
        return (delimited.read(path.name, content),)
    if kind in ("xlsx", "xlsb", "xls"):
        return workbooks.read(path.name, content, kind)
    return _rare(path.name, content, kind)


def _rare(file: str, content: bytes, kind: str) -> tuple[Sheet, ...]:
    """Read a kind whose library is loaded where such a file is read."""
    if kind == "docx":
        from kg.importing.readers import word  # noqa: PLC0415

        return word.read(file, content)
    if kind == "ods":
        from kg.importing.readers import opendocument  # noqa: PLC0415

        return opendocument.read(file, content)
    from kg.importing.readers import hypertext  # noqa: PLC0415

    return hypertext.read(file, content)


def read(path: Path, part: str | None = None) -> Sheet:
    """Read one sheet of a list.

    Args:
        path: the file.
        part: name of the sheet; the first one with more than one line if None.

    Raises:
        InputError: the file cannot be read, or has no such sheet.
    """
    sheets = read_all(path)
    if part is None:
        return next((sheet for sheet in sheets if len(sheet.lines) > 1), sheets[0])
    return chosen(path.name, sheets, (part,))[0]


def chosen(file: str, sheets: tuple[Sheet, ...], parts: tuple[str, ...]) -> tuple[Sheet, ...]:
    """Return the sheets of these names.

    Raises:
        InputError: the file has no such sheet.
    """
    named = {sheet.part: sheet for sheet in sheets}
    if missing := [part for part in parts if part not in named]:
        raise fault(file, f"the sheets {', '.join(named)}", expect("sheet", name=missing[0]))
    return tuple(named[part] for part in parts)
