// Runs before the first paint: a theme that was chosen is set at once, so nothing flashes.
(() => {
  try {
    const chosen = localStorage.getItem('zondarr-theme');
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage is blocked: the system's theme stands.
  }
})();
