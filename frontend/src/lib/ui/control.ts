/** How every text control looks. 16 px on touch: smaller makes a phone zoom in. */
export const control =
  'w-full rounded-md border border-line-strong bg-raised px-3 text-sm pointer-coarse:text-base ' +
  'transition-colors hover:border-muted aria-invalid:border-bad disabled:bg-sunken disabled:text-muted';
