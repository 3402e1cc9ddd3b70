/** The plan as read from /board.json or from the page itself, with the look-ups that the views share. */

/** Colours of the routes on the map: told apart at a glance, dark enough on the map's ground. */
const ROUTE_COLOURS = [
  "#1f6f8b",
  "#b5532a",
  "#4c7a34",
  "#7a4fa3",
  "#a63d63",
  "#2f5fb3",
  "#8a6a12",
  "#0f7f6d",
  "#9b3d3d",
  "#55606e",
  "#3f8f9f",
  "#c07a1a",
];

export class Model {
  constructor(board) {
    Object.assign(this, board);
    this.engineerById = new Map(board.engineers.map((engineer) => [engineer.id, engineer]));
    this.colours = new Map(
      board.engineers.map((engineer, row) => [engineer.id, ROUTE_COLOURS[row % ROUTE_COLOURS.length]]),
    );
    this.routesOf = new Map(board.engineers.map((engineer) => [engineer.id, []]));
    /** ticket → [{route, stop, index}], one for each of a crew */
    this.visits = new Map();
    for (const route of board.routes) {
      if (!this.routesOf.has(route.engineer)) this.adopt(route.engineer);
      this.routesOf.get(route.engineer).push(route);
      route.stops.forEach((stop, index) => {
        if (!stop.ticket) return;
        if (!this.visits.has(stop.ticket)) this.visits.set(stop.ticket, []);
        this.visits.get(stop.ticket).push({ route, stop, index });
      });
    }
    this.skippedBy = new Map(board.skipped.map((skipped) => [skipped.ticket, skipped]));
  }

  /** An engineer that the plan names and the request does not. */
  adopt(id) {
    const engineer = { id, name: id, skills: {}, skills_until: {}, van: {}, tools: [], shifts: [] };
    this.engineers.push(engineer);
    this.engineerById.set(id, engineer);
    this.colours.set(id, ROUTE_COLOURS[this.colours.size % ROUTE_COLOURS.length]);
    this.routesOf.set(id, []);
  }

  name(engineer) {
    return this.engineerById.get(engineer)?.name ?? engineer;
  }

  /** What a person calls a ticket: its customer where that is known, else its number; a rough place is marked. */
  label(ticket) {
    const { label, approximate } = this.tickets[ticket] ?? {};
    return `${approximate ? "≈ " : ""}${label ?? ticket}`;
  }

  isApproximate(ticket) {
    return this.tickets[ticket]?.approximate ?? false;
  }

  /** What a person calls a location: an address or an area where that is known. */
  whereabouts(location) {
    return this.location_names?.[location] ?? location;
  }

  /** What a person calls a depot. */
  depot(id) {
    return this.depot_names?.[id] ?? id;
  }

  colour(engineer) {
    return this.colours.get(engineer) ?? "#55606e";
  }

  grade(ticket) {
    return this.tickets[ticket]?.grade ?? "plain";
  }

  /** Where a ticket is: of the request, else of its visit. */
  place(ticket) {
    return this.tickets[ticket]?.location ?? this.visits.get(ticket)?.[0].stop.location ?? null;
  }

  position(location) {
    return this.locations[location] ?? null;
  }

  isLate(ticket) {
    return this.visits.get(ticket)?.some(({ stop }) => "late_cost" in stop) ?? false;
  }

  shift(route) {
    return this.engineerById.get(route.engineer)?.shifts.find((shift) => shift.id === route.shift) ?? null;
  }

  /** Routes of one engineer on the given days. */
  routesOn(engineer, days) {
    return this.routesOf.get(engineer).filter((route) => days.includes(route.day));
  }

  /** What an engineer does on the given days: visits, sums, the largest lateness. */
  load(engineer, days) {
    const sum = { visits: 0, travel_s: 0, travel_m: 0, work_s: 0, wait_s: 0, overtime_s: 0, late: 0, late_s: 0 };
    for (const route of this.routesOn(engineer, days)) {
      for (const key of ["travel_s", "travel_m", "work_s", "wait_s", "overtime_s"]) sum[key] += route[key];
      for (const stop of route.stops) {
        if (stop.kind === "visit") sum.visits += 1;
        if (!("late_cost" in stop)) continue;
        sum.late += 1;
        sum.late_s = Math.max(sum.late_s, stop.late_arrive_s ?? 0, stop.late_resolve_s ?? 0);
      }
    }
    return sum;
  }

  /** Engineers to list for these days in this order; those without a shift then are left out. */
  rows({ days, filter, sort }) {
    const rows = [];
    for (const engineer of this.engineers) {
      const load = this.load(engineer.id, days);
      const routes = this.routesOn(engineer.id, days);
      const shifts = engineer.shifts.filter((shift) => days.includes(shift.day));
      if (!routes.length && !shifts.length) continue;
      if (filter === "late" && !load.late) continue;
      rows.push({ engineer, routes, shifts, load });
    }
    const keys = {
      late: (row) => row.load.late_s,
      overtime: (row) => row.load.overtime_s,
      load: (row) => row.load.work_s + row.load.travel_s,
    };
    if (sort in keys) rows.sort((a, b) => keys[sort](b) - keys[sort](a));
    return rows;
  }

  /** The hours that a day's column shows: whole hours around all shifts, overtime and routes. */
  hoursOf(day) {
    let from = Infinity;
    let to = -Infinity;
    for (const engineer of this.engineers) {
      for (const shift of engineer.shifts) {
        if (shift.day !== day) continue;
        from = Math.min(from, shift.start);
        to = Math.max(to, shift.end);
      }
    }
    for (const route of this.routes) {
      if (route.day !== day || !route.stops.length) continue;
      from = Math.min(from, route.stops[0].leave);
      to = Math.max(to, route.stops[route.stops.length - 1].arrive);
    }
    if (from > to) return { from: day * 86400 + 28800, to: day * 86400 + 64800 };
    return { from: Math.floor(from / 3600) * 3600, to: Math.ceil(to / 3600) * 3600 };
  }
}
