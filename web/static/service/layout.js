// Forms that pick one thing are sent as soon as it is picked; without scripts they have a button.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.classList.add("is-live");
  form.addEventListener("change", () => {
    if (form.reportValidity()) form.requestSubmit();
  });
}
