/** The schedule on a wide screen: one row an engineer, time from left to right. */

import { el } from "./dom.js";
import { goods } from "./facts.js";
import { rove } from "./keys.js";
import { select, state, selectedEngineer, selectedTicket } from "./state.js";
import { tipFor } from "./tip.js";
import { brief, clock, count, date, duration, km, number, say } from "./words.js";

const HOUR_S = 3600;
const GAP_H = 0.4;
const NAME_PX = 188;
const LEAST_PX_PER_H = 34;

export class Timeline {
  constructor(model, box) {
    this.model = model;
    this.box = box;
    this.scroller = el("div.tl");
    this.bars = new Map();
    this.rows = new Map();
    rove(this.scroller, ".who, .visit");
    this.scroller.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.scale()).observe(box);
  }

  click(event) {
    const button = event.target.closest("button[data-engineer]");
    if (!button) return;
    const { ticket, engineer } = button.dataset;
    select(ticket ? { kind: "visit", ticket, engineer } : { kind: "engineer", engineer });
  }

  /** Lay the chosen days side by side; x is in hours from the left edge. */
  layAxis() {
    let x = 0;
    this.axis = [];
    for (const day of this.model.days.filter((one) => state.days.includes(one.day))) {
      const { from, to } = this.model.hoursOf(day.day);
      this.axis.push({ ...day, from, to, x });
      x += (to - from) / HOUR_S + GAP_H;
    }
    this.hours = Math.max(1, x - GAP_H);
  }

  at(part, at_s) {
    return part.x + (Math.min(Math.max(at_s, part.from), part.to) - part.from) / HOUR_S;
  }

  place(node, part, from_s, to_s) {
    const x = this.at(part, from_s);
    node.style.setProperty("--x", x.toFixed(4));
    node.style.setProperty("--w", (this.at(part, to_s) - x).toFixed(4));
    return node;
  }

  show() {
    this.layAxis();
    this.bars.clear();
    this.rows.clear();
    const rows = this.model.rows(state);
    if (!rows.length) {
      const text = state.filter === "late" ? say("empty.late") : say("empty.routes");
      this.box.replaceChildren(el("p.empty", { text }));
      return;
    }
    this.scroller.replaceChildren(
      this.head(rows.length),
      el(
        "ol.rows",
        {},
        rows.map((row) => this.row(row)),
      ),
    );
    if (this.scroller.parentNode !== this.box) this.box.replaceChildren(this.scroller);
    this.scroller.querySelector(".who").tabIndex = 0;
    this.scale();
    this.mark();
  }

  scale() {
    if (!this.hours || !this.scroller.isConnected) return;
    const free = this.box.clientWidth - NAME_PX - 14;
    const px = Math.max(LEAST_PX_PER_H, free / this.hours) * state.zoom;
    const { scrollLeft } = this.scroller;
    const middle_h = (scrollLeft + free / 2) / (this.px ?? px);
    this.scroller.style.setProperty("--pph", `${px.toFixed(2)}px`);
    this.scroller.style.setProperty("--hours", this.hours.toFixed(3));
    this.scroller.classList.toggle("sparse", px < 52);
    if (this.px !== px && scrollLeft + state.zoom > 1) this.scroller.scrollLeft = middle_h * px - free / 2;
    this.px = px;
  }

  head(rows) {
    const lane = el("div.lane");
    for (const part of this.axis) {
      const many = this.axis.length > 1;
      if (many) lane.append(this.place(el("span.day-name", { text: date(part) }), part, part.from, part.to));
      for (let at = part.from; at < part.to; at += HOUR_S) {
        const odd = (at / HOUR_S) % 2 !== 0;
        const label = el(`span.hour${odd ? ".odd" : ""}`, { text: clock(at, part.day).replace(":00", "") });
        lane.append(this.place(label, part, at, at + HOUR_S));
      }
    }
    const corner = [el("span", { text: say("search.engineers") }), el("span.count", { text: number(rows) })];
    return el(
      `div.head${this.axis.length > 1 ? ".many" : ""}`,
      { "aria-hidden": true },
      el("div.corner", {}, corner),
      lane,
    );
  }

  row(row) {
    const { engineer, load } = row;
    const lane = el("div.lane");
    for (const part of this.axis) this.fill(lane, part, row);
    const line = el("li.row", {}, this.who(row), lane);
    line.classList.toggle("idle", load.visits === 0);
    this.rows.set(engineer.id, line);
    return line;
  }

  who({ engineer, load, shifts }) {
    const capacity_s = shifts.reduce((sum, shift) => sum + shift.end - shift.start, 0);
    const facts = load.visits
      ? [
          el("span", { text: count("row.visits", load.visits) }),
          el("span", { text: brief(load.travel_s) }),
          load.overtime_s > 0 && el("span.over", { text: `+${brief(load.overtime_s)}` }),
        ]
      : [el("span", { text: say("row.idle") })];
    const button = el(
      "button.who",
      {
        type: "button",
        tabindex: -1,
        data: { engineer: engineer.id },
        "aria-label": say("row.label", {
          name: engineer.name,
          visits: count("row.visits", load.visits),
          t: duration(load.travel_s),
        }),
        css: { "--route": this.model.colour(engineer.id) },
      },
      el("span.who-name", { text: engineer.name }),
      el("span.who-facts", {}, facts),
      load.late > 0 && el("span.late-count", { text: String(load.late), "aria-hidden": true }),
      capacity_s > 0 &&
        el(
          "span.loadbar",
          { "aria-hidden": true },
          el("i.l-work", { css: { width: `${Math.min(100, (100 * load.work_s) / capacity_s)}%` } }),
          el("i.l-travel", { css: { width: `${Math.min(100, (100 * load.travel_s) / capacity_s)}%` } }),
        ),
    );
    tipFor(button, () => [
      engineer.name,
      `${say("kind.visit")} ${load.visits}`,
      load.visits > 0 && `${say("fact.work")} ${duration(load.work_s)}`,
      load.visits > 0 && `${say("kind.travel")} ${duration(load.travel_s)} · ${km(load.travel_m)}`,
      load.overtime_s > 0 && `${say("kind.overtime")} ${duration(load.overtime_s)}`,
      load.late > 0 && count("late.count", load.late),
    ]);
    return button;
  }

  fill(lane, part, { engineer, routes, shifts }) {
    lane.append(this.place(el("div.off"), part, part.from, part.to));
    for (const shift of shifts) {
      if (shift.day !== part.day) continue;
      lane.append(this.place(el("div.shift"), part, shift.start, shift.end));
      if (shift.overtime_s) lane.append(this.place(el("div.over-zone"), part, shift.end, shift.end + shift.overtime_s));
      for (const [from, to] of shift.absences) {
        const node = this.place(el("div.absence", {}, el("span", { text: say("kind.absence") })), part, from, to);
        tipFor(node, () => [say("kind.absence"), `${clock(from, part.day)}–${clock(to, part.day)}`]);
        lane.append(node);
      }
    }
    if (!shifts.length) for (const route of routes) this.bareShift(lane, part, route);
    for (const route of routes) if (route.day === part.day) this.fillRoute(lane, part, engineer, route);
    const { now } = this.model;
    if (now !== null && now > part.from && now < part.to) lane.append(this.place(el("div.now"), part, now, now));
  }

  /** Without the request the shift is not known: the route's own span stands for it. */
  bareShift(lane, part, route) {
    if (route.day !== part.day || !route.stops.length) return;
    const last = route.stops[route.stops.length - 1];
    lane.append(this.place(el("div.shift.bare"), part, route.stops[0].arrive, last.arrive));
  }

  fillRoute(lane, part, engineer, route) {
    const shift = this.model.shift(route);
    let left_s = null;
    for (const stop of route.stops) {
      if (left_s !== null && stop.arrive > left_s) {
        const leg = this.place(el("div.leg"), part, left_s, stop.arrive);
        tipFor(leg, () => [`${say("kind.travel")} ${duration(stop.travel_s)} · ${km(stop.travel_m)}`, this.model.whereabouts(stop.location)]);
        lane.append(leg);
      }
      if (stop.begin > stop.arrive) lane.append(this.place(el("div.wait"), part, stop.arrive, stop.begin));
      if (stop.kind === "visit") lane.append(this.visit(part, engineer, stop));
      if (stop.kind === "break" || stop.kind === "pickup") {
        const node = this.place(el(`div.${stop.kind}`), part, stop.begin, stop.leave);
        const times = `${clock(stop.begin, part.day)}–${clock(stop.leave, part.day)}`;
        tipFor(node, () => [
          say(`kind.${stop.kind}`),
          times,
          ...(stop.depot ? [this.model.depot(stop.depot), goods(this.model, stop)] : []),
        ]);
        lane.append(node);
      }
      left_s = stop.leave;
    }
    const end = route.stops[route.stops.length - 1];
    if (shift && route.overtime_s > 0) lane.append(this.place(el("div.overtime"), part, shift.end, end.arrive));
  }

  visit(part, engineer, stop) {
    const ticket = stop.ticket;
    const late = "late_cost" in stop;
    const name = this.model.label(ticket);
    const label = [
      name,
      say(`grade.${this.model.grade(ticket)}`),
      `${clock(stop.begin, part.day)}–${clock(stop.leave, part.day)}`,
      late ? say("late.by", { t: duration(Math.max(stop.late_arrive_s ?? 0, stop.late_resolve_s ?? 0)) }) : null,
    ].filter(Boolean);
    const button = el(
      `button.visit.g-${this.model.grade(ticket)}`,
      { type: "button", tabindex: -1, "aria-label": label.join(", "), data: { ticket, engineer: engineer.id } },
      el("span.visit-name", { "aria-hidden": true }, nameParts(name)),
    );
    button.classList.toggle("late", late);
    button.classList.toggle("rough", this.model.isApproximate(ticket));
    button.classList.toggle("dim", state.filter === "late" && !late);
    tipFor(button, () => [...label, ...this.about(ticket, stop)]);
    if (!this.bars.has(ticket)) this.bars.set(ticket, []);
    this.bars.get(ticket).push({ button, part });
    return this.place(button, part, stop.begin, stop.leave);
  }

  about(ticket, stop) {
    const { address, approximate, fault } = this.model.tickets[ticket] ?? {};
    const place = address ?? this.model.whereabouts(stop.location);
    return [numberOf(this.model, ticket), fault, place, approximate && say("place.rough")];
  }

  /** Show what is selected: its row, its bars, and around the visit its windows and deadline. */
  mark() {
    for (const old of this.scroller.querySelectorAll(".selected, .chosen")) old.classList.remove("selected", "chosen");
    for (const old of this.scroller.querySelectorAll(".window, .due")) old.remove();
    this.rows.get(selectedEngineer())?.classList.add("chosen");
    const ticket = selectedTicket();
    for (const { button, part } of this.bars.get(ticket) ?? []) {
      button.classList.add("selected");
      button.closest(".row").classList.add("chosen");
      this.markTimes(button.parentNode, part, this.model.tickets[ticket]);
    }
  }

  markTimes(lane, part, ticket) {
    for (const [from, to] of ticket.windows ?? []) {
      if (to < part.from || from > part.to) continue;
      lane.append(this.place(el("div.window"), part, from, to));
    }
    for (const deadline of [ticket.arrive, ticket.resolve]) {
      if (!deadline || deadline.by < part.from || deadline.by > part.to) continue;
      lane.append(this.place(el("div.due"), part, deadline.by, deadline.by));
    }
  }

  /** Bring the selection into sight. */
  reveal() {
    const bar = this.bars.get(selectedTicket())?.[0]?.button;
    const target = bar ?? this.rows.get(selectedEngineer());
    target?.scrollIntoView({ block: "nearest", inline: bar ? "center" : "nearest" });
  }
}

/** A ticket's number, when the bar is called otherwise. */
function numberOf(model, ticket) {
  return model.tickets[ticket]?.label && model.tickets[ticket].label !== ticket ? ticket : null;
}

/** A ticket's name in two parts: a narrow bar leaves out what comes before the number. */
function nameParts(ticket) {
  const cut = /^(.{1,12}[-_/#])([^-_/#]{1,8})$/.exec(ticket);
  return cut ? [el("span.visit-prefix", { text: cut[1] }), cut[2]] : [ticket];
}
