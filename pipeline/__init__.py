"""From the raw OCR text of a Chinese book to editions worth reading."""
