"""How bytes are kept: WARC 1.1 files beside the archive, written as a crawl goes, read back record by record.

`WarcWriter` keeps one source's exchanges, a gzip member a record; `read_record` finds one again by its `Place`;
`iter_records` reads any WARC file, past whatever is damaged in it; `payload_of` undoes the encodings of a body;
`verify_file` says what is wrong with a file, `rewrite_without` takes records out of one.

Rules: WARC 1.1, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/.
"""

from crawler.capture.digests import payload_digest
from crawler.capture.errors import CaptureError, CaptureFull
from crawler.capture.files import sibling_name, sync_folder
from crawler.capture.payload import Payload, payload_of, unchunked
from crawler.capture.reader import iter_records, read_record, resolved
from crawler.capture.rewrite import Rewritten, copy_records, rewrite_without
from crawler.capture.values import Damage, Earlier, Exchange, Place, Record
from crawler.capture.verify import verify_file
from crawler.capture.writer import Ticket, WarcWriter

__all__ = [
    "CaptureError",
    "CaptureFull",
    "Damage",
    "Earlier",
    "Exchange",
    "Payload",
    "Place",
    "Record",
    "Rewritten",
    "Ticket",
    "WarcWriter",
    "copy_records",
    "iter_records",
    "payload_digest",
    "payload_of",
    "read_record",
    "resolved",
    "rewrite_without",
    "sibling_name",
    "sync_folder",
    "unchunked",
    "verify_file",
]
