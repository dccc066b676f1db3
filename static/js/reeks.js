// Preparing with the keyboard. Everything here is also a link or a button that works without it.
// A button with data-eerst waits until what was typed is saved: then its name follows in a small form (bewaren.js
// saves before any other form is sent).
(() => {
  const form = document.querySelector("form[data-voorbereiden]"), after = document.getElementById("daarna");
  if (!form || !after) return;

  const putIn = (button) => {
    const field = document.getElementById(button.dataset.veld), text = button.dataset.tekst;
    const there = field.value;
    if (there !== text && !there.endsWith("\n\n" + text)) field.value = there ? there + "\n\n" + text : text;
    if ("besloten" in button.dataset) {
      const closed = field.closest(".vraag, .gebied").querySelector("input[type=radio][value=teacher]");
      if (closed) closed.checked = true;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  };
  const follow = (button) => {
    const input = after.querySelector("input:not([name=csrfmiddlewaretoken])");
    input.name = button.name;
    input.value = button.value;
    after.requestSubmit();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !("tekst" in button.dataset || "eerst" in button.dataset)) return;
    event.preventDefault();
    if ("tekst" in button.dataset) putIn(button); else follow(button);
  });

  const KEYS = [
    ["klaar", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey],
    ["volgende", (event) => event.key === "PageDown" && event.altKey && !event.ctrlKey],
    ["vorige", (event) => event.key === "PageUp" && event.altKey && !event.ctrlKey],
  ];
  document.addEventListener("keydown", (event) => {
    const found = KEYS.find(([, pressed]) => pressed(event));
    const target = found && document.querySelector(`[data-toets=${found[0]}]`);
    if (!target) return;
    event.preventDefault();
    if (!event.repeat) target.click();  // a key held down does not run through the whole group
  });
  // In a row one begins to type at once.
  if (document.querySelector(".reeks")) form.querySelector("textarea").focus();
})();
