/** What the reader has chosen; every view subscribes and shows it. */

export const state = {
  days: [],
  filter: "all",
  sort: "id",
  zoom: 1,
  tab: "unplanned",
  view: "schedule",
  /** {kind: "visit", ticket, engineer} | {kind: "ticket", ticket} | {kind: "engineer", engineer} | null */
  selected: null,
};

const listeners = [];

/** Call `listener(changed: Set of keys)` after every change. */
export function subscribe(listener) {
  listeners.push(listener);
}

export function change(update) {
  const changed = new Set(Object.keys(update).filter((key) => state[key] !== update[key]));
  if (!changed.size) return;
  Object.assign(state, update);
  for (const listener of listeners) listener(changed);
}

/** Choose a visit, a ticket or an engineer: shown in the time line, on the map and in the details. */
export function select(selected, more = {}) {
  change({ selected, ...(selected ? { tab: "detail" } : {}), ...more });
}

export function selectedTicket() {
  return state.selected?.ticket ?? null;
}

export function selectedEngineer() {
  return state.selected?.engineer ?? null;
}
