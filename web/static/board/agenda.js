/** The schedule on a phone: a list of engineers, each opening into the day's stops. */

import { el } from "./dom.js";
import { goods } from "./facts.js";
import { select, state, selectedEngineer, selectedTicket } from "./state.js";
import { brief, clock, count, date, duration, km, say } from "./words.js";

export class Agenda {
  constructor(model, box) {
    this.model = model;
    this.box = box;
    this.open = new Set();
    this.list = el("ol.agenda");
    this.list.addEventListener("click", (event) => this.click(event));
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { ticket, engineer } = button.dataset;
    if (ticket) return select({ kind: "visit", ticket, engineer });
    const opens = button.getAttribute("aria-expanded") !== "true";
    if (opens) this.open.add(engineer);
    else this.open.delete(engineer);
    this.expand(button.closest("li"), opens);
  }

  show() {
    const rows = this.model.rows(state);
    if (!rows.length) {
      const text = state.filter === "late" ? say("empty.late") : say("empty.routes");
      this.box.replaceChildren(el("p.empty", { text }));
      return;
    }
    if (state.filter === "late") for (const row of rows) this.open.add(row.engineer.id);
    this.rows = new Map();
    this.list.replaceChildren(...rows.map((row) => this.card(row)));
    this.box.replaceChildren(this.list);
    this.mark();
  }

  card(row) {
    const { engineer, load } = row;
    const facts = load.visits
      ? [count("row.visits", load.visits), duration(load.travel_s), km(load.travel_m)].join(" · ")
      : say("row.idle");
    const button = el(
      "button.card",
      { type: "button", "aria-expanded": "false", data: { engineer: engineer.id } },
      el("span.card-dot", { "aria-hidden": true, css: { background: this.model.colour(engineer.id) } }),
      el("span.card-name", { text: engineer.name }),
      el("span.card-facts", { text: facts }),
      el(
        "span.card-flags",
        {},
        load.late > 0 && el("span.flag.bad", { text: count("late.count", load.late) }),
        load.overtime_s > 0 && el("span.flag.warn", { text: `+${brief(load.overtime_s)}` }),
      ),
      el("span.chevron", { "aria-hidden": true }),
    );
    const item = el("li.agenda-item", {}, button);
    this.rows.set(engineer.id, { item, row });
    if (this.open.has(engineer.id)) this.expand(item, true);
    return item;
  }

  expand(item, opens) {
    const button = item.querySelector(".card");
    button.setAttribute("aria-expanded", String(opens));
    item.querySelector(".stops")?.remove();
    if (!opens) return;
    const { row } = this.rows.get(button.dataset.engineer);
    const stops = row.routes.flatMap((route) => this.stops(route));
    item.append(el("ol.stops", {}, stops));
    this.mark();
  }

  stops(route) {
    const many = state.days.length > 1;
    const day = this.model.days.find((one) => one.day === route.day);
    const head = many ? [el("li.stop-day", { text: date(day) })] : [];
    return [...head, ...route.stops.map((stop) => this.stop(route, stop))];
  }

  stop(route, stop) {
    const way =
      stop.travel_s > 0 ? el("span.way", { text: `${duration(stop.travel_s)} · ${km(stop.travel_m)}` }) : null;
    if (stop.kind !== "visit") {
      const at = stop.kind === "start" ? stop.leave : stop.kind === "end" ? stop.arrive : stop.begin;
      return el(
        `li.stop.stop-${stop.kind}`,
        {},
        way,
        el(
          "div.stop-line",
          {},
          el("time", { text: clock(at, route.day) }),
          el("span.stop-dot"),
          el("span.stop-what", { text: say(`kind.${stop.kind}`) }),
          el("span.stop-where", { text: this.where(stop) }),
        ),
      );
    }
    const late = Math.max(stop.late_arrive_s ?? 0, stop.late_resolve_s ?? 0);
    const wait = stop.begin - stop.arrive;
    return el(
      `li.stop.stop-visit.g-${this.model.grade(stop.ticket)}`,
      {},
      way,
      el(
        "button.stop-line",
        { type: "button", data: { ticket: stop.ticket, engineer: route.engineer } },
        el("time", { text: clock(stop.begin, route.day) }),
        el("span.stop-dot"),
        el("span.stop-what", { text: this.model.label(stop.ticket) }),
        el("span.stop-where", { text: `${this.place(stop)} · ${duration(stop.leave - stop.begin)}` }),
        late > 0 && el("span.flag.bad", { text: say("late.by", { t: duration(late) }) }),
        late <= 0 && wait >= 300 && el("span.flag", { text: `${say("kind.wait")} ${duration(wait)}` }),
      ),
    );
  }

  /** Where a stop is that is no visit; of a pick-up also what it takes. */
  where(stop) {
    if (stop.kind !== "pickup") return this.model.whereabouts(stop.location);
    return [this.model.depot(stop.depot), goods(this.model, stop)].filter(Boolean).join(" · ");
  }

  place({ ticket, location }) {
    return this.model.tickets[ticket]?.address ?? this.model.whereabouts(location);
  }

  mark() {
    for (const old of this.list.querySelectorAll(".selected")) old.classList.remove("selected");
    for (const line of this.list.querySelectorAll("button.stop-line")) {
      line.classList.toggle("selected", line.dataset.ticket === selectedTicket());
    }
  }

  reveal() {
    const found = this.rows?.get(selectedEngineer());
    if (!found) return;
    this.open.add(selectedEngineer());
    this.expand(found.item, true);
    found.item.scrollIntoView({ block: "start" });
  }

  scale() {
    return this;
  }
}
