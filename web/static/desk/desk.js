/** What the live board has beyond the one that is only read: watch planning, act on the chosen ticket, drag its pin. */

import { $, el } from "../board/dom.js";
import { selectedTicket, subscribe } from "../board/state.js";
import { say } from "../board/words.js";
import { explainPart } from "./explain.js";

const { dataset } = document.body;
const BUSY_MS = 1500;
const IDLE_MS = 5000;

let map = null;
let pin = null;

document.addEventListener("board:map", (event) => {
  map = event.detail.map;
  drawPin();
});
document.addEventListener("board:panel", (event) => fill(event.detail));
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const link = { m: "desk-move", x: "desk-take-out", u: "desk-unpin", e: "desk-edit" }[event.key];
  if (link && $(link)) $(link).click();
});
subscribe((changed) => {
  if (changed.has("selected") && !selectedTicket()) dropPin();
});
watch();

/** Put the desk's actions under the details of a ticket. */
function fill({ model, pane }) {
  const ticket = model.tickets[selectedTicket()];
  dropPin();
  if (!ticket || !pane.querySelector(".detail-name") || ticket.version === undefined) return;
  const query = dataset.query;
  const about = `${query}&revision=${encodeURIComponent(dataset.shown)}&ticket=${encodeURIComponent(ticket.id)}`;
  const isVisited = model.visits.has(ticket.id);
  const isPlanned = dataset.shown && model.skippedBy.get(ticket.id)?.verdict !== "fresh";
  const word = isVisited ? "desk.move" : "desk.plan_in";
  const actions = el(
    "div.desk-actions",
    {},
    isPlanned && action("a.go", "move", `/board/move?${about}`, "m", word),
    isPlanned && isVisited && action("a.do", "take-out", `/board/visit/take-out?${about}`, "x", "desk.take_out"),
    isPlanned && ticket.pinned && action("a.do", "unpin", `/board/visit/unpin?${about}`, "u", "desk.unpin"),
    action("a.do", "edit", `/tickets/${encodeURIComponent(ticket.id)}?${query}`, "e", "desk.edit"),
    ticket.pinned && el("p.hint.pinned", { text: say("desk.pinned") }),
  );
  pane.querySelector(".detail-name").after(actions);
  if (isPlanned && (isVisited || model.skippedBy.has(ticket.id))) {
    (pane.querySelector(".visit-card") ?? actions).after(explainPart(`/board/explain?${about}&lang=${document.documentElement.lang.slice(0, 2)}`, isVisited));
  }
  const at = model.position(model.place(ticket.id));
  if (ticket.approximate && at) pane.append(pinForm(ticket, at));
}

/** One way to act on the chosen ticket, and its key. */
function action(kind, name, href, key, word) {
  const sign = el("kbd", { text: key.toUpperCase(), "aria-hidden": "true" });
  return el(kind, { id: `desk-${name}`, href, "aria-keyshortcuts": key }, say(word), sign);
}

/** Where an approximate ticket really is: typed, or read off the pin that is dragged. Nothing is sent before it is confirmed. */
function pinForm(ticket, [lat, lon]) {
  const input = (name, word, value) =>
    el(
      "label",
      {},
      el("span", { text: say(word) }),
      el("input", { name, inputmode: "decimal", required: true, value: value.toFixed(5), autocomplete: "off" }),
    );
  const form = el(
    "form.pin-form",
    { method: "post", action: `/tickets/${encodeURIComponent(ticket.id)}/point?${dataset.query}` },
    el("h3", { text: say("desk.pin") }),
    el("p.hint", { text: say("desk.pin.help") }),
    el("input", { type: "hidden", name: "csrf_token", value: document.querySelector("meta[name=csrf-token]").content }),
    el("input", { type: "hidden", name: "version", value: String(ticket.version) }),
    input("lat_deg", "desk.lat", lat),
    input("lon_deg", "desk.lon", lon),
    el("button.do", { type: "submit", text: say("desk.pin.keep") }),
  );
  pin = { form, ticket, at: [lat, lon], marker: null };
  form.addEventListener("input", () => {
    const at = [Number(form.elements.lat_deg.value), Number(form.elements.lon_deg.value)];
    if (pin?.marker && at.every(Number.isFinite) && Math.abs(at[0]) <= 90) pin.marker.setLatLng(at);
  });
  drawPin();
  return form;
}

function drawPin() {
  if (!map || !pin || pin.marker) return;
  const L = window.L;
  const { form, ticket } = pin;
  const sign = el("span.pin-sign", {});
  const name = say("desk.pin.name", { ticket: ticket.label ?? ticket.id });
  pin.marker = L.marker(pin.at, {
    draggable: true,
    autoPan: true,
    keyboard: false,
    title: name,
    alt: name,
    zIndexOffset: 1000,
    icon: L.divIcon({ className: "pin-icon", html: sign, iconSize: [26, 34], iconAnchor: [13, 32] }),
  }).addTo(map);
  pin.marker.on("drag dragend", () => {
    const { lat, lng } = pin.marker.getLatLng();
    form.elements.lat_deg.value = lat.toFixed(5);
    form.elements.lon_deg.value = lng.toFixed(5);
    form.classList.add("is-moved");
  });
}

function dropPin() {
  pin?.marker?.remove();
  pin = null;
}

/** Ask how planning goes; show it without disturbing whoever reads. */
async function watch() {
  let busy = !$("job").hidden && !$("job-progress").hidden;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, busy ? BUSY_MS : IDLE_MS));
    if (document.hidden) continue;
    let seen;
    try {
      const answer = await fetch(dataset.watch, { headers: { Accept: "application/json" } });
      if (!answer.ok) continue;
      seen = await answer.json();
    } catch {
      continue;
    }
    const wasBusy = busy;
    busy = Boolean(seen.job?.in_work);
    showJob(seen.job);
    if (seen.mark === dataset.mark) continue;
    if (wasBusy && !busy && !isTyping()) return location.reload();
    $("moved-on").hidden = false;
  }
}

function isTyping() {
  return Boolean(document.activeElement?.closest("input, textarea, select"));
}

function showJob(job) {
  $("job").hidden = !job;
  $("replan").hidden = Boolean(job?.in_work);
  if (!job) return;
  $("job").className = `job job-${job.state}`;
  if ($("job-title").textContent !== job.title) $("job-title").textContent = job.title;
  $("job-lines").textContent = job.lines.join(" · ");
  $("job-by").textContent = job.by;
  $("job-progress").hidden = !job.in_work;
  $("job-progress").max = job.seconds;
  $("job-progress").value = job.elapsed_s;
  $("job-cancel").hidden = !job.cancel;
  if (job.cancel) $("job-cancel").action = job.cancel;
}
