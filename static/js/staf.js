// Small comforts on staff pages; every page works without them.
// htmx sends the CSRF token from the form it is in; a button outside a form takes it from the page.
document.addEventListener("click", (event) => {
  const print = event.target.closest("[data-print]");
  if (print) { event.preventDefault(); window.print(); }
});
