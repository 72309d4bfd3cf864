"""Whether what a page shows fits the window: scripts to evaluate in it."""

WIDE = """() => {
    const width = document.documentElement.clientWidth, wide = []
    if (document.documentElement.scrollWidth > width) wide.push(`the page: ${document.documentElement.scrollWidth}`)
    const main = document.querySelector("[data-testid=stMain]")
    if (main.scrollWidth > main.clientWidth) wide.push(`the main part: ${main.scrollWidth} of ${main.clientWidth}`)
    return wide
}"""
FITTED = """() => [...document.querySelectorAll(".js-plotly-plot")].every(
    (plot) => !plot.checkVisibility() || Math.abs(plot._fullLayout.width - plot.clientWidth) < 1)"""
