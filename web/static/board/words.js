/** Words, times, lengths and money in the reader's language. */

const texts = JSON.parse(document.getElementById("texts").textContent);
const locale = document.documentElement.lang;
const numbers = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** The text of `key`, its {holes} filled. An unknown key is shown as it is: a code that this page does not know yet. */
export function say(key, holes = {}) {
  const text = texts[key] ?? key.replace(/^[a-z]+\./, "");
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in holes ? String(holes[name]) : hole));
}

const plural = new Intl.PluralRules(locale);

/** Like `say` with {n}, in the singular where the language has one. */
export function count(key, n) {
  const one = `${key}.${plural.select(n)}`;
  return say(one in texts ? one : key, { n: number(n) });
}

export const listed = (items) => items.join(say("list.comma"));

export const knows = (key) => key in texts;

export const number = (value, digits = 0) => numbers[digits].format(value);

const two = (value) => String(value).padStart(2, "0");

/** Seconds since the board's first midnight → 08:05; past midnight of `day` → 01:30 +1d. */
export function clock(at_s, day = Math.floor(at_s / 86400)) {
  const days = Math.floor(at_s / 86400) - day;
  const rest = ((at_s % 86400) + 86400) % 86400;
  const text = `${two(Math.floor(rest / 3600))}:${two(Math.floor((rest % 3600) / 60))}`;
  return days === 0 ? text : `${text} ${say("unit.nextday", { n: days }).replace("+-", "−")}`;
}

export const span = (from_s, to_s, day) => `${clock(from_s, day)}–${clock(to_s, day)}`;

/** A length of time: 45 min, 2 h, 2 h 5 min. Less than a minute that is not nothing counts as one. */
export function duration(seconds) {
  const minutes = seconds > 0 && seconds < 60 ? 1 : Math.round(seconds / 60);
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  if (!h) return say("unit.min", { n: m });
  if (h >= 100) return say("unit.h", { n: number(seconds / 3600) });
  return m ? say("unit.hmin", { h, m }) : say("unit.h", { n: h });
}

/** The same where room is scarce: 2h05, 45m. */
export function brief(seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h${two(minutes % 60)}`;
}

export const km = (metres) => say("unit.km", { n: number(metres / 1000, metres < 99_950 ? 1 : 0) });

export const money = (cny, digits = 2) => `¥ ${number(cny, digits)}`;

/** A date of the board as 11-23 周一. */
export const date = (day) => `${day.date.slice(5)} ${say(`weekday.${day.weekday}`)}`;

export function gap([value, unit]) {
  if (unit === "s") return duration(value);
  if (unit === "m") return km(value);
  if (unit === "CNY") return money(value);
  return count(`unit.${unit}`, value);
}
