// Forms that save themselves (form[data-bewaart]) keep every letter: before another button or link of the page is
// followed, what was typed is saved first; without a connection it is tried again; closing the page asks. What is not
// saved yet waits in this tab alone (sessionStorage, never longer than the tab, gone once saved or signed out), so that
// it survives a laptop that sleeps and a session that ended.
(() => {
  const typed = new WeakMap(), sent = new WeakMap(), dirty = new Set();
  const owner = (target) => target.closest && target.closest("form[data-bewaart]");
  const line = (form) => form.querySelector("[aria-live]");
  const key = (form) => `bewaren:${form.getAttribute("action") || location.pathname}`;
  const leftOut = new Set(["csrfmiddlewaretoken", "replace"]);

  const remember = (form) => {
    if (!form.dataset.wie) return;
    const values = [...new FormData(form)].filter(([name]) => !leftOut.has(name));
    try { sessionStorage.setItem(key(form), JSON.stringify({ wie: form.dataset.wie, values })); } catch { /* full */ }
  };
  const forget = (form) => sessionStorage.removeItem(key(form));

  document.addEventListener("input", (event) => {
    const form = owner(event.target);
    if (form) { typed.set(form, (typed.get(form) || 0) + 1); dirty.add(form); remember(form); }
  });
  document.addEventListener("htmx:config:request", (event) => {
    if (dirty.has(event.target)) sent.set(event.target, typed.get(event.target));
  });
  document.addEventListener("htmx:before:response", (event) => {
    // A session that ended answers with the page to sign in, a new one refuses this page: that is no place for either.
    const form = event.target, answer = event.detail.ctx.response;
    if (dirty.has(form) && (answer.raw.redirected || answer.status === 403)) {
      event.preventDefault();
      line(form).textContent = form.dataset.uitgelogd;
      if (form.dataset.inloggen) {
        const link = document.createElement("a");
        link.href = form.dataset.inloggen;
        link.textContent = form.dataset.opnieuw;
        link.dataset.los = "ja";
        link.addEventListener("click", () => dirty.clear());  // what was typed waits in this tab
        line(form).append(" ", link);
      }
    }
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.target, response = event.detail.ctx.response;
    if (!dirty.has(form)) return;
    if (!response) {
      line(form).textContent = form.dataset.geenVerbinding;
      setTimeout(() => dirty.has(form) && form.requestSubmit(), 5000);
    } else if (response.status === 200 && !response.raw.redirected) {
      if (sent.get(form) === typed.get(form)) { dirty.delete(form); forget(form); }
      else remember(form);  // with the version that was just saved
    }
    if (form.afterwards) {
      const next = form.afterwards;
      form.afterwards = null;
      if (!dirty.has(form)) next();
      else if (response && response.status === 200) { form.afterwards = next; form.requestSubmit(); }
    }
  });
  window.addEventListener("online", () => { for (const form of dirty) form.requestSubmit(); });
  const saveFirst = (event, go) => {
    const form = [...dirty].find((one) => one.isConnected && one !== event.target);
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.afterwards = go;
    form.requestSubmit();
  };
  document.addEventListener("submit", (event) => {
    if (owner(event.target)) return;
    saveFirst(event, () => event.target.requestSubmit(event.submitter));
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (link && !link.target && !event.ctrlKey && !event.metaKey && !link.dataset.los) saveFirst(event, () => link.click());
  }, true);
  window.addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });

  // What was typed before this page came again: back in its fields, with the version it was typed on, and saved.
  const putBack = (form) => {
    const kept = JSON.parse(sessionStorage.getItem(key(form)) || "null");
    if (!kept) return;
    if (kept.wie !== form.dataset.wie) return forget(form);
    const differs = kept.values.some(([name, value]) => {
      const field = form.elements[name];
      if (field instanceof RadioNodeList) return field.value !== value;
      return field && field.tagName === "TEXTAREA" && field.value !== value.replace(/\r\n/g, "\n");
    });
    if (!differs) return forget(form);
    for (const [name, value] of kept.values) {
      const field = form.elements[name];
      if (!field || !("value" in field)) continue;
      if (field instanceof RadioNodeList) field.value = value;  // who may read it, with the words it was chosen for
      if (field.tagName === "TEXTAREA") {
        field.value = value;
        const fold = field.closest("details");
        if (value && fold && !/^c\d+$/.test(name)) fold.open = true;  // what was confided stays closed: parents look along
      } else if (field.type === "hidden") field.value = value;
    }
    line(form).textContent = form.dataset.teruggezet;
    typed.set(form, 1);
    dirty.add(form);
    setTimeout(() => form.requestSubmit(), 1500);
  };
  for (const form of document.querySelectorAll("form[data-bewaart][data-wie]")) putBack(form);
})();
