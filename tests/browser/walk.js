// All that a person can tell two screens apart by, but for what was measured just now and what speaks of the change before.
() => {
  const found = []
  const visit = (node) => {
    if (node.shadowRoot) visit(node.shadowRoot)
    for (const child of node.children) {
      found.push(child)
      visit(child)
    }
  }
  visit(document.querySelector("[data-testid=stMain]"))
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".address")
  const all = (selector) => found.filter((node) => node.matches(selector) && seen(node))
  const texts = (selector) => all(selector).map((node) => node.innerText.trim())
  const name = (node) => node.getAttribute("aria-label") ?? node.id
  // numbers as a list, as a typed array, as its copy, or as they came from the server with what plotly made of them
  const drawn = (value) => {
    if (value === null || typeof value !== "object") return value
    const numbers = Object.entries(value._inputArray ?? value).filter(([key]) => /^\d+$/.test(key))
    return numbers.length ? numbers.map(([, number]) => drawn(number)) : value
  }
  const figures = all(".js-plotly-plot").map((plot) => JSON.stringify([
    plot.data.map((trace) => ["type", "name", "x", "y", "z"].map((part) => drawn(trace[part]))),
    (plot.layout.shapes ?? []).map(({ x0, x1 }) => [x0, x1]), plot.layout.xaxis?.ticktext, plot.layout.yaxis?.range]))
  return {
    controls: all("input:not([type=range]), textarea, select").map((node) => [name(node), node.type === "radio" ? node.checked : node.value]),
    chosen: texts("[role=radio][aria-checked=true], [data-baseweb=tag]"),
    alerts: texts("[role=alert]").map((text) => text.replace(/ Shown below: .*/s, "")),
    fallsBack: texts("[role=alert]").some((text) => text.includes("Shown below: ")),
    picture: {
      status: texts("[role=status]"),
      tokens: texts(".chip"),
      rows: all(".table g.row").map((row) => [...row.querySelectorAll("text")].filter((one) => !one.closest(".later"))
        .map((one) => one.textContent).join(" ")), // what comes later in a step is not seen
      sentence: texts(".stepper .sentence:not(.later)"),
      arithmetic: texts(".equations"),
      answers: texts(".answers tbody tr"),
      board: all("[role=gridcell]").map((square) => square.ariaLabel),
      said: texts("[data-testid=stMarkdownContainer]").filter((text) => text && !/^Compared with| ms \(|Measured|measured on this/.test(text) && !text.includes(" ms")),
      training: all(".train [role=img]").map((picture) => picture.ariaLabel),
      figures,
    },
  }
}
