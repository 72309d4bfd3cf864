"""The Step page, and what is shown of one reading elsewhere."""
