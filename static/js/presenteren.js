// The arrow keys (and Page Up, Page Down, as a clicker sends) follow the links to the slide before and after.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const mirrored = document.dir === "rtl";
  const ways = { ArrowRight: mirrored ? "prev" : "next", ArrowLeft: mirrored ? "next" : "prev", PageDown: "next", PageUp: "prev" };
  const link = ways[event.key] && document.querySelector(`a[rel=${ways[event.key]}]`);
  if (link) { event.preventDefault(); link.click(); }
});
