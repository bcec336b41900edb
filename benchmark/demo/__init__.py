"""A small pretend network on loopback: for a first look without keys or waiting, and for tests of load and of faults.

Its accounts live under the reserved domain `.demo.invalid`, so that real handles work beside them. What they do is a
pure function of their name and of time (`life`); `bluesky` and `mastodon` say it in the words of the real APIs; `world`
holds what tests may change; `server` listens. `workspace` makes the demo workspace. No layer imports this package.
"""

DOMAIN = "demo.invalid"
