// A press on an embed puts its player in its place. Until then nobody else is asked for anything; without this module
// the embed is a link.
for (const link of document.querySelectorAll("[data-player]")) {
  link.role = "button";
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    play(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    play(link);
  });
}

function play(link) {
  const { player: src, title, audio } = link.dataset;
  const player = document.createElement(audio === undefined ? "iframe" : "audio");
  if (audio === undefined) {
    // YouTube plays nothing for a page that does not say where it is.
    const allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    Object.assign(player, { title, allow, referrerPolicy: "strict-origin-when-cross-origin" });
  } else {
    Object.assign(player, { ariaLabel: title, controls: true, autoplay: true });
    player.addEventListener("error", () => player.replaceWith(link)); // The link still leads to the file.
  }
  player.className = "player";
  player.src = src;
  link.replaceWith(player);
  player.focus();
}
