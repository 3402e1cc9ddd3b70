/** One tab stop for a whole field of buttons; the arrow keys walk inside it. */

/** Left and right: along the row; up and down: the nearest in the next row; Home and End: the row's ends. */
export function rove(field, selector) {
  field.addEventListener("keydown", (event) => {
    const from = event.target.closest(selector);
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = next(event.key, from, selector);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  field.addEventListener("focusin", (event) => {
    const into = event.target.closest(selector);
    if (!into) return;
    for (const old of field.querySelectorAll(`:is(${selector})[tabindex="0"]`)) old.tabIndex = -1;
    into.tabIndex = 0;
  });
}

function next(key, from, selector) {
  const row = from.closest("li");
  const line = [...row.querySelectorAll(selector)];
  const place = line.indexOf(from);
  if (key === "ArrowRight") return line[place + 1];
  if (key === "ArrowLeft") return line[place - 1];
  if (key === "Home") return line[0];
  if (key === "End") return line[line.length - 1];
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const other = key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  if (!other) return null;
  if (place === 0) return other.querySelector(selector);
  const middle = centre(from);
  const candidates = [...other.querySelectorAll(selector)].slice(1);
  if (!candidates.length) return other.querySelector(selector);
  return candidates.reduce((best, one) =>
    Math.abs(centre(one) - middle) < Math.abs(centre(best) - middle) ? one : best,
  );
}

function centre(node) {
  const { left, width } = node.getBoundingClientRect();
  return left + width / 2;
}
