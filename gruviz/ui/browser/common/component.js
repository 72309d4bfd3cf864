// What Streamlit calls for a component: makes its app the first time, hands it each payload, closes it when it goes.
import { unpacked } from "./wire.js"

export function component(createApp) {
  const apps = new WeakMap()
  return ({ data, parentElement, setTriggerValue }) => {
    if (!apps.has(parentElement)) {
      const made = createApp()
      parentElement.querySelector(".mount").replaceChildren(made.root) // it may stand there from before: Streamlit may close and mount again
      apps.set(parentElement, made)
    }
    const app = apps.get(parentElement)
    app.show(unpacked(data), setTriggerValue)
    return () => {
      app.close()
      apps.delete(parentElement)
    }
  }
}
