/** Load the plan, build the views, let every choice reach all of them. */

import { Agenda } from "./agenda.js";
import { $, el, isPhone, load, svg } from "./dom.js";
import { PlanMap } from "./map.js";
import { Model } from "./model.js";
import { Panel, follow, selectTicket, unplanned } from "./panel.js";
import { Search } from "./search.js";
import { change, select, state, subscribe } from "./state.js";
import { Timeline } from "./timeline.js";
import { startTips } from "./tip.js";
import { date, duration, km, money, number, say } from "./words.js";

const LEGEND = {
  prefix: ["emergency", "urgent", "important", "general"],
  price: ["price1", "price2", "price3", "price4"],
  none: [],
};
const ZOOMS = [1, 1.5, 2.25, 3.5, 5];

start();

async function start() {
  let board;
  try {
    board = await load("board", document.body.dataset.board);
  } catch {
    $("loading").textContent = say("failed");
    return;
  }
  const model = new Model(board);
  const first = model.days.find((day) => board.routes.some((route) => route.day === day.day)) ?? model.days[0];
  Object.assign(state, { days: first ? [first.day] : [], tab: board.skipped.length ? "unplanned" : "detail" });
  fillFigures(model);
  fillTools(model);
  const views = makeViews(model);
  subscribe((changed) => views.update(changed));
  startTips(document.body);
  views.update(new Set(["days", "filter", "sort", "tab", "view", "zoom"]));
  await views.map.start();
  fromAddress(model);
  performance.mark("shown");
  document.body.dataset.ready = "yes";
}

function makeViews(model) {
  const box = $("schedule");
  const wide = new Timeline(model, box);
  const narrow = new Agenda(model, box);
  const panel = new Panel(model);
  const map = new PlanMap(model, $("map"));
  const search = new Search(model);
  let phone = isPhone();
  const schedule = () => (phone ? narrow : wide);
  box.addEventListener("click", (event) => state.filter === "unplanned" && follow(event, model));
  window.matchMedia("(max-width: 820px)").addEventListener("change", () => {
    phone = isPhone();
    showSchedule();
  });

  function showSchedule() {
    if (state.filter === "unplanned") box.replaceChildren(el("div.unplanned-list", {}, unplanned(model)));
    else schedule().show();
  }

  function update(changed) {
    const any = (...keys) => keys.some((key) => changed.has(key));
    if (any("filter", "days", "sort")) showSchedule();
    else if (any("selected")) state.filter === "unplanned" ? showSchedule() : schedule().mark();
    if (any("zoom") && !phone) wide.scale();
    if (any("filter", "days")) map.show();
    else if (any("selected")) map.mark();
    if (any("selected", "tab", "days")) panel.show();
    if (any("selected")) toAddress();
    if (any("selected") && state.selected && phone) openSheet();
    if (any("view")) showView();
    if (any("filter")) press("filters", "filter", state.filter);
    if (any("days")) pressDays();
    if (any("selected", "reveal") && state.selected) {
      if (any("reveal") && state.filter !== "unplanned") schedule().reveal();
      map.reveal();
    }
    document.body.classList.toggle("has-selection", Boolean(state.selected));
  }
  return { update, map, search };
}

/** On a phone details come up from below; the panel is that sheet, and takes the focus until it is closed. */
function openSheet() {
  const panel = $("panel");
  if (!panel.classList.contains("sheet")) before = document.activeElement;
  panel.classList.add("sheet");
  $("pane").focus({ preventScroll: true });
}

let before = null;

function closeSheet() {
  if (!$("panel").classList.contains("sheet")) return;
  $("panel").classList.remove("sheet");
  if (before?.isConnected) before.focus({ preventScroll: true });
}

function showView() {
  $("main").dataset.view = state.view;
  document.body.dataset.view = state.view;
  press("views", "view", state.view);
  if (state.view === "side") change({ tab: "unplanned" });
}

function press(group, key, value) {
  for (const button of $(group).querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset[key] === value));
  }
}

function pressDays() {
  for (const button of $("days").querySelectorAll("button")) {
    const days = button.dataset.day === "all" ? null : [Number(button.dataset.day)];
    const all = state.days.length === $("days").querySelectorAll("[data-day]:not([data-day=all])").length;
    button.setAttribute("aria-pressed", String(days ? state.days.includes(days[0]) : all));
  }
}

function fillFigures(model) {
  for (const node of document.querySelectorAll("[data-hours]")) {
    node.textContent = number(Number(node.dataset.hours) / 3600, 1);
  }
  for (const node of document.querySelectorAll("[data-km]")) node.textContent = km(Number(node.dataset.km));
  for (const node of document.querySelectorAll("[data-money]")) node.textContent = money(Number(node.dataset.money));
  for (const node of document.querySelectorAll("[data-late]")) {
    node.textContent = say("late.sum", { t: duration(Number(node.dataset.late)) });
  }
  const { cost, terms } = model.figures;
  const bar = svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  let x = 0;
  for (const [term, value] of Object.entries(terms)) {
    if (value <= 0 || cost <= 0) continue;
    const width = (100 * value) / cost;
    bar.append(svg("rect", { x, width, height: 8, class: `t-${term}` }));
    x += width;
  }
  $("cost-bar").append(bar);
  $("cost-bar").addEventListener("click", () => change({ tab: "cost", view: "side" }));
}

function fillTools(model) {
  const days = model.days.map((day) =>
    el("button", {
      type: "button",
      text: date(day),
      data: { day: String(day.day) },
      on: { click: (event) => chooseDay(event, day.day) },
    }),
  );
  const all =
    model.days.length > 1 &&
    el("button", {
      type: "button",
      text: say("all_days"),
      data: { day: "all" },
      on: { click: () => change({ days: model.days.map((day) => day.day) }) },
    });
  if (all) $("days").title = say("day_more");
  $("days").append(...days, ...(all ? [all] : []));
  for (const button of $("filters").querySelectorAll("button")) {
    button.addEventListener("click", () => change({ filter: button.dataset.filter, view: "schedule" }));
  }
  for (const button of $("views").querySelectorAll("button")) {
    button.addEventListener("click", () => {
      closeSheet();
      change({ view: button.dataset.view });
    });
  }
  const sorts = model.has_request ? ["id", "late", "overtime", "load"] : ["id", "overtime", "load"];
  $("sort").append(...sorts.map((sort) => el("option", { value: sort, text: say(`sort.${sort}`) })));
  $("sort").addEventListener("change", () => change({ sort: $("sort").value }));
  const step = (by) => ZOOMS[Math.min(Math.max(ZOOMS.indexOf(state.zoom) + by, 0), ZOOMS.length - 1)];
  $("zoom-in").addEventListener("click", () => change({ zoom: step(1) }));
  $("zoom-out").addEventListener("click", () => change({ zoom: step(-1) }));
  $("zoom-fit").addEventListener("click", () => change({ zoom: 1 }));
  const grades = LEGEND[model.scheme].map((grade) => el(`li.g-${grade}`, {}, el("i.swatch"), say(`grade.${grade}`)));
  const fetches = model.routes.some((route) => route.stops.some((stop) => stop.kind === "pickup"));
  const kinds = ["late", "travel", "wait", "break", ...(fetches ? ["pickup"] : []), "overtime", "absence"].map((kind) =>
    el(`li.k-${kind}`, {}, el("i.swatch"), say(`kind.${kind}`)),
  );
  $("legend").append(...grades, ...kinds);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.target.closest("#search")) return;
    closeSheet();
    select(null);
  });
  subscribe((changed) => {
    if (changed.has("selected") && !state.selected) closeSheet();
  });
  document.addEventListener("click", (event) => {
    const kept = event
      .composedPath()
      .some((node) => node.id === "panel" || node.dataset?.ticket || node.id === "search");
    if (!kept && !event.composedPath().includes($("map"))) closeSheet();
  });
}

function chooseDay(event, day) {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return change({ days: [day] });
  const days = state.days.includes(day)
    ? state.days.filter((one) => one !== day)
    : [...state.days, day].sort((a, b) => a - b);
  if (days.length) change({ days });
}

/** The selection stands in the address, so that it can be sent to a colleague or kept as a bookmark. */
function toAddress() {
  const { selected } = state;
  const kind = selected?.ticket ? "ticket" : "engineer";
  const hash = selected ? `#${kind}=${encodeURIComponent(selected[kind])}` : "";
  history.replaceState(null, "", `${location.pathname}${location.search}${hash}`);
  for (const link of document.querySelectorAll(".langs a")) link.hash = hash;
}

function fromAddress(model) {
  const [kind, id] = decodeURIComponent(location.hash.slice(1)).split(/=(.*)/s);
  if (kind === "ticket" && (model.visits.has(id) || model.skippedBy.has(id))) selectTicket(model, id);
  if (kind === "engineer" && model.engineerById.has(id)) {
    select({ kind: "engineer", engineer: id }, { reveal: Symbol("reveal") });
  }
}
