/** Search over tickets, engineers and locations: a combobox, fast on thousands. */

import { $, el } from "./dom.js";
import { selectTicket } from "./panel.js";
import { select, state } from "./state.js";
import { count, listed, say } from "./words.js";

const MOST = 6;

export class Search {
  constructor(model) {
    this.model = model;
    this.input = $("query");
    this.results = $("results");
    this.hits = [];
    this.active = -1;
    this.index = this.makeIndex();
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("focus", () => this.input.value && this.show());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.results.addEventListener("pointerdown", (event) => event.preventDefault());
    this.results.addEventListener("click", (event) => {
      const option = event.target.closest("[data-hit]");
      if (option) this.choose(this.hits[Number(option.dataset.hit)]);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!$("search").contains(event.target)) this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
      event.preventDefault();
      this.input.focus();
    });
  }

  makeIndex() {
    const low = (text) => text.toLowerCase();
    const places = new Map();
    const tickets = Object.keys(this.model.tickets).map((id) => {
      const place = this.model.place(id);
      if (place !== null) places.set(place, [...(places.get(place) ?? []), id]);
      const { label, address, phone, contact } = this.model.tickets[id];
      const words = [id, label, address, phone, contact].filter(Boolean).join(" ");
      const more = [label && label !== id && id, address ?? place].filter(Boolean).join(" · ");
      return { kind: "tickets", id, text: label ?? id, more, find: low(words) };
    });
    const engineers = this.model.engineers.map(({ id, name }) => ({
      kind: "engineers",
      id,
      text: name,
      more: name === id ? "" : id,
      find: low(`${name} ${id}`),
    }));
    const locations = [...places].map(([id, here]) => ({
      kind: "locations",
      id,
      text: this.model.whereabouts(id),
      more: listed(here.map((ticket) => this.model.tickets[ticket].label ?? ticket)),
      find: low(this.model.whereabouts(id)),
      tickets: here,
    }));
    return [engineers, tickets, locations];
  }

  show() {
    const query = this.input.value.trim().toLowerCase();
    if (!query) return this.close();
    const groups = this.index.map((group) => {
      const hits = group.filter((one) => one.find.includes(query));
      hits.sort((a, b) => b.find.startsWith(query) - a.find.startsWith(query));
      return { hits: hits.slice(0, MOST), count: hits.length };
    });
    this.hits = groups.flatMap(({ hits }) => hits);
    this.active = this.hits.length ? 0 : -1;
    const lines = [];
    let row = 0;
    for (const { hits, count } of groups) {
      if (!hits.length) continue;
      lines.push(
        el(
          "li.group",
          { role: "presentation" },
          el("span", { text: say(`search.${hits[0].kind}`) }),
          el("span", { text: String(count) }),
        ),
      );
      for (const hit of hits) lines.push(this.option(hit, row++));
    }
    const found = groups.reduce((sum, group) => sum + group.count, 0);
    if (!found)
      lines.push(
        el("li.none", {
          role: "option",
          "aria-disabled": true,
          text: say("empty.search", { q: this.input.value.trim() }),
        }),
      );
    $("search-count").textContent = count("search.count", found);
    this.results.replaceChildren(...lines);
    this.results.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.point();
  }

  option(hit, row) {
    const unplanned = hit.kind === "tickets" && this.model.skippedBy.has(hit.id);
    return el(
      `li.hit${hit.kind === "tickets" ? `.g-${this.model.grade(hit.id)}` : ""}`,
      { role: "option", id: `hit-${row}`, data: { hit: row } },
      hit.kind === "engineers" &&
        el("span.route-dot", { css: { "--route": this.model.colour(hit.id) }, "aria-hidden": true }),
      hit.kind === "tickets" && el("span.grade-dot", { "aria-hidden": true }),
      hit.kind === "locations" && el("span.place-dot", { "aria-hidden": true }),
      el("b", { text: hit.text }),
      el("span.more", { text: unplanned ? say("search.unplanned") : hit.more }),
    );
  }

  point() {
    for (const option of this.results.querySelectorAll("[data-hit]")) {
      const chosen = Number(option.dataset.hit) === this.active;
      option.setAttribute("aria-selected", String(chosen));
      if (chosen) option.scrollIntoView({ block: "nearest" });
    }
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `hit-${this.active}`);
  }

  key(event) {
    if (event.key === "Escape") {
      this.close();
      this.input.value = "";
    } else if (event.key === "Enter" && this.hits[this.active]) this.choose(this.hits[this.active]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!this.hits.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + step + this.hits.length) % this.hits.length;
      this.point();
    }
  }

  choose(hit) {
    this.close();
    if (hit.kind === "engineers") {
      const routes = this.model.routesOf.get(hit.id);
      const here = this.model.routesOn(hit.id, state.days).length || !routes.length;
      const days = here ? state.days : [routes[0].day];
      select({ kind: "engineer", engineer: hit.id }, { days, filter: "all", reveal: Symbol("reveal") });
    } else selectTicket(this.model, hit.kind === "tickets" ? hit.id : hit.tickets[0]);
  }

  close() {
    this.hits = [];
    this.active = -1;
    this.results.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
