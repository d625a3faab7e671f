"""Settings of a Home Assistant for measuring: MQTT, history, automations, its API on loopback, and nothing that calls out.

`prepare.py FOLDER PORT BROKER_PORT` writes them and prints a token. `automations.yaml` may be there already.
"""

import asyncio
import datetime
import json
import pathlib
import sys

from homeassistant import auth, core
from homeassistant.helpers import device_registry, entity_registry

SETTINGS = """
homeassistant:
  name: Bench
  time_zone: UTC
  unit_system: metric
  auth_providers:
    - type: homeassistant
http:
  server_host: 127.0.0.1
  server_port: {port}
api:
websocket_api:
recorder:
history:
scene:
automation: !include automations.yaml
logger:
  default: error
"""


def mqtt_entry(broker: int) -> dict:
    """The broker is known by a config entry only, as the user's clicks would make it."""
    entry = {
        "entry_id": "0123456789abcdef0123456789abcdef", "version": 1, "minor_version": 1, "domain": "mqtt",
        "title": "mqtt", "data": {"broker": "127.0.0.1", "port": broker, "discovery": True}, "options": {},
        "pref_disable_new_entities": False, "pref_disable_polling": False, "source": "user", "unique_id": None,
        "disabled_by": None,
    }
    return {"version": 1, "minor_version": 1, "key": "core.config_entries", "data": {"entries": [entry]}}


async def make_token(folder: pathlib.Path) -> str:
    """An owner with a long-lived token."""
    hass = core.HomeAssistant(str(folder))
    await device_registry.async_load(hass)
    await entity_registry.async_load(hass)
    hass.auth = await auth.auth_manager_from_config(hass, [{"type": "homeassistant"}], [])
    user = await hass.auth.async_create_user("Bench", group_ids=["system-admin"])
    refresh = await hass.auth.async_create_refresh_token(
        user, client_name="bench", token_type="long_lived_access_token",
        access_token_expiration=datetime.timedelta(days=365),
    )
    store = hass.auth._store
    await store._store.async_save(store._data_to_save())
    return hass.auth.async_create_access_token(refresh)


def main() -> None:
    folder, port, broker = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    storage = folder / ".storage"
    storage.mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(SETTINGS.format(port=port))
    (folder / "automations.yaml").touch()
    (storage / "core.config_entries").write_text(json.dumps(mqtt_entry(broker)))
    done = {"version": 4, "minor_version": 1, "key": "onboarding", "data": {"done": ["user", "core_config", "analytics", "integration"]}}
    (storage / "onboarding").write_text(json.dumps(done))
    print(asyncio.run(make_token(folder)))


main()
