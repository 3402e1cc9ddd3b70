/** One tooltip for the page: under the pointer's target or the focused one. */

import { $, el } from "./dom.js";

const lines = new WeakMap();

/** Let `node` show what `makeLines()` returns, first line bold, when pointed at or focused. */
export function tipFor(node, makeLines) {
  lines.set(node, makeLines);
}

export function startTips(root) {
  const tip = $("tip");
  const hide = () => tip.setAttribute("hidden", "");
  const show = (event) => {
    let node = event.target;
    while (node && node !== root && !lines.has(node)) node = node.parentElement;
    if (!node || !lines.has(node)) return hide();
    if (event.type === "focusin" && !node.matches(":focus-visible")) return hide();
    const texts = lines.get(node)().filter(Boolean);
    tip.replaceChildren(...texts.map((text, row) => el(row ? "span" : "b", { text })));
    tip.removeAttribute("hidden");
    const at = node.getBoundingClientRect();
    const x = event.type === "pointerover" && at.width > 160 ? event.clientX : at.left + at.width / 2;
    const left = Math.min(Math.max(x - tip.offsetWidth / 2, 6), window.innerWidth - tip.offsetWidth - 6);
    const below = at.bottom + 8 + tip.offsetHeight < window.innerHeight;
    tip.style.left = `${left}px`;
    tip.style.top = `${below ? at.bottom + 8 : at.top - tip.offsetHeight - 8}px`;
  };
  root.addEventListener("pointerover", (event) => event.pointerType === "mouse" && show(event));
  root.addEventListener("pointerleave", hide);
  root.addEventListener("pointerdown", hide);
  root.addEventListener("focusin", show);
  root.addEventListener("focusout", hide);
  root.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
