"""A data package in the words of Croissant 1.0, which machine learning tools load tables by."""

from __future__ import annotations

from typing import Any

from crawler.research.export.describing import LICENCE, NAME, TITLE, DataFile, Package
from crawler.research.export.schema import Column

# The context that the standard gives: https://docs.mlcommons.org/croissant/docs/croissant-spec.html#appendix-1-json-ld-context
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text",
    "list": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


def croissant(package: Package) -> dict[str, Any]:
    """The document `croissant.json`."""
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": f"{TITLE}. {package.description}",
        "inLanguage": "zh",
        "license": LICENCE,
        "version": package.version,
        "citeAs": f"{'; '.join(package.sources) or 'Zhaoshang'}: {TITLE}, {package.as_of or 'empty'}.",
        "creator": [{"@type": "sc:Organization", "name": name} for name in package.sources],
        "distribution": [_file(file) for file in package.files],
        "recordSet": [_records(file) for file in package.files],
    }
    return {**described, "datePublished": package.as_of} if package.as_of else described


def _file(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": "text/csv",
        "sha256": file.sha256,
    }


def _records(file: DataFile) -> dict[str, Any]:
    name = file.schema.name
    records: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [_field(file, column) for column in file.schema.columns],
    }
    key = {"articles": "uid", "sources": "id"}.get(name)
    return {**records, "key": {"@id": f"{name}/{key}"}} if key else records


def _field(file: DataFile, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{file.schema.name}/{column.name}",
        "name": f"{file.schema.name}/{column.name}",
        "description": column.description,
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
    }
