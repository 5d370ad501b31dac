"""Web archives → the pages in them, one at a time: WARC as crawlers write it, MHTML as browsers save it."""

from __future__ import annotations

import email
import gzip
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from plugins.mirror.document import Document
from plugins.mirror.lists.kind import ARCHIVE, UNKNOWN, kind_of
from plugins.mirror.text.addresses import address_key
from plugins.problems import Problem

LARGEST_RECORD = 20_000_000
"""Bytes of one page or picture, packed and unpacked."""

LARGEST_MHTML = 200_000_000
"""Bytes of a page that a browser saved with all its pictures."""

MOST_DAMAGES = 1_000
"""Damaged places after which an archive is given up."""


def read_archive(path: Path) -> Iterator[Document | Problem]:
    """The pages, feeds and sitemaps in an archive, in its order; one record is in memory at a time.

    Of WARC, answers with status 200 and resources; a revisit says that nothing changed, a redirect leads to a record
    of its own, so both are passed over. Of MHTML, the page itself. Pictures are asked of `PicturesInside`.

    Yields: a Document for each, its `name` the path of the archive and the address; a Problem for each damaged record.
    """
    for found in _read(path, _may_be_text):
        if isinstance(found, Problem) or kind_of(found) != UNKNOWN:
            yield found


def is_archive(path: Path) -> bool:
    """Whether a file is a web archive."""
    try:
        with path.open("rb") as file:
            return kind_of(Document(str(path), file.read(65_536))) == ARCHIVE
    except OSError:
        return False


class PicturesInside:
    """The pictures in an archive, by address; it is read through once, when the first is asked for.

    Of a WARC only addresses and offsets are held; an MHTML file, which is one page, is held with its parts.
    """

    def __init__(self, path: Path):
        self.path = path
        self._file: BinaryIO | None = None
        self._offsets: dict[str, int] = {}
        self._parts: dict[str, Message] = {}
        self._read = False

    def find(self, address: str) -> bytes | None:
        """The bytes of the picture that had *address*; None when the archive has none that can be read."""
        try:
            if not self._read:
                self._read = True
                self._index()
            key = address_key(address)
            if key in self._parts:
                return self._parts[key].get_payload(decode=True) or None
            if key not in self._offsets or self._file is None:
                return None
            self._file.seek(self._offsets[key])
            record = next(iter(_QuietIterator(self._file)), None)
            found = _record(self.path, record, _is_picture) if record else None
            return found.data if isinstance(found, Document) else None
        except (ArchiveLoadFailed, OSError, EOFError, ValueError, LookupError, AttributeError, zlib.error):
            return None

    def close(self) -> None:
        """Close the archive."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _index(self) -> None:
        file = self.path.open("rb")
        self._file = file
        head = file.read(64)
        file.seek(0)
        if not (head.startswith(b"\x1f\x8b") or head.startswith(b"WARC/")):
            self._parts = _pictures_of_mhtml(file.read(LARGEST_MHTML))
            return
        if _is_one_member(file):
            # Nobody can go to one of its records: unpacked on the disk, somebody can.
            with file, gzip.GzipFile(fileobj=file) as packed:
                self._file = TemporaryFile()  # noqa: SIM115 - `close` closes it
                shutil.copyfileobj(packed, self._file, 1_000_000)
            self._file.seek(0)

        def note(url: str, offset: int) -> None:
            self._offsets.setdefault(address_key(url), offset)

        offset: int | None = 0
        for _ in range(MOST_DAMAGES):
            self._file.seek(offset)
            offset = _note_pictures(self._file, note)
            offset = None if offset is None else _next_record(self._file, offset + 1)
            if offset is None:
                return


def _is_picture(media_type: str) -> bool:
    return media_type.startswith("image/")


def _note_pictures(file: BinaryIO, note: Callable[[str, int], None]) -> int | None:
    """Tell *note* the address and the offset of each picture from where *file* stands; their bytes are passed over.

    Returns: the offset of a record that ends the reading, because it is damaged; None at the end of the archive.
    """
    iterator = _QuietIterator(file)
    offset = file.tell()
    try:
        for record in iterator:
            offset = iterator.offset
            if found := _said(record, _is_picture):
                note(found[0], offset)
            iterator.read_to_end()
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError, zlib.error):
        return offset
    return None if not file.read(1) and iterator.offset >= file.tell() - 1 else iterator.offset


def _pictures_of_mhtml(data: bytes) -> dict[str, Message]:
    parts: dict[str, Message] = {}
    for part in email.message_from_bytes(data).walk():
        address = str(part.get("Content-Location") or "").strip()
        if address and not part.is_multipart() and _is_picture(part.get_content_type()):
            parts.setdefault(address_key(address), part)
    return parts


def _may_be_text(media_type: str) -> bool:
    return not re.match(r"(?:image|video|audio|font)/|text/css|.*javascript|application/(?:pdf|zip)", media_type)


def _read(path: Path, wants: Callable[[str], bool]) -> Iterator[Document | Problem]:
    try:
        with path.open("rb") as file:
            head = file.read(64)
            file.seek(0)
            if head.startswith(b"\x1f\x8b") or head.startswith(b"WARC/"):
                yield from _read_warc(path, file, wants)
            else:
                yield from _read_mhtml(path, file, wants)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        yield Problem(str(path), 0, f"It cannot be read: {reason}.", "Fetch or save the archive again.")


# --- WARC ----------------------------------------------------------------------------------------------


class _QuietIterator(ArchiveIterator):
    """Without the remark on standard error that a record is longer than it says; we report it ourselves."""

    INC_RECORD = ""


def _read_warc(path: Path, file: BinaryIO, wants: Callable[[str], bool]) -> Iterator[Document | Problem]:
    if _is_one_member(file):
        # Somebody packed a whole WARC with gzip: it can only be read from front to back.
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield from _records(path, unpacked, wants)
        return
    offset: int | None = 0
    for _ in range(MOST_DAMAGES):
        file.seek(offset)
        offset = yield from _records(path, file, wants)
        if offset is None:
            return
        offset = _next_record(file, offset + 1)
        if offset is None:
            return


def _is_one_member(file: BinaryIO) -> bool:
    """Whether all records are packed as one, so that no other program could find one of them."""
    try:
        records = iter(_QuietIterator(file))
        for _ in range(2):
            next(records, None)
    except ArchiveLoadFailed as error:
        return "non-chunked" in str(error)
    except (OSError, EOFError, ValueError, AttributeError, zlib.error):  # AttributeError: a record without an address
        return False
    finally:
        file.seek(0)
    return False


def _records(path: Path, file: BinaryIO, wants: Callable[[str], bool]) -> Iterator[Document | Problem]:
    """The records from where *file* stands.

    Returns: the offset of a record that ends the reading, because it is damaged; None at the end of the archive.
    """
    iterator = _QuietIterator(file)
    offset = file.tell()
    try:
        for record in iterator:
            offset = iterator.offset
            if not record.rec_type or record.rec_headers.get_header("Content-Length") is None:
                raise ValueError("it says neither what it is nor how long it is")
            if found := _record(path, record, wants):
                yield found
            iterator.read_to_end()
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError, zlib.error) as error:
        # warcio asks for the address of a record that has none.
        reason = "it has no address" if isinstance(error, AttributeError) else str(error).strip().partition("\n")[0]
        yield _damaged(path, f"at byte {offset}", reason or type(error).__name__)
        return offset
    # warcio takes a broken gzip member for the end of the file.
    return None if not file.read(1) and iterator.offset >= file.tell() - 1 else iterator.offset


def _next_record(file: BinaryIO, offset: int) -> int | None:
    """Where the next record begins, from *offset* on; None when there is none."""
    file.seek(offset)
    tail = b""
    while block := file.read(1_000_000):
        block = tail + block
        start = file.tell() - len(block)
        for found in re.finditer(rb"\x1f\x8b\x08|(?<=\n)WARC/1\.", block):
            if found[0].startswith(b"WARC") or _unpacks_to_a_record(block[found.start() :][:4096]):
                return start + found.start()
        tail = block[-4096:] if len(block) > 4096 else b""
    return None


def _unpacks_to_a_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 16).startswith(b"WARC/")
    except zlib.error:
        return False


def _damaged(path: Path, where: str, reason: str) -> Problem:
    what = f"The record {where} is damaged: {reason[:200].rstrip('.')}. It was skipped."
    return Problem(str(path), 0, what, "Fetch the archive again when the page is missed.")


def _record(path: Path, record: ArcWarcRecord, wants: Callable[[str], bool]) -> Document | Problem | None:
    """What one record holds, if it is wanted."""
    said = _said(record, wants)
    if said is None:
        return None
    url, media_type, charset = said
    try:
        data = _payload(record)
    except Oversized as error:
        return Problem(str(path), 0, f"{url} was left out: {error}", "Fetch the page by its address if it is wanted.")
    except _Undecodable as error:
        return _damaged(path, f"of {url}", str(error))
    retrieved = None
    with suppress(TypeError, ValueError):
        retrieved = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC)
    stated = record.http_headers.headers if record.http_headers else ()
    links = ", ".join(value for name, value in stated if name.lower() == "link")
    return Document(f"{path}: {url}", data, url, media_type, charset, retrieved, str(path), links)


def _said(record: ArcWarcRecord, wants: Callable[[str], bool]) -> tuple[str, str, str] | None:
    """Address, media type and charset of a record, if it is wanted."""
    headers = record.http_headers
    if record.rec_type not in ("response", "resource") or (headers and headers.get_statuscode() != "200"):
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    stated = (headers.get_header("Content-Type") if headers else record.rec_headers.get_header("Content-Type")) or ""
    media_type, charset = split_media_type(stated)
    return (url, media_type, charset) if url.startswith(("http://", "https://")) and wants(media_type) else None


class Oversized(Exception):
    """A record has more bytes than we take; the message is a sentence for the editor."""


class _Undecodable(Exception):
    """The codings of a record are not what its headers say."""


def _payload(record: ArcWarcRecord) -> bytes:
    """The body of a record without the codings of HTTP.

    warcio's own reader unpacks a whole chunk at once, however large it grows; so this is done here, with a limit.

    Raises: Oversized; _Undecodable; ValueError when the record ends too early, so that the next one is uncertain.
    """
    data = record.raw_stream.read(LARGEST_RECORD + 1)
    if len(data) > LARGEST_RECORD:
        raise Oversized(f"it has more than {LARGEST_RECORD // 1_000_000} MB.")
    if record.raw_stream.limit > 0:
        raise ValueError("it ends too early")
    header = record.http_headers.get_header if record.http_headers else lambda name, default="": default
    if "chunked" in header("Transfer-Encoding", "").lower():
        data = dechunked(data)
    for coding in reversed(header("Content-Encoding", "").lower().replace(" ", "").split(",")):
        data = _decoded(data, coding)
    return data


def dechunked(data: bytes) -> bytes:
    """The bytes of a chunked message; those that are not chunked, though the header says so, as they are."""
    whole, at = [], 0
    while (end := data.find(b"\r\n", at, at + 100)) >= 0:
        try:
            size = int(data[at:end].split(b";")[0].strip(), 16)
        except ValueError:
            return data if not whole else b"".join(whole)
        if size <= 0:
            break
        whole.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(whole) if whole else (b"" if data.startswith(b"0") else data)


def _decoded(data: bytes, coding: str) -> bytes:
    if coding in ("", "identity"):
        return data
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise _Undecodable(f'it is packed with "{coding}", which is not read here')
    # Crawlers unpack some answers and keep the header; deflate comes with a zlib header and without.
    if coding != "deflate" and not data.startswith(b"\x1f\x8b"):
        return data
    for window in (47, -15) if coding == "deflate" else (31,):
        with suppress(zlib.error):
            unpacked = zlib.decompressobj(wbits=window).decompress(data, LARGEST_RECORD + 1)
            if len(unpacked) > LARGEST_RECORD:
                raise Oversized(f"it unpacks to more than {LARGEST_RECORD // 1_000_000} MB.")
            return unpacked
    raise _Undecodable(f'it is not packed with "{coding}", as it says')


def split_media_type(stated: str) -> tuple[str, str]:
    """``text/html; charset="GB2312"`` → ``text/html``, ``gb2312``."""
    charset = re.search(r"charset\s{0,3}=\s{0,3}[\"']?([\w.:-]{2,30})", stated, re.IGNORECASE)
    return stated.partition(";")[0].strip().lower()[:100], charset[1].lower() if charset else ""


# --- MHTML ---------------------------------------------------------------------------------------------


def _read_mhtml(path: Path, file: BinaryIO, wants: Callable[[str], bool]) -> Iterator[Document | Problem]:
    data = file.read(LARGEST_MHTML + 1)
    if len(data) > LARGEST_MHTML:
        what = f"It has more than {LARGEST_MHTML // 1_000_000} MB."
        yield Problem(str(path), 0, what, "Save the page again without its videos.")
        return
    try:
        message = email.message_from_bytes(data)
        found = [part for part in message.walk() if not part.is_multipart() and wants(part.get_content_type())]
        found = _pages(message, found)
        documents = [_document(path, message, part) for part in found]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        yield _damaged(path, "of the page", str(error) or type(error).__name__)
        return
    if not documents:
        yield Problem(str(path), 0, "There is no page in it.", "Save the page again as MHTML or HTML.")
    yield from documents


def _pages(message: Message, parts: list[Message]) -> list[Message]:
    """The page of the message: the part that it names as its start, else the first of HTML; frames are left out."""
    pages = [part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = message.get_param("start")
    named = [part for part in pages if start and part.get("Content-ID", "").strip() == str(start).strip()]
    return (named or pages)[:1]


def _document(path: Path, message: Message, part: Message) -> Document:
    address = str(part.get("Content-Location") or "").strip()
    whole = str(message.get("Snapshot-Content-Location") or message.get("Content-Location") or "").strip()
    url = next((each for each in (address, whole) if each.startswith(("http://", "https://"))), None)
    retrieved = None
    with suppress(TypeError, ValueError, IndexError):
        retrieved = parsedate_to_datetime(str(message.get("Date"))).astimezone(UTC)
    return Document(
        name=f"{path}: {url}" if url else str(path),
        data=part.get_payload(decode=True) or b"",
        url=url,
        media_type=part.get_content_type(),
        charset=str(part.get_content_charset() or ""),
        retrieved=retrieved,
        archive=str(path),
    )
