// Forms that save themselves (form[data-bewaart]) keep every letter: before another button or link of the page is
// followed, what was typed is saved first; without a connection it is tried again; closing the page asks.
(() => {
  const typed = new WeakMap(), sent = new WeakMap(), dirty = new Set();
  const owner = (target) => target.closest && target.closest("form[data-bewaart]");
  const line = (form) => form.querySelector("[aria-live]");

  document.addEventListener("input", (event) => {
    const form = owner(event.target);
    if (form) { typed.set(form, (typed.get(form) || 0) + 1); dirty.add(form); }
  });
  document.addEventListener("htmx:config:request", (event) => {
    if (dirty.has(event.target)) sent.set(event.target, typed.get(event.target));
  });
  document.addEventListener("htmx:before:response", (event) => {
    // A session that ended answers with the page to sign in: that is no place for it.
    if (dirty.has(event.target) && event.detail.ctx.response.raw.redirected) {
      event.preventDefault();
      line(event.target).textContent = event.target.dataset.uitgelogd;
    }
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.target, response = event.detail.ctx.response;
    if (!dirty.has(form)) return;
    if (!response) {
      line(form).textContent = form.dataset.geenVerbinding;
      setTimeout(() => dirty.has(form) && form.requestSubmit(), 5000);
    } else if (response.status === 200 && !response.raw.redirected && sent.get(form) === typed.get(form)) {
      dirty.delete(form);
    }
    if (form.afterwards) {
      const next = form.afterwards;
      form.afterwards = null;
      if (!dirty.has(form)) next();
      else if (response && response.status === 200) { form.afterwards = next; form.requestSubmit(); }
    }
  });
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
    if (link && !link.target && !event.ctrlKey && !event.metaKey) saveFirst(event, () => link.click());
  }, true);
  window.addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });
})();
