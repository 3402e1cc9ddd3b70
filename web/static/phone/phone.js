// What makes the phone's page nicer: reports survive bad reception, and another plan is noticed.
// Without this file the same forms are sent by the browser. A report has its own key, so that it counts once however often
// it is sent.
const SHELF = "paidan.reports";
const AGAIN_MS = 8000;
const LOOK_MS = 30000;
const PATIENCE_MS = 15000;
const STEPS = ["accept", "depart", "arrive", "finish"];

const readShelf = () => {
  try {
    return JSON.parse(localStorage.getItem(SHELF) ?? "[]");
  } catch {
    return [];
  }
};
let shelf = readShelf();
let sending = false;

const field = (report, wanted) => report.fields.find(([name]) => name === wanted)?.[1];

// Reports of whoever this page is of; on a phone that several share the others' wait for them.
function mine() {
  const engineer = document.querySelector("#day")?.dataset.engineer;
  return shelf.filter((report) => engineer !== undefined && field(report, "engineer") === engineer);
}

function keepShelf() {
  try {
    localStorage.setItem(SHELF, JSON.stringify(shelf));
  } catch {
    // a private window keeps nothing: the reports live as long as the page
  }
  const note = document.querySelector("[data-waiting]");
  if (note) note.hidden = mine().length === 0 || sending;
}

function makeKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ask(address, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(address, { ...options, signal: stop.signal, credentials: "same-origin" });
  } finally {
    clearTimeout(timer);
  }
}

// Puts a page that was received in place of what is shown; what was opened stays open.
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("#content");
  const here = document.querySelector("#content");
  if (!fresh || !here) return;
  const open = new Set([...here.querySelectorAll(".call:has(details[open])")].map((call) => call.id));
  for (const call of fresh.querySelectorAll(".call")) {
    if (open.has(call.id)) call.querySelector("details").open = true;
  }
  here.replaceChildren(...fresh.childNodes);
  for (const report of mine()) pretend(report);
  keepShelf();
}

// Shows a report that is not sent yet as done, with the next step's button.
function pretend(report) {
  const form = [...document.querySelectorAll("form.report")].find((known) => known.elements.ticket.value === report.ticket);
  if (form?.elements.step.value !== report.step) return;
  const next = STEPS[STEPS.indexOf(report.step) + 1];
  for (const item of form.querySelectorAll(".steps li")) {
    item.removeAttribute("aria-current");
    if (item.dataset.step === report.step) {
      item.classList.add("is-done");
      item.textContent = item.dataset.done;
    }
    if (item.dataset.step === next) item.setAttribute("aria-current", "step");
  }
  const button = form.querySelector("button.main");
  if (!next) {
    button.disabled = true;
    return;
  }
  form.elements.step.value = next;
  form.elements.key.value = makeKey();
  button.textContent = button.dataset[next];
  const outcomes = form.querySelector(".outcomes");
  outcomes.hidden = outcomes.disabled = next !== "finish";
}

// Writes a report with the token of the page that is open now: the one it was made on may be of a session that is over.
function sign(report) {
  const token = document.querySelector("#day [name=csrf_token]").value;
  return new URLSearchParams(report.fields.map(([name, value]) => [name, name === "csrf_token" ? token : value]));
}

// Begins anew where the service knows this session no longer; what waits is sent once the engineer is known again.
async function renew() {
  const page = await ask(document.querySelector("#day").dataset.here);
  const text = await page.text();
  if (isDay(text)) show(text);
  else if (page.ok) location.assign(page.url);
}

const isDay = (html) => Boolean(new DOMParser().parseFromString(html, "text/html").querySelector("#day"));

// Sends what waits, in order. A report to which the service answers with the day waits no longer, be it a no; any other answer
// is none to the report: it stays.
async function flush() {
  if (sending || mine().length === 0) return;
  sending = true;
  keepShelf();
  try {
    for (let [first] = mine(); first; [first] = mine()) {
      const answer = await ask(first.address, { method: "POST", body: sign(first) });
      const text = await answer.text();
      if (!isDay(text)) {
        if (answer.status < 500) await renew();
        break;
      }
      shelf.splice(shelf.indexOf(first), 1);
      if (mine().length === 0 || !answer.ok) show(text);
    }
  } catch {
    // no signal, or the service is down: later again
  } finally {
    sending = false;
    keepShelf();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.report");
  if (!form) return;
  event.preventDefault();
  form.elements.device_at.value = new Date().toISOString();
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const report = { address: form.action, fields, ticket: form.elements.ticket.value, step: form.elements.step.value };
  if (mine().some((known) => known.ticket === report.ticket && known.step === report.step)) return;
  shelf.push(report);
  pretend(report);
  keepShelf();
  flush();
});

// Looks whether another plan was published, and shows it.
async function look() {
  const day = document.querySelector("#day");
  if (!day || document.hidden || mine().length > 0) return;
  try {
    const answer = await ask(day.dataset.versionUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { version } = await answer.json();
    if (version === day.dataset.version) return;
    const page = await ask(day.dataset.here);
    if (page.ok) show(await page.text());
  } catch {
    // no signal: later again
  }
}

for (const report of mine()) pretend(report);
keepShelf();
flush();
window.addEventListener("online", flush);
document.addEventListener("visibilitychange", look);
setInterval(flush, AGAIN_MS);
setInterval(look, LOOK_MS);
