/** What would help a ticket that is left out, why this engineer comes to another: asked for when somebody wants to know. */

import { el } from "../board/dom.js";
import { count, listed, say } from "../board/words.js";

const MOST = 6;

/** A button that asks, and makes room for the answer under it. */
export function explainPart(address, isVisited) {
  const answer = el("div.explained", { "aria-live": "polite" });
  const button = el("button.do", {
    id: "desk-explain",
    type: "button",
    text: say(isVisited ? "desk.why" : "desk.help"),
    on: { click: () => ask(address, button, answer) },
  });
  return el("section.explain", {}, button, answer);
}

async function ask(address, button, answer) {
  button.disabled = true;
  answer.replaceChildren(el("p.hint", { text: say("desk.explain.wait") }));
  try {
    const reply = await fetch(address, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(String(reply.status));
    answer.replaceChildren(...tell(await reply.json()));
    button.hidden = true;
  } catch {
    answer.replaceChildren(el("p.hint", { text: say("desk.explain.failed") }));
    button.disabled = false;
  }
}

function tell({ state, looked, reasons, engineers, others, runner_up: next, ways }) {
  if (!looked) return [el("p.hint", { text: say("desk.explain.failed") })];
  const parts = reasons.map((text) => el("p", { text }));
  if (state !== "served") parts.push(...tellWays(ways));
  if (state !== "skipped") parts.push(...tellNext(next));
  if (engineers.length) parts.push(tellEngineers(engineers, others));
  return parts;
}

function tellWays(ways) {
  if (!ways.length) return [el("p.hint", { text: say("desk.ways.none") })];
  const items = ways.map((way) =>
    el(
      "li",
      {},
      el("span.way-text", { text: way.text }),
      cost(way),
      el("span.hint", { text: say("desk.ways.when", { when: way.when }) }),
      way.left_out.length > 0 && el("span.hint.way-out", { text: say("desk.ways.left_out", { who: listed(way.left_out) }) }),
      way.moved.length > 0 && el("span.hint", { text: say("desk.ways.moved", { who: listed(way.moved) }) }),
    ),
  );
  return [el("h3", { text: say("desk.ways") }), el("ul.ways", {}, items), el("p.hint", { text: say("desk.ways.help") })];
}

function tellNext(next) {
  if (!next) return [el("p.hint", { text: say("desk.next.none") })];
  const terms = next.terms.map((text) => el("li", { text }));
  return [
    el("h3", { text: say("desk.next") }),
    el("p", {}, el("span", { text: next.text }), " ", cost(next)),
    el("ul.way-terms", {}, terms),
    next.moved.length > 0 && el("p.hint", { text: say("desk.ways.moved", { who: listed(next.moved) }) }),
  ].filter(Boolean);
}

function tellEngineers(engineers, others) {
  const line = ({ kind, text }) => el("li", {}, el("b", { text: say(`desk.stand.${kind}`) }), " ", text);
  const rest = engineers.slice(MOST).map(line);
  return el(
    "details.standings",
    {},
    el("summary", { text: say("desk.stand") }),
    el("ul", {}, engineers.slice(0, MOST).map(line), rest),
    others > 0 && el("p.hint", { text: count("desk.stand.others", others) }),
  );
}

const cost = ({ cost: text, saves }) =>
  el(saves ? "b.way-cost.saves" : "b.way-cost", { text: say("desk.ways.cost", { cost: text }) });
