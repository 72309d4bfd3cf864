// @ts-check
// First, previous, play, next, last, operation by operation, a slider, speed.

/** @import { Answer } from "./payload.d.ts" */
/** @import { Attributes } from "./dom.js" */
/** @import { Name, State, Stepped } from "./state.js" */
import { el, svg } from "./dom.js"
import { SPEEDS, nextOperation, previousOperation, toStep } from "./state.js"

const PERIOD = 900 // ms a step at speed 1

// drawn, because not every system has a font with these signs
const ICONS = {
  first: "M3 2v12M13 2v12L5 8z", previous: "M12 2v12L4 8z", play: "M4 2v12l9-6z", pause: "M4 2h3v12H4zM9 2h3v12H9z",
  next: "M4 2v12l8-6z", last: "M3 2v12l8-6zM13 2v12",
  present: "M2 6V2h4v1.5H3.5V6zM10 2h4v4h-1.5V3.5H10zM2 10h1.5v2.5H6V14H2zM12.5 10H14v4h-4v-1.5h2.5z",
}
/** @param {keyof typeof ICONS} name */
export const icon = (name) => svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", class: name },
  svg("path", { d: ICONS[name] }))

/** @param {State} state */
export function createTransport(state) {
  /** @type {Stepped} */
  let trace
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer
  /** @param {number} step */
  const go = (step) => state.set({ ...toStep(trace, step), playing: false })
  /** @param {string} name @param {keyof typeof ICONS} sign @param {() => void} onclick @param {Attributes} attributes */
  const button = (name, sign, onclick, attributes = {}) =>
    el("button", { type: "button", "aria-label": name, title: name, onclick, ...attributes }, icon(sign))

  const actions = {
    first: () => go(1),
    previous: () => go(state.get("step") - (state.get("op") === null ? 1 : 0)),
    next: () => (state.get("op") === null ? go(state.get("step") + 1) : go(state.get("step"))),
    last: () => go(trace.steps),
    play: () => {
      const playing = !state.get("playing")
      const restart = playing && state.get("step") === trace.steps
      state.set({ playing, ...(restart && toStep(trace, 1)) })
    },
    nextOperation: () => state.set({ ...nextOperation(trace, state), playing: false }),
    previousOperation: () => state.set({ ...previousOperation(trace, state), playing: false }),
  }

  const play = button("Play", "play", actions.play, { class: "play" })
  const slider = el("input", {
    type: "range", min: 1, "aria-label": "Time step", oninput: () => go(Number(slider.value)),
  })
  const status = el("span", { role: "status", class: "status" })
  const speed = el("select", { "aria-label": "Speed", onchange: () => state.set({ speed: Number(speed.value) }) },
    ...SPEEDS.map((s) => el("option", { value: s }, `${s}×`)))
  const first = button("First step", "first", actions.first)
  const previous = button("Previous step", "previous", actions.previous)
  const next = button("Next step", "next", actions.next)
  const last = button("Last step", "last", actions.last)
  const operation = button("Next operation", "next", actions.nextOperation, {
    title: "Next operation inside the step (Shift+Right; back with Shift+Left)",
  })
  operation.append("operation")
  const root = el("div", { class: "transport", role: "toolbar", "aria-label": "Stepping" },
    first, previous, play, next, last, operation, slider, speed, status)

  function tick() {
    if (state.get("step") >= trace.steps) state.set({ playing: false })
    else state.set(toStep(trace, state.get("step") + 1))
  }

  /** @param {Answer} answer @param {number} step */
  function told({ label, texts, actual, beside, ranking }, step) {
    const followed = actual[step - 1] && !ranking ? ` (${beside}: ${actual[step - 1]})` : "" // a ranking says it itself
    return `${texts[step - 1].endsWith(label) ? "" : `${label}: `}${texts[step - 1]}${followed}`
  }

  /** @param {Stepped} next */
  function load(next) {
    trace = next
    slider.max = String(trace.steps)
    operation.hidden = trace.operations.length < 2
    update(new Set(["playing", "speed"]))
  }

  /** @param {Set<Name>} changed */
  function update(changed) {
    const step = state.get("step"), op = state.get("op"), playing = state.get("playing")
    slider.value = String(step)
    const inside = op === null ? "" : `, ${trace.operations[op]?.verb} (${op + 1} of ${trace.operations.length})`
    const place = `Step ${step} of ${trace.steps}: ${trace.labels[step - 1]}`, done = op === null
    const said = !done ? "" : trace.answer ? told(trace.answer, step) : trace.said?.[step - 1] ?? ""
    const text = `${place}${inside}${said && ", "}${said}`
    if (status.textContent !== text) {
      status.replaceChildren(place + inside, ...(said ? [", ", el("span", { class: "answer" }, said)] : []))
      status.title = text
    }
    slider.setAttribute("aria-valuetext", place)
    first.disabled = previous.disabled = step === 1 && done
    next.disabled = last.disabled = step === trace.steps && done
    if (changed.has("playing") || changed.has("speed")) {
      clearInterval(timer)
      timer = playing ? setInterval(tick, PERIOD / state.get("speed")) : undefined
      play.replaceChildren(icon(playing ? "pause" : "play"))
      play.setAttribute("aria-label", playing ? "Pause" : "Play")
      play.title = playing ? "Pause (Space)" : "Play (Space)"
      speed.value = String(state.get("speed"))
    }
  }

  return { root, load, update, actions, close: () => clearInterval(timer) }
}
