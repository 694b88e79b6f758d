"""Reading WARC and WACZ files of other tools."""
