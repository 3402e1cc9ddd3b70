/** Elements without markup: text goes in as text, so a name can never become HTML. */

/**
 * Make an element. `facts` holds attributes, besides: `text`, `on` ({event: handler}), `data` ({key: value}),
 * `css` ({property: value}, set through the style object: the page allows no inline style attributes).
 */
export function el(tag, facts = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  fill(node, facts);
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element with attributes. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function fill(node, facts) {
  for (const [key, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "text") node.textContent = value;
    else if (key === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "css") for (const [property, set] of Object.entries(value)) node.style.setProperty(property, set);
    else node.setAttribute(key, value === true ? "" : value);
  }
}

export const $ = (id) => document.getElementById(id);

export const isPhone = () => window.matchMedia("(max-width: 820px)").matches;

/** Get data: a page that was sent as one file carries them in the element `id`, another asks its server. */
export async function load(id, address) {
  const carried = $(`data-${id}`);
  if (carried) return JSON.parse(carried.textContent);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
