"""The page on which a person approves a PIN, for the demo and for tests in a browser.

It reads `#?code=…&forwardUrl=…` like the real one, and asks only who one wants to be.
"""

from html import escape

from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import Reply

routes = Routes[TvCall]()
SHOWN = 8
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated Plex sign-in</title><style>
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui;max-width:24rem;margin:3rem auto;padding:0 1rem}
h1{font-size:1.375rem;margin:0}
button{display:block;width:100%;margin:.5rem 0;padding:.75rem;font:inherit;
text-align:left;border:1px solid #8886;border-radius:.5rem;background:#8881}
</style></head><body><h1>Simulated Plex sign-in</h1>
<p>This stands in for the page of Plex. Who are you?</p>"""
TAIL = """<p role="status"></p><script>
const given = new URLSearchParams(location.hash.replace(/^#[!]?[?]?/, ''));
for (const button of document.querySelectorAll('button')) {
  button.onclick = async () => {
    const body = JSON.stringify({code: given.get('code'), person: button.value});
    const url = '/_simulator/plex/approve-pin';
    const answer = await fetch(url, {method: 'POST', body});
    const back = given.get('forwardUrl') || '';
    if (answer.ok && /^https?:/.test(back)) location.assign(back);
    else document.querySelector('[role=status]').textContent =
      answer.ok ? 'You are signed in. This page may be closed.'
                : 'This sign-in has expired.';
  };
}
</script></body></html>"""


@routes.on("GET", "/auth", "anyone")
def sign_in(call: TvCall) -> Reply:
    """The owner first, then some of the guests."""
    world = call.world
    others = [a for a in world.accounts.values() if a.email and a is not world.owner]
    owner = f"{world.owner.title} (owns the servers)"
    names = {world.owner.id: owner} | {each.id: each.title for each in others[:SHOWN]}
    buttons = [
        f'<button value="{who}">{escape(name)}</button>' for who, name in names.items()
    ]
    page = "\n".join((HEAD, *buttons, TAIL))
    return Reply(200, page.encode(), (("Content-Type", "text/html; charset=utf-8"),))
