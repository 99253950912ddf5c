"""Spreadsheets in and out. A sheet is read, planned against what stands, shown, and only then written."""
