/** The map: district boundaries, every route in its engineer's colour, tickets in their grade's. */

import { $, el, load } from "./dom.js";
import { select, state, selectedEngineer, selectedTicket } from "./state.js";
import { count, km, listed, say } from "./words.js";

/** Free edges when the map is fitted: the scale stands above, the buttons on the right, and a pin reaches up. */
const ROOM = { paddingTopLeft: [22, 42], paddingBottomRight: [56, 30] };

const GRADES = ["emergency", "urgent", "important", "general", "plain", "price1", "price2", "price3", "price4"];

export class PlanMap {
  constructor(model, box) {
    this.model = model;
    this.box = box;
    this.lines = new Map();
    this.dots = new Map();
    /** position → a location there and the tickets of which only the area around it is known */
    this.rough = new Map();
    /** "from to" → the points of the way between two locations; null: nobody knows ways, or they are not here yet */
    this.ways = null;
    this.credits = new Map();
  }

  /** Draw what does not change; without positions say so. */
  async start() {
    const known = Object.keys(this.model.locations).length;
    if (!known || !window.L) {
      this.box.classList.add("blank");
      this.box.append(el("p.empty", { text: say(this.model.has_request ? "empty.places" : "empty.map") }));
      return;
    }
    const L = window.L;
    const style = getComputedStyle(document.documentElement);
    this.ink = Object.fromEntries(GRADES.map((grade) => [grade, style.getPropertyValue(`--g-${grade}`).trim()]));
    this.map = L.map(this.box, {
      attributionControl: false,
      preferCanvas: true,
      zoomControl: false,
      zoomSnap: 0.25,
      zoomDelta: 0.75,
      minZoom: 5,
      maxZoom: 17,
      fadeAnimation: false,
      zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    this.map.setView([0, 0], 5);
    L.control.zoom({ zoomInTitle: say("map.in"), zoomOutTitle: say("map.out"), position: "topright" }).addTo(this.map);
    L.control.scale({ imperial: false, position: "topleft" }).addTo(this.map);
    this.addFit(L);
    this.box.setAttribute("aria-label", say("map.label"));
    this.box.setAttribute("role", "region");
    this.routes = L.layerGroup().addTo(this.map);
    this.points = L.layerGroup().addTo(this.map);
    this.numbers = L.layerGroup().addTo(this.map);
    this.map.on("click", () => select(null));
    new ResizeObserver(() => this.resize()).observe(this.box);
    if (this.model.boundaries) await this.drawBoundaries(L);
    this.show();
    this.fit();
    this.followRoads();
    document.dispatchEvent(new CustomEvent("board:map", { detail: { map: this.map } }));
  }

  /** Follow the box; the first time that it has a size, show everything in it. */
  resize() {
    this.map.invalidateSize({ pan: false });
    if (this.fitted || !this.box.clientWidth) return;
    this.fit();
    this.reveal();
  }

  addFit(L) {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const button = el("button.map-fit", { type: "button", "aria-label": say("map.fit"), title: say("map.fit") });
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => this.fit());
      return button;
    };
    control.addTo(this.map);
  }

  async drawBoundaries(L) {
    const { boundaries } = this.model;
    const districts = await load("boundaries", `${document.body.dataset.static}map/${boundaries}.geojson`);
    const pane = this.map.createPane("districts");
    pane.classList.add("districts-pane");
    this.map.createPane("district-names").classList.add("district-names-pane");
    const shapes = L.geoJSON(districts, {
      pane: "districts",
      interactive: false,
      renderer: L.svg({ pane: "districts", padding: 1 }),
      style: { className: "district" },
    }).addTo(this.map);
    this.land = shapes.getBounds();
    const chinese = document.documentElement.lang.startsWith("zh");
    for (const { properties } of districts.features) {
      const [lon, lat] = properties.label;
      const name = el("span", { text: chinese ? properties.name : properties.name_en });
      L.marker([lat, lon], {
        pane: "district-names",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: "district-name", html: name, iconSize: [90, 16] }),
      }).addTo(this.map);
    }
    this.credit("source", say("map.source"));
  }

  /** Name whose data are drawn, or what is not as it should be with them. */
  credit(key, text) {
    if (!this.credits.size) window.L.control.attribution({ prefix: false }).addTo(this.map);
    this.credits.set(key, text);
    const lines = [...this.credits].map(([name, line]) => el(`span.credit-${name}`, { text: line }));
    this.box.querySelector(".leaflet-control-attribution").replaceChildren(...lines);
  }

  /** Draw the routes along roads once the ways are here; until then, and where they are not, they are straight. */
  async followRoads() {
    const address = document.body.dataset.ways;
    if (!address && !$("data-ways")) return;
    try {
      const { ways, trouble } = await load("ways", address);
      this.ways = new Map(ways.map(([from, to, line]) => [`${from}\n${to}`, line]));
      if (ways.length) this.credit("roads", say("map.roads"));
      if (trouble) this.credit("trouble", trouble);
    } catch {
      this.ways = new Map();
      this.credit("trouble", say("map.ways.failed"));
    }
    this.show();
    this.box.dataset.ways = "shown";
  }

  /** Draw the routes of the chosen days and the tickets, as the filter says. */
  show() {
    if (!this.map) return;
    const L = window.L;
    this.routes.clearLayers();
    this.points.clearLayers();
    this.lines.clear();
    this.dots.clear();
    this.rough.clear();
    if (state.filter !== "unplanned") {
      for (const { engineer, routes } of this.model.rows(state)) {
        for (const route of routes) this.drawRoute(L, engineer, route);
      }
    }
    for (const { ticket } of this.model.skipped) if (state.filter !== "late") this.drawSkipped(L, ticket);
    for (const { location, tickets } of this.rough.values()) this.drawArea(L, location, tickets);
    for (const [depot, location] of Object.entries(this.model.depots)) {
      const at = this.model.position(location);
      if (at)
        L.circleMarker(at, { radius: 6, color: "#222", weight: 2, fillColor: "#fff", fillOpacity: 1 })
          .bindTooltip(() => el("span", { text: this.model.depot(depot) }), { direction: "top" })
          .addTo(this.points);
    }
    this.mark();
  }

  drawRoute(L, engineer, route) {
    const style = { color: this.model.colour(engineer.id), weight: 1.8, opacity: 0.5, smoothFactor: 0 };
    const { along, straight } = this.partsOf(route);
    const parts = [];
    if (along.length) parts.push(L.polyline(along, style));
    // Dashed where others follow roads: this is how the crow flies.
    if (straight.length) parts.push(L.polyline(straight, this.ways ? { ...style, dashArray: "5 5" } : style));
    const line = L.featureGroup(parts);
    line.on("click", (event) => this.choose(event, { kind: "engineer", engineer: engineer.id }));
    line.addTo(this.routes);
    if (!this.lines.has(engineer.id)) this.lines.set(engineer.id, []);
    this.lines.get(engineer.id).push({ line, route });
    for (const stop of route.stops) {
      if (stop.kind !== "visit") continue;
      if (state.filter === "late" && !("late_cost" in stop)) continue;
      this.drawDot(L, stop.ticket, engineer.id, "late_cost" in stop);
    }
  }

  /** The legs of a route: those along a known way, and those that are straight for want of one. */
  partsOf(route) {
    const stops = route.stops.filter((stop) => this.model.position(stop.location));
    const along = [];
    const straight = [];
    stops.slice(1).forEach((stop, index) => {
      const from = stops[index].location;
      if (from === stop.location) return;
      const way = this.ways?.get(`${from}\n${stop.location}`);
      if (way) along.push(way);
      else straight.push([this.model.position(from), this.model.position(stop.location)]);
    });
    return { along, straight };
  }

  drawDot(L, ticket, engineer, late) {
    const at = this.model.position(this.model.place(ticket));
    if (!at || this.keepRough(ticket)) return;
    const dot = L.circleMarker(at, {
      radius: 4.5,
      weight: late ? 2.5 : 1.2,
      color: late ? "#b00020" : "#fff",
      fillColor: this.ink[this.model.grade(ticket)],
      fillOpacity: 1,
    });
    dot.on("click", (event) => this.choose(event, { kind: "visit", ticket, engineer }));
    dot.bindTooltip(() => el("span", { text: `${this.model.label(ticket)} · ${this.model.name(engineer)}` }), { direction: "top" });
    dot.addTo(this.points);
    this.dots.set(ticket, { dot, engineer });
  }

  drawSkipped(L, ticket) {
    const at = this.model.position(this.model.place(ticket));
    if (!at || this.keepRough(ticket)) return;
    const dot = L.circleMarker(at, {
      radius: 4.5,
      weight: 1.6,
      dashArray: "3 2",
      color: "#8a1c1c",
      fillColor: "#fff",
      fillOpacity: 0.85,
    });
    dot.on("click", (event) => this.choose(event, { kind: "ticket", ticket }));
    dot.bindTooltip(() => el("span", { text: `${this.model.label(ticket)} · ${say("search.unplanned")}` }), { direction: "top" });
    dot.addTo(this.points);
    this.dots.set(ticket, { dot, engineer: null });
  }

  /** Nothing approximate looks exact: a ticket whose point stands for an area gets no dot of its own. */
  keepRough(ticket) {
    if (!this.model.isApproximate(ticket)) return false;
    const location = this.model.place(ticket);
    const key = this.model.position(location).join(" ");
    if (!this.rough.has(key)) this.rough.set(key, { location, tickets: new Set() });
    this.rough.get(key).tickets.add(ticket);
    return true;
  }

  /** One dashed ring for all tickets that are somewhere in an area, with how many they are. */
  drawArea(L, location, tickets) {
    const own = [...tickets];
    const sign = el("span.rough-sign", { text: `≈${own.length}` });
    const marker = L.marker(this.model.position(location), {
      icon: L.divIcon({ className: "rough-icon", html: sign, iconSize: [34, 34] }),
      keyboard: false,
      zIndexOffset: -500,
    });
    marker.on("click", (event) => {
      const next = own[(own.indexOf(selectedTicket()) + 1) % own.length];
      const engineer = this.model.visits.get(next)?.[0].route.engineer;
      this.choose(event, engineer ? { kind: "visit", ticket: next, engineer } : { kind: "ticket", ticket: next });
    });
    const names = listed(own.slice(0, 4).map((ticket) => this.model.label(ticket)));
    const lines = [this.model.whereabouts(location), count("map.rough", own.length), names];
    marker.bindTooltip(
      () =>
        el(
          "span.rough-tip",
          {},
          lines.map((text) => el("span", { text })),
        ),
      { direction: "top" },
    );
    marker.addTo(this.points);
  }

  /** Bring the selected route and ticket out, the others back. */
  mark() {
    if (!this.map) return;
    const L = window.L;
    const engineer = selectedEngineer();
    const ticket = selectedTicket();
    const crew = new Set([engineer, ...(this.model.visits.get(ticket) ?? []).map(({ route }) => route.engineer)]);
    this.numbers.clearLayers();
    for (const [id, lines] of this.lines) {
      const chosen = crew.has(id);
      for (const { line } of lines) {
        line.setStyle({ weight: chosen ? 3.5 : 1.8, opacity: chosen ? 1 : engineer || ticket ? 0.12 : 0.5 });
        if (chosen) line.bringToFront();
      }
    }
    for (const [id, { dot, engineer: whose }] of this.dots) {
      const near = id === ticket || (engineer !== null && whose === engineer);
      const back = (engineer !== null || ticket !== null) && !near;
      dot.setStyle({ fillOpacity: back ? 0.25 : 1, opacity: back ? 0.25 : 1 });
      dot.setRadius(id === ticket ? 8 : 4.5);
      if (near) dot.bringToFront();
    }
    const own = (this.lines.get(engineer) ?? []).map(({ route }) => route);
    const visited = own.filter((route) => ticket !== null && route.stops.some((stop) => stop.ticket === ticket));
    for (const route of visited.length ? visited : own) this.number(L, route, ticket);
    if (ticket && !this.lines.has(engineer)) this.ring(L, ticket);
  }

  /** Number the stops of the selected route in their order; stops at one place share a sign. */
  number(L, route, ticket) {
    const places = new Map();
    let order = 0;
    for (const stop of route.stops) {
      const at = this.model.position(stop.location);
      const visit = stop.kind === "visit";
      if (visit) order += 1;
      if (!at || !(visit || stop.kind === "start" || stop.kind === "end")) continue;
      const key = at.join(" ");
      if (!places.has(key)) places.set(key, { at, numbers: [], stops: [] });
      if (!visit) continue;
      places.get(key).numbers.push(order);
      places.get(key).stops.push(stop);
    }
    for (const place of places.values()) this.sign(L, route, ticket, place);
  }

  sign(L, route, ticket, { at, numbers, stops }) {
    const own = stops.find((stop) => stop.ticket === ticket);
    const shown = own ?? stops[0];
    const rough = stops.length > 0 && stops.every((stop) => this.model.isApproximate(stop.ticket));
    const sign = el(`span.stop-sign${shown ? `.g-${this.model.grade(shown.ticket)}` : ".home"}`, {
      text: `${rough ? "≈ " : ""}${numbers.join("·")}`,
    });
    sign.classList.toggle("rough", rough);
    sign.classList.toggle("selected", Boolean(own));
    const marker = L.marker(at, {
      icon: L.divIcon({ className: "stop-icon", html: sign, iconSize: [20, 20] }),
      keyboard: false,
      interactive: stops.length > 0,
    });
    if (shown) {
      marker.on("click", (event) => {
        const next = stops[(stops.findIndex((stop) => stop.ticket === selectedTicket()) + 1) % stops.length];
        this.choose(event, { kind: "visit", ticket: next.ticket, engineer: route.engineer });
      });
      const names = stops.map((stop) => `${this.model.label(stop.ticket)} · ${km(stop.travel_m)}`);
      marker.bindTooltip(() => el("span", { text: names.join(" / ") }), { direction: "top" });
    }
    marker.addTo(this.numbers);
  }

  ring(L, ticket) {
    const at = this.model.position(this.model.place(ticket));
    if (at)
      L.circleMarker(at, { radius: 13, weight: 2, color: "#8a1c1c", fill: false, interactive: false }).addTo(
        this.numbers,
      );
  }

  /** Show all points, or those of the selection. */
  fit() {
    if (!this.map || !this.box.clientWidth) return;
    this.fitted = true;
    const places = [];
    for (const lines of this.lines.values()) places.push(...cornersOf(lines));
    for (const { dot } of this.dots.values()) places.push(dot.getLatLng());
    for (const { location } of this.rough.values()) places.push(this.model.position(location));
    const all = places.length ? places : Object.values(this.model.locations);
    this.map.fitBounds(window.L.latLngBounds(all), { ...ROOM, maxZoom: 14, animate: false });
  }

  /** Select what was clicked here, and leave the map as it is. */
  choose(event, selected) {
    window.L.DomEvent.stopPropagation(event);
    this.still = true;
    select(selected);
    this.still = false;
  }

  /** Bring the selected route into sight, near enough for its stops to be told apart. */
  reveal() {
    if (!this.map || !this.fitted || this.still) return;
    const lines = this.lines.get(selectedEngineer());
    if (!lines) {
      const at = this.dots.get(selectedTicket())?.dot.getLatLng();
      if (at && !this.map.getBounds().pad(-0.05).contains(at)) this.map.panTo(at);
      return;
    }
    const bounds = window.L.latLngBounds(cornersOf(lines));
    if (!bounds.isValid()) return;
    const nearer = this.map.getBoundsZoom(bounds) - this.map.getZoom();
    if (nearer > 1.2 || !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { ...ROOM, maxZoom: this.rough.size ? 11.5 : 13.5 });
  }
}

/** South-west and north-east corners of what is drawn. */
function cornersOf(lines) {
  return lines
    .map(({ line }) => line.getBounds())
    .filter((bounds) => bounds.isValid())
    .flatMap((bounds) => [bounds.getSouthWest(), bounds.getNorthEast()]);
}
