"""The data tables: edited like a spreadsheet, imported with a preview."""
