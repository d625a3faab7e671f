// One Matter device by matter.js: `node device.mjs KIND STORAGE PORT [KEY=VALUE]...`. Keys: passcode, discriminator, name,
// vendor, product, serial, label, clock, children; and many, for so many devices in one process, with ports, passcodes,
// discriminators and serial numbers that count up. An order to another than the first says which: `"nth": 7`. Orders come as JSON lines on stdin, and what happens goes out as JSON lines on stdout; it ends when
// its stdin ends, and forgets nothing that lies in STORAGE.
import "@matter/main/platform";
import { TimeSynchronizationServer } from "@matter/main/behaviors/time-synchronization";
import { Endpoint, Environment, Logger, ServerNode, VendorId } from "@matter/main";
import { MdnsService } from "@matter/main/protocol";
import { createInterface } from "node:readline";
import { mkdirSync } from "node:fs";
import { kinds, child } from "./kinds.mjs";
import { firmware } from "./firmware.mjs";

const [kind, storage, port, ...rest] = process.argv.slice(2);
const options = Object.fromEntries(rest.map((pair) => pair.split("=", 2)));
mkdirSync(storage, { recursive: true });
Environment.default.vars.set("storage.path", storage);
Logger.level = options.log ?? "warn";
// Its logs would be taken for events.
Logger.format = "plain";

const say = (what) =>
  process.stdout.write(JSON.stringify(what, (_, value) => (typeof value === "bigint" ? Number(value) : value instanceof Uint8Array ? [...value] : value)) + "\n");

// No name or number may be longer.
const name = (options.name ?? `Virtual ${kind}`).slice(0, 32);
const make = async (nth) => {
  const { parts, deviceType } = kinds(kind);
  const serial = `${options.serial ?? `serial-${kind}`}${nth ? `-${nth}` : ""}`.slice(0, 32);
  // With clock=yes it has a clock.
  const type = options.clock ? ServerNode.RootEndpoint.with(firmware.timeSynchronization(TimeSynchronizationServer.with("TimeZone"))) : ServerNode.RootEndpoint;
  const clock = { utcTime: null, granularity: 0, timeSource: 0, timeZone: [{ offset: 0, validAt: 946684800000000 }], dstOffset: [], localTime: null, timeZoneDatabase: 2, timeZoneListMaxSize: 1, dstOffsetListMaxSize: 1 };
  const node = await ServerNode.create(type, {
    ...(options.clock ? { timeSynchronization: clock } : {}),
    id: nth ? `device${nth}` : "device",
    network: { port: Number(port) + nth, ble: false },
    commissioning: { passcode: Number(options.passcode ?? 20202021) + nth, discriminator: Number(options.discriminator ?? 3840) + nth },
    productDescription: { name, deviceType },
    basicInformation: {
      vendorName: "Hearth tests",
      vendorId: VendorId(Number(options.vendor ?? 0xfff1)),
      productName: name,
      productLabel: name,
      nodeLabel: options.label ?? "",
      productId: Number(options.product ?? 0x8000),
      serialNumber: serial,
      uniqueId: serial,
    },
  });
  for (const part of parts) await node.add(part);
  // A bridge comes with children: children=ID:KIND:LABEL,ID:KIND:LABEL
  for (const one of (options.children ?? "").split(",").filter(Boolean)) {
    const [id, type, label] = one.split(":");
    await parts[0].add(child(id, type, label));
  }
  return node;
};
const nodes = [];
for (let nth = 0; nth < Number(options.many ?? 1); nth++) nodes.push(await make(nth));
// The one that an order is for.
let node = nodes[0];

const find = (number, from = node) => {
  if (from.number === number) return from;
  for (const part of from.parts ?? []) {
    const found = find(number, part);
    if (found) return found;
  }
};

const watched = new Set();
const watch = (endpoint) => {
  if (watched.has(endpoint)) return;
  watched.add(endpoint);
  for (const cluster of Object.keys(endpoint.behaviors.supported)) {
    for (const attribute of Object.keys(endpoint.stateOf(cluster))) {
      endpoint.eventsOf(cluster)[`${attribute}$Changed`]?.on((value) => say({ event: "changed", endpoint: endpoint.number, cluster, attribute, value }));
    }
  }
};
const watchAll = (from) => {
  if (from.number !== 0) watch(from);
  for (const part of from.parts ?? []) watchAll(part);
};

const orders = {
  async set({ endpoint, cluster, attribute, to }) {
    await find(endpoint).set({ [cluster]: { [attribute]: to } });
  },
  async get({ endpoint, cluster, attribute }) {
    return find(endpoint).stateOf(cluster)[attribute];
  },
  // matter.js looks at its machine's addresses every quarter of an hour; others are told of a change. It announces nothing.
  async readdressed() {
    await node.env.get(MdnsService).server.setRecordsGenerator({ name: "none" }, () => []);
  },
  async fabrics() {
    return Object.values(node.state.commissioning.fabrics).map((fabric) => ({ index: fabric.fabricIndex, label: fabric.label, vendor: fabric.rootVendorId }));
  },
  async codes() {
    return node.state.commissioning.pairingCodes;
  },
  async endpoints() {
    const list = [];
    const walk = (one) => {
      list.push({ number: one.number, id: one.id, clusters: Object.keys(one.behaviors.supported) });
      for (const part of one.parts ?? []) walk(part);
    };
    walk(node);
    return list;
  },
  // The spec's events, by name: { endpoint, cluster: "switch", event: "initialPress", fields: { newPosition: 1 } }
  async emit({ endpoint, cluster, event, fields }) {
    await find(endpoint).act((agent) => agent[cluster].events[event].emit(fields, agent.context));
  },
  // A code that a lock knows from now on, as if somebody had typed it in at the door.
  async pin({ endpoint, pin }) {
    const type = 1; // CredentialTypeEnum: PIN
    await find(endpoint).act((agent) => agent.doorLock.auth.addCredential(type, 1, new TextEncoder().encode(pin), 1));
  },
  async add_child({ child: id, type, label }) {
    const added = child(id, type, label);
    await [...node.parts].find((part) => part.id === "bridge").add(added);
    watchAll(node);
    return added.number;
  },
  async remove_child({ child: id }) {
    const bridge = [...node.parts].find((part) => part.id === "bridge");
    await [...bridge.parts].find((part) => part.id === id).delete();
  },
};

// A device that has just lost its last fabric begins anew, and knows nothing meanwhile.
const carried = async (verb, fields) => {
  for (let tries = 0; ; tries++) {
    try {
      return await orders[verb](fields);
    } catch (error) {
      if (tries === 50 || !/not initialized/.test(error?.message)) throw error;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
};

for (const one of nodes) {
  await one.start();
  watchAll(one);
}
const [{ qrPairingCode: qr, manualPairingCode: manual }] = nodes.map((one) => one.state.commissioning.pairingCodes);
say({ event: "ready", qr, manual });

const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  const { id, do: verb, nth, ...fields } = JSON.parse(line);
  node = nodes[nth ?? 0];
  try {
    const result = await carried(verb, fields);
    say({ done: id, result: result ?? null });
  } catch (error) {
    say({ failed: id, why: String(error?.stack ?? error) });
  }
}
for (const one of nodes) await one.close();
process.exit(0);
