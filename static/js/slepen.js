// Dragging a gesprek to another time posts the same form as choosing that time on the gesprek's own page.
const rooster = document.querySelector("[data-slepen]");
const form = document.getElementById("sleepform");
if (rooster && form) {
  let dragged = null;
  const slotOf = (event) => event.target.closest && event.target.closest("[data-slot]");
  const mayDrop = (slot) => slot && dragged && slot !== dragged.slot && !slot.classList.contains("bezet");
  rooster.querySelectorAll("[data-gesprek]").forEach((link) => { link.draggable = true; });
  rooster.addEventListener("dragstart", (event) => {
    const link = event.target.closest("[data-gesprek]");
    if (!link) return;
    dragged = { url: link.href, slot: slotOf(event) };
    dragged.slot.classList.add("sleept");
    event.dataTransfer.effectAllowed = "move";
  });
  rooster.addEventListener("dragover", (event) => {
    const slot = slotOf(event);
    if (!mayDrop(slot)) return;
    event.preventDefault();
    rooster.querySelectorAll(".hier").forEach((other) => other.classList.remove("hier"));
    slot.classList.add("hier");
  });
  rooster.addEventListener("dragend", () => {
    rooster.querySelectorAll(".hier, .sleept").forEach((slot) => slot.classList.remove("hier", "sleept"));
    dragged = null;
  });
  rooster.addEventListener("drop", (event) => {
    const slot = slotOf(event);
    if (!mayDrop(slot)) return;
    event.preventDefault();
    form.action = dragged.url;
    form.elements.doel.value = slot.dataset.slot;
    form.requestSubmit();
  });
}
