/**
 * Waits so many milliseconds, less when the page comes into view meanwhile; never ends while
 * the page is out of sight.
 */
export function untilDue(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(check, milliseconds);
    document.addEventListener('visibilitychange', check);
    window.addEventListener('pageshow', check);

    function check() {
      if (document.hidden) return;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', check);
      window.removeEventListener('pageshow', check);
      resolve();
    }
  });
}
