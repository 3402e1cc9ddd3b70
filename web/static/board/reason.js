/** Why a ticket is left out, in one line. */

import { el } from "./dom.js";
import { gap, say } from "./words.js";

/** One reason: the rule, how much is missing, for whom, and the sentence. */
export function reason(model, { code, text, engineer, gap: missing }) {
  return el(
    "li",
    {},
    el("span.code", { text: say(`code.${code}`) }),
    engineer && el("span.for", { text: model.name(engineer) }),
    missing && el("span.gap", { text: say("fact.gap", { g: gap(missing) }) }),
    el("span.reason-text", { text }),
  );
}
