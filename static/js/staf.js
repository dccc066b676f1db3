// Small comforts on staff pages; every page works without them.
// htmx sends the CSRF token from the form it is in; a button outside a form takes it from the page.
document.addEventListener("click", (event) => {
  const print = event.target.closest("[data-print]");
  if (print) { event.preventDefault(); window.print(); }
});
// Signing out leaves nothing of what was typed in this tab.
document.addEventListener("click", (event) => {
  if (!event.target.closest("a[href$='/logout/']")) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("bewaren:")) sessionStorage.removeItem(key);
});
