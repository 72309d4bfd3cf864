"""Figures as a page of their own, to keep or to print: light, with a title and a caption."""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from gruviz.figures.style import LIGHT

_FONT = "Helvetica, Arial, sans-serif"  # as in the pictures that the browser makes: everybody has one of them
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{font-family: {font}; color: {ink}; background: #fff; color-scheme: light; margin: 1.5rem}}
h1 {{font-size: 1.25rem}}
h2 {{font-size: 1rem; margin: 0}}
.figures {{display: grid; grid-template-columns: repeat({columns}, minmax(0, 1fr)); gap: 0.5rem}}
figcaption {{font-size: 0.8rem; line-height: 1.5; margin-top: 0.5rem; overflow-wrap: anywhere}}
@media (max-width: 640px) {{.figures {{grid-template-columns: minmax(0, 1fr)}}}}
@media print {{.figures > div {{break-inside: avoid}}}}
</style>
</head>
<body>
<figure style="margin: 0">
<h1>{title}</h1>
<div class="figures">
{figures}
</div>
<figcaption>{caption}</figcaption>
</figure>
</body>
</html>
"""


def paper_page(
    drawn: Sequence[tuple[str, go.Figure]], title: str, lines: Sequence[str], name: str, columns: int = 1
) -> str:
    """An HTML page that needs nothing else: figures with their headings side by side, title above, lines below.

    drawn: light figures, each with a heading or "". name: what a picture saved from the page is called.
    """
    config = {"displaylogo": False, "responsive": True,
              "toImageButtonOptions": {"format": "png", "scale": 3, "filename": name}}  # fmt: skip
    blocks = []
    for place, (heading, figure) in enumerate(drawn):
        white = go.Figure(figure).update_layout(
            paper_bgcolor="#fff", plot_bgcolor="#fff", font_family=_FONT, legend_bgcolor="rgba(0,0,0,0)"
        )  # a legend takes the paper's colour otherwise, and hides the lines behind it
        block = white.to_html(full_html=False, include_plotlyjs=not place, config=config)
        blocks.append(f"<div>{f'<h2>{escape(heading)}</h2>' if heading else ''}{block}</div>")
    return _PAGE.format(
        title=escape(title),
        font=_FONT,
        ink=LIGHT.ink,
        columns=columns,
        figures="\n".join(blocks),
        caption="<br>".join(map(escape, lines)),
    )
