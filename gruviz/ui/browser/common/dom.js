// @ts-check
// Making elements: HTML with `el`, SVG with `svg`. Text is always set as text, never parsed.

const SVG = "http://www.w3.org/2000/svg"

/** @typedef {Record<string, any>} Attributes `onclick` and its like are functions, all others are written as text */
/** @typedef {string | Node} Child */

/**
 * @template {Element} Made
 * @param {Made} node
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {Made}
 */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) Object.assign(node, { [name]: value })
    else if (value !== null && value !== undefined) node.setAttribute(name, value)
  }
  node.append(...children)
  return node
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children)

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children)

// Symbols and equations come from gruviz's own table, and hold <sub> and <sup> only.
/** @param {string} html @param {keyof HTMLElementTagNameMap} tag @param {Attributes} attributes */
export function markup(html, tag = "span", attributes = {}) {
  const node = el(tag, attributes)
  node.innerHTML = html
  return node
}

// The same little markup inside an SVG <text>: subscripts as lowered, superscripts as raised tspans.
/** @param {string} html @param {Attributes} attributes */
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

// The element that has the focus may stand in a shadow root.
/** @param {Element} node */
export const focused = (node) => /** @type {Document | ShadowRoot} */ (node.getRootNode()).activeElement
/** @param {Element} node */
export const hasFocus = (node) => node.contains(focused(node))

/** @param {Element} node @param {Attributes} attributes */
export const attr = (node, attributes) => {
  for (const name in attributes) node.setAttribute(name, attributes[name])
}
