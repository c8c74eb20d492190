import Gauge from '@lucide/svelte/icons/gauge';
import Server from '@lucide/svelte/icons/server';
import Ticket from '@lucide/svelte/icons/ticket';
import Timer from '@lucide/svelte/icons/timer';
import Users from '@lucide/svelte/icons/users';
import type { Place } from '#lib/ui/Shell.svelte';

export const places: Place[] = [
  { href: '/', label: 'Overview', icon: Gauge },
  { href: '/invitations', label: 'Invitations', icon: Ticket },
  { href: '/people', label: 'People', icon: Users },
  { href: '/servers', label: 'Servers', icon: Server },
  { href: '/jobs', label: 'Jobs', icon: Timer }
];
