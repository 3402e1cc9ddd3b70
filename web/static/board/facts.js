/** Everything about one ticket or one engineer, as a list of facts. */

import { el } from "./dom.js";
import { reasonList } from "./reason.js";
import { state } from "./state.js";
import { clock, date, duration, km, knows, listed, money, say, span } from "./words.js";

const has = (value) => value && Object.keys(value).length > 0;

export function ticketFacts(model, id) {
  const ticket = model.tickets[id] ?? { id };
  const skipped = model.skippedBy.get(id);
  const visits = model.visits.get(id) ?? [];
  return [
    el(
      `h2.detail-name.g-${model.grade(id)}`,
      {},
      el("span.grade-chip", { text: say(`grade.${model.grade(id)}`) }),
      el("span", { text: ticket.label ?? id }),
      ticket.label && ticket.label !== id && el("span.detail-id", { text: id }),
      skipped && el("span.flag.bad", { text: say("search.unplanned") }),
    ),
    list(people(ticket)),
    ...visits.map(({ route, stop }) => visitFacts(model, route, stop, ticket)),
    skipped && skippedFacts(model, skipped),
    list(needs(model, ticket, visits[0]?.route.day ?? 0)),
  ].filter(Boolean);
}

function visitFacts(model, route, stop, ticket) {
  const day = model.days.find((one) => one.day === route.day);
  const wait_s = stop.begin - stop.arrive;
  const pair = ticket.pairs?.find((one) => one.engineer === route.engineer && one.cost > 0);
  const away = ticket.prefer?.length && !ticket.prefer.includes(route.engineer);
  return el(
    "section.visit-card",
    { css: { "--route": model.colour(route.engineer) } },
    el(
      "p.visit-when",
      {},
      el("b", { text: span(stop.begin, stop.leave, route.day) }),
      el("span", { text: day ? date(day) : "" }),
      "late_cost" in stop
        ? el("span.flag.bad", {
            text: say("late.by", { t: duration(Math.max(stop.late_arrive_s ?? 0, stop.late_resolve_s ?? 0)) }),
          })
        : model.has_request && el("span.flag.good", { text: say("late.none") }),
    ),
    link("engineer", route.engineer, model.name(route.engineer)),
    list([
      ["fact.arrive", clock(stop.arrive, route.day)],
      ["fact.travel", stop.travel_s > 0 ? `${duration(stop.travel_s)} · ${km(stop.travel_m)}` : say("same_place")],
      ["fact.wait", wait_s > 0 && duration(wait_s)],
      ["fact.late_arrive", stop.late_arrive_s && duration(stop.late_arrive_s)],
      ["fact.late_resolve", stop.late_resolve_s && duration(stop.late_resolve_s)],
      ["fact.late_cost", stop.late_cost && money(stop.late_cost)],
      ["fact.surcharge", pair && `${money(pair.cost)}${pair.code ? ` · ${pair.code}` : ""}`],
      ["fact.prefer", away && say("fact.not_preferred")],
      ["fact.parts", has(stop.parts) && quantities(model, stop.parts)],
      ["fact.tools", has(stop.tools) && listed(stop.tools)],
    ]),
  );
}

function skippedFacts(model, skipped) {
  return el(
    "section.visit-card.unserved",
    {},
    el("p.visit-when", {}, el("b", { text: say(`verdict.${skipped.verdict}`) })),
    el("p.hint", { text: knows(`verdict.${skipped.verdict}.help`) ? say(`verdict.${skipped.verdict}.help`) : "" }),
    reasonList(model, skipped.reasons),
  );
}

/** Who and where, when the page was made of the user's own sheet; the documents of a plan do not say it. */
function people(ticket) {
  const rough = ticket.approximate && el("span.flag.warn", { text: say("place.rough") });
  return [
    ["fact.state", ticket.state],
    ["fact.fault", ticket.fault],
    ["fact.product", ticket.product],
    ["fact.address", ticket.address ? [el("span", { text: ticket.address }), rough] : rough],
    ["fact.contact", ticket.contact],
    ["fact.phone", ticket.phone && el("a", { href: `tel:${ticket.phone.replace(/[^\d+]/g, "")}`, text: ticket.phone })],
    ["fact.note", ticket.note],
    ["fact.found", ticket.approximate && ticket.found],
    ["fact.line", ticket.line && String(ticket.line)],
    ["fact.doubts", has(ticket.doubts) && ticket.doubts],
  ];
}

function needs(model, ticket, day) {
  const names = (ids) => has(ids) && listed(ids.map((id) => model.name(id)));
  const deadline = (facts) => facts && [moment(model, facts.by, day), price(facts)];
  const setup = ticket.setup_s ? ` · ${say("fact.setup", { t: duration(ticket.setup_s) })}` : "";
  return [
    ["fact.location", !ticket.label && (ticket.location ?? model.place(ticket.id))],
    ["fact.duration", ticket.duration_s !== undefined && duration(ticket.duration_s + ticket.setup_s) + setup],
    [
      "fact.windows",
      ticket.windows &&
        (ticket.windows.length ? ticket.windows.map((one) => windowText(model, one, day)) : say("anytime")),
    ],
    ["fact.release", ticket.release && moment(model, ticket.release, day)],
    ["fact.arrive_by", deadline(ticket.arrive)],
    ["fact.resolve_by", deadline(ticket.resolve)],
    ["fact.requires", has(ticket.requires) && skills(ticket.requires)],
    ["fact.parts", has(ticket.parts) && quantities(model, ticket.parts)],
    ["fact.tools", has(ticket.tools) && listed(ticket.tools)],
    ["fact.crew", ticket.crew > 1 && String(ticket.crew), { n: ticket.crew }],
    [
      "fact.skip_cost",
      ticket.skip_cost === null ? say("must") : ticket.skip_cost !== undefined && money(ticket.skip_cost),
    ],
    ["fact.only", names(ticket.only)],
    ["fact.never", names(ticket.never)],
    ["fact.prefer", names(ticket.prefer)],
    ["fact.after", has(ticket.after) && ticket.after.map((one) => link("ticket", one.ticket, one.ticket))],
    ["fact.same", ticket.same_engineer_as && [link("ticket", ticket.same_engineer_as, ticket.same_engineer_as)]],
  ];
}

export function engineerFacts(model, id) {
  const engineer = model.engineerById.get(id);
  const load = model.load(id, state.days);
  const routes = model.routesOn(id, state.days);
  const shifts = engineer.shifts.filter((shift) => state.days.includes(shift.day));
  return [
    el(
      "h2.detail-name",
      { css: { "--route": model.colour(id) } },
      el("span.route-dot", { "aria-hidden": true }),
      el("span", { text: engineer.name }),
      engineer.name !== id && el("span.detail-id", { text: id }),
    ),
    list([
      ["fact.shift", has(shifts) && shifts.map((shift) => shiftText(model, shift))],
      ["fact.visits", String(load.visits)],
      ["fact.work", duration(load.work_s)],
      ["kind.travel", `${duration(load.travel_s)} · ${km(load.travel_m)}`],
      ["kind.wait", load.wait_s > 0 && duration(load.wait_s)],
      ["fact.overtime", load.overtime_s > 0 && duration(load.overtime_s)],
      ["fact.skills", has(engineer.skills) && skills(engineer.skills, engineer.skills_until, model)],
      [
        "fact.factor",
        typeof engineer.service_factor === "number" && engineer.service_factor !== 1 && `× ${engineer.service_factor}`,
      ],
      ["fact.tools", has(engineer.tools) && listed(engineer.tools)],
      ["fact.van", has(engineer.van) && quantities(model, engineer.van)],
    ]),
    ...routes.map((route) => routeList(model, route)),
  ];
}

function routeList(model, route) {
  const stops = route.stops.map((stop) => {
    const at = stop.kind === "start" ? stop.leave : stop.kind === "end" ? stop.arrive : stop.begin;
    const what = stop.ticket
      ? link("visit", stop.ticket, model.label(stop.ticket), route.engineer)
      : el("span", { text: [say(`kind.${stop.kind}`), stop.depot && model.depot(stop.depot)].filter(Boolean).join(" · ") });
    const late = "late_cost" in stop;
    return el(
      `li${stop.ticket ? `.g-${model.grade(stop.ticket)}` : ""}`,
      {},
      el("time", { text: clock(at, route.day) }),
      el("span.grade-dot", { "aria-hidden": true }),
      what,
      stop.kind === "pickup" && el("span.list-goods", { text: goods(model, stop) }),
      late &&
        el("span.flag.bad", {
          text: say("late.by", { t: duration(Math.max(stop.late_arrive_s ?? 0, stop.late_resolve_s ?? 0)) }),
        }),
      el("span.list-way", { text: stop.travel_s > 0 ? `${duration(stop.travel_s)} · ${km(stop.travel_m)}` : "" }),
    );
  });
  return el("ol.route-list", {}, stops);
}

function list(facts) {
  const rows = facts
    .filter(([, value]) => value)
    .map(([key, value, holes]) => {
      const values = (Array.isArray(value) ? value : [value]).filter(Boolean);
      return el(
        "div",
        {},
        el("dt", { text: say(key, holes) }),
        values.map((one) => el("dd", {}, one)),
      );
    });
  return rows.length ? el("dl.facts", {}, rows) : null;
}

function link(kind, id, text, engineer) {
  const data = kind === "engineer" ? { engineer: id } : { ticket: id, ...(engineer ? { engineer } : {}) };
  return el("button.link", { type: "button", data, text });
}

function price({ cost, cost_per_h }) {
  return cost || cost_per_h ? say("fact.price", { c: money(cost, 0), h: money(cost_per_h, 0) }) : null;
}

/** A moment with its date unless it lies on `day`. */
function moment(model, at_s, day) {
  const own = Math.floor(at_s / 86400);
  return own === day ? clock(at_s, own) : `${dayText(model, own)} ${clock(at_s, own)}`;
}

/** A window with its date unless it begins on `day`. */
export function windowText(model, [from, to], day) {
  const own = Math.floor(from / 86400);
  return own === day ? span(from, to, own) : `${dayText(model, own)} ${span(from, to, own)}`;
}

function dayText(model, number) {
  const origin = new Date(`${model.origin}T00:00:00Z`);
  return new Date(origin.getTime() + number * 86_400_000).toISOString().slice(5, 10);
}

function shiftText(model, shift) {
  const hours = span(shift.start, shift.end, shift.day);
  const over = shift.overtime_s ? ` · ${say("fact.overtime_limit", { t: duration(shift.overtime_s) })}` : "";
  return `${state.days.length > 1 ? `${dayText(model, shift.day)} ` : ""}${hours}${over}`;
}

function skills(levels, until = {}, model = null) {
  return Object.entries(levels).map(([skill, level]) => {
    const lapse =
      until[skill] !== undefined && model ? ` · ${say("fact.until", { t: moment(model, until[skill], -1) })}` : "";
    return el("span.skill", {}, el("span", { text: skill }), el("i", { text: `${say(`level.${level}`)}${lapse}` }));
  });
}

/** What a pick-up takes, in one line; tools are lent. */
export function goods(model, { parts = {}, tools = [] }) {
  return [has(parts) && quantities(model, parts), tools.length > 0 && listed(tools)].filter(Boolean).join(" · ");
}

function quantities(model, parts) {
  return listed(Object.entries(parts).map(([part, qty]) => `${model.parts[part] ?? part} × ${qty}`));
}
