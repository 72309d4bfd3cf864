// @ts-check
// Figures as PNG and SVG for paper: light whatever the page is, side by side as on the page, with a title above and a
// caption below that says where the cursor is. Plotly draws each; Streamlit leaves it at window.Plotly.

import { svg } from "./dom.js"

/** @import { FiguresPayload } from "./payload.d.ts" */
/** @import { Figure } from "./plotly.d.ts" */
/** @typedef {{figure: Figure, heading: string}} Drawn a figure, and what is written above it */

const FONT = "Helvetica, Arial, sans-serif" // a picture can't load the page's own font
const WHITE = "#FFFFFF"
const CLEAR = "rgba(0,0,0,0)" // a legend takes the paper's colour otherwise, and hides the lines behind it
const SCALE = 3, PAD = 20, TITLE = 18, TEXT = 12, LINE = 17, HEADING = 22
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g // no file can hold these

/** @type {FiguresPayload} */
let page // what the figures of the page on screen are, see figure_files.py

/** @param {FiguresPayload} next */
export const describe = (next) => (page = next)

// The figures on the page, each with what is written above it, from the top left to the bottom right.
export function onPage() {
  return page.charts.flatMap(({ key, heading }) => {
    const figure = /** @type {Figure | null} */ (document.querySelector(`.st-key-${key} .js-plotly-plot`))
    return figure?._fullLayout ? [{ figure, heading }] : []
  })
}

// Saves figures in one picture. `ending` goes behind the file's name, `subtitle` under the title.
/** @param {"png" | "svg"} format @param {Drawn[]} charts @param {string} ending @param {string} subtitle */
export async function save(format, charts, ending = "", subtitle = "") {
  const picture = await composed(charts, subtitle)
  const text = new XMLSerializer().serializeToString(picture)
  const blob = format === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await raster(text, picture)
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement("a"), { href: url, download: `${page.name}${ending}.${format}` })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000) // by then the browser has read it
}

/** @param {Drawn[]} charts @param {string} subtitle */
async function composed(charts, subtitle) {
  const boxes = charts.map(({ figure }) => figure.getBoundingClientRect())
  const left = Math.min(...boxes.map((box) => box.left)), top = Math.min(...boxes.map((box) => box.top))
  const width = Math.max(...boxes.map((box) => box.right)) - left
  const above = charts.some(({ heading }) => heading) ? HEADING : 0
  const picture = svg("svg", { "font-family": FONT, fill: page.ink })
  let y = PAD
  /** @param {string} text @param {number} size */
  const write = (text, size, weight = "normal") => {
    for (const line of wrapped(clean(text), width, `${weight} ${size}px ${FONT}`)) {
      y += size
      picture.append(written(line, PAD, y, size, weight))
      y += LINE - TEXT
    }
  }
  write(page.title, TITLE, "bold")
  if (subtitle) write(subtitle, TEXT)
  y += above
  const bottom = await place(picture, charts, boxes, { left: left - PAD, top: top - y })
  y = bottom + LINE - TEXT
  for (const line of captionOf(charts)) write(line, TEXT)
  const size = { width: Math.ceil(width + 2 * PAD), height: Math.ceil(y + PAD) }
  picture.prepend(svg("rect", { ...size, fill: WHITE }))
  for (const [name, value] of Object.entries({ ...size, viewBox: `0 0 ${size.width} ${size.height}` }))
    picture.setAttribute(name, String(value))
  return picture
}

/** @param {SVGElement} picture @param {Drawn[]} charts @param {DOMRect[]} boxes @param {{left: number, top: number}} corner */
async function place(picture, charts, boxes, corner) {
  let bottom = 0
  for (const [i, { figure, heading }] of charts.entries()) {
    const drawing = await light(figure), x = boxes[i].left - corner.left, y = boxes[i].top - corner.top
    drawing.setAttribute("x", String(x))
    drawing.setAttribute("y", String(y))
    if (heading) picture.append(written(clean(heading), x, y - 6, 13, "bold"))
    picture.append(document.importNode(drawing, true))
    bottom = Math.max(bottom, y + figure._fullLayout.height)
  }
  return bottom
}

/** @param {Drawn[]} charts */
function captionOf(charts) {
  const step = Math.round((charts[0].figure.layout.shapes?.[0]?.x0 ?? 0) + 0.5)
  const token = page.tokens[step - 1]
  const cursor = page.cursor && token !== undefined
    ? [page.cursor.replace("{step}", () => String(step)).replace("{token}", () => token)] : []
  return [...cursor, ...page.lines]
}

// One figure as Plotly draws it on white, with the colours of a light page.
/** @param {Figure} figure */
async function light(figure) {
  if (!window.Plotly) throw new Error("Plotly is gone")
  const { width, height } = figure._fullLayout
  const { data, layout } = page.dark ? recoloured({ data: figure.data, layout: figure.layout }) : figure
  const url = await window.Plotly.toImage(
    { data, layout: { ...layout, width, height, font: { ...layout.font, family: FONT }, paper_bgcolor: WHITE,
      plot_bgcolor: WHITE, legend: { ...layout.legend, bgcolor: CLEAR } } },
    { format: "svg", width, height })
  return new DOMParser().parseFromString(decodeURIComponent(url.slice(url.indexOf(",") + 1)), "image/svg+xml").documentElement
}

/**
 * @template Value
 * @param {Value} value
 * @returns {any} the value with each colour in it replaced
 */
function recoloured(value) {
  if (typeof value === "string") return lightened(value)
  if (Array.isArray(value)) return value.map((part) => recoloured(part))
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value // numbers, and arrays of them
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recoloured(part)]))
}

/** @param {string[]} channels */
const hex = (channels) => `#${channels.map((c) => Number(c).toString(16).padStart(2, "0")).join("")}`.toUpperCase()
/** @param {string} colour */
const rgb = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)).join(",")

/** @param {string} text */
function lightened(text) {
  return text
    .replace(/#[0-9a-f]{6}\b/gi, (colour) => page.colours[colour.toUpperCase()] ?? colour)
    .replace(/^rgba\((\d+),(\d+),(\d+),/, (all, ...parts) => {
      const colour = page.colours[hex(parts.slice(0, 3))]
      return colour ? `rgba(${rgb(colour)},` : all
    })
}

/** @param {string} text @param {SVGElement} picture @returns {Promise<Blob>} */
async function raster(text, picture) {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement("canvas")
  canvas.width = SCALE * Number(picture.getAttribute("width"))
  canvas.height = SCALE * Number(picture.getAttribute("height"))
  context(canvas).drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("too large"))), "image/png"))
}

/** @param {HTMLCanvasElement} canvas */
function context(canvas) {
  const context = canvas.getContext("2d")
  if (!context) throw new Error("no canvas to draw on")
  return context
}

/** @param {string} text */
const clean = (text) => text.toWellFormed().replace(NOT_XML, "\ufffd")

/** @param {string} line @param {number} x @param {number} y @param {number} size @param {string} weight */
function written(line, x, y, size, weight) {
  const text = svg("text", { x, y, "font-size": size, "font-weight": weight })
  text.textContent = line
  return text
}

// Lines of a text that are at most so wide: broken between words, and inside a word where it is too long for a line.
/** @param {string} text @param {number} width @param {string} font */
function wrapped(text, width, font) {
  const pen = context(document.createElement("canvas"))
  pen.font = font
  /** @param {string} line */
  const fits = (line) => pen.measureText(line).width <= width
  /** @type {string[]} */
  const lines = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line && !fits(`${line} ${word}`)) {
      lines.push(line)
      line = ""
    }
    line = line ? `${line} ${word}` : word
    while (!fits(line) && line.length > 1) {
      let end = line.length - 1
      while (end > 1 && !fits(line.slice(0, end))) end -= 1
      lines.push(line.slice(0, end))
      line = line.slice(end)
    }
  }
  return [...lines, line]
}
