"""Reading the WARC and WACZ files of other tools into the archive.

`files` finds the WARC files in what was named, `rules` says which records are pages, `index` notes where each is,
`hosts` finds the sources of `--source auto`, `reading` makes articles of the pages, `importing` puts them together.
"""
