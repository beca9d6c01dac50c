"""Kind of a file by its content: the name may lie (HTML saved as .xls, a workbook of WPS named .et)."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from kg.errors import Expectation, expect
from kg.importing.readers.lines import MAX_UNPACKED_BYTES, fault

PACKED = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "word/document.xml": "docx",
    "content.xml": "ods",
}
"""A part of a packed file → the kind of the file."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
"""A stream of an OLE file, as its directory names it → the kind of the file."""
BEGINNINGS = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "rar"),
)
MARKUP = re.compile(r"<(?:!doctype\s+html|html|table|meta|body|div|head)\b", re.IGNORECASE)
XML_WORKBOOK = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet")
WEB_ARCHIVE = re.compile(r"^MIME-Version:", re.IGNORECASE)
NOT_READ: Mapping[str, tuple[str, Expectation]] = {
    "pdf": ("a PDF", expect("copy-table")),
    "doc": ("a Word file of the old kind (.doc)", expect("save-as-docx")),
    "rtf": ("an RTF file", expect("save-as-docx")),
    "image": ("a picture", expect("copy-table")),
    "rar": ("a packed archive", expect("unpacked")),
    "zip": ("a packed archive", expect("unpacked")),
    "ppt": ("a presentation", expect("copy-table")),
    "ole": ("a file of Office that is no workbook, perhaps locked by a password", expect("save-as-xlsx")),
    "xml-workbook": ("a workbook as XML", expect("save-as-xlsx")),
    "web-archive": ("a web archive (MHTML)", expect("save-as-xlsx")),
    "empty": ("an empty file", expect("table-file")),
}
"""Kind of file that is not read → what it is, and what is expected instead: the way out."""


def kind(file: str, content: bytes) -> str:
    """Return the kind of a file: xlsx, xlsb, xls, ods, docx, html or text.

    Raises:
        InputError: a kind that is not read, with the way out, or a packed file above the limit.
    """
    found = _kind(file, content)
    if found in NOT_READ:
        raise fault(file, *NOT_READ[found])
    return found


def _kind(file: str, content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        return _packed(file, content)
    if content.startswith(OLE):
        return _ole(content)
    beginnings = (kind for beginning, kind in BEGINNINGS if content.startswith(beginning))
    return next(beginnings, "") or (_text(content) if content.strip() else "empty")


def _ole(content: bytes) -> str:
    directory = content.decode("latin-1")
    return next((kind for stream, kind in OLE_STREAMS.items() if _utf16(stream) in directory), "ole")


def _utf16(text: str) -> str:
    return text.encode("utf-16-le").decode("latin-1")


def _text(content: bytes) -> str:
    """Return the kind of a text file by its beginning."""
    start = content[:4000].decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "ignore")
    if XML_WORKBOOK.search(start):
        return "xml-workbook"
    if WEB_ARCHIVE.search(start.lstrip()):
        return "web-archive"
    return "html" if start.lstrip("\ufeffï»¿ \r\n\t").startswith("<") and MARKUP.search(start) else "text"


def _packed(file: str, content: bytes) -> str:
    """Return the kind of a packed file by its parts, which are measured before they are unpacked, and whole.

    Raises:
        InputError: a damaged or locked part, or more than the limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                megabytes = MAX_UNPACKED_BYTES // 1024 // 1024
                raise fault(file, f"more than {megabytes} MB unpacked", expect("at-most-megabytes", count=megabytes))
            if damaged := archive.testzip():
                raise fault(file, f"a damaged part {damaged}", expect("workbook"))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise fault(file, str(error), expect("workbook")) from error
    names = {part.filename for part in parts}
    return next((kind for part, kind in PACKED.items() if part in names), "zip")
