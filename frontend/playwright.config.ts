import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env['CHROMIUM'] ?? installed.find((path) => existsSync(path));

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
];

const onThePhone = ['**/join.spec.ts', '**/join-plex-return.spec.ts'];

/** A real browser, the real program, simulated media servers; each worker starts its own. */
export default defineConfig({
  testDir: 'e2e',
  workers: 2,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    launchOptions: { args: quiet, ...(executablePath && { executablePath }) },
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    screenshot: 'only-on-failure'
  },
  // Guests come with a phone, operators mostly not: each spec runs once, on what its people use.
  // Only that every page fits is looked at on both.
  projects: [
    {
      name: 'desktop',
      testIgnore: onThePhone,
      grepInvert: /hit with a finger/,
      use: { viewport: { width: 1280, height: 800 } }
    },
    {
      name: 'phone',
      testMatch: [
        ...onThePhone,
        '**/pages.spec.ts',
        '**/library.spec.ts',
        '**/sync.spec.ts',
        '**/requests.spec.ts'
      ],
      // A theme changes colours only; a phone has no keyboard.
      grepInvert:
        /every page fits and is accessible, dark|gone through with the keyboard|runs can be stopped|saved at once/,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
    }
  ]
});
