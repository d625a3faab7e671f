"""A lamp by CircuitMatter, whose Matter other people wrote from the specification, in another language than matter.js:
`device.py FOLDER`. Orders come as JSON lines on stdin, and what happens goes out as JSON lines on stdout; its own logs go
to stderr. It ends when its stdin ends, and forgets nothing that lies in FOLDER."""

import json
import os
import select
import socket
import sys

from zeroconf import IPVersion, ServiceInfo, Zeroconf

# The library prints what it does.
events, sys.stdout = sys.stdout, sys.stderr

import circuitmatter  # noqa: E402
from circuitmatter.device_types.lighting.on_off import OnOffLight  # noqa: E402


def say(**what):
    print(json.dumps(what), file=events, flush=True)


class Announcer:
    """DNS-SD by python-zeroconf; the library's own way wants Avahi."""

    def __init__(self):
        self.zeroconf = Zeroconf(ip_version=IPVersion.All)

    def advertise_service(self, service_type, protocol, port, txt_records=None, subtypes=(), instance_name=""):
        kind = f"{service_type}.{protocol}.local."
        info = ServiceInfo(
            kind,
            f"{instance_name}.{kind}",
            addresses=[socket.inet_pton(socket.AF_INET6, "::1")],
            port=port,
            properties=dict(txt_records or {}),
            server=f"{instance_name}.local.",
        )
        self.zeroconf.register_service(info)


class Lamp(OnOffLight):
    def on(self):
        say(event="switched", on=True)

    def off(self):
        say(event="switched", on=False)

    def switch(self, on):
        """Somebody switches it by hand."""
        self._on_off.OnOff = on


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
matter = circuitmatter.CircuitMatter(
    mdns_server=Announcer(), state_filename=f"{folder}/state.json", product_name="Other lamp"
)
lamp = Lamp("lamp")
matter.add_device(lamp)
say(event="ready", manual=matter.nonvolatile["manual_code"].replace("-", ""))

while True:
    readable, _, _ = select.select([matter.socket, sys.stdin], [], [], 0.05)
    if sys.stdin in readable:
        line = sys.stdin.readline()
        if not line:
            break
        order = json.loads(line)
        # {"do": "switch", "on": true}
        lamp.switch(order["on"])
        say(done=order["id"], result=None)
    matter.process_packets()
