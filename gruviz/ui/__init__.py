"""What the pages are made of: the only part of gruviz that imports streamlit."""
