/**
 * Waits so many milliseconds, less when the page comes into view meanwhile; never ends while
 * the page is out of sight.
 */
export function due(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(look, milliseconds);
    document.addEventListener('visibilitychange', look);
    window.addEventListener('pageshow', look);

    function look() {
      if (document.hidden) return;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('pageshow', look);
      resolve();
    }
  });
}
