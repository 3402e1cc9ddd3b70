/** Why a ticket is left out, in one line. */

import { el } from "./dom.js";
import { count, gap, say } from "./words.js";

const MOST = 4;

/** Codes that only repeat the verdict which stands above. */
const VERDICTS = ["displaced", "not_found"];

/** The reasons of one ticket; of many, the first few and the others on request. */
export function reasonList(model, reasons) {
  const items = reasons.map((one) => reason(model, one));
  if (items.length <= MOST + 1) return el("ul.reasons", {}, items);
  const rest = el("ul", {}, items.slice(MOST));
  const more = el("details.more-reasons", {}, el("summary", { text: count("more", items.length - MOST) }), rest);
  return el("ul.reasons", {}, items.slice(0, MOST), el("li", {}, more));
}

/** One reason: the rule, how much is missing, for whom, and the sentence. */
export function reason(model, { code, text, engineer, gap: missing }) {
  return el(
    "li",
    {},
    !VERDICTS.includes(code) && el("span.code", { text: say(`code.${code}`) }),
    engineer && el("span.for", { text: model.name(engineer) }),
    missing && el("span.gap", { text: say("fact.gap", { g: gap(missing) }) }),
    el("span.reason-text", { text }),
  );
}
