// The invitation: a tap puts a word where one writes, and copies the short message. The page works without.
const words = document.querySelectorAll("[data-woord]");
const area = document.querySelector("#tekst textarea");
let field = area;
document.querySelector("#tekst").addEventListener("focusin", (event) => {
  if (event.target.matches("textarea, input[type=text]")) field = event.target;
});
document.querySelector("[data-tik]").hidden = false;
words.forEach((word) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word.textContent;
  button.addEventListener("click", () => {
    field.setRangeText(button.textContent, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  word.replaceWith(button);
});
const offerCopy = () => document.querySelectorAll("[data-kopieer]").forEach((button) => { button.hidden = !navigator.clipboard; });
offerCopy();
new MutationObserver(offerCopy).observe(document.querySelector("#voorbeeld"), { childList: true });
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-kopieer]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector("[data-bericht]").textContent);
  button.textContent += " ✓";
  button.disabled = true;
});
