// @ts-check
// The chess board after the current move: pieces, the last move, arrows for what models expect next. A move is played
// by choosing a piece and then where it goes; the server then reads the game up to here with that move behind it.

/** @import { Board } from "./payload.d.ts" */
/** @import { Name, State, Stepped } from "./state.js" */
/** @typedef {Stepped & {board: Board | null}} Played */
/** @typedef {Stepped & {board: Board}} Game */
/** @typedef {{move: string, share: number, colour?: string}} Expected a move, how likely it is, and whose colour it has */
import { el, svg } from "./dom.js"

const FILES = "abcdefgh"
/** @type {Record<string, string>} */
const NAMES = { k: "king", q: "queen", r: "rook", b: "bishop", n: "knight", p: "pawn" }
const SQUARES = Array.from({ length: 64 }, (_, i) => FILES[i % 8] + (8 - Math.floor(i / 8))) // a8 first, as in `pieces`

const BESIDE = 0.22 // squares between the arrows of two models

/** @param {string} letter */
const named = (letter) =>
  letter === "." ? "empty" : `${letter === letter.toUpperCase() ? "white" : "black"} ${NAMES[letter.toLowerCase()]}`

/** @param {string} name @param {string} sign */
const edge = (name, sign) => el("span", { class: name, "aria-hidden": "true" }, sign) // on the squares at two sides

/** @param {number} step @param {boolean | number} white */
export const moveNumber = (step, white) => `${Math.floor((step + 1) / 2)}${white ? "." : "…"}`

/** @param {State} state @param {(moves: string[]) => void} play @param {(step: number) => Expected[]} expected after a step */
export function createBoard(state, play, expected) {
  const cells = SQUARES.map((square, i) => el("button", {
    type: "button", role: "gridcell", class: `square ${(i + Math.floor(i / 8)) % 2 ? "darker" : "lighter"}`,
    tabindex: -1, onclick: (/** @type {MouseEvent} */ event) => onClick(square, event), onfocus: () => rove(i),
  }, ...(i % 8 ? [] : [edge("rank", square[1])]), ...(i < 56 ? [] : [edge("file", square[0])])))
  const rows = Array.from({ length: 8 }, (_, r) => el("div", { role: "row" }, ...cells.slice(8 * r, 8 * r + 8)))
  const arrows = svg("svg", { class: "arrows", viewBox: "0 0 8 8", "aria-hidden": "true" })
  const grid = el("div", { class: "squares", role: "grid", "aria-label": "Board", onkeydown: onKey }, ...rows)
  const name = el("p", { class: "opening" })
  const hint = el("p", { class: "hint" })
  const notice = el("p", { class: "notice", role: "alert", hidden: "" })
  const restart = el("button", { type: "button", onclick: startOver })
  const root = el("div", { class: "board", hidden: "" }, name, el("div", { class: "wood" }, grid, arrows), notice,
    el("div", { class: "under-board" }, hint, restart))
  /** @type {Game} what is on screen, or was last */
  let trace
  /** @type {Record<string, string>} */
  const images = {}
  /** @type {string | null} the square of the chosen piece */
  let from = null
  /** @type {number | null} the step whose position is drawn */
  let drawn = null
  let fromStart = false

  const at = () => (fromStart ? 0 : state.get("step"))
  const position = () => trace.board.positions[at()]

  /** @param {Played} next */
  function load(next) {
    root.hidden = !next.board
    from = null
    fromStart = false
    drawn = null
    if (!next.board) return
    trace = /** @type {Game} */ (next)
    for (const [letter, drawing] of Object.entries(trace.board.pieces))
      images[letter] = `url("data:image/svg+xml,${encodeURIComponent(drawing)}")`
    if (cells.every((cell) => cell.tabIndex < 0)) rove(SQUARES.indexOf("e2"))
    update(new Set(["step"]))
  }

  /** @param {Set<Name>} changed */
  function update(changed) {
    if (root.hidden) return
    if (changed.has("step")) {
      from = null
      fromStart = false
      notice.hidden = true
    }
    if (drawn !== at()) draw()
    mark()
  }

  function draw() {
    const step = drawn = at()
    const { pieces, over, white, name: opening } = position()
    SQUARES.forEach((square, i) => {
      cells[i].style.backgroundImage = pieces[i] === "." ? "" : images[pieces[i]]
      cells[i].setAttribute("aria-label", `${square}, ${named(pieces[i])}`)
    })
    const played = step ? move(step) : "Before the first move"
    name.textContent = name.title = `${played}${opening ? ` · ${opening}` : ""}`
    grid.setAttribute("aria-label", `Board, ${played}`)
    hint.textContent = over ? `The game is over: ${over}.`
      : `${white ? "White" : "Black"} to move: click a piece, then where it goes.` +
        (step === 0 ? " A new game begins." : step < trace.steps ? " Moves after this one are replaced." : "")
    restart.textContent = drawn === 0 ? `Back to ${move(state.get("step"))}` : "From the start"
  }

  /** @param {number} step */
  const move = (step) => `${moveNumber(step, step % 2)} ${trace.board.moves[step - 1]}`

  // squares of the last move, of the chosen piece and of where it may go; the arrow
  function mark() {
    const { last, legal } = position()
    const goals = from ? targets(legal) : []
    SQUARES.forEach((square, i) => {
      cells[i].classList.toggle("last", last.slice(0, 2) === square || last.slice(2, 4) === square)
      cells[i].classList.toggle("from", square === from)
      cells[i].classList.toggle("goal", goals.includes(square))
      cells[i].setAttribute("aria-selected", String(square === from))
    })
    const moves = drawn ? expected(drawn) : []
    arrows.replaceChildren(...moves.flatMap(({ move, share, colour }, i) =>
      arrow(legal[move], share, colour, colour ? (i - (moves.length - 1) / 2) * BESIDE : 0)))
  }

  // `beside`: how far from the line between the squares' middles, so that equal moves of several models are seen
  /** @param {string | undefined} uci @param {number} share @param {string | undefined} colour @param {number} beside */
  function arrow(uci, share, colour, beside) {
    if (!uci) return []
    /** @param {string} square */
    const middle = (square) => [FILES.indexOf(square[0]) + 0.5, 8.5 - Number(square[1])]
    const [fromX, fromY] = middle(uci.slice(0, 2)), [toX, toY] = middle(uci.slice(2, 4))
    const length = Math.hypot(toX - fromX, toY - fromY), ux = (toX - fromX) / length, uy = (toY - fromY) / length
    const [x0, y0, x1, y1] = [fromX - uy * beside, fromY + ux * beside, toX - uy * beside, toY + ux * beside]
    const width = 0.06 + 0.16 * share, head = 0.14 + width
    const bx = x1 - ux * 2 * head, by = y1 - uy * 2 * head
    return [svg("g", { opacity: 0.35 + 0.5 * share, style: colour && `fill:${colour};stroke:${colour}` },
      svg("line", { x1: x0, y1: y0, x2: bx, y2: by, "stroke-width": width }),
      svg("path", { d: `M${x1},${y1}L${bx - uy * head},${by + ux * head}L${bx + uy * head},${by - ux * head}Z` }))]
  }

  /** @param {string} square @param {MouseEvent} event */
  function onClick(square, event) {
    if (event.detail) cells[SQUARES.indexOf(square)].blur() // by the mouse: the arrow keys still step through the game
    choose(square)
  }

  /** @param {string} square */
  function choose(square) {
    const { pieces, legal, white, over } = position()
    const piece = pieces[SQUARES.indexOf(square)]
    const own = piece !== "." && (piece === piece.toUpperCase()) === white
    notice.hidden = true
    if (over) return refuse(`The game is over: ${over}.`)
    if (own) {
      from = from === square ? null : square
      return mark()
    }
    if (!from) {
      if (piece !== ".") refuse(`It is ${white ? "White" : "Black"}’s move.`)
      return
    }
    const uci = from + square
    const legalMove = Object.entries(legal).find(([, move]) => move === uci || move === `${uci}q`) // a pawn becomes a queen
    if (!legalMove) {
      const mover = named(pieces[SQUARES.indexOf(from)]), number = Math.floor(at() / 2) + 1
      const goals = [...new Set(targets(legal))].sort()
      const can = goals.length ? `It can go to ${goals.join(", ")}.` : "It can’t move now."
      return refuse(`${from}–${square} is not legal for the ${mover} at move ${number}. ${can}`)
    }
    from = null
    play([...trace.board.moves.slice(0, at()), legalMove[0]])
  }

  /** @param {string} text */
  function refuse(text) {
    notice.textContent = text
    notice.hidden = false
  }

  /** @param {Record<string, string>} legal */
  const targets = (legal) =>
    Object.values(legal).filter((uci) => from !== null && uci.startsWith(from)).map((uci) => uci.slice(2, 4))

  function startOver() {
    fromStart = !fromStart
    from = null
    notice.hidden = true
    draw()
    mark()
  }

  // one square is in the tab order; arrows go from square to square, Escape lets the chosen piece go
  /** @param {number} index */
  function rove(index) {
    cells.forEach((cell, i) => (cell.tabIndex = i === index ? 0 : -1))
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const steps = ways[event.key], now = cells.findIndex((cell) => cell === event.target)
    if (event.key === "Escape" && from) {
      from = null
      mark()
    } else if (steps && now >= 0) {
      const column = (now % 8) + steps[0], row = Math.floor(now / 8) + steps[1]
      if (column >= 0 && column < 8 && row >= 0 && row < 8) cells[row * 8 + column].focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return { root, load, update }
}
