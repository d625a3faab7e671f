"""A device of many entities, made by the real ha-mqtt-discoverable.

It prints a JSON line for each command that it gets and answers it with a state; tests drive it with JSON lines on
stdin. It owns no MQTT of its own: topics, discovery and payloads are the library's.
"""

import json
import sys
import threading
from urllib.parse import urlsplit

from ha_mqtt_discoverable import DeviceInfo, Settings, Subscriber
from ha_mqtt_discoverable.sensors import (
    BinarySensor, BinarySensorInfo, Button, ButtonInfo, Cover, CoverInfo, DeviceTrigger, DeviceTriggerInfo, Light,
    LightInfo, Lock, LockInfo, Number, NumberInfo, Select, SelectInfo, Sensor, SensorInfo, Switch, SwitchInfo, Text,
    TextInfo, Valve, ValveInfo,
)

ENTITIES = {
    "pump": (Switch, SwitchInfo, {}),
    "lamp": (Light, LightInfo, {"brightness": True, "color_mode": True, "supported_color_modes": ["brightness"]}),
    "temperature": (Sensor, SensorInfo, {"device_class": "temperature", "unit_of_measurement": "°C", "state_class": "measurement"}),
    "window": (BinarySensor, BinarySensorInfo, {"device_class": "window"}),
    "setpoint": (Number, NumberInfo, {"min": 5, "max": 30, "step": 0.5, "unit_of_measurement": "°C"}),
    "mode": (Select, SelectInfo, {"options": ["eco", "comfort", "away"]}),
    "restart": (Button, ButtonInfo, {"device_class": "restart"}),
    "shutter": (Cover, CoverInfo, {"device_class": "shutter"}),
    "gate": (Lock, LockInfo, {}),
    "water": (Valve, ValveInfo, {}),
    "note": (Text, TextInfo, {}),
    "doorbell": (DeviceTrigger, DeviceTriggerInfo, {"type": "button_short_press", "subtype": "bell"}),
}

# What a test sets and what a command asks for end in the same call.
SHOW = {
    Switch: lambda entity, to: entity.on() if to == "ON" else entity.off(),
    Light: lambda entity, to: show_light(entity, to),
    Sensor: lambda entity, to: entity.set_state(to),
    BinarySensor: lambda entity, to: entity.on() if to else entity.off(),
    Number: lambda entity, to: entity.set_value(float(to)),
    Select: lambda entity, to: entity.select_option(to),
    Button: lambda entity, to: None,
    Cover: lambda entity, to: {"OPEN": entity.open, "CLOSE": entity.closed, "STOP": entity.stopped}[to](),
    Lock: lambda entity, to: {"LOCK": entity.locked, "UNLOCK": entity.unlocked}[to](),
    Valve: lambda entity, to: {"OPEN": entity.open, "CLOSE": entity.closed}[to](),
    Text: lambda entity, to: entity.set_text(to),
    DeviceTrigger: lambda entity, to: entity.trigger(to),
}

printing = threading.Lock()


def tell(**line):
    # Commands come on the threads of the entities' clients.
    with printing:
        print(json.dumps(line), flush=True)


def show_light(entity, to):
    wanted = json.loads(to) if isinstance(to, str) else to
    if wanted["state"] == "OFF":
        entity.off()
    elif "brightness" in wanted:
        entity.brightness(wanted["brightness"])
    else:
        entity.on()


class Device:
    def __init__(self, url, name):
        broker = urlsplit(url)
        self.mqtt = Settings.MQTT(host=broker.hostname, port=broker.port, username=broker.username, password=broker.password)
        self.info = DeviceInfo(name=name, identifiers=name.lower(), manufacturer="ha-mqtt-discoverable", model="X1", sw_version="1.0")
        self.deaf = set()
        self.entities = {}
        for entity in ENTITIES:
            self.add(entity)

    def add(self, name):
        kind, info, more = ENTITIES[name]
        entity_info = info(name=name, unique_id=f"{self.info.identifiers}-{name}", device=self.info, **more)
        # Each entity has a client of its own, and so a last will of its own.
        settings = Settings(mqtt=self.mqtt, entity=entity_info, manual_availability=True)
        if issubclass(kind, Subscriber):
            entity = kind(settings, lambda _client, _data, message: self.command(name, message.payload.decode()))
        else:
            entity = kind(settings)
        self.entities[name] = entity
        # The library itself waits for the first state, which a button never has.
        entity.write_config()
        if issubclass(kind, Subscriber):
            wait_for_subscription(entity)
        entity.set_availability(True)

    def command(self, name, payload):
        tell(event="command", entity=name, payload=payload)
        if name in self.deaf:
            return
        entity = self.entities[name]
        try:
            SHOW[type(entity)](entity, payload)
        except Exception as why:
            # An exception here would end the client's thread, and with it the entity.
            tell(event="refused", entity=name, why=f"{type(why).__name__}: {why}")

    def obey(self, order):
        name = order.get("entity")
        if name not in self.entities:
            raise ValueError(f"the entities are {', '.join(self.entities)}")
        entity = self.entities[name]
        match order["do"]:
            case "set":
                SHOW[type(entity)](entity, order["to"])
            case "availability":
                entity.set_availability(order["to"])
            case "deaf":
                (self.deaf.add if order["to"] else self.deaf.discard)(name)
            case "delete":
                entity.delete()
            case "announce":
                entity.write_config()
            case verb:
                raise ValueError(f"do one of set, availability, deaf, delete, announce, not {verb}")


def wait_for_subscription(entity):
    """Returns when the broker has taken the entity's subscription: a command sent earlier would be lost."""
    taken = threading.Event()
    entity.mqtt_client.on_subscribe = lambda *_: taken.set()
    # The library's own may have been answered before we listened; a second one does no harm.
    entity.mqtt_client.subscribe(entity.generate_config()["command_topic"], qos=1)
    if not taken.wait(5):
        raise TimeoutError(f"no subscription for {entity}")


def main():
    _, url, *name = sys.argv
    device = Device(url, name[0] if name else "Workshop")
    tell(event="ready", entities=list(device.entities))
    # At the end of stdin the test that started us is gone, and so are we.
    for line in sys.stdin:
        order = {}
        try:
            order = json.loads(line)
            device.obey(order)
            tell(done=order.get("id"))
        except Exception as why:
            tell(failed=order.get("id"), why=f"{type(why).__name__}: {why}")


if __name__ == "__main__":
    main()
