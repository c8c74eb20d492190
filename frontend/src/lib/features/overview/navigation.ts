import Gauge from '@lucide/svelte/icons/gauge';
import Library from '@lucide/svelte/icons/library';
import Server from '@lucide/svelte/icons/server';
import Ticket from '@lucide/svelte/icons/ticket';
import Timer from '@lucide/svelte/icons/timer';
import Users from '@lucide/svelte/icons/users';
import type { Place } from '#lib/ui/Shell.svelte';
import { t } from './messages.ts';

export const places: Place[] = [
  { href: '/', label: t.overview, icon: Gauge },
  { href: '/invitations', label: t.invitations, icon: Ticket },
  { href: '/people', label: t.people, icon: Users },
  { href: '/library', label: t.library, icon: Library },
  { href: '/servers', label: t.servers, icon: Server },
  { href: '/jobs', label: t.jobs, icon: Timer }
];
