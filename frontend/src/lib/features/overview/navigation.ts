import Gauge from '@lucide/svelte/icons/gauge';
import Inbox from '@lucide/svelte/icons/inbox';
import Library from '@lucide/svelte/icons/library';
import Server from '@lucide/svelte/icons/server';
import Ticket from '@lucide/svelte/icons/ticket';
import Settings from '@lucide/svelte/icons/settings';
import Timer from '@lucide/svelte/icons/timer';
import Users from '@lucide/svelte/icons/users';
import type { Place } from '#lib/ui/Shell.svelte';
import { t } from './messages.ts';

export const places: Place[] = [
  { href: '/', label: t.overview, icon: Gauge },
  { href: '/invitations', label: t.invitations, icon: Ticket },
  { href: '/people', label: t.people, icon: Users },
  { href: '/library', label: t.library, icon: Library },
  { href: '/requests', label: t.requests, icon: Inbox },
  { href: '/servers', label: t.servers, icon: Server, seldom: true },
  { href: '/jobs', label: t.jobs, icon: Timer, seldom: true },
  { href: '/settings', label: t.settings, icon: Settings, seldom: true }
];
