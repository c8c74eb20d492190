/** What the operator chose; `system` follows the device. `static/theme.js` reads the same key. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'zondarr-theme';

function remembered(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // storage is blocked
  }
}

class ThemeChoice {
  current = $state<Theme>(remembered());

  choose(theme: Theme): void {
    this.current = theme;
    if (theme === 'system') {
      delete document.documentElement.dataset['theme'];
      localStorage.removeItem(KEY);
    } else {
      document.documentElement.dataset['theme'] = theme;
      localStorage.setItem(KEY, theme);
    }
  }
}

export const theme = new ThemeChoice();
