/** The panel beside the time line: details of the selection, what is not planned and why, cost by term. */

import { $, el } from "./dom.js";
import { engineerFacts, ticketFacts, windowText } from "./facts.js";
import { reason, reasonList } from "./reason.js";
import { change, select, state, selectedTicket } from "./state.js";
import { listed, money, number, say } from "./words.js";

const VERDICTS = ["fresh", "impossible", "displaced", "not_found"];
const TABS = ["detail", "unplanned", "cost"];

export class Panel {
  constructor(model) {
    this.model = model;
    this.pane = $("pane");
    for (const tab of document.querySelectorAll("[data-tab]")) {
      tab.addEventListener("click", () => change({ tab: tab.dataset.tab }));
      tab.addEventListener("keydown", (event) => this.walk(event, tab));
    }
    this.pane.addEventListener("click", (event) => follow(event, this.model));
  }

  walk(event, tab) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const name = TABS[(TABS.indexOf(tab.dataset.tab) + step + TABS.length) % TABS.length];
    change({ tab: name });
    $(`tab-${name}`).focus();
  }

  show() {
    for (const tab of document.querySelectorAll("[data-tab]")) {
      const chosen = tab.dataset.tab === state.tab;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.pane.setAttribute("aria-labelledby", `tab-${state.tab}`);
    const makers = {
      detail: () => this.detail(),
      unplanned: () => unplanned(this.model),
      cost: () => cost(this.model),
    };
    this.pane.replaceChildren(...makers[state.tab]());
    this.pane.scrollTop = 0;
    document.dispatchEvent(new CustomEvent("board:panel", { detail: { model: this.model, pane: this.pane } }));
  }

  detail() {
    const { selected } = state;
    if (!selected) return [el("p.empty", { text: say("empty.detail") })];
    const close = el("button.close", { type: "button", "aria-label": say("close"), on: { click: () => select(null) } });
    if (selected.kind === "engineer") return [close, ...engineerFacts(this.model, selected.engineer)];
    return [close, ...ticketFacts(this.model, selected.ticket)];
  }
}

/** Follow a link inside the panel: a ticket, a visit or an engineer. */
export function follow(event, model) {
  const link = event.target.closest("button[data-ticket], button[data-engineer]");
  if (!link) return;
  const { ticket, engineer } = link.dataset;
  if (!ticket) return select({ kind: "engineer", engineer }, { reveal: Symbol("reveal") });
  selectTicket(model, ticket, engineer);
}

/** Select a ticket wherever it is: its visit when it has one, on its day. */
export function selectTicket(model, ticket, engineer) {
  const visits = model.visits.get(ticket);
  const reveal = Symbol("reveal");
  if (!visits) return select({ kind: "ticket", ticket }, { reveal });
  const { route } = visits.find((visit) => visit.route.engineer === engineer) ?? visits[0];
  const days = state.days.includes(route.day) ? state.days : [route.day];
  select({ kind: "visit", ticket, engineer: route.engineer }, { days, reveal });
}

/** What is not planned, by verdict, each with its reasons; then the pins that broke. */
export function unplanned(model) {
  const parts = [];
  for (const verdict of VERDICTS) {
    const skipped = model.skipped.filter((one) => one.verdict === verdict);
    if (!skipped.length) continue;
    parts.push(
      el(
        "section.verdict",
        {},
        el(
          "h2",
          {},
          el("span", { text: say(`verdict.${verdict}`) }),
          el("span.count", { text: String(skipped.length) }),
        ),
        el("p.hint", { text: say(`verdict.${verdict}.help`) }),
        el(
          "ul.skipped",
          {},
          skipped.map((one) => skippedItem(model, one)),
        ),
      ),
    );
  }
  if (model.broken_pins.length) {
    parts.push(
      el(
        "section.verdict",
        {},
        el(
          "h2",
          {},
          el("span", { text: say("broken_pins") }),
          el("span.count", { text: String(model.broken_pins.length) }),
        ),
        el(
          "ul.skipped",
          {},
          model.broken_pins.map((pin) =>
            el("li", {}, skippedButton(model, pin.ticket), el("ul.reasons", {}, reason(model, { ...pin, gap: null }))),
          ),
        ),
      ),
    );
  }
  if (!model.skipped.length) parts.unshift(el("p.empty.good", { text: say("empty.skipped") }));
  return parts;
}

function skippedItem(model, { ticket, reasons }) {
  return el("li", {}, skippedButton(model, ticket), reasonList(model, reasons));
}

function skippedButton(model, ticket) {
  const facts = model.tickets[ticket] ?? {};
  const onlyDay = model.days.length === 1 ? model.days[0].day : null;
  const about = [
    facts.address ?? facts.location,
    facts.windows?.length ? listed(facts.windows.map((one) => windowText(model, one, onlyDay))) : null,
    facts.skip_cost === null ? say("must") : null,
    facts.skip_cost ? say("skip_price", { c: money(facts.skip_cost, 0) }) : null,
  ].filter(Boolean);
  const button = el(
    `button.skipped-line.g-${model.grade(ticket)}`,
    { type: "button", data: { ticket } },
    el("span.grade-dot", { "aria-hidden": true }),
    el("b", { text: model.label(ticket) }),
    el("span.about", { text: about.join(" · ") }),
  );
  button.classList.toggle("selected", ticket === selectedTicket());
  return button;
}

/** Cost by term, dearest first, each as a bar and a share. */
function cost(model) {
  const { cost: total, terms } = model.figures;
  const list = Object.entries(terms)
    .filter(([, value]) => value !== 0)
    .sort((a, b) => b[1] - a[1]);
  const rows = list.map(([term, value]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", text: say(`term.${term}`) }),
      el("td.cost-amount", { text: money(value) }),
      el(
        "td.cost-share",
        {},
        el("i", { "aria-hidden": true, css: { width: `${total ? (100 * value) / total : 0}%` } }),
      ),
      el("td.cost-part", { text: `${number(total ? (100 * value) / total : 0, 1)} %` }),
    ),
  );
  const { solver } = model;
  const facts = { ...solver, seconds: number(solver.seconds, 1), iterations: number(solver.iterations) };
  return [
    el(
      "table.costs",
      {},
      el("tbody", {}, rows),
      el(
        "tfoot",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "row", text: say("cost.total") }),
          el("td.cost-amount", { text: money(total) }),
          el("td"),
          el("td"),
        ),
        solver.bound !== null &&
          el(
            "tr",
            {},
            el("th", { scope: "row", text: say("cost.bound") }),
            el("td.cost-amount", { text: money(solver.bound) }),
            el("td"),
            el("td"),
          ),
      ),
    ),
    el("p.hint.solver", { text: say("solver.line", facts) }),
  ];
}
