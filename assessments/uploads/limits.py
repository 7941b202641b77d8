"""Every limit on an uploaded file, in one place."""

MEGABYTE = 1024 * 1024

# Of the file as sent. A scanned contract of a hundred pages has some 10 MB.
LARGEST = 20 * MEGABYTE

# Of a picture, known before it is decoded. A sheet of A4 at 600 dots per inch has 35 million, a phone's 48 or 50.
MOST_PIXELS = 60_000_000

# Of an office file. A slide deck of 300 slides has some 2,000 parts.
MOST_PARTS = 5_000
# All parts together, counted while they are inflated; what they declare is not believed.
LARGEST_INFLATED = 400 * MEGABYTE
# Of one part. Sheets of equal cells reach 100 to 1; deflate can reach 1,032. Small parts may, they harm nobody.
HIGHEST_RATIO = 200
RATIO_MATTERS_ABOVE = 10 * MEGABYTE
# Of a part that is parsed: content types, relationships, manifest.
LARGEST_PARSED = 4 * MEGABYTE
# A chart in a document keeps its figures as a workbook. That workbook holds no further office file.
DEEPEST = 2

# Of a display name, with its extension.
LONGEST_NAME = 150

# Of the process that opens the file: memory in bytes, work and waiting in seconds.
MOST_MEMORY = 1024 * MEGABYTE
LONGEST_WORK = 20
# Less than the 30 seconds after which gunicorn takes a web process for stuck.
LONGEST_WAIT = 25
