/* A button beside a text copies it. Without a clipboard the button stays away: the text can be selected. */
const buttons = document.querySelectorAll("[data-kopieer-uit]");
buttons.forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.kopieerUit);
    text.select();
    await navigator.clipboard.writeText(text.value);
    button.firstChild.textContent = button.dataset.gekopieerd;
  });
});
