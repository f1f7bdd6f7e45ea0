"""From somebody's file to a table of texts: what it is, whether it is safe, its sheets, its headings. No models here."""
