// Making elements: HTML with `el`, SVG with `svg`. Text is always set as text, never parsed.

const SVG = "http://www.w3.org/2000/svg"

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value
    else if (value !== null && value !== undefined) node.setAttribute(name, value)
  }
  node.append(...children)
  return node
}

export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children)

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children)

// Symbols and equations come from gruviz's own table, and hold <sub> and <sup> only.
export function markup(html, tag = "span", attributes = {}) {
  const node = el(tag, attributes)
  node.innerHTML = html
  return node
}

// The same little markup inside an SVG <text>: subscripts as lowered, superscripts as raised tspans.
export function svgMarkup(html, attributes = {}) {
  const text = svg("text", attributes)
  let back = 0
  for (const part of html.split(/(<su[bp]>.*?<\/su[bp]>)/)) {
    if (!part) continue
    const match = part.match(/^<(su[bp])>(.*)<\/su[bp]>$/)
    const shift = match ? (match[1] === "sub" ? 4 : -6) : 0
    const span = svg("tspan", { dy: shift - back, ...(match && { "font-size": "72%" }) })
    span.textContent = match ? match[2] : part
    back = shift
    text.append(span)
  }
  return text
}

export const attr = (node, attributes) => {
  for (const name in attributes) node.setAttribute(name, attributes[name])
}
