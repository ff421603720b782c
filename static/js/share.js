// The Share button: the device's own share sheet where there is one, else the address goes to the clipboard.
const button = document.querySelector("[data-share]");

if (button && (navigator.share || navigator.clipboard)) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const url = document.querySelector("link[rel=canonical]").href;
    if (navigator.share) {
      await navigator.share({ title: document.title, url }).catch(() => {});
      return;
    }
    await navigator.clipboard.writeText(url);
    button.textContent = "Link copied";
    setTimeout(() => (button.textContent = "Share"), 2500);
  });
}
