"""Printing a page: as it is on screen, made so small that it fits the paper, with no figure cut off or torn apart."""

PAPER = 690  # CSS pixels between the margins of the narrowest usual paper, A4 with half an inch on both sides

# figures.js says how wide the window is: on paper nothing would lay itself out anew
PRINT = f"""<style>
@media print {{
  html, body, #root, #root > div, .stApp, .stAppViewContainer, .stAppViewContainer > div, .stMain {{
    position: static !important; display: block !important; height: auto !important; overflow: visible !important;
  }}
  .stApp {{ width: var(--window-width, 1280px) !important; zoom: min(1, calc({PAPER} / var(--window, 1280))); }}
  .stMainBlockContainer {{ padding-top: 1rem !important; }}
  .stApp, .stApp * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  .stPlotlyChart, .stMarkdown tr, h2, h3 {{ break-inside: avoid; }}
  h2, h3 {{ break-after: avoid; }}
  .stAppHeader, :not(.st-key-model-menu) > .stPopover, .modebar-container {{ display: none !important; }}
}}
</style>"""
