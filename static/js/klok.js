// Quiet time: a thin bar and the minutes that are left. It starts when somebody says so, makes no sound, and a screen
// reader hears it twice. The days to look back on fill in their field.
(() => {
  document.documentElement.classList.add("met-script");
  for (const clock of document.querySelectorAll("[data-klok]")) {
    const key = `klok:${clock.dataset.klok}`, planned = Number(clock.dataset.minuten);
    const [button, bar] = [clock.querySelector("button"), clock.querySelector("progress")];
    const [shown, said] = [clock.querySelector("[data-stand]"), clock.querySelector("[data-zeg]")];
    clock.hidden = false;
    const say = (text) => { if (said.textContent !== text) said.textContent = text; };
    const tick = () => {
      const minutes = (Date.now() - Number(sessionStorage.getItem(key))) / 60000, left = Math.ceil(planned - minutes);
      bar.value = Math.min(planned, minutes);
      shown.textContent = left >= 0 ? clock.dataset.nog.replace("#", left) : clock.dataset.over.replace("#", -left);
      if (left <= 0) say(clock.dataset.nul);
      else if (left <= 5 && planned > 5) say(clock.dataset.vijf);
    };
    const run = () => { button.hidden = true; bar.hidden = false; tick(); setInterval(tick, 5000); };
    button.addEventListener("click", () => { sessionStorage.setItem(key, Date.now()); run(); });
    const begun = Number(sessionStorage.getItem(key));
    if (begun && Date.now() - begun < 4 * 3600000) run();
  }
  document.addEventListener("click", (event) => {
    const day = event.target.closest && event.target.closest("[data-dag]");
    if (day) day.closest("form").querySelector("input[type=date]").value = day.dataset.dag;
  });
})();
