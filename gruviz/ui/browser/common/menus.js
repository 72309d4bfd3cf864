// @ts-check
// Streamlit's menus and the keyboard: a menu that a key opens takes the focus, and when it goes, its button has it back,
// also where the server closes it. Streamlit draws menus at the end of the page, where Tab would come to them last. And one
// that Escape has closed stays closed: where the server has only just heard that it opened, its answer opens it again.

const BUTTON = "[data-testid=stPopoverButton]", OPEN = `${BUTTON}[aria-expanded=true]`, BODY = "[data-testid=stPopoverBody]"
const CHOSEN = "[role=radio][aria-checked=true]", FIRST = "button:enabled, input:enabled, textarea:enabled"
const PATIENCE = 3000 // ms, for what the server sends

export function createMenus() {
  let opening = 0 // until when a menu is waited for that a key has opened
  let closed = 0 // until when none may open again
  /** @type {{button: string, body: Element} | null} */
  let within = null // the menu that has the focus, and where its button is: the button itself may be another one by then
  const observer = new MutationObserver(look)

  function look() {
    const now = performance.now(), body = document.querySelector(BODY)
    if (body && now < closed) return void requestAnimationFrame(close) // by then it listens
    if (body && now < opening) {
      const first = body.querySelector(CHOSEN) ?? body.querySelector(FIRST)
      if (first instanceof HTMLElement) first.focus()
      if (first) opening = 0
    }
    if (within && !within.body.isConnected) {
      const button = document.querySelector(within.button)
      if (document.activeElement === document.body && button instanceof HTMLElement) button.focus()
      within = null
    }
    if (now > opening && now > closed && !within) observer.disconnect()
  }

  const close = () => document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }))

  /** @param {KeyboardEvent} event */
  function onKey({ key, isTrusted }) {
    if (key !== "Escape" || !isTrusted || !document.querySelector(BODY)) return
    closed = performance.now() + PATIENCE
    watch()
  }

  function watch() {
    observer.observe(document.body, { childList: true, subtree: true })
  }

  /** @param {MouseEvent} event */
  function onClick({ target, detail }) {
    if (!(target instanceof Element && target.closest(BUTTON))) return
    closed = 0
    if (detail) return // of a mouse
    opening = performance.now() + PATIENCE
    watch()
  }

  /** @param {FocusEvent} event */
  function onFocus({ target }) {
    const body = target instanceof Element ? target.closest(BODY) : null
    const key = body && /st-key-\S+/.exec(document.querySelector(OPEN)?.closest("[class*=st-key-]")?.className ?? "")
    if (!key) return
    within = { button: `.${key[0]} ${BUTTON}`, body }
    watch()
  }

  addEventListener("keydown", onKey, true)
  addEventListener("click", onClick, true)
  addEventListener("focusin", onFocus)
  return { close() {
    observer.disconnect()
    removeEventListener("keydown", onKey, true)
    removeEventListener("click", onClick, true)
    removeEventListener("focusin", onFocus)
  } }
}
